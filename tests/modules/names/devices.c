// SPDX-License-Identifier: MIT
/* devices.c - character devices, by their number, by a class and by major 10. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/kdev_t.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define NAMES_GET _IOR('n', 1, int)
#define NAMES_SET _IOW('n', 2, char[16])

static int major;
static dev_t region;
static struct cdev own, *allocated;
static struct class *class;

/* How many hold the module tells whether an open file holds it once or twice. */
static int names_open(struct inode *inode, struct file *file)
{
	bool dynamic = imajor(inode) == MISC_MAJOR; /* then the minor is what happens to be free */

	pr_info("open: held %d, minor %u, ours %d, data %d\n", module_refcount(THIS_MODULE),
		dynamic ? 0 : iminor(inode),
		imajor(inode) == major || imajor(inode) == MAJOR(region),
		file->private_data != NULL);
	return iminor(inode) == 9 ? -EBUSY : 0;
}

static int names_release(struct inode *inode, struct file *file)
{
	pr_info("release: held %d\n", module_refcount(THIS_MODULE));
	return 0;
}

static ssize_t names_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, "text", 4);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = names_open,
	.release = names_release,
	.read = names_read,
	.llseek = noop_llseek,
};

/* Nobody holds the module for these but the cdev. */
static const struct file_operations fops_without_owner = {
	.open = names_open,
	.release = names_release,
	.read = names_read,
	.llseek = no_llseek,
};

static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "names_misc",
	.fops = &fops,
	.mode = 0444,
};

static char *names_devnode(struct device *dev, umode_t *mode)
{
	if (mode && MINOR(dev->devt) == 1)
		*mode = 0666;
	return MINOR(dev->devt) == 7 ? kstrdup("names_seven", GFP_KERNEL) : NULL;
}

static void say_mode(const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);

	if (IS_ERR(file)) {
		pr_info("%s: open %ld\n", path, PTR_ERR(file));
		return;
	}
	pr_info("%s: mode %o\n", path, file_inode(file)->i_mode);
	filp_close(file, NULL);
}

static int __init start(void)
{
	int minor, err;

	major = register_chrdev(0, "names", &fops);
	pr_info("major %d, again %d\n", major > 0, register_chrdev(major, "names", &fops));
	err = alloc_chrdev_region(&region, 7, 2, "names_region");
	pr_info("region %d, minor %u\n", err, MINOR(region));
	cdev_init(&own, &fops_without_owner);
	own.owner = THIS_MODULE;
	allocated = cdev_alloc();
	allocated->ops = &fops;
	pr_info("add %d", cdev_add(&own, region, 1));
	pr_cont(" %d\n", cdev_add(allocated, region + 1, 1));
	class = class_create(THIS_MODULE, "names");
	class->devnode = names_devnode;
	for (minor = 0; minor < 3; minor++)
		device_create(class, NULL, MKDEV(major, minor), NULL, "names%d", minor);
	device_create(class, NULL, MKDEV(major, 9), NULL, "names9");
	device_create(class, NULL, region, NULL, "names7");
	device_create(class, NULL, region + 1, &region, "names8");
	err = misc_register(&misc);
	pr_info("misc %d, dynamic %d\n", err, misc.minor != MISC_DYNAMIC_MINOR);
	pr_info("ioctl %x %x %x %u %u\n", NAMES_GET, NAMES_SET, _IO('n', 3), _IOC_NR(NAMES_SET),
		_IOC_SIZE(NAMES_SET));
	pr_info("ioctl %x, type %c, direction %u\n", _IOWR('n', 4, long), _IOC_TYPE(NAMES_GET),
		_IOC_DIR(NAMES_GET));
	return 0;
}

static void __exit end(void)
{
	int minor;

	say_mode("/dev/names1");
	say_mode("/dev/names9");
	say_mode("/dev/names_misc");
	misc_deregister(&misc);
	for (minor = 0; minor < 3; minor++)
		device_destroy(class, MKDEV(major, minor));
	device_destroy(class, MKDEV(major, 9));
	device_destroy(class, region);
	device_destroy(class, region + 1);
	class_destroy(class);
	cdev_del(&own);
	cdev_del(allocated);
	unregister_chrdev_region(region, 2);
	unregister_chrdev(major, "names");
	say_mode("/dev/names1");
	say_mode("/dev/names_misc");
}

module_init(start);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
