/*
 * Character devices: from the number in an inode to the driver's operations.
 *
 * A node is only a number; whoever made it (a driver, an initramfs), opening it finds the driver
 * that registered the number. Called by ramfs. Linux: fs/char_dev.c
 */
#include "kernel/fs/internal.h"

#define CHRDEVS_MAX 16

static struct {
	dev_t dev;
	const struct file_operations *fop;
} chrdevs[CHRDEVS_MAX];
static unsigned int nr_chrdevs;

/* The driver of @dev is @fop from now on. 0, -EBUSY when it has one, -ENOSPC. At boot. */
int register_chrdev(dev_t dev, const struct file_operations *fop)
{
	unsigned int i;

	for (i = 0; i < nr_chrdevs; i++)
		if (chrdevs[i].dev == dev)
			return chrdevs[i].fop == fop ? 0 : -EBUSY;
	if (nr_chrdevs == CHRDEVS_MAX)
		return -ENOSPC;
	chrdevs[nr_chrdevs].dev = dev;
	chrdevs[nr_chrdevs].fop = fop;
	nr_chrdevs++;
	return 0;
}

/* From now on @file is the driver's. -ENXIO when no driver has the number. */
static int chrdev_open(struct inode *inode, struct file *file)
{
	unsigned int i;

	for (i = 0; i < nr_chrdevs; i++) {
		if (chrdevs[i].dev != inode->i_rdev)
			continue;
		file->f_op = chrdevs[i].fop;
		return file->f_op->open ? file->f_op->open(inode, file) : 0;
	}
	return -ENXIO;
}

const struct file_operations def_chr_fops = { .open = chrdev_open };
