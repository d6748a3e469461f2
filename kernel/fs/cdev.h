/*
 * Character devices: numbers, and the drivers behind them (char_dev.c). Part of kernel/fs/fs.h.
 * Linux: include/linux/cdev.h, kdev_t.h
 */
#ifndef KERNEL_FS_CDEV_H
#define KERNEL_FS_CDEV_H

#include "kernel/lib/lib.h"

struct file;
struct file_operations;
struct inode;

/* @fops with its module held; NULL: it is being removed. Linux: include/linux/fs.h */
const struct file_operations *fops_get(const struct file_operations *fops);
void fops_put(const struct file_operations *fops);
/* While @file is being opened: @fops, with its module held, take the place of its operations. */
void replace_fops(struct file *file, const struct file_operations *fops);

/* Device numbers, as the kernel keeps them. Linux: include/linux/kdev_t.h */
#define MINORBITS 20
#define MKDEV(major, minor) ((dev_t)((major) << MINORBITS | (minor)))
#define MAJOR(dev) ((unsigned int)(dev) >> MINORBITS)
#define MINOR(dev) ((unsigned int)(dev) & ((1u << MINORBITS) - 1))

/* The same number as ring 3 has it. */
static inline u32 new_encode_dev(dev_t dev)
{
	return (MINOR(dev) & 0xff) | MAJOR(dev) << 8 | (MINOR(dev) & ~0xffu) << 12;
}

static inline dev_t new_decode_dev(u32 dev)
{
	return MKDEV((dev & 0xfff00) >> 8, (dev & 0xff) | (dev >> 12 & 0xfff00));
}

/*
 * A driver. The module @owner stays loaded while a file is open that was opened through it, and so
 * long the memory has to last.
 */
struct cdev {
	struct module *owner;
	const struct file_operations *ops;
	dev_t dev;
	unsigned int count; /* minors from that of @dev on */
	bool is_allocated;  /* by cdev_alloc() */
	refcount_t users;   /* then: cdev_del() drops one, each open file has one */
	struct list_head list;
};
/*
 * One to be given ops and owner, which is freed after cdev_del() and the end of its open files.
 * NULL: no memory.
 */
struct cdev *cdev_alloc(void);
void cdev_init(struct cdev *cdev, const struct file_operations *fops);
int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count); /* nodes find it; or -EINVAL */
void cdev_del(struct cdev *cdev); /* nodes find it no more; open files stay with it */
void chrdev_put(struct inode *inode); /* a file of the character device @inode is closed */
/*
 * @count numbers from @from on belong to @name (kept by reference). 0, -EBUSY, -ENOMEM, or -EINVAL:
 * the major is 512 or more, or the numbers pass its end, where Linux would go on with the next.
 */
int register_chrdev_region(dev_t from, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned int count);
/* The same with a free major: stores the first number, with minor @baseminor, in *@dev. */
int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count, const char *name);
/*
 * A region and a driver for it in one. @major 0: a free one, which is returned. 0, the major, or
 * -errno as above.
 */
int __register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
		      const char *name, const struct file_operations *fops);
void __unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count,
			 const char *name);

static inline int register_chrdev(unsigned int major, const char *name,
				  const struct file_operations *fops)
{
	return __register_chrdev(major, 0, 256, name, fops);
}

static inline void unregister_chrdev(unsigned int major, const char *name)
{
	__unregister_chrdev(major, 0, 256, name);
}

#endif
