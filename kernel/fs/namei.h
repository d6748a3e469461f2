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
/* What openat2() asks of a walk: LOOKUP_X is RESOLVE_X shifted. */
#define LOOKUP_RESOLVE_SHIFT 16
#define LOOKUP_NO_XDEV 0x10000u
#define LOOKUP_NO_MAGICLINKS 0x20000u
#define LOOKUP_NO_SYMLINKS 0x40000u
#define LOOKUP_BENEATH 0x80000u
#define LOOKUP_IN_ROOT 0x100000u
#define LOOKUP_CACHED 0x200000u
#define LOOKUP_IS_SCOPED (LOOKUP_BENEATH | LOOKUP_IN_ROOT)
/* From the root or the directory of current. Linux: fs/namei.c:kern_path() */
static inline int kern_path(const char *name, unsigned int lookup_flags, struct path *path)
{
	return path_lookup(AT_FDCWD, name, lookup_flags, path);
}
/* calls/user_path.c. The same as path_lookup() for a path from ring 3. */
int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path,
		       int *empty);
static inline int user_path_at(int dfd, const char __user *name, unsigned int flags,
			       struct path *path)
{
	return user_path_at_empty(dfd, name, flags, path, NULL);
}

/*
 * calls/openat2.c. Is @path1 at or below @path2? And for get_link() of a link that is no text: the walk goes
 * to @path, whose references are consumed. 0, or -errno, which get_link() then returns; else it returns NULL.
 */
bool path_is_under(const struct path *path1, const struct path *path2);
int nd_jump_link(const struct path *path);

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
