/*
 * Character devices: from the number in an inode to the driver's operations.
 *
 * A node is only a number; whoever made it (a driver, an initramfs), opening it finds the driver
 * that added a cdev for the number. Linux: fs/char_dev.c
 */
#include "kernel/fs/internal.h"

#define CHRDEV_MAJOR_HASH_SIZE 255
#define CHRDEV_MAJOR_MAX 512u
/* Majors for who does not ask for one: from START down to END, first these, then those. */
#define CHRDEV_MAJOR_DYN_START 254
#define CHRDEV_MAJOR_DYN_END 234
#define CHRDEV_MAJOR_DYN_EXT_START 511
#define CHRDEV_MAJOR_DYN_EXT_END 384

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
	struct cdev *cdev; /* of __register_chrdev() */
};

/* What the open files of one inode share. */
struct chrdev_inode {
	struct cdev *cdev;
	unsigned int files;
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

/* ERR_PTR: see register_chrdev_region(). */
static struct char_device_struct *__register_chrdev_region(dev_t from, unsigned int count,
							   const char *name)
{
	struct char_device_struct *cd;

	if (!is_range(from, count))
		return ERR_PTR(-EINVAL);
	list_for_each_entry(cd, &chrdevs, list)
		if (from < cd->from + cd->count && cd->from < from + count)
			return ERR_PTR(-EBUSY);
	cd = kzalloc(sizeof(*cd), GFP_KERNEL);
	if (!cd)
		return ERR_PTR(-ENOMEM);
	cd->from = from;
	cd->count = count;
	cd->name = name;
	list_add_tail(&cd->list, &chrdevs);
	return cd;
}

int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	struct char_device_struct *cd = __register_chrdev_region(from, count, name);

	return IS_ERR(cd) ? PTR_ERR(cd) : 0;
}

static bool is_major_free(unsigned int major)
{
	struct char_device_struct *cd;

	list_for_each_entry(cd, &chrdevs, list) {
		if (MAJOR(cd->from) == major)
			return false;
	}
	return true;
}

/* 0: none is free. */
static unsigned int find_dynamic_major(void)
{
	unsigned int major;

	for (major = CHRDEV_MAJOR_DYN_START; major >= CHRDEV_MAJOR_DYN_END; major--) {
		if (is_major_free(major))
			return major;
	}
	for (major = CHRDEV_MAJOR_DYN_EXT_START; major >= CHRDEV_MAJOR_DYN_EXT_END; major--) {
		if (is_major_free(major))
			return major;
	}
	return 0;
}

int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name)
{
	unsigned int major = find_dynamic_major();
	int error = major ? register_chrdev_region(MKDEV(major, baseminor), count, name) : -EBUSY;

	if (!error)
		*dev = MKDEV(major, baseminor);
	return error;
}

/* Free the region. Returns the driver that came with it, or NULL. */
static struct cdev *__unregister_chrdev_region(dev_t from, unsigned int count)
{
	struct char_device_struct *cd;
	struct cdev *cdev;

	list_for_each_entry(cd, &chrdevs, list) {
		if (cd->from == from && cd->count == count) {
			cdev = cd->cdev;
			list_del(&cd->list);
			kfree(cd);
			return cdev;
		}
	}
	return NULL;
}

void unregister_chrdev_region(dev_t from, unsigned int count)
{
	__unregister_chrdev_region(from, count);
}

int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops)
{
	bool is_dynamic = !major;
	struct char_device_struct *cd;
	struct cdev *cdev;

	if (is_dynamic)
		major = find_dynamic_major();
	if (!major)
		return -EBUSY;
	cd = __register_chrdev_region(MKDEV(major, baseminor), count, name);
	if (IS_ERR(cd))
		return PTR_ERR(cd);
	cdev = cdev_alloc();
	if (!cdev) {
		__unregister_chrdev_region(cd->from, count);
		return -ENOMEM;
	}
	cdev->owner = fops->owner;
	cdev->ops = fops;
	cd->cdev = cdev;
	cdev_add(cdev, cd->from, count);
	return is_dynamic ? major : 0;
}

void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
			 const char *name __maybe_unused)
{
	struct cdev *cdev = __unregister_chrdev_region(MKDEV(major, baseminor), count);

	if (cdev)
		cdev_del(cdev);
}

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	*cdev = (struct cdev){ .ops = fops, .users = REFCOUNT_INIT(1) };
	INIT_LIST_HEAD(&cdev->list);
}

struct cdev *cdev_alloc(void)
{
	struct cdev *cdev = kmalloc(sizeof(*cdev), GFP_KERNEL);

	if (cdev) {
		cdev_init(cdev, NULL);
		cdev->is_allocated = true;
	}
	return cdev;
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

static void cdev_drop(struct cdev *cdev)
{
	if (cdev->is_allocated && refcount_dec_and_test(&cdev->users))
		kfree(cdev);
}

/* One that was never added may be deleted as well. */
void cdev_del(struct cdev *cdev)
{
	list_del_init(&cdev->list);
	cdev_drop(cdev);
}

static bool cdev_get(struct cdev *cdev)
{
	if (!try_module_get(cdev->owner))
		return false;
	if (cdev->is_allocated)
		refcount_inc(&cdev->users);
	return true;
}

static void cdev_put(struct cdev *cdev)
{
	struct module *owner = cdev->owner;

	cdev_drop(cdev);
	module_put(owner);
}

static struct cdev *cdev_lookup(dev_t dev)
{
	struct cdev *cdev;

	list_for_each_entry(cdev, cdevs_of(dev), list) {
		if (dev - cdev->dev < cdev->count)
			return cdev;
	}
	return NULL;
}

/*
 * One more file of @inode: as long as one is open, all have the driver of the first, even when that
 * is deleted meanwhile. 0, -ENXIO: there is no driver, or its module is being removed; -ENOMEM.
 */
static int chrdev_get(struct inode *inode)
{
	struct cdev *cdev = inode->i_cdev ? inode->i_cdev->cdev : cdev_lookup(inode->i_rdev);

	if (!cdev || !cdev_get(cdev))
		return -ENXIO;
	if (!inode->i_cdev) {
		inode->i_cdev = kzalloc(sizeof(*inode->i_cdev), GFP_KERNEL);
		if (!inode->i_cdev) {
			cdev_put(cdev);
			return -ENOMEM;
		}
		inode->i_cdev->cdev = cdev;
	}
	inode->i_cdev->files++;
	return 0;
}

void chrdev_put(struct inode *inode)
{
	struct cdev *cdev = inode->i_cdev->cdev;

	if (!--inode->i_cdev->files) {
		kfree(inode->i_cdev);
		inode->i_cdev = NULL;
	}
	cdev_put(cdev);
}

/* From now on @file is the driver's. */
static int chrdev_open(struct inode *inode, struct file *file)
{
	bool forbidden = file->f_path.mnt->mnt_flags & MNT_NODEV;
	int error = forbidden ? -EACCES : chrdev_get(inode);
	const struct file_operations *fops;

	if (error)
		return error;
	fops = fops_get(inode->i_cdev->cdev->ops);
	if (!fops) {
		chrdev_put(inode);
		return -ENXIO;
	}
	replace_fops(file, fops);
	if (fops->open)
		error = fops->open(inode, file);
	if (error)
		chrdev_put(inode);
	return error;
}

const struct file_operations def_chr_fops = { .open = chrdev_open, .llseek = noop_llseek };
