/*
 * fstat() and newfstatat(): an inode's particulars in the layout ring 3 knows.
 *
 * Stands on namei.c and file.c. Linux: fs/stat.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* The device number as user space packs it. Linux: include/linux/kdev_t.h:new_encode_dev() */
static u32 new_encode_dev(dev_t dev)
{
	return (MINOR(dev) & 0xff) | MAJOR(dev) << 8 | (MINOR(dev) & ~0xffu) << 12;
}

/* 0 or -EFAULT. Linux: fs/stat.c:cp_new_stat() */
static int cp_new_stat(const struct inode *inode, struct stat __user *statbuf)
{
	struct stat st;

	memset(&st, 0, sizeof(st));
	st.st_dev = new_encode_dev(inode->i_sb->s_dev);
	st.st_ino = inode->i_ino;
	st.st_nlink = inode->i_nlink;
	st.st_mode = inode->i_mode;
	st.st_uid = inode->i_uid;
	st.st_gid = inode->i_gid;
	st.st_rdev = new_encode_dev(inode->i_rdev);
	st.st_size = inode->i_size;
	st.st_blksize = PAGE_SIZE;
	st.st_blocks = inode->i_blocks;
	st.st_atime = inode->i_atime / NSEC_PER_SEC;
	st.st_atime_nsec = inode->i_atime % NSEC_PER_SEC;
	st.st_mtime = inode->i_mtime / NSEC_PER_SEC;
	st.st_mtime_nsec = inode->i_mtime % NSEC_PER_SEC;
	st.st_ctime = inode->i_ctime / NSEC_PER_SEC;
	st.st_ctime_nsec = inode->i_ctime % NSEC_PER_SEC;
	return copy_to_user(statbuf, &st, sizeof(st)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(newfstat, unsigned int, fd, struct stat __user *, statbuf)
{
	struct fd f = fdget(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = cp_new_stat(f.file->f_inode, statbuf);
	fdput(f);
	return error;
}

#define AT_STATX_SYNC_TYPE 0x6000 /* hints that only network file systems heed */

/* Linux: fs/stat.c:vfs_statx(): flags, then the name, then the walk */
SYSCALL_DEFINE4(newfstatat, int, dfd, const char __user *, filename, struct stat __user *, statbuf,
		int, flag)
{
	unsigned int lookup_flags = 0;
	struct path path;
	char *name;
	int error;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if (!(flag & AT_SYMLINK_NOFOLLOW))
		lookup_flags |= LOOKUP_FOLLOW;
	if (flag & AT_EMPTY_PATH)
		lookup_flags |= LOOKUP_EMPTY;
	name = getname_flags(filename, lookup_flags);
	if (IS_ERR(name))
		return PTR_ERR(name);
	error = path_lookup(dfd, name, lookup_flags, &path);
	kfree(name);
	if (error)
		return error;
	error = cp_new_stat(path.dentry->d_inode, statbuf);
	path_put(&path);
	return error;
}
