/*
 * Who may do what with an inode: mode bits, owner, groups, the capabilities that override them; and
 * the count that keeps a file from being written while a program runs from it. Linux: fs/namei.c, include/linux/fs.h
 */
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

/* Do the mode bits alone allow @mask? The first class current belongs to decides. */
static bool mode_allows(const struct inode *inode, int mask)
{
	umode_t mode = inode->i_mode;

	if (uid_eq(inode->i_uid, current_fsuid()))
		mode >>= 6;
	else if (in_group_p(inode->i_gid))
		mode >>= 3;
	return !(mask & ~mode & (MAY_READ | MAY_WRITE | MAY_EXEC));
}

/*
 * Root may read and write all, search every directory, but run only what somebody may run.
 * Linux: fs/namei.c:generic_permission()
 */
int generic_permission(struct inode *inode, int mask)
{
	if (!((mask & 7) * 0111 & ~inode->i_mode))
		return 0; /* everybody may: it does not matter who asks */
	if (mode_allows(inode, mask))
		return 0;
	if (S_ISDIR(inode->i_mode)) {
		if (!(mask & MAY_WRITE) && capable(CAP_DAC_READ_SEARCH))
			return 0;
		return capable(CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	}
	if (mask == MAY_READ && capable(CAP_DAC_READ_SEARCH))
		return 0;
	if (!(mask & MAY_EXEC) || (inode->i_mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
		return capable(CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	return -EACCES;
}

/* Linux: fs/namei.c:inode_permission() */
int inode_permission(struct inode *inode, int mask)
{
	if (inode->i_op->permission)
		return inode->i_op->permission(inode, mask);
	return generic_permission(inode, mask);
}

/* Linux: fs/inode.c:inode_owner_or_capable() */
bool inode_owner_or_capable(const struct inode *inode)
{
	return uid_eq(inode->i_uid, current_fsuid()) || capable(CAP_FOWNER);
}

/*
 * In a directory that all may write to, somebody else may have made the link; then only its owner follows it, as on a
 * Linux whose fs.protected_symlinks is 1. Linux: fs/namei.c:may_follow_link()
 */
bool may_follow_link(const struct inode *dir, const struct inode *link)
{
	if (uid_eq(current_fsuid(), link->i_uid) || uid_eq(dir->i_uid, link->i_uid))
		return true;
	return (dir->i_mode & (S_ISVTX | S_IWOTH)) != (S_ISVTX | S_IWOTH);
}

/* Linux: include/linux/fs.h:get_write_access() */
int get_write_access(struct inode *inode)
{
	if (atomic_read(&inode->i_writecount) < 0)
		return -ETXTBSY;
	atomic_inc(&inode->i_writecount);
	return 0;
}

void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

/* What is true without kernel/fs/mounts: no mount is read-only. */
int __weak noprobe mnt_get_writer(const struct path *path)
{
	return get_write_access(path->dentry->d_inode);
}

void __weak noprobe mnt_put_writer(const struct path *path)
{
	put_write_access(path->dentry->d_inode);
}

/* Linux: include/linux/fs.h:deny_write_access() */
int deny_write_access(struct file *file)
{
	struct inode *inode = file->f_inode;

	if (atomic_read(&inode->i_writecount) > 0)
		return -ETXTBSY;
	atomic_dec(&inode->i_writecount);
	return 0;
}

void allow_write_access(struct file *file)
{
	atomic_inc(&file->f_inode->i_writecount);
}
