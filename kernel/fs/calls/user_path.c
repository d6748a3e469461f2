/*
 * What a path from ring 3 leads to. Linux: fs/namei.c
 */
#include "kernel/fs/internal.h"
#include "kernel/lib/export.h"

int user_path_at_empty(int dfd, const char __user *name, unsigned int flags, struct path *path,
		       int *empty)
{
	struct filename *filename = getname_flags(name, flags, empty);
	int error;

	if (IS_ERR(filename))
		return PTR_ERR(filename);
	error = path_lookup(dfd, filename->name, flags, path);
	putname(filename);
	return error;
}

EXPORT_SYMBOL(user_path_at_empty);
