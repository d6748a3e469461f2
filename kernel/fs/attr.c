/*
 * Changing what an inode says of itself. Who may do so is asked by the file system: setattr.c. Linux: fs/attr.c
 */
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"

/* Without setattr.c and remove_privs.c only the kernel itself changes attributes. */
int __weak noprobe setattr_prepare(struct dentry *dentry __maybe_unused,
				   struct iattr *attr __maybe_unused)
{
	return 0;
}

int __weak noprobe setattr_should_drop_suidgid(const struct inode *inode __maybe_unused)
{
	return 0;
}

void __weak noprobe fsnotify_change(struct dentry *dentry __maybe_unused,
				    unsigned int ia_valid __maybe_unused)
{
}

void setattr_copy(struct inode *inode, const struct iattr *attr)
{
	unsigned int ia_valid = attr->ia_valid;

	if (ia_valid & ATTR_UID)
		inode->i_uid = attr->ia_uid;
	if (ia_valid & ATTR_GID)
		inode->i_gid = attr->ia_gid;
	if (ia_valid & ATTR_ATIME)
		inode->i_atime = attr->ia_atime;
	if (ia_valid & ATTR_MTIME)
		inode->i_mtime = attr->ia_mtime;
	if (ia_valid & ATTR_CTIME)
		inode->i_ctime = attr->ia_ctime;
	if (ia_valid & ATTR_MODE)
		inode->i_mode = attr->ia_mode;
}

/* ATTR_KILL_*: a mode without these bits is to be set. */
static void kill_to_mode(const struct inode *inode, struct iattr *attr)
{
	umode_t kill = (attr->ia_valid & ATTR_KILL_SUID ? S_ISUID : 0) |
		       (attr->ia_valid & ATTR_KILL_SGID ? S_ISGID : 0);

	if (!(inode->i_mode & kill))
		return;
	attr->ia_mode = inode->i_mode & ~kill;
	attr->ia_valid |= ATTR_MODE;
}

/* A change of size is a change of the contents, too. 0, or what the file system says. */
int notify_change(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	u64 now = ktime_get_real_ns();
	int error;

	if (!(attr->ia_valid & ATTR_CTIME))
		attr->ia_ctime = now;
	if (!(attr->ia_valid & ATTR_ATIME_SET))
		attr->ia_atime = now;
	if (!(attr->ia_valid & ATTR_MTIME_SET))
		attr->ia_mtime = now;
	if (attr->ia_valid & ATTR_SIZE)
		attr->ia_valid |= ATTR_MTIME;
	kill_to_mode(inode, attr);
	attr->ia_valid |= ATTR_CTIME;
	error = inode->i_op->setattr ? inode->i_op->setattr(dentry, attr) : simple_setattr(dentry, attr);
	if (fsnotify_watches && !error)
		fsnotify_change(dentry, attr->ia_valid);
	return error;
}

int do_truncate(struct dentry *dentry, loff_t length)
{
	struct iattr attr = { .ia_valid = ATTR_SIZE, .ia_size = length };
	int kill = setattr_should_drop_suidgid(dentry->d_inode), error;

	if (kill)
		attr.ia_valid |= kill | ATTR_FORCE;
	inode_lock(dentry->d_inode);
	error = notify_change(dentry, &attr);
	inode_unlock(dentry->d_inode);
	return error;
}
