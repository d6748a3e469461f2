/*
 * Reading a directory: names go to whoever asks, one by one. Linux: fs/readdir.c
 */
#include "kernel/fs/internal.h"

int iterate_dir(struct file *file, struct dir_context *ctx)
{
	int error;

	if (!file->f_op->iterate_shared)
		return -ENOTDIR;
	if (!file->f_inode->i_nlink)
		return -ENOENT; /* it was removed */
	ctx->pos = file->f_pos;
	error = file->f_op->iterate_shared(file, ctx);
	file->f_pos = ctx->pos;
	return error;
}
