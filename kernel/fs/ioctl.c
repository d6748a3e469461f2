/*
 * ioctl(): the requests every descriptor knows, then the file's own.
 *
 * Linux: fs/ioctl.c
 */
#include <uapi/capability.h>
#include <uapi/ioctl.h>

#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* Linux: fs/ioctl.c:ioctl_fionbio() */
static int ioctl_fionbio(struct file *file, int __user *argp)
{
	int on;

	if (get_user(on, argp))
		return -EFAULT;
	if (on)
		file->f_flags |= O_NONBLOCK;
	else
		file->f_flags &= ~O_NONBLOCK;
	return 0;
}

/* May be asked in vain of a file that sends no SIGIO, unless it is to send some. Linux: fs/ioctl.c */
static int ioctl_fioasync(unsigned int fd, struct file *file, int __user *argp)
{
	int on;

	if (get_user(on, argp))
		return -EFAULT;
	if (!on == !(file->f_flags & O_ASYNC))
		return 0;
	return file->f_op->fasync ? min(file->f_op->fasync(fd, file, on), 0) : -ENOTTY;
}

/* No file system of ours lies on a device, so no block has a place. Linux: fs/ioctl.c */
static int ioctl_fibmap(int __user *argp)
{
	int block;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	if (get_user(block, argp))
		return -EFAULT;
	if (block >= 0 && put_user(0, argp))
		return -EFAULT;
	return -EINVAL;
}

/* What @file itself makes of @cmd. Linux: fs/ioctl.c:vfs_ioctl() */
static long vfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long error = -ENOIOCTLCMD;

	if (file->f_op->unlocked_ioctl)
		error = file->f_op->unlocked_ioctl(file, cmd, arg);
	return error == -ENOIOCTLCMD ? -ENOTTY : error;
}

/*
 * What a regular file has to say of itself, and what the layer above any file answers for it.
 * -ENOIOCTLCMD: ask the file. Linux: fs/ioctl.c:do_vfs_ioctl(), file_ioctl()
 */
static long do_vfs_ioctl(struct file *file, unsigned int fd, unsigned int cmd, unsigned long arg)
{
	const struct inode *inode = file->f_inode;
	loff_t bytes = inode->i_mapping->nrpages << PAGE_SHIFT;
	int __user *argp = (int __user *)arg;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(fd, 1);
		return 0;
	case FIONCLEX:
		set_close_on_exec(fd, 0);
		return 0;
	case FIONBIO:
		return ioctl_fionbio(file, argp);
	case FIOASYNC:
		return ioctl_fioasync(fd, file, argp);
	case FIOQSIZE:
		if (S_ISDIR(inode->i_mode) || S_ISREG(inode->i_mode) || S_ISLNK(inode->i_mode))
			return copy_to_user(argp, &bytes, sizeof(bytes)) ? -EFAULT : 0;
		return -ENOTTY;
	case FIGETBSZ:
		if (!inode->i_sb->s_blocksize)
			return -EINVAL;
		return put_user((int)inode->i_sb->s_blocksize, argp);
	case FS_IOC_FIEMAP:
		return -EOPNOTSUPP;
	case FIBMAP:
		if (S_ISREG(inode->i_mode))
			return ioctl_fibmap(argp);
		break;
	case FIONREAD:
		if (S_ISREG(inode->i_mode))
			return put_user((int)(inode->i_size - file->f_pos), argp);
	}
	return -ENOIOCTLCMD;
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget(fd);
	long error;

	if (!f.file)
		return -EBADF;
	error = do_vfs_ioctl(f.file, fd, cmd, arg);
	if (error == -ENOIOCTLCMD)
		error = vfs_ioctl(f.file, cmd, arg);
	fdput(f);
	return error;
}
