/*
 * open() with O_PATH: a descriptor that says where a file is, and does nothing with it. Linux: fs/namei.c, fs/open.c
 */
#include "kernel/fs/internal.h"

int do_o_path(int dfd, const char *name, struct file *file, const struct open_flags *op)
{
	static const struct file_operations empty_fops;
	int error = path_lookup(dfd, name, op->lookup_flags, &file->f_path);

	if (error)
		return error;
	file->f_inode = file->f_path.dentry->d_inode;
	file->f_op = &empty_fops;
	file->f_mode = FMODE_PATH | FMODE_OPENED;
	return 0;
}
