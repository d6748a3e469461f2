/*
 * The walk of open(): as any other up to the last component, which may be created and must then be openable.
 * Read path_openat() with open_last_lookups() and do_open(). Linux: fs/namei.c
 */
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

/*
 * Make the file that negative @dentry names; the caller has locked @dir. 0 or -errno.
 * Linux: fs/namei.c:lookup_open()
 */
static int create_last(struct inode *dir, struct dentry *dentry, struct file *file,
		       const struct open_flags *op)
{
	int error = dir->i_nlink ? inode_permission(dir, MAY_WRITE | MAY_EXEC) : -ENOENT;

	if (error)
		return error;
	if (!dir->i_op->create)
		return -EACCES;
	error = dir->i_op->create(dir, dentry, op->mode & ~current->fs->umask,
				  op->open_flag & O_EXCL);
	fsnotify_create(dir, dentry, error);
	if (!error)
		file->f_mode |= FMODE_CREATED;
	return error;
}

/*
 * Take the last step. NULL: nd->path is the file; a link's text to walk; or ERR_PTR.
 * Linux: fs/namei.c:open_last_lookups()
 */
static const char *open_last_lookups(struct nameidata *nd, struct file *file,
				     const struct open_flags *op)
{
	struct inode *dir = nd->path.dentry->d_inode;
	struct dentry *dentry;

	if (nd->last_type != LAST_NORM)
		return walk_component(nd, WALK_TRAILING);
	if (nd->last.name[nd->last.len]) {
		if (op->open_flag & O_CREAT)
			return ERR_PTR(-EISDIR);
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	}
	if (!(op->open_flag & O_CREAT))
		return walk_component(nd, WALK_TRAILING);
	inode_lock(dir); /* nobody makes or removes the name between the look and the creation */
	dentry = __lookup_hash(&nd->last, nd->path.dentry, nd->flags);
	if (!IS_ERR(dentry) && d_is_negative(dentry)) {
		int error = mnt_want_write(nd->path.mnt);

		if (!error)
			error = create_last(dir, dentry, file, op);
		if (error) {
			dput(dentry);
			dentry = ERR_PTR(error);
		}
	}
	inode_unlock(dir);
	if (IS_ERR(dentry))
		return (const char *)dentry;
	if (nd->depth)
		put_link(nd); /* of which this was the last component */
	return step_into(nd, dentry, true);
}

/* Linux: fs/namei.c:may_open() */
int may_open(struct inode *inode, int acc_mode, int open_flag)
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
static int handle_truncate(struct vfsmount *mnt, struct dentry *dentry)
{
	int error = mnt_want_write(mnt);

	if (!error)
		error = get_write_access(dentry->d_inode);
	if (error)
		return error;
	error = do_truncate(dentry, 0);
	put_write_access(dentry->d_inode);
	return error;
}

/* The walk has ended at nd->path: check, open, truncate. Linux: fs/namei.c:do_open() */
static int do_open(struct nameidata *nd, struct file *file, const struct open_flags *op)
{
	struct inode *inode = nd->path.dentry->d_inode;
	bool created = file->f_mode & FMODE_CREATED;
	int error = complete_walk(nd);

	if (error)
		return error;
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
		error = handle_truncate(nd->path.mnt, nd->path.dentry);
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

/* Without calls/tmpfile.c and calls/o_path.c there are no such files. */
int __weak noprobe do_tmpfile(int dfd __maybe_unused, const char *name __maybe_unused,
			      struct file *file __maybe_unused,
			      const struct open_flags *op __maybe_unused)
{
	return -EOPNOTSUPP;
}

int __weak noprobe do_o_path(int dfd __maybe_unused, const char *name __maybe_unused,
			     struct file *file __maybe_unused,
			     const struct open_flags *op __maybe_unused)
{
	return -EOPNOTSUPP;
}

/*
 * Open what @pathname says, from @dfd on. A file with one reference, or ERR_PTR of what a walk,
 * alloc_empty_file(), permissions or the file's own open() say. Linux: fs/namei.c:do_filp_open()
 */
struct file *do_filp_open(int dfd, struct filename *pathname, const struct open_flags *op)
{
	const char *name = pathname->name;
	struct nameidata nd;
	struct file *file = alloc_empty_file(op->open_flag, current_cred());
	int error;

	if (IS_ERR(file))
		return file;
	if (op->open_flag & O_TMPFILE_BIT) {
		error = do_tmpfile(dfd, name, file, op);
	} else if (op->open_flag & O_PATH) {
		error = do_o_path(dfd, name, file, op);
	} else {
		error = *name ? path_init(&nd, dfd, name, op->lookup_flags) : -ENOENT;
		if (!error) {
			error = path_openat(&nd, file, name, op);
			terminate_walk(&nd);
		}
	}
	if (error) {
		fput(file);
		return ERR_PTR(error);
	}
	return file;
}
