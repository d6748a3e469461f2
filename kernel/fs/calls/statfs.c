/*
 * statfs(), fstatfs(): what kind of file system this is, and how full. Linux: fs/statfs.c, fs/libfs.c
 */
#include <uapi/statfs.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

/* A file system in memory that counts nothing. */
static void simple_statfs(const struct super_block *sb, struct statfs *buf)
{
	buf->f_type = sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
}

/* What the mount forbids, as ST_*. Linux: fs/statfs.c:calculate_f_flags() */
static int flags_by_mnt(const struct vfsmount *mnt)
{
	int flags = mnt_want_write(mnt) ? ST_RDONLY : 0;

	if (mnt->mnt_flags & MNT_NOSUID)
		flags |= ST_NOSUID;
	if (mnt->mnt_flags & MNT_NODEV)
		flags |= ST_NODEV;
	if (mnt->mnt_flags & MNT_NOEXEC)
		flags |= ST_NOEXEC;
	if (mnt->mnt_flags & MNT_NOATIME)
		flags |= ST_NOATIME;
	if (mnt->mnt_flags & MNT_NODIRATIME)
		flags |= ST_NODIRATIME;
	if (mnt->mnt_flags & MNT_RELATIME)
		flags |= ST_RELATIME;
	return flags;
}

static int vfs_statfs(const struct path *path, struct statfs *buf)
{
	const struct super_block *sb = path->dentry->d_sb;
	int error = 0;

	memset(buf, 0, sizeof(*buf));
	if (sb->s_op->statfs)
		error = sb->s_op->statfs(path->dentry, buf);
	else
		simple_statfs(sb, buf);
	if (!buf->f_frsize)
		buf->f_frsize = buf->f_bsize;
	buf->f_flags = ST_VALID | flags_by_mnt(path->mnt);
	return error;
}

static int tell(const struct path *path, struct statfs __user *buf)
{
	struct statfs st;
	int error = vfs_statfs(path, &st);

	if (error)
		return error;
	return copy_to_user(buf, &st, sizeof(st)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(statfs, const char __user *, pathname, struct statfs __user *, buf)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, pathname, LOOKUP_FOLLOW, &path);

	if (error)
		return error;
	error = tell(&path, buf);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(fstatfs, unsigned int, fd, struct statfs __user *, buf)
{
	struct fd f = fdget_raw(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = tell(&f.file->f_path, buf);
	fdput(f);
	return error;
}
