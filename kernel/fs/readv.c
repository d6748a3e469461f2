/*
 * Reading and writing with several buffers, or at a position that the caller names: readv(), preadv(),
 * pread64() and their like. Linux: fs/read_write.c, lib/iov_iter.c:import_iovec()
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/notify/notify.h"
#include "kernel/syscalls.h"

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

/* Segment by segment, up to the first that is cut short. Linux: fs/read_write.c */
static ssize_t do_loop_readv_writev(int rw, struct file *file, const struct iovec *iov, size_t vlen,
				    loff_t *pos)
{
	ssize_t ret = 0;
	size_t i;

	for (i = 0; i < vlen; i++) {
		ssize_t done = call_one(rw, file, iov[i].iov_base, iov[i].iov_len, pos);

		if (done < 0)
			return ret ? ret : done;
		ret += done;
		if ((size_t)done != iov[i].iov_len)
			break;
	}
	return ret;
}

/*
 * Only the lower 32 bits of the caller's @vlen count, as in Linux, where import_iovec() takes an
 * unsigned int. Linux: fs/read_write.c:vfs_readv(), vfs_writev()
 */
static ssize_t vfs_readv_writev(int rw, struct file *file, const struct iovec __user *vec,
				unsigned int vlen, loff_t *pos)
{
	struct iovec fast[UIO_FASTIOV], *iov = fast;
	struct iov_iter iter;
	ssize_t ret = may_transfer(rw, file);

	if (ret)
		return ret;
	if (vlen > UIO_MAXIOV)
		return -EINVAL;
	if (vlen > UIO_FASTIOV) {
		iov = kcalloc(vlen, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return -ENOMEM;
	}
	ret = import_iovec(iov, vec, vlen);
	if (ret > 0) {
		int error = rw_verify_area(pos, ret);

		iov_iter_init(&iter, true, iov, vlen, ret);
		if (error)
			ret = error;
		else if (one_buffer(rw, file))
			ret = do_loop_readv_writev(rw, file, iov, vlen, pos);
		else
			ret = call_iter(rw, file, &iter, pos);
	}
	if (iov != fast)
		kfree(iov);
	return fsnotify_moved(file, rw == WRITE ? IN_MODIFY : IN_ACCESS, ret);
}

static ssize_t do_readv_writev(int rw, unsigned long fd, const struct iovec __user *vec,
			       unsigned long vlen)
{
	struct fd f = fdget_pos(fd);
	ssize_t ret;

	if (!f.file)
		return -EBADF;
	ret = vfs_readv_writev(rw, f.file, vec, vlen, file_ppos(f.file));
	fdput_pos(f);
	return ret;
}

SYSCALL_DEFINE3(readv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return do_readv_writev(READ, fd, vec, vlen);
}

SYSCALL_DEFINE3(writev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	return do_readv_writev(WRITE, fd, vec, vlen);
}

/*
 * The file behind @fd, for a transfer at @pos, which is not the file's own position: that stays where it
 * is. 0, then fdput() is due; -EINVAL: no position; -EBADF; -ESPIPE: the file has none.
 */
static int fdget_positioned(int rw, unsigned long fd, loff_t pos, struct fd *f)
{
	unsigned int mode = rw == WRITE ? FMODE_PWRITE : FMODE_PREAD;

	if (pos < 0)
		return -EINVAL;
	*f = fdget(fd);
	if (!f->file)
		return -EBADF;
	if (f->file->f_mode & mode)
		return 0;
	fdput(*f);
	return -ESPIPE;
}

static ssize_t do_preadv_pwritev(int rw, unsigned long fd, const struct iovec __user *vec,
				 unsigned long vlen, loff_t pos)
{
	struct fd f;
	ssize_t ret = fdget_positioned(rw, fd, pos, &f);

	if (ret)
		return ret;
	ret = vfs_readv_writev(rw, f.file, vec, vlen, &pos);
	fdput(f);
	return ret;
}

/* A position has 64 bits, so that the upper half of it, which 32-bit kernels need, plays no part. */
SYSCALL_DEFINE5(preadv, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l, unsigned long, pos_h __maybe_unused)
{
	return do_preadv_pwritev(READ, fd, vec, vlen, pos_l);
}

SYSCALL_DEFINE5(pwritev, unsigned long, fd, const struct iovec __user *, vec, unsigned long, vlen,
		unsigned long, pos_l, unsigned long, pos_h __maybe_unused)
{
	return do_preadv_pwritev(WRITE, fd, vec, vlen, pos_l);
}

SYSCALL_DEFINE4(pread64, unsigned int, fd, char __user *, buf, size_t, count, loff_t, pos)
{
	struct fd f;
	ssize_t ret = fdget_positioned(READ, fd, pos, &f);

	if (ret)
		return ret;
	ret = vfs_read(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}

SYSCALL_DEFINE4(pwrite64, unsigned int, fd, const char __user *, buf, size_t, count, loff_t, pos)
{
	struct fd f;
	ssize_t ret = fdget_positioned(WRITE, fd, pos, &f);

	if (ret)
		return ret;
	ret = vfs_write(f.file, buf, count, &pos);
	fdput(f);
	return ret;
}
