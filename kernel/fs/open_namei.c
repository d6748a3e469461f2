/*
 * The walk of open(): like a lookup, but the last name may be created, and must then be openable.
 *
 * Stands on namei.c and permission.c. Called by open.c. Linux: fs/namei.c:path_openat()
 */
#include "kernel/fs/internal.h"

/* Make the file nd->last in the directory the walk has reached. A dentry with a reference. */
static struct dentry *create_last(struct nameidata *nd, struct file *file,
				  const struct open_flags *op)
{
	struct dentry *dir = nd->path.dentry, *dentry;
	int error = inode_permission(dir->d_inode, MAY_WRITE | MAY_EXEC);

	if (error)
		return ERR_PTR(error);
	if (!dir->d_inode->i_op->create)
		return ERR_PTR(-EACCES);
	dentry = dir->d_inode->i_op->create(dir, nd->last, nd->last_len,
					    op->mode & ~current->fs->umask);
	if (!IS_ERR(dentry))
		file->f_mode |= FMODE_CREATED;
	return dentry;
}

/*
 * Take the last step. NULL: nd->path is the file; a link's text to walk; or ERR_PTR.
 * Linux: fs/namei.c:open_last_lookups()
 */
static const char *open_last_lookups(struct nameidata *nd, struct file *file,
				     const struct open_flags *op)
{
	struct dentry *dentry;

	if (nd->last_type != LAST_NORM)
		return walk_component(nd, true);
	if (nd->last[nd->last_len]) {
		if (op->open_flag & O_CREAT)
			return ERR_PTR(-EISDIR);
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	}
	dentry = lookup_one(nd->path.dentry, nd->last, nd->last_len);
	if (dentry == ERR_PTR(-ENOENT) && (op->open_flag & O_CREAT))
		dentry = create_last(nd, file, op);
	if (IS_ERR(dentry))
		return (const char *)dentry;
	return step_into(nd, dentry, true);
}

/* May current open this, of this type, in this way? Linux: fs/namei.c:may_open() */
static int may_open(struct inode *inode, int acc_mode, int open_flag)
{
	switch (inode->i_mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	}
	if (acc_mode) {
		int error = inode_permission(inode, acc_mode);

		if (error)
			return error;
	}
	if ((open_flag & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

/* O_TRUNC on an existing file. Linux: fs/namei.c:handle_truncate() */
static int handle_truncate(struct inode *inode)
{
	int error = get_write_access(inode);

	if (error)
		return error;
	error = inode->i_op->truncate ? inode->i_op->truncate(inode, 0) : 0;
	put_write_access(inode);
	return error;
}

/* The walk has ended at nd->path: check, open, truncate. Linux: fs/namei.c:do_open() */
static int do_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	struct inode *inode = nd->path.dentry->d_inode;
	bool created = file->f_mode & FMODE_CREATED;
	int error;

	if ((op->open_flag & O_CREAT) && !created) {
		if (op->open_flag & O_EXCL)
			return -EEXIST;
		if (S_ISDIR(inode->i_mode))
			return -EISDIR;
	}
	if ((nd->flags & LOOKUP_DIRECTORY) && !S_ISDIR(inode->i_mode))
		return -ENOTDIR;
	/* who made the file may open it whatever mode he gave it */
	error = may_open(inode, created ? 0 : op->acc_mode, op->open_flag);
	if (!error)
		error = vfs_open(&nd->path, file);
	if (!error && !created && S_ISREG(inode->i_mode) && (op->open_flag & O_TRUNC))
		error = handle_truncate(inode);
	return error;
}

static int path_openat(struct nameidata *nd, struct file *file, const char *name,
		       const struct open_flags *op)
{
	const char *s = name;

	while (s) {
		int error = link_path_walk(s, nd);

		if (error)
			return error;
		s = open_last_lookups(nd, file, op);
		if (IS_ERR(s))
			return PTR_ERR(s);
	}
	return do_open(nd, file, op);
}

/*
 * Open the kernel string @name, from @dfd on. A file with one reference, or ERR_PTR of what a walk,
 * alloc_empty_file(), permissions or the file's own open() say. Linux: fs/namei.c:do_filp_open()
 */
struct file *do_filp_open(int dfd, const char *name, const struct open_flags *op)
{
	struct nameidata nd;
	struct file *file = alloc_empty_file(op->open_flag, current_cred());
	int error;

	if (IS_ERR(file))
		return file;
	error = *name ? path_init(&nd, dfd, name, op->lookup_flags) : -ENOENT;
	if (!error) {
		error = path_openat(&nd, file, name, op);
		terminate_walk(&nd);
	}
	if (error) {
		fput(file);
		return ERR_PTR(error);
	}
	return file;
}
