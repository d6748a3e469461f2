/*
 * Character devices that share major 10, for drivers that need one minor number.
 * Linux: include/linux/miscdevice.h
 */
#ifndef KERNEL_DRIVERS_MISCDEVICE_H
#define KERNEL_DRIVERS_MISCDEVICE_H

#include "kernel/drivers/device.h"

#define MISC_MAJOR 10
#define MISC_DYNAMIC_MINOR 255 /* misc_register() stores a free one in its place */

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops; /* open() finds the device in file->private_data */
	struct list_head list;
	struct device *parent;
	struct device *this_device;
	const char *nodename; /* in /dev; NULL: @name */
	umode_t mode;         /* of the node; 0: 0600 */
};

/* @misc can be opened, also by its node in /dev. 0, -EBUSY: no minor is free, or -errno. */
int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

#define module_misc_device(misc)                                                \
	static int __init misc##_init(void)                                     \
	{                                                                       \
		return misc_register(&(misc));                                  \
	}                                                                       \
	static void __exit misc##_exit(void)                                    \
	{                                                                       \
		misc_deregister(&(misc));                                       \
	}                                                                       \
	module_init(misc##_init);                                               \
	module_exit(misc##_exit)

#endif
