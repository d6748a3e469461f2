/*
 * read(), write() and lseek(): the checks every file is behind, then its own operation. The calls with
 * several buffers or a position of their own are in readv.c.
 *
 * Order and errno are Linux's: descriptor, mode, operation, buffer range, size. Linux: fs/read_write.c
 */
#include <uapi/unistd.h>

#include "kernel/fs/fsnotify.h"
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

/* For devices that have no position and accept any: it stays where it is. Linux: fs/read_write.c */
loff_t noop_llseek(struct file *file, loff_t offset __maybe_unused, int whence __maybe_unused)
{
	return file->f_pos;
}

/* Linux: fs/read_write.c:vfs_llseek() */
loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}

/* Linux: fs/read_write.c:ksys_lseek() */
SYSCALL_DEFINE3(lseek, unsigned int, fd, loff_t, offset, unsigned int, whence)
{
	struct fd f = fdget_pos(fd);
	loff_t ret;

	if (!f.file)
		return -EBADF;
	if (whence > SEEK_HOLE)
		ret = -EINVAL;
	else
		ret = vfs_llseek(f.file, offset, whence);
	fdput_pos(f);
	return ret;
}

int rw_verify_area(const loff_t *ppos, size_t count)
{
	loff_t pos = ppos ? *ppos : 0;

	if ((ssize_t)count < 0)
		return -EINVAL;
	if (pos < 0 || (loff_t)((u64)pos + count) < 0)
		return -EINVAL;
	return 0;
}

ssize_t call_iter(int rw, struct file *file, struct iov_iter *iter, loff_t *pos)
{
	struct kiocb iocb = { .ki_filp = file, .ki_pos = pos ? *pos : 0 };
	ssize_t done;

	if (rw == WRITE)
		done = file->f_op->write_iter(&iocb, iter);
	else
		done = file->f_op->read_iter(&iocb, iter);
	if (done > 0 && pos)
		*pos = iocb.ki_pos;
	return done;
}

int may_transfer(int rw, const struct file *file)
{
	if (!(file->f_mode & (rw == WRITE ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	if (rw == WRITE)
		return file->f_op->write || file->f_op->write_iter ? 0 : -EINVAL;
	return file->f_op->read || file->f_op->read_iter ? 0 : -EINVAL;
}

bool one_buffer(int rw, const struct file *file)
{
	return rw == WRITE ? !!file->f_op->write : !!file->f_op->read;
}

ssize_t call_one(int rw, struct file *file, void *buf, size_t count, loff_t *pos)
{
	if (rw == WRITE)
		return file->f_op->write(file, (const char __user *)buf, count, pos);
	return file->f_op->read(file, (char __user *)buf, count, pos);
}

/*
 * Read or write @count bytes at @buf, which ring 3 named (@user) or which is the kernel's; at *@pos,
 * which moves on, or with @pos NULL at no position. The bytes moved, or -errno: -EINVAL for a buffer
 * of the kernel when the file wants ring 3's. What vfs_read(), vfs_write(), kernel_read() and
 * kernel_write() have in common.
 */
static ssize_t transfer(int rw, struct file *file, bool user, void *buf, size_t count, loff_t *pos)
{
	struct iovec iov = { .iov_base = buf, .iov_len = min(count, (size_t)MAX_RW_COUNT) };
	struct iov_iter iter;
	int error = may_transfer(rw, file);

	if (error)
		return error;
	if (user && !access_ok(buf, count))
		return -EFAULT;
	error = rw_verify_area(pos, count);
	if (error)
		return error;
	if (one_buffer(rw, file))
		return user ? call_one(rw, file, buf, iov.iov_len, pos) : -EINVAL;
	iov_iter_init(&iter, user, &iov, 1, iov.iov_len);
	return call_iter(rw, file, &iter, pos);
}

/* Linux: fs/read_write.c:vfs_read() */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return fsnotify_moved(file, FS_ACCESS, transfer(READ, file, true, (void *)buf, count, pos));
}

/* Linux: fs/read_write.c:vfs_write() */
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return fsnotify_moved(file, FS_MODIFY, transfer(WRITE, file, true, (void *)buf, count, pos));
}

/* What is true without kernel/fs/notify: nobody watches. */
unsigned int fsnotify_watches;

void __weak noprobe fsnotify(u32 mask __maybe_unused, struct inode *dir __maybe_unused,
			     const struct dentry *dentry __maybe_unused,
			     struct inode *inode __maybe_unused, u32 cookie __maybe_unused)
{
}

loff_t *file_ppos(struct file *file)
{
	return file->f_mode & FMODE_STREAM ? NULL : &file->f_pos;
}

/* Linux: fs/read_write.c:ksys_read() */
ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_read(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}

/* Linux: fs/read_write.c:ksys_write() */
ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_write(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	return ksys_write(fd, buf, count);
}

/*
 * Read into kernel memory, at *@pos (advanced) on. Bytes read, 0 at the end, or -errno; -EINVAL
 * when @file cannot be read. Linux: fs/read_write.c:kernel_read()
 */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	if (!(file->f_mode & FMODE_READ))
		return -EINVAL;
	return fsnotify_moved(file, FS_ACCESS, transfer(READ, file, false, buf, count, pos));
}

/* Linux: fs/read_write.c:kernel_write(), which answers -EBADF where kernel_read() has -EINVAL */
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	return fsnotify_moved(file, FS_MODIFY, transfer(WRITE, file, false, (void *)buf, count, pos));
}
