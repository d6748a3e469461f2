/*
 * open() with O_TMPFILE: a file without a name, which linkat() can give one. Linux: fs/namei.c, fs/dcache.c
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

/* Room for '#' and the number of an inode. */
static const struct qstr place_of_a_name = { .name = "#4294967295", .len = 11 };

void d_tmpfile(struct file *file, struct inode *inode)
{
	struct dentry *dentry = file->f_path.dentry;

	inode->i_nlink--;
	dentry->d_name.len = snprintf((char *)dentry->d_name.name, place_of_a_name.len + 1, "#%u",
				      (unsigned int)inode->i_ino);
	d_instantiate(dentry, inode);
}

int finish_open_simple(struct file *file, int error)
{
	struct path path = file->f_path;

	return error ? error : vfs_open(&path, file);
}

/* Make a file in the directory @parent, and open it. Linux: fs/namei.c:vfs_tmpfile() */
static int vfs_tmpfile(const struct path *parent, struct file *file, umode_t mode)
{
	struct inode *dir = parent->dentry->d_inode;
	struct dentry *child;
	int error = inode_permission(dir, MAY_WRITE | MAY_EXEC);

	if (error)
		return error;
	if (!dir->i_op->tmpfile)
		return -EOPNOTSUPP;
	child = d_alloc(parent->dentry, &place_of_a_name);
	if (!child)
		return -ENOMEM;
	file->f_path = (struct path){ .mnt = parent->mnt, .dentry = child };
	error = dir->i_op->tmpfile(dir, file, mode & ~current->fs->umask);
	dput(child);
	return error;
}

int do_tmpfile(int dfd, const char *name, struct file *file, const struct open_flags *op)
{
	struct path path;
	int error = path_lookup(dfd, name, op->lookup_flags | LOOKUP_DIRECTORY, &path);

	if (error)
		return error;
	error = mnt_want_write(path.mnt);
	if (!error)
		error = vfs_tmpfile(&path, file, op->mode);
	path_put(&path);
	if (error)
		return error;
	error = may_open(file->f_inode, 0, file->f_flags);
	if (!error && !(op->open_flag & O_EXCL))
		file->f_inode->i_state |= I_LINKABLE;
	return error;
}
