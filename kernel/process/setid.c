/*
 * The calls that set real, effective, saved and file system ids one by one, and getresuid(), getresgid().
 * Linux: kernel/sys.c
 */
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/security/security.h"
#include "kernel/syscalls.h"

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
