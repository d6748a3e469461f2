/*
 * Dentries and mounts: what a name stands for, and where a tree hangs. Part of kernel/fs/fs.h.
 * Linux: include/linux/dcache.h, path.h, mount.h
 */
#ifndef KERNEL_FS_DCACHE_H
#define KERNEL_FS_DCACHE_H

#include "kernel/lib/lib.h"

struct inode;
struct super_block;

/* One component of a path. Linux: include/linux/dcache.h */
struct qstr {
	unsigned int len; /* without the final NUL */
	const char *name;
};

/* What a name stands for. A dentry owns a reference on its inode. */
struct dentry {
	atomic_t d_count;
	bool d_pseudo;
	struct dentry *d_parent; /* referenced; itself for a root or a pseudo file */
	struct inode *d_inode;
	struct qstr d_name; /* d_name.name is owned, but for pseudo files: theirs is a literal */
	struct super_block *d_sb;
	struct list_head d_subdirs, d_child; /* pinned children (ramfs, procfs) */
};

struct vfsmount {
	atomic_t mnt_count;
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* A dentry without an inode, one reference; d_alloc() copies @name. NULL: no memory. */
struct dentry *d_alloc(struct dentry *parent, const char *name, unsigned int len);
struct dentry *d_alloc_pseudo(struct super_block *sb, const char *literal);
/* @dentry now means @inode, and owns the caller's reference on it. */
static inline void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	dentry->d_inode = inode;
}

static inline struct dentry *dget(struct dentry *dentry)
{
	atomic_inc(&dentry->d_count);
	return dentry;
}
void dput(struct dentry *dentry); /* NULL is allowed */
void path_get(const struct path *path);
void path_put(const struct path *path);
static inline struct vfsmount *mntget(struct vfsmount *mnt)
{
	atomic_inc(&mnt->mnt_count);
	return mnt;
}

/* Nothing is ever unmounted, so the mount's own reference stays. */
static inline void mntput(struct vfsmount *mnt)
{
	BUG_ON(atomic_dec_and_test(&mnt->mnt_count));
}

struct vfsmount *kern_mount(struct super_block *sb); /* of a file system outside the tree */

#endif
