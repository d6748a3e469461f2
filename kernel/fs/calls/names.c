/*
 * The system calls that make and remove names: mkdir, mknod, symlink, link, unlink, rmdir, and the forms that
 * begin at a directory's descriptor. What they check is in ../namei_change.c. rename() is in rename.c.
 * Linux: fs/namei.c
 */
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
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

int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	int error = may_create(dir, dentry);

	if (error)
		return error;
	if (!dir->i_op->create)
		return -EACCES;
	return fsnotify_create(dir, dentry,
			       dir->i_op->create(dir, dentry, (mode & 07777) | S_IFREG, excl));
}

/* Which types may mknod() make? 0: a regular file, too. */
static int may_mknod(umode_t mode)
{
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return 0;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

static int make_node(struct inode *dir, struct dentry *dentry, umode_t mode, unsigned int dev)
{
	mode &= ~current->fs->umask;
	if (!(mode & S_IFMT) || S_ISREG(mode))
		return vfs_create(dir, dentry, mode, true);
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return vfs_mknod(dir, dentry, mode, new_decode_dev(dev));
	return vfs_mknod(dir, dentry, mode, 0);
}

static int do_mknodat(int dfd, const char __user *pathname, umode_t mode, unsigned int dev)
{
	struct filename *name = getname(pathname);
	struct dentry *dentry;
	struct path path;
	int error = may_mknod(mode);

	if (error)
		goto put_name;
	error = PTR_ERR_OR_ZERO(name);
	if (error)
		goto put_name;
	dentry = kern_path_create(dfd, name->name, &path, 0);
	error = PTR_ERR_OR_ZERO(dentry);
	if (error)
		goto put_name;
	error = make_node(path.dentry->d_inode, dentry, mode, dev);
	done_path_create(&path, dentry);
put_name:
	putname(name);
	return error;
}

SYSCALL_DEFINE3(mknod, const char __user *, filename, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(AT_FDCWD, filename, mode, dev);
}

SYSCALL_DEFINE4(mknodat, int, dfd, const char __user *, filename, umode_t, mode, unsigned int, dev)
{
	return do_mknodat(dfd, filename, mode, dev);
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
 * Who may not read and write a file must not keep it from being removed for good, as a link would; nor
 * what has special rights. Linux: fs/namei.c:safe_hardlink_source()
 */
static bool safe_hardlink_source(struct inode *inode)
{
	umode_t mode = inode->i_mode;

	if (!S_ISREG(mode) || (mode & S_ISUID))
		return false;
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		return false;
	return !inode_permission(inode, MAY_READ | MAY_WRITE);
}

/* As on a Linux whose fs.protected_hardlinks is 1. */
static int may_linkat(struct inode *inode)
{
	return safe_hardlink_source(inode) || inode_owner_or_capable(inode) ? 0 : -EPERM;
}

/* Give @old_path the name @to. */
static int link_path(const struct path *old_path, int newdfd, const char *to)
{
	struct path new_path;
	struct dentry *dentry = kern_path_create(newdfd, to, &new_path, 0);
	int error;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	error = old_path->mnt == new_path.mnt ? may_linkat(old_path->dentry->d_inode) : -EXDEV;
	if (!error)
		error = vfs_link(old_path->dentry, new_path.dentry->d_inode, dentry);
	done_path_create(&new_path, dentry);
	return error;
}

static int link_names(int olddfd, const struct filename *from, int newdfd,
		      const struct filename *to, int flags)
{
	unsigned int how = flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0;
	struct path old_path;
	int error;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && !capable(CAP_DAC_READ_SEARCH))
		return -ENOENT;
	if (flags & AT_EMPTY_PATH)
		how |= LOOKUP_EMPTY;
	if (IS_ERR(from))
		return PTR_ERR(from);
	error = path_lookup(olddfd, from->name, how, &old_path);
	if (error)
		return error;
	error = IS_ERR(to) ? PTR_ERR(to) : link_path(&old_path, newdfd, to->name);
	path_put(&old_path);
	return error;
}

static int do_linkat(int olddfd, const char __user *oldname, int newdfd,
		     const char __user *newname, int flags)
{
	struct filename *from = getname_flags(oldname, flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0, NULL);
	struct filename *to = getname(newname);
	int error = link_names(olddfd, from, newdfd, to, flags);

	putname(from);
	putname(to);
	return error;
}

SYSCALL_DEFINE5(linkat, int, olddfd, const char __user *, oldname, int, newdfd,
		const char __user *, newname, int, flags)
{
	return do_linkat(olddfd, oldname, newdfd, newname, flags);
}

SYSCALL_DEFINE2(link, const char __user *, oldname, const char __user *, newname)
{
	return do_linkat(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

/*
 * Remove the name @last of @parent, a directory (@isdir) or something else. A slash behind the
 * name of a file is an error that depends on what is there, so the name is looked up first.
 */
static int remove_last(struct dentry *parent, const struct qstr *last, bool isdir)
{
	struct inode *dir = parent->d_inode, *inode = NULL;
	struct dentry *dentry;
	int error;

	inode_lock(dir);
	dentry = __lookup_hash(last, parent, 0);
	error = PTR_ERR_OR_ZERO(dentry);
	if (error)
		goto unlock;
	inode = dentry->d_inode;
	if (!inode) {
		error = -ENOENT;
	} else if (isdir) {
		error = vfs_rmdir(dir, dentry);
	} else if (last->name[last->len]) {
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
	enum last_type type;
	struct path parent;
	struct qstr last;
	int error;

	if (IS_ERR(name))
		return PTR_ERR(name);
	error = path_parentat(dfd, name->name, &parent, &last, &type);
	if (!error) {
		error = type == LAST_NORM ? mnt_want_write(parent.mnt) : not_a_name(type, isdir);
		if (!error)
			error = remove_last(parent.dentry, &last, isdir);
		path_put(&parent);
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
