/*
 * What changes a directory: names made and removed. Checks first, then the file system.
 *
 * The order of the checks is Linux's: may one write to the directory, can the file system do it,
 * then the particulars. Called by boot code (init.c) and by the system calls (calls/names.c). The caller
 * locks the directory before it looks the name up. Linux: fs/namei.c:vfs_create(), vfs_unlink() and the like
 */
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

int may_create(struct inode *dir, const struct dentry *child)
{
	if (!d_is_negative(child))
		return -EEXIST;
	if (!dir->i_nlink)
		return -ENOENT;
	return inode_permission(dir, MAY_WRITE | MAY_EXEC);
}

/* In a directory with the sticky bit only the owner of it or of the file may remove a name. */
static bool check_sticky(const struct inode *dir, const struct inode *inode)
{
	if (!(dir->i_mode & S_ISVTX) || uid_eq(inode->i_uid, current_fsuid()) ||
	    uid_eq(dir->i_uid, current_fsuid()))
		return false;
	return !capable(CAP_FOWNER);
}

int may_delete(struct inode *dir, struct dentry *victim, bool isdir)
{
	struct inode *inode = victim->d_inode;
	int error;

	if (!inode)
		return -ENOENT;
	error = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (error)
		return error;
	if (check_sticky(dir, inode))
		return -EPERM;
	if (isdir) {
		if (!S_ISDIR(inode->i_mode))
			return -ENOTDIR;
		if (victim->d_parent == victim)
			return -EBUSY;
	} else if (S_ISDIR(inode->i_mode)) {
		return -EISDIR;
	}
	return 0;
}

int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int error = may_create(dir, dentry);

	if (error)
		return error;
	if (!dir->i_op->mkdir)
		return -EPERM;
	mode &= 07777 & ~(S_ISUID | S_ISGID);
	return fsnotify_create(dir, dentry, dir->i_op->mkdir(dir, dentry, mode));
}

/* A regular file, too: @mode says what. */
int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	int error = may_create(dir, dentry);

	if (error)
		return error;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !(S_ISCHR(mode) && dev == WHITEOUT_DEV) &&
	    !capable(CAP_MKNOD))
		return -EPERM;
	if (!dir->i_op->mknod)
		return -EPERM;
	return fsnotify_create(dir, dentry, dir->i_op->mknod(dir, dentry, mode, dev));
}

int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *oldname)
{
	int error = may_create(dir, dentry);

	if (error)
		return error;
	error = dir->i_op->symlink ? dir->i_op->symlink(dir, dentry, oldname) : -EPERM;
	return fsnotify_create(dir, dentry, error);
}

int vfs_link(struct dentry *old_dentry, struct inode *dir, struct dentry *new_dentry)
{
	struct inode *inode = old_dentry->d_inode;
	int error;

	if (!inode)
		return -ENOENT;
	error = may_create(dir, new_dentry);
	if (error)
		return error;
	if (dir->i_sb != inode->i_sb)
		return -EXDEV;
	if (!dir->i_op->link || S_ISDIR(inode->i_mode))
		return -EPERM;
	inode_lock(inode);
	if (!inode->i_nlink && !(inode->i_state & I_LINKABLE))
		error = -ENOENT;
	else
		error = dir->i_op->link(old_dentry, dir, new_dentry);
	if (!error)
		inode->i_state &= ~I_LINKABLE;
	inode_unlock(inode);
	if (!error && fsnotify_watches)
		fsnotify(FS_ATTRIB, NULL, NULL, inode, 0);
	return fsnotify_create(dir, new_dentry, error);
}

/* Without kernel/fs/notify. */
void __weak noprobe d_delete_notify(struct inode *dir __maybe_unused, struct dentry *dentry)
{
	d_delete(dentry);
}

int vfs_unlink(struct inode *dir, struct dentry *dentry)
{
	int error = may_delete(dir, dentry, false);

	if (error)
		return error;
	if (!dir->i_op->unlink)
		return -EPERM;
	inode_lock(dentry->d_inode);
	error = d_mountpoint(dentry) ? -EBUSY : dir->i_op->unlink(dir, dentry);
	inode_unlock(dentry->d_inode);
	if (!error)
		d_delete_notify(dir, dentry);
	return error;
}

/* The directory itself is locked, too: nobody is making a name in it. */
int vfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	int error = may_delete(dir, dentry, true);

	if (error)
		return error;
	if (!dir->i_op->rmdir)
		return -EPERM;
	inode_lock(dentry->d_inode);
	error = d_mountpoint(dentry) ? -EBUSY : dir->i_op->rmdir(dir, dentry);
	inode_unlock(dentry->d_inode);
	if (!error)
		d_delete_notify(dir, dentry);
	return error;
}

/*
 * The negative dentry a new @name is to get, and its directory in @path, locked. Both are for
 * done_path_create(). @lookup_flags: LOOKUP_DIRECTORY allows a slash at the end.
 * ERR_PTR(-EEXIST), or what the walk says. Linux: fs/namei.c:filename_create()
 */
struct dentry *kern_path_create(int dfd, const char *name, struct path *path,
				unsigned int lookup_flags)
{
	struct dentry *dentry = kern_path_locked(dfd, name, path);
	int error = 0;

	if (dentry == ERR_PTR(-EINVAL))
		return ERR_PTR(-EEXIST); /* the last component is no name */
	if (IS_ERR(dentry))
		return dentry;
	if (!d_is_negative(dentry))
		error = -EEXIST;
	else if (name[strlen(name) - 1] == '/' && !(lookup_flags & LOOKUP_DIRECTORY))
		error = -ENOENT;
	else
		error = mnt_want_write(path->mnt);
	if (!error)
		return dentry;
	done_path_create(path, dentry);
	return ERR_PTR(error);
}

void done_path_create(struct path *path, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(path->dentry->d_inode);
	path_put(path);
}

/*
 * What @name is, perhaps nothing, and its directory in @path, locked: for done_path_create().
 * ERR_PTR(-EINVAL): "/", "." or ".." come last; or what the walk says.
 */
struct dentry *kern_path_locked(int dfd, const char *name, struct path *path)
{
	struct dentry *dentry = ERR_PTR(-EINVAL);
	enum last_type type;
	struct qstr last;
	int error = path_parentat(dfd, name, path, &last, &type);

	if (error)
		return ERR_PTR(error);
	if (type == LAST_NORM) {
		inode_lock(path->dentry->d_inode);
		dentry = __lookup_hash(&last, path->dentry, 0);
		if (!IS_ERR(dentry))
			return dentry;
		inode_unlock(path->dentry->d_inode);
	}
	path_put(path);
	return dentry;
}
