/*
 * dup(), dup2(), dup3() and fcntl(): one open file, several descriptors, and its flags.
 *
 * Stands on file.c. Linux: fs/file.c (dup), fs/fcntl.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/*
 * Make @newfd mean @file too, closing what it meant before. -EBUSY when somebody reserved @newfd
 * and has not filled it yet: his fd_install() must find it empty. Linux: fs/file.c:do_dup2()
 */
static int do_dup2(struct files_struct *files, struct file *file, unsigned int newfd,
		   unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *tofree = fdt->fd[newfd];

	if (!tofree && test_bit(newfd, fdt->open_fds))
		return -EBUSY;
	fdt->fd[newfd] = get_file(file);
	__set_open_fd(newfd, fdt);
	__set_close_on_exec(newfd, fdt, flags & O_CLOEXEC);
	if (tofree)
		filp_close(tofree);
	return newfd;
}

/* Linux: fs/file.c:ksys_dup3(), in its order of checks */
static int ksys_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	struct files_struct *files = current->files;
	struct file *file;
	int error;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	error = expand_files(files, newfd);
	file = fcheck(oldfd);
	if (!file || error == -EMFILE)
		return -EBADF;
	if (error)
		return error;
	return do_dup2(files, file, newfd, flags);
}

SYSCALL_DEFINE3(dup3, unsigned int, oldfd, unsigned int, newfd, int, flags)
{
	return ksys_dup3(oldfd, newfd, flags);
}

SYSCALL_DEFINE2(dup2, unsigned int, oldfd, unsigned int, newfd)
{
	if (oldfd == newfd)
		return fcheck(oldfd) ? (int)oldfd : -EBADF;
	return ksys_dup3(oldfd, newfd, 0);
}

SYSCALL_DEFINE1(dup, unsigned int, fildes)
{
	struct file *file = fget(fildes);
	int fd;

	if (!file)
		return -EBADF;
	fd = get_unused_fd_flags(0);
	if (fd >= 0)
		fd_install(fd, file);
	else
		fput(file);
	return fd;
}

/* F_DUPFD: as dup(), but not below @from. Linux: fs/file.c:f_dupfd() */
static int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long nofile = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= nofile)
		return -EINVAL;
	fd = alloc_fd(from, nofile, flags);
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

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

/* Linux: fs/fcntl.c:fcntl(); locks, owners and leases are -EINVAL here */
SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct fdtable *fdt = current->files->fdt;
	struct file *file = fcheck(fd);

	if (!file)
		return -EBADF;
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, file, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, file, O_CLOEXEC);
	case F_GETFD:
		return test_bit(fd, fdt->close_on_exec) ? FD_CLOEXEC : 0;
	case F_SETFD:
		__set_close_on_exec(fd, fdt, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return file->f_flags;
	case F_SETFL:
		return setfl(file, arg);
	default:
		return -EINVAL;
	}
}
