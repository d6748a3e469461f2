/*
 * The tree of /sys: it consists of dentries, each of which is held as long as it is there.
 *
 * Ring 3 makes no names here: the directories have no operation for it. Linux: fs/sysfs/dir.c, fs/kernfs/dir.c
 */
#include "kernel/fs/sysfs/internal.h"

const struct inode_operations sysfs_dir_inode_operations = { .lookup = simple_lookup };

/* The dentry @name in @dir, which is locked; a new one is negative. A reference, or ERR_PTR. */
static struct dentry *lookup_name(struct dentry *dir, const char *name)
{
	return __lookup_hash(&QSTR(dir, name, strlen(name)), dir, 0);
}

/* Give @dentry an inode of @mode. The tree takes over the reference on @dentry. 0 or -ENOMEM. */
static int make_node(struct dentry *dentry, umode_t mode, void *private)
{
	struct inode *inode = new_inode(dentry->d_sb);

	if (!inode)
		return -ENOMEM;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_private = private;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	if (S_ISDIR(mode)) {
		inode->i_op = &sysfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inode->i_nlink = 2;
		dentry->d_parent->d_inode->i_nlink++;
	} else {
		inode->i_fop = &sysfs_file_operations;
		inode->i_size = ((const struct bin_attribute *)private)->size;
	}
	d_instantiate(dentry, inode);
	return 0;
}

struct dentry *sysfs_create_dir(const char *name, struct dentry *parent)
{
	struct dentry *dir = parent ? parent : sysfs_root, *dentry;
	int error = 0;

	inode_lock(dir->d_inode);
	dentry = lookup_name(dir, name);
	if (IS_ERR(dentry))
		goto out;
	if (d_is_negative(dentry)) {
		error = make_node(dentry, S_IFDIR | 0755, NULL);
		if (!error)
			goto out;
	} else if (!S_ISDIR(dentry->d_inode->i_mode)) {
		error = -ENOTDIR;
	}
	dput(dentry); /* the tree has a reference on what was there before */
	if (error)
		dentry = ERR_PTR(error);
out:
	inode_unlock(dir->d_inode);
	return dentry;
}

int sysfs_create_bin_file(struct dentry *parent, const struct bin_attribute *attr)
{
	struct dentry *dentry;
	int error;

	inode_lock(parent->d_inode);
	dentry = lookup_name(parent, attr->name);
	error = PTR_ERR_OR_ZERO(dentry);
	if (error)
		goto out;
	error = d_is_negative(dentry) ? make_node(dentry, S_IFREG | attr->mode, (void *)attr) : -EEXIST;
	if (error)
		dput(dentry);
out:
	inode_unlock(parent->d_inode);
	return error;
}
