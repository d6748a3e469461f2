/*
 * creat(); openat2(): open() that is told how to walk, and refuses what it does not know; and what only such walks and those
 * through links to files need. Linux: fs/open.c, fs/namei.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

#define VALID_RESOLVE_FLAGS \
	((u64)(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | \
	       RESOLVE_IN_ROOT | RESOLVE_CACHED))
#define O_PATH_FLAGS ((u64)(O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC))

/* What open() ignores is an error here. Linux: fs/open.c:build_open_flags() */
static int check_open_how(const struct open_how *how)
{
	struct open_flags op;

	if (how->flags & ~(u64)VALID_OPEN_FLAGS || how->resolve & ~VALID_RESOLVE_FLAGS)
		return -EINVAL;
	if ((how->resolve & RESOLVE_BENEATH) && (how->resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if (how->mode & ~(how->flags & (O_CREAT | O_TMPFILE_BIT) ? 07777ul : 0))
		return -EINVAL;
	if (build_open_flags(how, &op))
		return -EINVAL;
	if ((how->flags & O_PATH) && (how->flags & ~O_PATH_FLAGS))
		return -EINVAL;
	if ((how->resolve & RESOLVE_CACHED) && (how->flags & (O_TRUNC | O_CREAT | O_TMPFILE_BIT)))
		return -EAGAIN;
	return 0;
}

SYSCALL_DEFINE4(openat2, int, dfd, const char __user *, filename, struct open_how __user *, how,
		size_t, usize)
{
	struct open_how tmp;
	int error;

	if (usize < sizeof(tmp))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	error = copy_struct_from_user(&tmp, sizeof(tmp), (const char __user *)how, usize);
	if (!error)
		error = check_open_how(&tmp);
	if (error)
		return error;
	if (!(tmp.flags & O_PATH))
		tmp.flags |= O_LARGEFILE;
	return do_sys_openat2(dfd, filename, &tmp);
}

SYSCALL_DEFINE2(creat, const char __user *, pathname, umode_t, mode)
{
	struct open_how how = {
		.flags = O_CREAT | O_WRONLY | O_TRUNC | O_LARGEFILE,
		.mode = mode & 07777,
	};

	return do_sys_openat2(AT_FDCWD, pathname, &how);
}

bool path_is_under(const struct path *path1, const struct path *path2)
{
	const struct dentry *dentry = path1->dentry;
	const struct mount *mnt = real_mount(path1->mnt);

	while (&mnt->mnt != path2->mnt && mnt_has_parent(mnt)) {
		dentry = mnt->mnt_mountpoint;
		mnt = mnt->mnt_parent;
	}
	return &mnt->mnt == path2->mnt && is_subdir(dentry, path2->dentry);
}

int nd_jump_link(const struct path *path)
{
	struct nameidata *nd = current->nameidata;
	int error = 0;

	if (nd->flags & LOOKUP_NO_MAGICLINKS)
		error = -ELOOP;
	else if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != path->mnt)
		error = -EXDEV;
	else if (nd->flags & LOOKUP_IS_SCOPED)
		error = -EXDEV;
	if (error) {
		path_put(path);
		return error;
	}
	path_put(&nd->path);
	nd->path = *path;
	return 0;
}
