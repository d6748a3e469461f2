/*
 * Who changes a program that runs with its owner's rights must not get these rights.
 * Linux: fs/inode.c:file_remove_privs(), fs/attr.c:setattr_should_drop_suidgid()
 */
#include "kernel/fs/internal.h"

/* May current leave a set-group-ID bit for the group @gid on @inode? Linux: fs/attr.c */
bool in_group_or_capable(kgid_t gid)
{
	return in_group_p(gid) || capable(CAP_FSETID);
}

/*
 * A set-group-ID bit without the right to execute for the group means something else, and stays if
 * current is in the group.
 */
int setattr_should_drop_sgid(const struct inode *inode)
{
	if (!(inode->i_mode & S_ISGID))
		return 0;
	if ((inode->i_mode & S_IXGRP) || !in_group_or_capable(inode->i_gid))
		return ATTR_KILL_SGID;
	return 0;
}

int setattr_should_drop_suidgid(const struct inode *inode)
{
	int kill = setattr_should_drop_sgid(inode);

	if (inode->i_mode & S_ISUID)
		kill |= ATTR_KILL_SUID;
	return kill && S_ISREG(inode->i_mode) && !capable(CAP_FSETID) ? kill : 0;
}

void inode_remove_suid(struct inode *inode)
{
	int kill = setattr_should_drop_suidgid(inode);

	if (kill & ATTR_KILL_SUID)
		inode->i_mode &= ~S_ISUID;
	if (kill & ATTR_KILL_SGID)
		inode->i_mode &= ~S_ISGID;
}

/* A new file in a directory with the set-group-ID bit gets a group that its maker may not be in. */
umode_t mode_strip_sgid(const struct inode *dir, umode_t mode)
{
	if ((mode & (S_ISGID | S_IXGRP)) != (S_ISGID | S_IXGRP) || in_group_or_capable(dir->i_gid))
		return mode;
	return mode & ~S_ISGID;
}
