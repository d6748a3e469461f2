/*
 * fcntl(): what can be asked of and told to a descriptor and its open file. Linux: fs/fcntl.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* What F_SETFL may change, besides O_ASYNC, which fasync_helper() sets; all other bits are ignored. */
#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

/* O_DIRECT makes packets of what is written to a pipe; no other file can do it. Linux: fs/fcntl.c:setfl() */
static int setfl(unsigned int fd, struct file *file, unsigned int flags)
{
	int error = 0;

	if ((flags & O_NOATIME) && !(file->f_flags & O_NOATIME) &&
	    !inode_owner_or_capable(file->f_inode))
		return -EPERM;
	if (flags & O_DIRECT && !S_ISFIFO(file->f_inode->i_mode))
		return -EINVAL;
	if (((flags ^ file->f_flags) & O_ASYNC) && file->f_op->fasync)
		error = file->f_op->fasync(fd, file, (flags & O_ASYNC) != 0);
	if (error < 0)
		return error;
	file->f_flags = (flags & SETFL_MASK) | (file->f_flags & ~SETFL_MASK);
	return 0;
}

/* What is true without fcntl_more.c. */
long __weak noprobe fcntl_more(unsigned int fd __maybe_unused, unsigned int cmd __maybe_unused,
			       unsigned long arg __maybe_unused, struct file *file __maybe_unused)
{
	return -EINVAL;
}

/* Linux: fs/fcntl.c:do_fcntl() */
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
		return setfl(fd, file, arg);
	default:
		return fcntl_more(fd, cmd, arg, file);
	}
}

/* Of a file that was opened with O_PATH there is only the descriptor. */
static bool check_fcntl_cmd(unsigned int cmd)
{
	return cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC || cmd == F_GETFD || cmd == F_SETFD ||
	       cmd == F_GETFL;
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fd f = fdget_raw(fd);
	long ret = -EBADF;

	if (!f.file)
		return ret;
	if (!(f.file->f_mode & FMODE_PATH) || check_fcntl_cmd(cmd))
		ret = do_fcntl(fd, cmd, arg, f.file);
	fdput(f);
	return ret;
}
