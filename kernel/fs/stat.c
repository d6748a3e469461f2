/*
 * stat(), lstat(), fstat() and newfstatat(): an inode's particulars in the layout ring 3 knows; and
 * readlink(), the text of a symbolic link. Linux: fs/stat.c
 */
#include "kernel/fs/calls/calls.h"
#include "kernel/syscalls.h"

void generic_fillattr(const struct inode *inode, struct kstat *stat)
{
	*stat = (struct kstat){
		.mode = inode->i_mode,
		.nlink = inode->i_nlink,
		.blksize = inode->i_sb->s_blocksize,
		.dev = inode->i_sb->s_dev,
		.rdev = inode->i_rdev,
		.ino = inode->i_ino,
		.uid = inode->i_uid,
		.gid = inode->i_gid,
		.size = inode->i_size,
		.atime = inode->i_atime,
		.mtime = inode->i_mtime,
		.ctime = inode->i_ctime,
	};
}

/* Linux: fs/stat.c:vfs_getattr_nosec(); no security module asks to see it first */
int vfs_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		unsigned int query_flags)
{
	const struct inode *inode = path->dentry->d_inode;

	if (inode->i_op->getattr)
		return inode->i_op->getattr(path, stat, request_mask, query_flags);
	generic_fillattr(inode, stat);
	return 0;
}

/* Tell ring 3 about @path. 0 or -errno. Linux: fs/stat.c:cp_new_stat() */
static int cp_new_stat(const struct path *path, struct stat __user *statbuf)
{
	struct kstat stat;
	struct stat st;
	int error = vfs_getattr(path, &stat, STATX_BASIC_STATS, 0);

	if (error)
		return error;
	st = (struct stat){
		.st_dev = new_encode_dev(stat.dev),
		.st_ino = stat.ino,
		.st_nlink = stat.nlink,
		.st_mode = stat.mode,
		.st_uid = from_kuid_munged(current_user_ns(), stat.uid),
		.st_gid = from_kgid_munged(current_user_ns(), stat.gid),
		.st_rdev = new_encode_dev(stat.rdev),
		.st_size = stat.size,
		.st_blksize = stat.blksize,
		.st_blocks = stat.blocks,
		.st_atime = stat.atime / NSEC_PER_SEC,
		.st_atime_nsec = stat.atime % NSEC_PER_SEC,
		.st_mtime = stat.mtime / NSEC_PER_SEC,
		.st_mtime_nsec = stat.mtime % NSEC_PER_SEC,
		.st_ctime = stat.ctime / NSEC_PER_SEC,
		.st_ctime_nsec = stat.ctime % NSEC_PER_SEC,
	};
	return copy_to_user(statbuf, &st, sizeof(st)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(newfstat, unsigned int, fd, struct stat __user *, statbuf)
{
	struct fd f = fdget_raw(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = cp_new_stat(&f.file->f_path, statbuf);
	fdput(f);
	return error;
}

/* Linux: fs/stat.c:vfs_fstatat(): flags, then the name, then the walk */
static int vfs_fstatat(int dfd, const char __user *filename, struct stat __user *statbuf, int flag)
{
	struct path path;
	int error;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	error = user_path_at(dfd, filename, at_lookup_flags(flag), &path);
	if (error)
		return error;
	error = cp_new_stat(&path, statbuf);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE2(newstat, const char __user *, filename, struct stat __user *, statbuf)
{
	return vfs_fstatat(AT_FDCWD, filename, statbuf, 0);
}

SYSCALL_DEFINE2(newlstat, const char __user *, filename, struct stat __user *, statbuf)
{
	return vfs_fstatat(AT_FDCWD, filename, statbuf, AT_SYMLINK_NOFOLLOW);
}

SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, filename, struct stat __user *, statbuf,
		int, flag)
{
	return vfs_fstatat(dfd, filename, statbuf, flag);
}

/* The bytes copied, at most @bufsiz, without a NUL; or -errno. Linux: fs/namei.c:vfs_readlink() */
static int vfs_readlink(struct dentry *dentry, char __user *buffer, int buflen)
{
	struct inode *inode = dentry->d_inode;
	const char *link;
	int len;

	if (inode->i_op->readlink)
		return inode->i_op->readlink(dentry, buffer, buflen);
	link = inode->i_op->get_link(dentry, inode);
	if (IS_ERR(link))
		return PTR_ERR(link);
	len = min((size_t)buflen, strlen(link));
	return copy_to_user(buffer, link, len) ? -EFAULT : len;
}

static int do_readlinkat(int dfd, const char __user *pathname, char __user *buf, int bufsiz)
{
	struct path path;
	int empty = 0;
	int error;

	if (bufsiz <= 0)
		return -EINVAL;
	error = user_path_at_empty(dfd, pathname, LOOKUP_EMPTY, &path, &empty);
	if (error)
		return error;
	if (S_ISLNK(path.dentry->d_inode->i_mode))
		error = vfs_readlink(path.dentry, buf, bufsiz);
	else
		error = empty ? -ENOENT : -EINVAL;
	path_put(&path);
	return error;
}

SYSCALL_DEFINE4(readlinkat, int, dfd, const char __user *, pathname, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(dfd, pathname, buf, bufsiz);
}

SYSCALL_DEFINE3(readlink, const char __user *, path, char __user *, buf, int, bufsiz)
{
	return do_readlinkat(AT_FDCWD, path, buf, bufsiz);
}
