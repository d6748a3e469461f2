/*
 * The root and the current directory of a task. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_FS_STRUCT_H
#define INCLUDE_LINUX_FS_STRUCT_H

#include "kernel/fs/fs.h"

/* Both fill @path with references: path_put() it. */
static inline void get_fs_root(struct fs_struct *fs, struct path *path)
{
	*path = fs->root;
	path_get(path);
}

static inline void get_fs_pwd(struct fs_struct *fs, struct path *path)
{
	*path = fs->pwd;
	path_get(path);
}

#endif
