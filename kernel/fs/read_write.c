/*
 * read(), write(), writev() and lseek(): the checks every file is behind, then its own operation.
 *
 * Order and errno are Linux's: descriptor, mode, operation, buffer range, size.
 * Stands on file.c and uio.c. Linux: fs/read_write.c, lib/iov_iter.c:import_iovec()
 */
#include <uapi/unistd.h>

#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/*
 * Move the position of a file whose contents have a known size (inode->i_size). @whence: SEEK_*;
 * data is everywhere, and the only hole is at the end. The new position; -EINVAL when it would be
 * negative, -ENXIO for SEEK_DATA and SEEK_HOLE beyond the end.
 * Linux: fs/read_write.c:generic_file_llseek()
 */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	loff_t size = file->f_inode->i_size;

	switch (whence) {
	case SEEK_END:
		offset += size;
		break;
	case SEEK_CUR:
		offset += file->f_pos;
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		if ((u64)offset >= (u64)size)
			return -ENXIO;
		if (whence == SEEK_HOLE)
			offset = size;
		break;
	}
	if (offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

/* Linux: fs/read_write.c:lseek() */
SYSCALL_DEFINE3(lseek, unsigned int, fd, loff_t, offset, unsigned int, whence)
{
	struct file *file = fcheck(fd);

	if (!file)
		return -EBADF;
	if (whence > SEEK_HOLE)
		return -EINVAL;
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}

/* Is [pos, pos + count) a range a file can have? Linux: fs/read_write.c:rw_verify_area() */
static int rw_verify_area(loff_t pos, size_t count)
{
	if ((ssize_t)count < 0)
		return -EINVAL;
	if (pos < 0 || (loff_t)((u64)pos + count) < 0)
		return -EINVAL;
	return 0;
}

/* One transfer through the file's own operation, at *@pos (left alone by a stream) on. */
static ssize_t call_iter(struct file *file, struct iov_iter *iter, loff_t *pos, bool write)
{
	struct kiocb iocb = { .ki_filp = file, .ki_pos = *pos };
	ssize_t done;

	if (write)
		done = file->f_op->write_iter(&iocb, iter);
	else
		done = file->f_op->read_iter(&iocb, iter);
	if (done > 0 && !(file->f_mode & FMODE_STREAM))
		*pos = iocb.ki_pos;
	return done;
}

/* Linux: fs/read_write.c:vfs_read() */
static ssize_t vfs_read(struct file *file, char __user *buf, size_t count)
{
	struct iovec iov = { .iov_base = buf };
	struct iov_iter iter;
	int error;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!file->f_op->read_iter)
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	error = rw_verify_area(file->f_pos, count);
	if (error)
		return error;
	iov.iov_len = min(count, (size_t)MAX_RW_COUNT);
	iov_iter_init(&iter, true, &iov, 1, iov.iov_len);
	return call_iter(file, &iter, &file->f_pos, false);
}

/* Linux: fs/read_write.c:vfs_write() */
static ssize_t vfs_write(struct file *file, const char __user *buf, size_t count)
{
	struct iovec iov = { .iov_base = (char *)buf };
	struct iov_iter iter;
	int error;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	error = rw_verify_area(file->f_pos, count);
	if (error)
		return error;
	iov.iov_len = min(count, (size_t)MAX_RW_COUNT);
	iov_iter_init(&iter, true, &iov, 1, iov.iov_len);
	return call_iter(file, &iter, &file->f_pos, true);
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	struct file *file = fcheck(fd);

	return file ? vfs_read(file, buf, count) : -EBADF;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	struct file *file = fcheck(fd);

	return file ? vfs_write(file, buf, count) : -EBADF;
}

#define UIO_FASTIOV 8 /* segment lists up to here are copied to the stack */

/*
 * Copy ring 3's list of @nr_segs segments into @iov, cutting it at MAX_RW_COUNT bytes in all.
 * The total; -EFAULT; -EINVAL when a length is negative. Linux: lib/iov_iter.c:__import_iovec()
 */
static ssize_t import_iovec(struct iovec *iov, const struct iovec __user *vec, size_t nr_segs)
{
	size_t total = 0, i;

	if (copy_from_user(iov, vec, nr_segs * sizeof(*iov)))
		return -EFAULT;
	for (i = 0; i < nr_segs; i++)
		if ((ssize_t)iov[i].iov_len < 0)
			return -EINVAL;
	for (i = 0; i < nr_segs; i++) {
		if (!access_ok(iov[i].iov_base, iov[i].iov_len))
			return -EFAULT;
		iov[i].iov_len = min(iov[i].iov_len, MAX_RW_COUNT - total);
		total += iov[i].iov_len;
	}
	return total;
}

/* Linux: fs/read_write.c:vfs_writev() */
static ssize_t vfs_writev(struct file *file, const struct iovec __user *vec, size_t vlen)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct iov_iter iter;
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	if (vlen > UIO_MAXIOV)
		return -EINVAL;
	if (vlen > UIO_FASTIOV) {
		iov = kcalloc(vlen, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return -ENOMEM;
	}
	ret = import_iovec(iov, vec, vlen);
	if (ret > 0) {
		int error = rw_verify_area(file->f_pos, ret);

		iov_iter_init(&iter, true, iov, vlen, ret);
		ret = error ? error : call_iter(file, &iter, &file->f_pos, true);
	}
	if (iov != fast)
		kfree(iov);
	return ret;
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	struct file *file = fcheck(fd);

	return file ? vfs_writev(file, vec, vlen) : -EBADF;
}

/*
 * Read into kernel memory, at *@pos (advanced) on. Bytes read, 0 at the end, or -errno; -EINVAL
 * when @file cannot be read. Linux: fs/read_write.c:kernel_read()
 */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	struct iovec iov = { .iov_base = buf, .iov_len = min(count, (size_t)MAX_RW_COUNT) };
	struct iov_iter iter;
	int error = rw_verify_area(*pos, count);

	if (error)
		return error;
	if (!(file->f_mode & FMODE_READ) || !file->f_op->read_iter)
		return -EINVAL;
	iov_iter_init(&iter, false, &iov, 1, iov.iov_len);
	return call_iter(file, &iter, pos, false);
}

/* Linux: fs/read_write.c:kernel_write() */
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = min(count, (size_t)MAX_RW_COUNT) };
	struct iov_iter iter;
	int error = rw_verify_area(*pos, count);

	if (error)
		return error;
	if (!(file->f_mode & FMODE_WRITE) || !file->f_op->write_iter)
		return -EINVAL;
	iov_iter_init(&iter, false, &iov, 1, iov.iov_len);
	return call_iter(file, &iter, pos, true);
}
