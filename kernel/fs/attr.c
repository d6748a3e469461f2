/*
 * Changing what an inode says of itself. Who may do so has been checked by the caller: there is no
 * chmod(), chown() or utimensat() yet. Linux: fs/attr.c
 */
#include "kernel/fs/internal.h"

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

/* A change of size is a change of the contents, too. 0, or what the file system says. */
int notify_change(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	u64 now = ktime_get_real_ns();

	if (!(attr->ia_valid & ATTR_CTIME))
		attr->ia_ctime = now;
	if ((attr->ia_valid & (ATTR_SIZE | ATTR_MTIME)) == ATTR_SIZE) {
		attr->ia_mtime = now;
		attr->ia_valid |= ATTR_MTIME;
	}
	if (attr->ia_valid & ATTR_SIZE)
		inode_remove_suid(inode);
	attr->ia_valid |= ATTR_CTIME;
	if (inode->i_op->setattr)
		return inode->i_op->setattr(dentry, attr);
	return simple_setattr(dentry, attr);
}
