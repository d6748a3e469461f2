/*
 * chdir(), fchdir(), chroot(): where the paths of a task begin. getcwd() is in ../d_path.c. Linux: fs/open.c, fs_struct.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* @place, of an fs_struct, is @path from now on. */
static void set_place(struct path *place, const struct path *path)
{
	struct path old = *place;

	path_get(path);
	*place = *path;
	path_put(&old);
}

SYSCALL_DEFINE1(chdir, const char __user *, filename)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (error)
		return error;
	error = inode_permission(path.dentry->d_inode, MAY_EXEC);
	if (!error)
		set_place(&current->fs->pwd, &path);
	path_put(&path);
	return error;
}

SYSCALL_DEFINE1(fchdir, unsigned int, fd)
{
	struct fd f = fdget_raw(fd);
	int error = -ENOTDIR;

	if (!f.file)
		return -EBADF;
	if (S_ISDIR(f.file->f_inode->i_mode))
		error = inode_permission(f.file->f_inode, MAY_EXEC);
	if (!error)
		set_place(&current->fs->pwd, &f.file->f_path);
	fdput(f);
	return error;
}

SYSCALL_DEFINE1(chroot, const char __user *, filename)
{
	struct path path;
	int error = user_path_at(AT_FDCWD, filename, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (error)
		return error;
	error = inode_permission(path.dentry->d_inode, MAY_EXEC);
	if (!error && !capable(CAP_SYS_CHROOT))
		error = -EPERM;
	if (!error)
		set_place(&current->fs->root, &path);
	path_put(&path);
	return error;
}
