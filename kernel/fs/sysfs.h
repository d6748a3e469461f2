/*
 * What makes directories and files of /sys. Linux: include/linux/sysfs.h, where the objects of the
 * driver model make them; here a driver does so itself.
 */
#ifndef KERNEL_FS_SYSFS_H
#define KERNEL_FS_SYSFS_H

#include "kernel/lib/lib.h"

struct dentry;

/* A file of /sys. It lives as long as the file is there. */
struct bin_attribute {
	const char *name;
	umode_t mode; /* permissions */
	size_t size;  /* what stat() tells: bytes; 0: not known */
	void *private;
	/*
	 * Put up to @count (0..PAGE_SIZE) bytes of the contents from offset @off on into @buf, which is
	 * the kernel's: how many, 0 at the end, or -errno.
	 */
	ssize_t (*read)(const struct bin_attribute *attr, char *buf, loff_t off, size_t count);
};

/*
 * The directory @name (a copy is made) below @parent; NULL: below /sys. What is there already is
 * taken. It stays for good, and the caller gets no reference. Or ERR_PTR(-ENOMEM, -ENOTDIR).
 */
struct dentry *sysfs_create_dir(const char *name, struct dentry *parent);
/* The file of @attr in directory @parent. 0, -EEXIST, -ENOMEM. */
int sysfs_create_bin_file(struct dentry *parent, const struct bin_attribute *attr);

#endif
