/*
 * Brings the drivers up, and holds what several of them do in the same way.
 */
#include "kernel/drivers/internal.h"

void make_device(const char *path, umode_t mode, dev_t dev, struct cdev *cdev,
		 const struct file_operations *fops)
{
	int error;

	cdev_init(cdev, fops);
	error = register_chrdev_region(dev, 1, path);
	if (!error)
		error = cdev_add(cdev, dev, 1);
	if (!error)
		error = init_mknod(path, S_IFCHR | mode, dev);
	if (!error)
		error = init_chmod(path, mode);
	if (error)
		panic("drivers: cannot make %s, error %d", path, error);
}

ssize_t write_in_chunks(struct iov_iter *from, void (*put)(u16 port, const void *buf, size_t len),
			u16 port)
{
	char chunk[256];
	ssize_t total = 0;

	while (from->count) {
		size_t len = min(from->count, sizeof(chunk));
		size_t done = copy_from_iter(chunk, len, from);

		put(port, chunk, done);
		total += done;
		if (done < len)
			return total ? total : -EFAULT;
		if (from->count && signal_pending(current))
			return total;
		cond_resched();
	}
	return total;
}

void drivers_init(void)
{
	mem_init();
	kmsg_init();
	console_init();
	hostchan_init();
}
