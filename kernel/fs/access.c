/*
 * access(), faccessat() and faccessat2(): may the real user do this? Linux: fs/open.c
 */
#include <uapi/securebits.h>

#include "kernel/fs/calls/calls.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

/*
 * Act as the real user for a while, with the capabilities that he would have: all that current may
 * have, if he is root, else none; but a change of ids may leave them alone. Returns what revert_creds() takes, or NULL: no memory.
 */
static const struct cred *access_override_creds(void)
{
	struct cred *new = prepare_creds();
	const struct cred *old;

	if (!new)
		return NULL;
	new->fsuid = new->uid;
	new->fsgid = new->gid;
	if (!(new->securebits & BIT(SECURE_NO_SETUID_FIXUP)))
		new->cap_effective = uid_eq(new->uid, GLOBAL_ROOT_UID) ? new->cap_permitted : 0;
	old = override_creds(new);
	put_cred(new); /* current has it now */
	return old;
}

/* @mode: what is to be done with the file, 0: does it exist? As for open(), but no file is opened. */
static int may_access(int dfd, const char __user *filename, int mode, unsigned int lookup_flags)
{
	struct path path;
	int error = user_path_at(dfd, filename, lookup_flags, &path);

	if (error)
		return error;
	if ((mode & MAY_EXEC) && S_ISREG(path.dentry->d_inode->i_mode) && path_noexec(&path))
		error = -EACCES;
	else
		error = inode_permission(path.dentry->d_inode, mode);
	if (!error && (mode & MAY_WRITE) && !special_file(path.dentry->d_inode->i_mode))
		error = mnt_want_write(path.mnt);
	path_put(&path);
	return error;
}

static long do_faccessat(int dfd, const char __user *filename, int mode, int flags)
{
	const struct cred *old = NULL;
	int error;

	if (mode & ~S_IRWXO)
		return -EINVAL;
	if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!(flags & AT_EACCESS)) {
		old = access_override_creds();
		if (!old)
			return -ENOMEM;
	}
	error = may_access(dfd, filename, mode, at_lookup_flags(flags));
	if (old)
		revert_creds(old);
	return error;
}

SYSCALL_DEFINE2(access, const char __user *, filename, int, mode)
{
	return do_faccessat(AT_FDCWD, filename, mode, 0);
}

SYSCALL_DEFINE3(faccessat, int, dfd, const char __user *, filename, int, mode)
{
	return do_faccessat(dfd, filename, mode, 0);
}

SYSCALL_DEFINE4(faccessat2, int, dfd, const char __user *, filename, int, mode, int, flags)
{
	return do_faccessat(dfd, filename, mode, flags);
}
