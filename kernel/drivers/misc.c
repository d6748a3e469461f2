/*
 * Major 10: from the minor number to the driver's operations. See miscdevice.h for how to use it.
 * Linux: drivers/char/misc.c
 */
#include "kernel/drivers/miscdevice.h"

#include "kernel/lib/export.h"
#include "kernel/lib/init.h"

#define DYNAMIC_MINORS 128 /* handed out from 127 down */

static LIST_HEAD(misc_list);
static DEFINE_MUTEX(misc_mtx); /* misc_list */
static struct class *misc_class;

static struct miscdevice *find_minor(int minor)
{
	struct miscdevice *misc;

	list_for_each_entry(misc, &misc_list, list) {
		if (misc->minor == minor)
			return misc;
	}
	return NULL;
}

/* The driver's operations take the place of ours, and its module that of us. */
static int misc_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = NULL;
	struct miscdevice *misc;

	mutex_lock(&misc_mtx);
	misc = find_minor(MINOR(inode->i_rdev));
	if (misc)
		fops = fops_get(misc->fops);
	mutex_unlock(&misc_mtx);
	if (!fops)
		return -ENODEV;
	file->private_data = misc;
	replace_fops(file, fops);
	return fops->open ? fops->open(inode, file) : 0;
}

static const struct file_operations misc_fops = { .open = misc_open, .llseek = noop_llseek };

/* 0 or -EBUSY. */
static int misc_get_minor(struct miscdevice *misc)
{
	int minor = DYNAMIC_MINORS;

	if (misc->minor != MISC_DYNAMIC_MINOR)
		return find_minor(misc->minor) ? -EBUSY : 0;
	while (--minor >= 0) {
		if (!find_minor(minor)) {
			misc->minor = minor;
			return 0;
		}
	}
	return -EBUSY;
}

int misc_register(struct miscdevice *misc)
{
	bool is_dynamic = misc->minor == MISC_DYNAMIC_MINOR;
	int error;

	mutex_lock(&misc_mtx);
	error = misc_get_minor(misc);
	if (!error) {
		misc->this_device = device_create(misc_class, misc->parent,
						  MKDEV(MISC_MAJOR, misc->minor), misc, "%s",
						  misc->name);
		if (IS_ERR(misc->this_device)) {
			error = PTR_ERR(misc->this_device);
			if (is_dynamic)
				misc->minor = MISC_DYNAMIC_MINOR;
		} else {
			list_add(&misc->list, &misc_list);
		}
	}
	mutex_unlock(&misc_mtx);
	return error;
}
EXPORT_SYMBOL(misc_register);

void misc_deregister(struct miscdevice *misc)
{
	mutex_lock(&misc_mtx);
	list_del(&misc->list);
	device_destroy(misc_class, MKDEV(MISC_MAJOR, misc->minor));
	mutex_unlock(&misc_mtx);
}
EXPORT_SYMBOL(misc_deregister);

static char *misc_devnode(struct device *dev, umode_t *mode)
{
	const struct miscdevice *misc = dev_get_drvdata(dev);

	*mode = misc->mode;
	return misc->nodename ? kstrdup(misc->nodename, GFP_KERNEL) : NULL;
}

static int misc_init(void)
{
	misc_class = class_create(THIS_MODULE, "misc");
	if (IS_ERR(misc_class) || register_chrdev(MISC_MAJOR, "misc", &misc_fops))
		panic("misc: cannot have major %d", MISC_MAJOR);
	misc_class->devnode = misc_devnode;
	return 0;
}
late_initcall(misc_init);
