/*
 * fsync() and its kin: what was written is to be on the disk. Files in memory are where they can be. Linux: fs/sync.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

static int do_fsync(unsigned int fd, int datasync)
{
	struct fd f = fdget(fd);
	int error = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (f.file->f_op->fsync)
		error = f.file->f_op->fsync(f.file, 0, MAX_LFS_FILESIZE, datasync);
	fdput(f);
	return error;
}

SYSCALL_DEFINE1(fsync, unsigned int, fd)
{
	return do_fsync(fd, 0);
}

SYSCALL_DEFINE1(fdatasync, unsigned int, fd)
{
	return do_fsync(fd, 1);
}

/* No file system here lies on a device. */
SYSCALL_DEFINE0(sync)
{
	return 0;
}

SYSCALL_DEFINE1(syncfs, int, fd)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	fdput(f);
	return 0;
}

#define SYNC_FILE_RANGE_FLAGS 7u /* wait for what is being written, write, wait for that */

/* Linux: fs/sync.c:sync_file_range() */
static int check_range(const struct file *file, loff_t offset, loff_t nbytes, unsigned int flags)
{
	umode_t mode = file->f_inode->i_mode;
	u64 end = (u64)offset + (u64)nbytes;

	if (flags & ~SYNC_FILE_RANGE_FLAGS)
		return -EINVAL;
	if (offset < 0 || (s64)end < 0 || (s64)end < offset)
		return -EINVAL;
	return S_ISREG(mode) || S_ISBLK(mode) || S_ISDIR(mode) || S_ISLNK(mode) ? 0 : -ESPIPE;
}

SYSCALL_DEFINE4(sync_file_range, int, fd, loff_t, offset, loff_t, nbytes, unsigned int, flags)
{
	struct fd f = fdget(fd);
	int error;

	if (!f.file)
		return -EBADF;
	error = check_range(f.file, offset, nbytes, flags);
	fdput(f);
	return error;
}
