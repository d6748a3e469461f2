/*
 * Files of /sys: what is read comes from whoever made the file, a page at a time. Linux: fs/sysfs/file.c, fs/kernfs/file.c
 */
#include "kernel/fs/sysfs/internal.h"

static ssize_t sysfs_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct bin_attribute *attr = iocb->ki_filp->f_inode->i_private;
	size_t count = min(to->count, (size_t)PAGE_SIZE);
	char *buf;
	ssize_t n;

	if (!count || iocb->ki_pos < 0)
		return 0;
	buf = kmalloc(count, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	n = attr->read(attr, buf, iocb->ki_pos, count);
	if (n > 0) {
		n = copy_to_iter(buf, n, to);
		iocb->ki_pos += n;
		if (!n)
			n = -EFAULT;
	}
	kfree(buf);
	return n;
}

const struct file_operations sysfs_file_operations = {
	.llseek = generic_file_llseek,
	.read_iter = sysfs_read_iter,
};
