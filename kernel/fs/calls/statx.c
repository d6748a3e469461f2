/*
 * statx(): what stat() tells, and what of it the file system really knows. Linux: fs/stat.c
 */
#include "kernel/fs/calls/calls.h"
#include "kernel/fs/mount.h"
#include "kernel/syscalls.h"

static struct statx_timestamp timestamp(u64 time)
{
	return (struct statx_timestamp){ .tv_sec = time / NSEC_PER_SEC, .tv_nsec = time % NSEC_PER_SEC };
}

/* Ring 3's layout of @stat, for what @path leads to. Linux: fs/stat.c:cp_statx() */
static void fill_statx(const struct path *path, const struct kstat *stat, struct statx *st)
{
	*st = (struct statx){
		.stx_mask = STATX_BASIC_STATS | STATX_MNT_ID,
		.stx_blksize = stat->blksize,
		.stx_attributes_mask = STATX_ATTR_AUTOMOUNT | STATX_ATTR_DAX | STATX_ATTR_MOUNT_ROOT,
		.stx_nlink = stat->nlink,
		.stx_uid = from_kuid_munged(current_user_ns(), stat->uid),
		.stx_gid = from_kgid_munged(current_user_ns(), stat->gid),
		.stx_mode = stat->mode,
		.stx_ino = stat->ino,
		.stx_size = stat->size,
		.stx_blocks = stat->blocks,
		.stx_atime = timestamp(stat->atime),
		.stx_ctime = timestamp(stat->ctime),
		.stx_mtime = timestamp(stat->mtime),
		.stx_rdev_major = MAJOR(stat->rdev),
		.stx_rdev_minor = MINOR(stat->rdev),
		.stx_dev_major = MAJOR(stat->dev),
		.stx_dev_minor = MINOR(stat->dev),
		.stx_mnt_id = real_mount(path->mnt)->mnt_id,
	};
	if (path->dentry == path->mnt->mnt_root)
		st->stx_attributes |= STATX_ATTR_MOUNT_ROOT;
}

static int vfs_statx(int dfd, const char __user *filename, unsigned int flags, unsigned int mask,
		     struct statx *st)
{
	struct kstat stat;
	struct path path;
	int error;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	error = user_path_at(dfd, filename, at_lookup_flags(flags), &path);
	if (error)
		return error;
	error = vfs_getattr(&path, &stat, mask, flags);
	if (!error)
		fill_statx(&path, &stat, st);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE5(statx, int, dfd, const char __user *, filename, unsigned int, flags,
		unsigned int, mask, struct statx __user *, buffer)
{
	struct statx st;
	int error;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if ((flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	error = vfs_statx(dfd, filename, flags, mask, &st);
	if (error)
		return error;
	return copy_to_user(buffer, &st, sizeof(st)) ? -EFAULT : 0;
}
