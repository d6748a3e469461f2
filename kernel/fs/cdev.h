/*
 * Character devices: numbers, and the drivers behind them (char_dev.c). Part of kernel/fs/fs.h.
 * Linux: include/linux/cdev.h, kdev_t.h
 */
#ifndef KERNEL_FS_CDEV_H
#define KERNEL_FS_CDEV_H

#include "kernel/lib/lib.h"

struct file_operations;

/* Device numbers, as the kernel keeps them. Linux: include/linux/kdev_t.h */
#define MINORBITS 20
#define MKDEV(major, minor) ((dev_t)((major) << MINORBITS | (minor)))
#define MAJOR(dev) ((unsigned int)(dev) >> MINORBITS)
#define MINOR(dev) ((unsigned int)(dev) & ((1u << MINORBITS) - 1))

struct cdev {
	const struct file_operations *ops;
	dev_t dev;
	unsigned int count; /* minors from that of @dev on */
	struct list_head list;
};
void cdev_init(struct cdev *cdev, const struct file_operations *fops);
int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count); /* nodes find it; or -EINVAL */
void cdev_del(struct cdev *cdev);
/*
 * @count numbers from @from on belong to @name (kept by reference). 0, -EBUSY, -ENOMEM, or -EINVAL:
 * the major is 512 or more, or the numbers pass its end, where Linux would go on with the next.
 */
int register_chrdev_region(dev_t from, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned int count);

#endif
