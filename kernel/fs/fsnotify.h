/*
 * What happened to a file, told to whoever watches it or its directory. Included where it happens.
 * Linux: include/linux/fsnotify.h
 *
 * As long as nobody watches anything, each of these is one look at a counter. Who watches an inode is found
 * by a hash, so an inode is no larger for it.
 */
#ifndef KERNEL_FS_FSNOTIFY_H
#define KERNEL_FS_FSNOTIFY_H

#include "kernel/fs/fs.h"

/* What can happen: those of IN_* (uapi/inotify.h) that the files of the walk tell of. */
#define FS_ACCESS 0x1u
#define FS_MODIFY 0x2u
#define FS_ATTRIB 0x4u
#define FS_OPEN 0x20u
#define FS_CREATE 0x100u

extern unsigned int fsnotify_watches; /* how many there are of all kinds */

/*
 * @mask (FS_*, IN_*) happened. @dir: to a name in it, which is @dentry's; @inode: to what that is. Either may be
 * NULL: then nobody who watches that is told. Does not sleep. notify/fsnotify.c
 */
void fsnotify(u32 mask, struct inode *dir, const struct dentry *dentry, struct inode *inode, u32 cookie);

/* @dentry's file was opened, read, changed ...: its directory is told, with the name, and it itself. */
static inline void fsnotify_dentry(u32 mask, struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;

	if (unlikely(fsnotify_watches))
		fsnotify(mask, parent == dentry ? NULL : parent->d_inode, dentry, dentry->d_inode, 0);
}

/* @file was read or written, and @ret says how much, or that it was not. Returns @ret. */
static inline ssize_t fsnotify_moved(struct file *file, u32 mask, ssize_t ret)
{
	if (unlikely(fsnotify_watches) && ret > 0)
		fsnotify_dentry(mask, file->f_path.dentry);
	return ret;
}

/* The file system made the name @dentry in @dir, unless @error says that it did not. Returns @error. */
static inline int fsnotify_create(struct inode *dir, struct dentry *dentry, int error)
{
	if (unlikely(fsnotify_watches) && !error)
		fsnotify(FS_CREATE, dir, dentry, NULL, 0);
	return error;
}

/* @ia_valid (ATTR_*) of @dentry's file changed. */
void fsnotify_change(struct dentry *dentry, unsigned int ia_valid);
/* d_delete(@dentry), a name in @dir, and tell of it; of the file, too, if that was its end. notify/fsnotify.c */
void d_delete_notify(struct inode *dir, struct dentry *dentry);
void fsnotify_sb_delete(struct super_block *sb); /* all watches on it go: IN_UNMOUNT */

#endif
