/*
 * Paths looked up by their text (namei.c, getname.c), and names made, removed, renamed (namei_change.c). Part of kernel/fs/fs.h.
 * Linux: include/linux/namei.h
 */
#ifndef KERNEL_FS_NAMEI_H
#define KERNEL_FS_NAMEI_H

#include <uapi/fcntl.h>

#include "kernel/fs/dcache.h"

/* @name: kernel string. Fills @path with references. @dfd: a directory descriptor or AT_FDCWD. */
int path_lookup(int dfd, const char *name, unsigned int lookup_flags, struct path *path);
#define LOOKUP_FOLLOW 0x1u
#define LOOKUP_DIRECTORY 0x2u
#define LOOKUP_EMPTY 0x4000u /* "" is allowed and means @dfd itself */
/* From the root or the directory of current. Linux: fs/namei.c:kern_path() */
static inline int kern_path(const char *name, unsigned int lookup_flags, struct path *path)
{
	return path_lookup(AT_FDCWD, name, lookup_flags, path);
}
/* The same as path_lookup() for a path from ring 3. */
int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path,
		       int *empty);
static inline int user_path_at(int dfd, const char __user *name, unsigned int flags,
			       struct path *path)
{
	return user_path_at_empty(dfd, name, flags, path, NULL);
}

/* namei_change.c. @dentry: what a lookup below @dir gave, positive or negative. 0 or -errno. */
int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode);
int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *oldname);
int vfs_link(struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry);
int vfs_unlink(struct inode *dir, struct dentry *dentry);
int vfs_rmdir(struct inode *dir, struct dentry *dentry);
int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl); /* calls/names.c */
/*
 * calls/rename.c. Lock two directories, of one file system, so that names can move between them. Which of the names
 * in @p2 (@p1) leads to the other directory, or NULL. vfs_rename(): @flags: RENAME_*.
 */
struct dentry *lock_rename(struct dentry *p1, struct dentry *p2);
void unlock_rename(struct dentry *p1, struct dentry *p2);
int vfs_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
	       struct dentry *new_dentry, unsigned int flags);

#endif
