/*
 * posix_fadvise() and readahead(): how a file will be used. All files here are in memory, so the advice is checked
 * and does nothing. Linux: mm/fadvise.c, mm/readahead.c
 */
#include <uapi/fcntl.h>

#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* Linux: mm/fadvise.c:generic_fadvise() */
static int vfs_fadvise(const struct file *file, loff_t len, int advice)
{
	if (S_ISFIFO(file->f_inode->i_mode))
		return -ESPIPE;
	if (len < 0)
		return -EINVAL;
	return advice >= POSIX_FADV_NORMAL && advice <= POSIX_FADV_NOREUSE ? 0 : -EINVAL;
}

SYSCALL_DEFINE4(fadvise64, int, fd, loff_t, offset __maybe_unused, size_t, len, int, advice)
{
	struct fd f = fdget(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = vfs_fadvise(f.file, len, advice);
	fdput(f);
	return error;
}

SYSCALL_DEFINE3(readahead, int, fd, loff_t, offset __maybe_unused, size_t, count)
{
	struct fd f = fdget(fd);
	int error = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (!(f.file->f_mode & FMODE_READ))
		error = -EBADF;
	else if (S_ISREG(f.file->f_inode->i_mode) || S_ISBLK(f.file->f_inode->i_mode))
		error = vfs_fadvise(f.file, count, POSIX_FADV_WILLNEED);
	fdput(f);
	return error;
}
