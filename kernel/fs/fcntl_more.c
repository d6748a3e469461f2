/*
 * fcntl(): the commands that the walk does not need: locks, who gets a file's signals, pipes.
 * Linux: fs/fcntl.c:do_fcntl()
 */
#include "kernel/fs/fasync.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/locks/locks.h"
#include "kernel/fs/pipe/pipe.h"
#include "kernel/fs/tmpfs/tmpfs.h"

long fcntl_more(unsigned int fd, unsigned int cmd, unsigned long arg, struct file *file)
{
	switch (cmd) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_lock(fd, file, cmd, (struct flock __user *)arg);
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return memfd_fcntl(file, cmd, arg);
	case F_GETOWN:
		return f_getown(file);
	case F_SETOWN:
		return f_setown(file, arg, 1);
	case F_GETOWN_EX:
		return f_getown_ex(file, arg);
	case F_SETOWN_EX:
		return f_setown_ex(file, arg);
	case F_GETSIG:
		return f_getsig(file);
	case F_SETSIG:
		return f_setsig(file, arg);
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return pipe_fcntl(file, cmd, arg);
	default:
		return -EINVAL;
	}
}
