/*
 * Character devices: from the number in an inode to the driver's operations.
 *
 * A node is only a number; whoever made it (a driver, an initramfs), opening it finds the driver
 * that added a cdev for the number. Linux: fs/char_dev.c
 */
#include "kernel/fs/internal.h"

#define CHRDEV_MAJOR_HASH_SIZE 255
#define CHRDEV_MAJOR_MAX 512u

/* Are these @count numbers all of one major that there can be? */
static bool is_range(dev_t from, unsigned int count)
{
	return MAJOR(from) < CHRDEV_MAJOR_MAX && count <= (1u << MINORBITS) - MINOR(from);
}

/* Numbers that belong to somebody, whether there is a driver for them yet or not. */
struct char_device_struct {
	struct list_head list;
	dev_t from;
	unsigned int count;
	const char *name;
};

static LIST_HEAD(chrdevs);
static struct list_head cdev_map[CHRDEV_MAJOR_HASH_SIZE]; /* cdevs by major */

static struct list_head *cdevs_of(dev_t dev)
{
	struct list_head *head = &cdev_map[MAJOR(dev) % CHRDEV_MAJOR_HASH_SIZE];

	if (!head->next)
		INIT_LIST_HEAD(head);
	return head;
}

int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	struct char_device_struct *cd;

	if (!is_range(from, count))
		return -EINVAL;
	list_for_each_entry(cd, &chrdevs, list)
		if (from < cd->from + cd->count && cd->from < from + count)
			return -EBUSY;
	cd = kmalloc(sizeof(*cd), GFP_KERNEL);
	if (!cd)
		return -ENOMEM;
	cd->from = from;
	cd->count = count;
	cd->name = name;
	list_add_tail(&cd->list, &chrdevs);
	return 0;
}

void unregister_chrdev_region(dev_t from, unsigned int count)
{
	struct char_device_struct *cd;

	list_for_each_entry(cd, &chrdevs, list) {
		if (cd->from == from && cd->count == count) {
			list_del(&cd->list);
			kfree(cd);
			return;
		}
	}
}

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	*cdev = (struct cdev){ .ops = fops };
	INIT_LIST_HEAD(&cdev->list);
}

int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count)
{
	if (!is_range(dev, count))
		return -EINVAL;
	cdev->dev = dev;
	cdev->count = count;
	list_add_tail(&cdev->list, cdevs_of(dev));
	return 0;
}

/* Open files stay with the driver. One that was never added may be deleted as well. */
void cdev_del(struct cdev *cdev)
{
	list_del_init(&cdev->list);
}

/* From now on @file is the driver's. -ENXIO when no driver has the number. */
static int chrdev_open(struct inode *inode, struct file *file)
{
	struct cdev *cdev;

	list_for_each_entry(cdev, cdevs_of(inode->i_rdev), list) {
		if (inode->i_rdev - cdev->dev >= cdev->count)
			continue;
		file->f_op = cdev->ops;
		return file->f_op->open ? file->f_op->open(inode, file) : 0;
	}
	return -ENXIO;
}

const struct file_operations def_chr_fops = { .open = chrdev_open };
