/*
 * Process, user and group ids, resource limits, uname.
 * Linux: kernel/sys.c
 *
 * Each setter of ids works on a copy of the credentials; the capability module then adjusts the
 * capabilities (cap_task_fix_setuid) before the copy is committed.
 */
#include <uapi/utsname.h>

#include "kernel/lib/utsrelease.h"
#include "kernel/fs/fs.h"
#include "kernel/process/process.h"
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

#define UNCHANGED ((uid_t)-1)

SYSCALL_DEFINE0(getuid)
{
	return current_cred()->uid;
}

SYSCALL_DEFINE0(geteuid)
{
	return current_cred()->euid;
}

SYSCALL_DEFINE0(getgid)
{
	return current_cred()->gid;
}

SYSCALL_DEFINE0(getegid)
{
	return current_cred()->egid;
}

/* Let the modules adjust @new and make it current's. */
static int commit_ids(struct cred *new)
{
	int err = security_task_fix_setuid(new, current_cred());

	if (err) {
		abort_creds(new);
		return err;
	}
	return commit_creds(new);
}

/* May current take @id without CAP_SETUID (CAP_SETGID): is it one of its own three (two)? */
static bool uid_is_own(uid_t id, bool saved_too)
{
	const struct cred *c = current_cred();

	return id == UNCHANGED || id == c->uid || id == c->euid || (saved_too && id == c->suid);
}

static bool gid_is_own(gid_t id, bool saved_too)
{
	const struct cred *c = current_cred();

	return id == UNCHANGED || id == c->gid || id == c->egid || (saved_too && id == c->sgid);
}

/* @new belongs to another real user from now on. 0, or -EAGAIN: no memory. */
static int set_user(struct cred *new)
{
	struct user_struct *user = alloc_uid(new->uid);

	if (!user)
		return -EAGAIN;
	free_uid(new->user);
	new->user = user;
	return 0;
}

static void set_uids(struct cred *new, uid_t ruid, uid_t euid, uid_t suid)
{
	if (ruid != UNCHANGED)
		new->uid = ruid;
	if (euid != UNCHANGED)
		new->euid = euid;
	if (suid != UNCHANGED)
		new->suid = suid;
	new->fsuid = new->euid;
}

static void set_gids(struct cred *new, gid_t rgid, gid_t egid, gid_t sgid)
{
	if (rgid != UNCHANGED)
		new->gid = rgid;
	if (egid != UNCHANGED)
		new->egid = egid;
	if (sgid != UNCHANGED)
		new->sgid = sgid;
	new->fsgid = new->egid;
}

static long change_uids(uid_t ruid, uid_t euid, uid_t suid)
{
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	set_uids(new, ruid, euid, suid);
	if (new->uid != new->user->uid) {
		int err = set_user(new);

		if (err) {
			abort_creds(new);
			return err;
		}
	}
	return commit_ids(new);
}

static long change_gids(gid_t rgid, gid_t egid, gid_t sgid)
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

	if (uid == UNCHANGED)
		return -EINVAL;
	if (capable(CAP_SETUID))
		return change_uids(uid, uid, uid);
	if (uid != old->uid && uid != old->suid)
		return -EPERM;
	return change_uids(UNCHANGED, uid, UNCHANGED);
}

SYSCALL_DEFINE1(setgid, gid_t, gid)
{
	const struct cred *old = current_cred();

	if (gid == UNCHANGED)
		return -EINVAL;
	if (capable(CAP_SETGID))
		return change_gids(gid, gid, gid);
	if (gid != old->gid && gid != old->sgid)
		return -EPERM;
	return change_gids(UNCHANGED, gid, UNCHANGED);
}

SYSCALL_DEFINE2(setreuid, uid_t, ruid, uid_t, euid)
{
	const struct cred *old = current_cred();
	uid_t effective = euid == UNCHANGED ? old->euid : euid;
	bool save = ruid != UNCHANGED || (euid != UNCHANGED && euid != old->uid);

	if (!(uid_is_own(ruid, false) && uid_is_own(euid, true)) && !capable(CAP_SETUID))
		return -EPERM;
	return change_uids(ruid, euid, save ? effective : UNCHANGED);
}

SYSCALL_DEFINE2(setregid, gid_t, rgid, gid_t, egid)
{
	const struct cred *old = current_cred();
	gid_t effective = egid == UNCHANGED ? old->egid : egid;
	bool save = rgid != UNCHANGED || (egid != UNCHANGED && egid != old->gid);

	if (!(gid_is_own(rgid, false) && gid_is_own(egid, true)) && !capable(CAP_SETGID))
		return -EPERM;
	return change_gids(rgid, egid, save ? effective : UNCHANGED);
}

SYSCALL_DEFINE3(setresuid, uid_t, ruid, uid_t, euid, uid_t, suid)
{
	if (!(uid_is_own(ruid, true) && uid_is_own(euid, true) && uid_is_own(suid, true)) &&
	    !capable(CAP_SETUID))
		return -EPERM;
	return change_uids(ruid, euid, suid);
}

SYSCALL_DEFINE3(setresgid, gid_t, rgid, gid_t, egid, gid_t, sgid)
{
	if (!(gid_is_own(rgid, true) && gid_is_own(egid, true) && gid_is_own(sgid, true)) &&
	    !capable(CAP_SETGID))
		return -EPERM;
	return change_gids(rgid, egid, sgid);
}

static long put_three(u32 a, u32 b, u32 c, u32 __user *pa, u32 __user *pb, u32 __user *pc)
{
	if (put_user(a, pa) || put_user(b, pb) || put_user(c, pc))
		return -EFAULT;
	return 0;
}

SYSCALL_DEFINE3(getresuid, uid_t __user *, ruid, uid_t __user *, euid, uid_t __user *, suid)
{
	const struct cred *c = current_cred();

	return put_three(c->uid, c->euid, c->suid, ruid, euid, suid);
}

SYSCALL_DEFINE3(getresgid, gid_t __user *, rgid, gid_t __user *, egid, gid_t __user *, sgid)
{
	const struct cred *c = current_cred();

	return put_three(c->gid, c->egid, c->sgid, rgid, egid, sgid);
}

/* Both return the old id, even when they change nothing: they report no errors. */
SYSCALL_DEFINE1(setfsuid, uid_t, uid)
{
	const struct cred *old = current_cred();
	uid_t before = old->fsuid;
	struct cred *new;

	if (uid == UNCHANGED || uid == before ||
	    !(uid_is_own(uid, true) || uid == before || capable(CAP_SETUID)))
		return before;
	new = prepare_creds();
	if (!new)
		return before;
	new->fsuid = uid;
	commit_ids(new);
	return before;
}

SYSCALL_DEFINE1(setfsgid, gid_t, gid)
{
	gid_t before = current_cred()->fsgid;
	struct cred *new;

	if (gid == UNCHANGED || gid == before || !(gid_is_own(gid, true) || capable(CAP_SETGID)))
		return before;
	new = prepare_creds();
	if (!new)
		return before;
	new->fsgid = gid;
	commit_creds(new);
	return before;
}

/*
 * Read and/or set limit @resource of @task; @new and @old may be NULL.
 * -EINVAL: no such limit, or soft above hard; -EPERM: raising the hard limit needs
 * CAP_SYS_RESOURCE.
 */
static int do_prlimit(struct task_struct *task, unsigned int resource, const struct rlimit *new,
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

/* May current look at and change @task's limits? Linux: check_prlimit_permission() */
static bool may_prlimit(const struct task_struct *task)
{
	const struct cred *c = current_cred(), *t = task->cred;

	return task == current || capable(CAP_SYS_RESOURCE) ||
	       (c->uid == t->euid && c->uid == t->suid && c->uid == t->uid &&
		c->gid == t->egid && c->gid == t->sgid && c->gid == t->gid);
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource, const struct rlimit __user *, new,
		struct rlimit __user *, old)
{
	struct rlimit new_value, old_value;
	struct task_struct *task;
	int err;

	if (new && copy_from_user(&new_value, new, sizeof(new_value)))
		return -EFAULT;
	task = pid ? find_task_by_vpid(pid) : current;
	if (!task)
		return -ESRCH;
	if (!may_prlimit(task))
		return -EPERM;
	err = do_prlimit(task, resource, new ? &new_value : NULL, old ? &old_value : NULL);
	if (err)
		return err;
	return old && copy_to_user(old, &old_value, sizeof(old_value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE1(newuname, struct utsname __user *, name)
{
	/* "Linux" and a release of its time: what libraries and programs ask for. */
	static const struct utsname uts = {
		.sysname = "Linux",
		.nodename = "ringwalk",
		.release = UTS_RELEASE,
		.version = "#1",
		.machine = "x86_64",
		.domainname = "(none)",
	};

	return copy_to_user(name, &uts, sizeof(uts)) ? -EFAULT : 0;
}
