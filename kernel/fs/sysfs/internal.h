/*
 * What the files of kernel/fs/sysfs share. Linux: fs/sysfs/sysfs.h
 */
#ifndef KERNEL_FS_SYSFS_INTERNAL_H
#define KERNEL_FS_SYSFS_INTERNAL_H

#include "kernel/fs/internal.h"
#include "kernel/fs/sysfs.h"

extern struct dentry *sysfs_root; /* for good. mount.c */
extern const struct inode_operations sysfs_dir_inode_operations;
extern const struct file_operations sysfs_file_operations;

#endif
