/*
 * Files of ramfs without a name. Linux: fs/ramfs/inode.c
 */
#include "kernel/fs/internal.h"

int ramfs_tmpfile(struct inode *dir, struct file *file, umode_t mode)
{
	struct inode *inode = ramfs_get_inode(dir->i_sb, dir, mode, 0);

	if (!inode)
		return -ENOSPC;
	d_tmpfile(file, inode);
	return finish_open_simple(file, 0);
}
