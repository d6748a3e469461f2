/*
 * Who may change what an inode says of itself. File systems ask before they change it. Linux: fs/attr.c
 */
#include "kernel/fs/internal.h"

/* May a file become this long? A file that becomes shorter always may. */
static int inode_newsize_ok(const struct inode *inode, loff_t offset)
{
	unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (inode->i_size >= offset)
		return 0;
	if (limit != RLIM_INFINITY && (u64)offset > limit) {
		send_sig(SIGXFSZ, current, 0);
		return -EFBIG;
	}
	return offset > inode->i_sb->s_maxbytes ? -EFBIG : 0;
}

/* Only who has the capability gives a file away; its owner may say that it stays his. */
static bool chown_ok(const struct inode *inode, kuid_t uid)
{
	if (uid_eq(inode->i_uid, current_fsuid()) && uid_eq(uid, inode->i_uid))
		return true;
	return capable(CAP_CHOWN);
}

/* Its owner may give it to another group that he is in. */
static bool chgrp_ok(const struct inode *inode, kgid_t gid)
{
	if (uid_eq(inode->i_uid, current_fsuid()) && (gid_eq(gid, inode->i_gid) || in_group_p(gid)))
		return true;
	return capable(CAP_CHOWN);
}

int setattr_prepare(struct dentry *dentry, struct iattr *attr)
{
	const struct inode *inode = dentry->d_inode;
	unsigned int ia_valid = attr->ia_valid;

	if (ia_valid & ATTR_SIZE) {
		int error = inode_newsize_ok(inode, attr->ia_size);

		if (error)
			return error;
	}
	if (ia_valid & ATTR_FORCE)
		return 0;
	if ((ia_valid & ATTR_UID) && !chown_ok(inode, attr->ia_uid))
		return -EPERM;
	if ((ia_valid & ATTR_GID) && !chgrp_ok(inode, attr->ia_gid))
		return -EPERM;
	if (ia_valid & ATTR_MODE) {
		if (!inode_owner_or_capable(inode))
			return -EPERM;
		if (!in_group_or_capable(ia_valid & ATTR_GID ? attr->ia_gid : inode->i_gid))
			attr->ia_mode &= ~S_ISGID;
	}
	if (ia_valid & (ATTR_ATIME_SET | ATTR_MTIME_SET | ATTR_TIMES_SET) &&
	    !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}
