/*
 * Instances of file systems, their kinds, and how those who make a file system make one.
 * Part of kernel/fs/fs.h. Linux: include/linux/fs.h
 */
#ifndef KERNEL_FS_SUPER_H
#define KERNEL_FS_SUPER_H

#include <uapi/magic.h>

#include "kernel/fs/cdev.h"
#include "kernel/lib/list.h"
#include "kernel/lib/lib.h"
#include "kernel/sched/mutex.h"

struct dentry;
struct dentry_operations;
struct inode;
struct module;
struct statfs;

/* A mounted instance of a file system, or one that only the kernel uses. */
struct super_block {
	const char *s_id;          /* the type's name */
	unsigned long s_blocksize; /* bytes; what FIGETBSZ tells */
	loff_t s_maxbytes;         /* no file is larger */
	dev_t s_dev;
	unsigned long s_magic; /* for statfs() */
	unsigned long s_flags; /* SB_* */
	const struct super_operations *s_op;
	const struct dentry_operations *s_d_op; /* NULL: unused dentries are kept */
	struct file_system_type *s_type;
	struct dentry *s_root;
	struct mutex s_vfs_rename_mutex; /* while a name goes from one directory to another, none else does */
	atomic_t s_active;            /* mounts, and whoever else uses it */
	struct list_head s_instances; /* in s_type->fs_supers */
	struct list_head s_inodes;    /* but those of new_inode_pseudo() */
	void *s_fs_info;              /* the file system's own */
};

#define SB_RDONLY 1ul

struct super_operations {
	/* mount() with MS_REMOUNT: other flags (MS_RDONLY) and options (NULL: none). 0 or -errno. */
	int (*remount_fs)(struct super_block *sb, int *flags, char *data);
	struct inode *(*alloc_inode)(struct super_block *sb); /* NULL: plain inode_cache */
	void (*free_inode)(struct inode *inode);
	/* Drop contents, before free_inode. NULL: what is in the page cache goes. */
	void (*evict_inode)(struct inode *inode);
	int (*statfs)(struct dentry *dentry, struct statfs *buf); /* NULL: s_magic, and nothing is counted */
	void (*put_super)(struct super_block *sb); /* the end of @sb: free s_fs_info */
};

/* A kind of file system. One instance is made by mount(), and ends by kill_sb(). */
struct file_system_type {
	const char *name;
	/* The root dentry of an instance, with a reference on it and on its s_active; or ERR_PTR. */
	struct dentry *(*mount)(struct file_system_type *type, int flags, const char *dev_name,
				void *data);
	void (*kill_sb)(struct super_block *sb);
	struct module *owner;
	struct file_system_type *next;
	struct list_head fs_supers;
};

/* filesystems.c, super.c: for those who make a file system */
int register_filesystem(struct file_system_type *fs);   /* 0, -EBUSY */
int unregister_filesystem(struct file_system_type *fs); /* 0, -EINVAL */
/* An instance without a device, filled by @fill_super (0 or -errno): what mount() may return. */
struct dentry *mount_nodev(struct file_system_type *type, int flags, void *data,
			   int (*fill_super)(struct super_block *sb, void *data, int silent));
/* One that no path leads to, with a root that holds nothing. */
struct dentry *mount_pseudo(struct file_system_type *type, const char *name,
			    const struct super_operations *ops, unsigned long magic);
struct super_block *sget(struct file_system_type *type,
			 int (*test)(struct super_block *sb, void *data),
			 int (*set)(struct super_block *sb, void *data), void *data);
int set_anon_super(struct super_block *sb, void *data); /* for sget(): a number, no device */
void kill_anon_super(struct super_block *sb);   /* kill_sb() after mount_nodev(), mount_pseudo() */
void kill_litter_super(struct super_block *sb); /* the same when names hold a reference (ramfs) */

#endif
