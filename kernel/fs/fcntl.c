/*
 * fcntl(): what can be asked of and told to a descriptor and its open file. Linux: fs/fcntl.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* What F_SETFL may change; all other bits of its argument are ignored. */
#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

/* Linux: fs/fcntl.c:setfl(); no file of ours can do O_DIRECT */
static int setfl(struct file *file, unsigned int flags)
{
	if ((flags & O_NOATIME) && !(file->f_flags & O_NOATIME) &&
	    !inode_owner_or_capable(file->f_inode))
		return -EPERM;
	if (flags & O_DIRECT)
		return -EINVAL;
	file->f_flags = (flags & SETFL_MASK) | (file->f_flags & ~SETFL_MASK);
	return 0;
}

/* Locks, owners and leases are -EINVAL here. Linux: fs/fcntl.c:do_fcntl() */
static long do_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *file)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, file, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, file, O_CLOEXEC);
	case F_GETFD:
		return get_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return file->f_flags;
	case F_SETFL:
		return setfl(file, arg);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget(fd);
	long ret;

	if (!f.file)
		return -EBADF;
	ret = do_fcntl(fd, cmd, arg, f.file);
	fdput(f);
	return ret;
}
