/*
 * /dev/null, /dev/zero and /dev/full. Linux: drivers/char/mem.c
 */
#include "kernel/drivers/internal.h"

#define MEM_MAJOR 1

/* They may be positioned, to no effect. */
static loff_t null_lseek(struct file *file, loff_t offset __maybe_unused, int whence __maybe_unused)
{
	file->f_pos = 0;
	return 0;
}

static ssize_t read_iter_null(struct kiocb *iocb __maybe_unused, struct iov_iter *to __maybe_unused)
{
	return 0;
}

static ssize_t write_iter_null(struct kiocb *iocb __maybe_unused, struct iov_iter *from)
{
	return from->count;
}

static ssize_t read_iter_zero(struct kiocb *iocb __maybe_unused, struct iov_iter *to)
{
	ssize_t total = 0;

	while (to->count) {
		size_t len = min(to->count, (size_t)PAGE_SIZE), done = iov_iter_zero(len, to);

		total += done;
		if (done < len)
			return total ? total : -EFAULT;
		if (to->count && signal_pending(current))
			return total;
		cond_resched();
	}
	return total;
}

/* No room is left, whoever writes. */
static ssize_t write_iter_full(struct kiocb *iocb __maybe_unused,
			       struct iov_iter *from __maybe_unused)
{
	return -ENOSPC;
}

static const struct file_operations null_fops = {
	.llseek = null_lseek,
	.read_iter = read_iter_null,
	.write_iter = write_iter_null,
};

static const struct file_operations zero_fops = {
	.llseek = null_lseek,
	.read_iter = read_iter_zero,
	.write_iter = write_iter_null,
};

static const struct file_operations full_fops = {
	.llseek = null_lseek,
	.read_iter = read_iter_zero,
	.write_iter = write_iter_full,
};

void mem_init(void)
{
	static struct cdev null, zero, full;

	make_device("/dev/null", 0666, MKDEV(MEM_MAJOR, 3), &null, &null_fops);
	make_device("/dev/zero", 0666, MKDEV(MEM_MAJOR, 5), &zero, &zero_fops);
	make_device("/dev/full", 0666, MKDEV(MEM_MAJOR, 7), &full, &full_fops);
}
