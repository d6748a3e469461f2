/*
 * Files and inodes. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_FS_H
#define INCLUDE_LINUX_FS_H

#include <linux/bug.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/stat.h>

#include "kernel/fs/fs.h"

#define no_llseek NULL
#define file_count(file) atomic_long_read(&(file)->f_count)

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_inode;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline struct dentry *file_dentry(const struct file *file)
{
	return file->f_path.dentry;
}

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline unsigned int iminor(const struct inode *inode)
{
	return MINOR(inode->i_rdev);
}

static inline unsigned int imajor(const struct inode *inode)
{
	return MAJOR(inode->i_rdev);
}

#endif
