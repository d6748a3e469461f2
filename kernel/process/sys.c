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

/*
 * May current take @id without CAP_SETUID (CAP_SETGID): is it one of its own three (two)? What is
 * not valid means "unchanged".
 */
static bool uid_is_own(kuid_t id, bool saved_too)
{
	const struct cred *c = current_cred();

	return !uid_valid(id) || uid_eq(id, c->uid) || uid_eq(id, c->euid) ||
	       (saved_too && uid_eq(id, c->suid));
}

static bool gid_is_own(kgid_t id, bool saved_too)
{
	const struct cred *c = current_cred();

	return !gid_valid(id) || gid_eq(id, c->gid) || gid_eq(id, c->egid) ||
	       (saved_too && gid_eq(id, c->sgid));
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

static long change_uids(kuid_t ruid, kuid_t euid, kuid_t suid)
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

static long change_gids(kgid_t rgid, kgid_t egid, kgid_t sgid)
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

SYSCALL_DEFINE2(setreuid, uid_t, ruid, uid_t, euid)
{
	const struct cred *old = current_cred();
	kuid_t real = make_kuid(current_user_ns(), ruid);
	kuid_t effective = make_kuid(current_user_ns(), euid);
	kuid_t saved = INVALID_UID;

	if (!(uid_is_own(real, false) && uid_is_own(effective, true)) && !capable(CAP_SETUID))
		return -EPERM;
	if (uid_valid(real) || (uid_valid(effective) && !uid_eq(effective, old->uid)))
		saved = uid_valid(effective) ? effective : old->euid;
	return change_uids(real, effective, saved);
}

SYSCALL_DEFINE2(setregid, gid_t, rgid, gid_t, egid)
{
	const struct cred *old = current_cred();
	kgid_t real = make_kgid(current_user_ns(), rgid);
	kgid_t effective = make_kgid(current_user_ns(), egid);
	kgid_t saved = INVALID_GID;

	if (!(gid_is_own(real, false) && gid_is_own(effective, true)) && !capable(CAP_SETGID))
		return -EPERM;
	if (gid_valid(real) || (gid_valid(effective) && !gid_eq(effective, old->gid)))
		saved = gid_valid(effective) ? effective : old->egid;
	return change_gids(real, effective, saved);
}

SYSCALL_DEFINE3(setresuid, uid_t, ruid, uid_t, euid, uid_t, suid)
{
	kuid_t real = make_kuid(current_user_ns(), ruid);
	kuid_t effective = make_kuid(current_user_ns(), euid);
	kuid_t saved = make_kuid(current_user_ns(), suid);

	if (!(uid_is_own(real, true) && uid_is_own(effective, true) && uid_is_own(saved, true)) &&
	    !capable(CAP_SETUID))
		return -EPERM;
	return change_uids(real, effective, saved);
}

SYSCALL_DEFINE3(setresgid, gid_t, rgid, gid_t, egid, gid_t, sgid)
{
	kgid_t real = make_kgid(current_user_ns(), rgid);
	kgid_t effective = make_kgid(current_user_ns(), egid);
	kgid_t saved = make_kgid(current_user_ns(), sgid);

	if (!(gid_is_own(real, true) && gid_is_own(effective, true) && gid_is_own(saved, true)) &&
	    !capable(CAP_SETGID))
		return -EPERM;
	return change_gids(real, effective, saved);
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

	return put_three(__kuid_val(c->uid), __kuid_val(c->euid), __kuid_val(c->suid), ruid, euid,
			 suid);
}

SYSCALL_DEFINE3(getresgid, gid_t __user *, rgid, gid_t __user *, egid, gid_t __user *, sgid)
{
	const struct cred *c = current_cred();

	return put_three(__kgid_val(c->gid), __kgid_val(c->egid), __kgid_val(c->sgid), rgid, egid,
			 sgid);
}

/* Both return the old id, even when they change nothing: they report no errors. */
SYSCALL_DEFINE1(setfsuid, uid_t, uid)
{
	kuid_t id = make_kuid(current_user_ns(), uid), before = current_fsuid();
	uid_t result = from_kuid_munged(current_user_ns(), before);
	struct cred *new;

	if (!uid_valid(id) || uid_eq(id, before) ||
	    !(uid_is_own(id, true) || capable(CAP_SETUID)))
		return result;
	new = prepare_creds();
	if (!new)
		return result;
	new->fsuid = id;
	commit_ids(new);
	return result;
}

SYSCALL_DEFINE1(setfsgid, gid_t, gid)
{
	kgid_t id = make_kgid(current_user_ns(), gid), before = current_fsgid();
	gid_t result = from_kgid_munged(current_user_ns(), before);
	struct cred *new;

	if (!gid_valid(id) || gid_eq(id, before) ||
	    !(gid_is_own(id, true) || capable(CAP_SETGID)))
		return result;
	new = prepare_creds();
	if (!new)
		return result;
	new->fsgid = id;
	commit_creds(new);
	return result;
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
	       (uid_eq(c->uid, t->euid) && uid_eq(c->uid, t->suid) && uid_eq(c->uid, t->uid) &&
		gid_eq(c->gid, t->egid) && gid_eq(c->gid, t->sgid) && gid_eq(c->gid, t->gid));
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
