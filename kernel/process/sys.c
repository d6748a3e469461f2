/*
 * Process, user and group ids, resource limits, uname. setid.c has the setters of single ids.
 * Linux: kernel/sys.c
 *
 * Each setter of ids works on a copy of the credentials; the capability module then adjusts the
 * capabilities (cap_task_fix_setuid) before the copy is committed.
 */
#include <uapi/personality.h>
#include <uapi/utsname.h>

#include "kernel/lib/utsrelease.h"
#include "kernel/fs/fs.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/security/security.h"
#include "kernel/syscalls.h"

SYSCALL_DEFINE0(getpid)
{
	return current->tgid;
}

SYSCALL_DEFINE0(gettid)
{
	return current->pid;
}

SYSCALL_DEFINE0(getppid)
{
	return current->real_parent->tgid;
}

SYSCALL_DEFINE0(getuid)
{
	return from_kuid_munged(current_user_ns(), current_uid());
}

SYSCALL_DEFINE0(geteuid)
{
	return from_kuid_munged(current_user_ns(), current_euid());
}

SYSCALL_DEFINE0(getgid)
{
	return from_kgid_munged(current_user_ns(), current_gid());
}

SYSCALL_DEFINE0(getegid)
{
	return from_kgid_munged(current_user_ns(), current_egid());
}

int commit_ids(struct cred *new)
{
	int err = security_task_fix_setuid(new, current_cred());

	if (err) {
		abort_creds(new);
		return err;
	}
	return commit_creds(new);
}

/* @new belongs to another real user from now on. 0, or -EAGAIN: no memory. */
static int set_user(struct cred *new)
{
	struct user_struct *user = alloc_uid(new->uid);

	if (!user)
		return -EAGAIN;
	free_uid(new->user);
	new->user = user;
	/* To fail here would let a program go on with rights that it wanted to give up: execve() does. */
	current->flags &= ~PF_NPROC_EXCEEDED;
	if (too_many_processes(user))
		current->flags |= PF_NPROC_EXCEEDED;
	return 0;
}

static void set_uids(struct cred *new, kuid_t ruid, kuid_t euid, kuid_t suid)
{
	if (uid_valid(ruid))
		new->uid = ruid;
	if (uid_valid(euid))
		new->euid = euid;
	if (uid_valid(suid))
		new->suid = suid;
	new->fsuid = new->euid;
}

static void set_gids(struct cred *new, kgid_t rgid, kgid_t egid, kgid_t sgid)
{
	if (gid_valid(rgid))
		new->gid = rgid;
	if (gid_valid(egid))
		new->egid = egid;
	if (gid_valid(sgid))
		new->sgid = sgid;
	new->fsgid = new->egid;
}

long change_uids(kuid_t ruid, kuid_t euid, kuid_t suid)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	set_uids(new, ruid, euid, suid);
	if (!uid_eq(new->uid, new->user->uid)) {
		int err = set_user(new);

		if (err) {
			abort_creds(new);
			return err;
		}
	}
	return commit_ids(new);
}

long change_gids(kgid_t rgid, kgid_t egid, kgid_t sgid)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	set_gids(new, rgid, egid, sgid);
	return commit_creds(new);
}

SYSCALL_DEFINE1(setuid, uid_t, uid)
{
	const struct cred *old = current_cred();
	kuid_t id = make_kuid(current_user_ns(), uid);

	if (!uid_valid(id))
		return -EINVAL;
	if (capable(CAP_SETUID))
		return change_uids(id, id, id);
	if (!uid_eq(id, old->uid) && !uid_eq(id, old->suid))
		return -EPERM;
	return change_uids(INVALID_UID, id, INVALID_UID);
}

SYSCALL_DEFINE1(setgid, gid_t, gid)
{
	const struct cred *old = current_cred();
	kgid_t id = make_kgid(current_user_ns(), gid);

	if (!gid_valid(id))
		return -EINVAL;
	if (capable(CAP_SETGID))
		return change_gids(id, id, id);
	if (!gid_eq(id, old->gid) && !gid_eq(id, old->sgid))
		return -EPERM;
	return change_gids(INVALID_GID, id, INVALID_GID);
}

int do_prlimit(struct task_struct *task, unsigned int resource, const struct rlimit *new,
	       struct rlimit *old)
{
	struct rlimit *rlim;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (new && resource == RLIMIT_NOFILE && new->rlim_max > SYSCTL_NR_OPEN)
		return -EPERM;
	rlim = &task->signal->rlim[resource];
	if (new && new->rlim_max > rlim->rlim_max && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (old)
		*old = *rlim;
	if (new)
		*rlim = *new;
	return 0;
}

SYSCALL_DEFINE2(getrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;
	int err = do_prlimit(current, resource, NULL, &value);

	if (err)
		return err;
	return copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned int, resource, const struct rlimit __user *, rlim)
{
	struct rlimit value;

	if (copy_from_user(&value, rlim, sizeof(value)))
		return -EFAULT;
	return do_prlimit(current, resource, &value, NULL);
}

/* "Linux" and a release of its time: what libraries and programs ask for. */
struct utsname init_uts = {
	.sysname = "Linux",
	.nodename = "ringwalk",
	.release = UTS_RELEASE,
	.version = "#1",
	.machine = "x86_64",
	.domainname = "(none)",
};

/* A program of the personality PER_LINUX32 is told of the machine that it believes in. */
SYSCALL_DEFINE1(newuname, struct utsname __user *, name)
{
	if (copy_to_user(name, &init_uts, sizeof(init_uts)))
		return -EFAULT;
	if ((current->personality & PER_MASK) == PER_LINUX32 && copy_to_user(name->machine, "i686", 5))
		return -EFAULT;
	return 0;
}
