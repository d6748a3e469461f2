/*
 * Dentries and mounts: what a name stands for, and where a tree hangs.
 *
 * Ours is no cache: a dentry exists because its file system keeps it (ramfs, procfs: one reference
 * for being in the tree) or because an open file without a path needs one (a pseudo dentry).
 * Stands on slab and inode.c. Called by namei, file_table and the file systems.
 * Linux: fs/dcache.c, fs/namespace.c
 */
#include "kernel/fs/internal.h"

static struct kmem_cache *dentry_cache;

void dcache_init(void)
{
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0, SLAB_PANIC, NULL);
}

/* A pseudo dentry: one reference, no inode yet, its own parent, in no list. NULL: no memory. */
static inline struct dentry *__d_alloc(struct super_block *sb, const char *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);

	if (!dentry)
		return NULL;
	atomic_set(&dentry->d_count, 1);
	dentry->d_parent = dentry;
	dentry->d_inode = NULL;
	dentry->d_name.name = name;
	dentry->d_sb = sb;
	dentry->d_pseudo = true;
	return dentry;
}

/*
 * A dentry for @name (@len bytes, copied) below @parent (NULL: a root), with one reference for the
 * caller, and a reference on @parent. In no directory yet. NULL: no memory. Linux: fs/dcache.c
 */
struct dentry *d_alloc(struct dentry *parent, const char *name, unsigned int len)
{
	struct dentry *dentry;
	char *copy = kmalloc(len + 1, GFP_KERNEL);

	if (!copy)
		return NULL;
	memcpy(copy, name, len);
	copy[len] = '\0';
	dentry = __d_alloc(parent ? parent->d_sb : NULL, copy);
	if (!dentry) {
		kfree(copy);
		return NULL;
	}
	INIT_LIST_HEAD(&dentry->d_subdirs);
	INIT_LIST_HEAD(&dentry->d_child);
	dentry->d_name.len = len;
	dentry->d_pseudo = false;
	if (parent)
		dentry->d_parent = dget(parent);
	return dentry;
}

/* A dentry for an open file that has no path; @literal outlives it. Linux: fs/dcache.c */
struct dentry *d_alloc_pseudo(struct super_block *sb, const char *literal)
{
	struct dentry *dentry = __d_alloc(sb, literal);

	if (dentry)
		dentry->d_name.len = strlen(literal);
	return dentry;
}

/* The last reference is gone: inode, name and memory. Returns the parent that was held, or NULL. */
static inline struct dentry *__dentry_kill(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent == dentry ? NULL : dentry->d_parent;

	iput(dentry->d_inode);
	if (!dentry->d_pseudo) {
		BUG_ON(!list_empty(&dentry->d_subdirs));
		list_del(&dentry->d_child);
		kfree(dentry->d_name.name);
	}
	kmem_cache_free(dentry_cache, dentry);
	return parent;
}

/* Drop a reference, and up the tree those that hung on it. Linux: fs/dcache.c:dput() */
void dput(struct dentry *dentry)
{
	while (dentry) {
		int left = atomic_dec_return(&dentry->d_count);

		BUG_ON(left < 0);
		if (left)
			return;
		dentry = __dentry_kill(dentry);
	}
}

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}

/*
 * A mount for @sb that no path leads to. sb->s_root may be NULL: then only pseudo files live there.
 * One reference, kept for good; ERR_PTR(-ENOMEM). Linux: fs/namespace.c:kern_mount()
 */
struct vfsmount *kern_mount(struct super_block *sb)
{
	struct vfsmount *mnt = kmalloc(sizeof(*mnt), GFP_KERNEL);

	if (!mnt)
		return ERR_PTR(-ENOMEM);
	atomic_set(&mnt->mnt_count, 1);
	mnt->mnt_root = sb->s_root;
	mnt->mnt_sb = sb;
	return mnt;
}
