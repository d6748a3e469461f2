/*
 * The system calls that make and remove names: mkdir, symlink, unlink, rmdir, and the forms that begin
 * at a directory's descriptor. What they check is in namei_change.c. Linux: fs/namei.c
 */
#include "kernel/fs/internal.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

static int do_mkdirat(int dfd, const char __user *pathname, umode_t mode)
{
	struct filename *name = getname(pathname);
	struct dentry *dentry;
	struct path path;
	int error;

	if (IS_ERR(name))
		return PTR_ERR(name);
	dentry = kern_path_create(dfd, name->name, &path, LOOKUP_DIRECTORY);
	error = PTR_ERR_OR_ZERO(dentry);
	if (!error) {
		error = vfs_mkdir(path.dentry->d_inode, dentry, mode & ~current->fs->umask);
		done_path_create(&path, dentry);
	}
	putname(name);
	return error;
}

SYSCALL_DEFINE2(mkdir, const char __user *, pathname, umode_t, mode)
{
	return do_mkdirat(AT_FDCWD, pathname, mode);
}

SYSCALL_DEFINE3(mkdirat, int, dfd, const char __user *, pathname, umode_t, mode)
{
	return do_mkdirat(dfd, pathname, mode);
}

/* Make the name @to with the text @from. */
static int symlink_names(const struct filename *from, int dfd, const struct filename *to)
{
	struct path path;
	struct dentry *dentry = kern_path_create(dfd, to->name, &path, 0);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = vfs_symlink(path.dentry->d_inode, dentry, from->name);
	done_path_create(&path, dentry);
	return error;
}

static int do_symlinkat(const char __user *oldname, int dfd, const char __user *newname)
{
	struct filename *from = getname(oldname), *to = getname(newname);
	int error = PTR_ERR_OR_ZERO(from);

	if (!error)
		error = PTR_ERR_OR_ZERO(to);
	if (!error)
		error = symlink_names(from, dfd, to);
	putname(to);
	putname(from);
	return error;
}

SYSCALL_DEFINE2(symlink, const char __user *, oldname, const char __user *, newname)
{
	return do_symlinkat(oldname, AT_FDCWD, newname);
}

SYSCALL_DEFINE3(symlinkat, const char __user *, oldname, int, dfd, const char __user *, newname)
{
	return do_symlinkat(oldname, dfd, newname);
}

/*
 * Remove the last component that the walk found, a directory (@isdir) or something else. A slash behind the
 * name of a file is an error that depends on what is there, so the name is looked up first.
 */
static int remove_last(struct nameidata *nd, bool isdir)
{
	struct inode *dir = nd->path.dentry->d_inode, *inode = NULL;
	struct qstr last = QSTR(nd->path.dentry, nd->last, nd->last_len);
	struct dentry *dentry;
	int error;

	inode_lock(dir);
	dentry = __lookup_hash(&last, nd->path.dentry, 0);
	error = PTR_ERR_OR_ZERO(dentry);
	if (error)
		goto unlock;
	inode = dentry->d_inode;
	if (!inode) {
		error = -ENOENT;
	} else if (isdir) {
		error = vfs_rmdir(dir, dentry);
	} else if (nd->last[nd->last_len]) {
		error = S_ISDIR(inode->i_mode) ? -EISDIR : -ENOTDIR;
		inode = NULL;
	} else {
		ihold(inode);
		error = vfs_unlink(dir, dentry);
	}
	dput(dentry);
unlock:
	inode_unlock(dir);
	if (!isdir && inode)
		iput(inode); /* its pages are given back without the lock */
	return error;
}

/* What is no name cannot be removed: "/", "." and "..". */
static int not_a_name(enum last_type type, bool isdir)
{
	if (!isdir)
		return -EISDIR;
	if (type == LAST_DOTDOT)
		return -ENOTEMPTY;
	return type == LAST_DOT ? -EINVAL : -EBUSY;
}

static int do_unlinkat(int dfd, const char __user *pathname, bool isdir)
{
	struct filename *name = getname(pathname);
	struct nameidata nd;
	int error;

	if (IS_ERR(name))
		return PTR_ERR(name);
	error = path_parentat(dfd, name->name, &nd);
	if (!error) {
		error = nd.last_type == LAST_NORM ? remove_last(&nd, isdir) :
						    not_a_name(nd.last_type, isdir);
		terminate_walk(&nd);
	}
	putname(name);
	return error;
}

SYSCALL_DEFINE1(unlink, const char __user *, pathname)
{
	return do_unlinkat(AT_FDCWD, pathname, false);
}

SYSCALL_DEFINE1(rmdir, const char __user *, pathname)
{
	return do_unlinkat(AT_FDCWD, pathname, true);
}

SYSCALL_DEFINE3(unlinkat, int, dfd, const char __user *, pathname, int, flag)
{
	if (flag & ~AT_REMOVEDIR)
		return -EINVAL;
	return do_unlinkat(dfd, pathname, flag & AT_REMOVEDIR);
}
