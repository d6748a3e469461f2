/*
 * Who changes a program that runs with its owner's rights must not get these rights.
 * Linux: fs/inode.c:file_remove_privs(), fs/attr.c:should_remove_suid()
 */
#include "kernel/fs/internal.h"

/* A set-group-ID bit without the right to execute for the group means something else, and stays. */
void inode_remove_suid(struct inode *inode)
{
	umode_t kill = S_ISUID;

	if (inode->i_mode & S_IXGRP)
		kill |= S_ISGID;
	if (inode->i_mode & kill && S_ISREG(inode->i_mode) && !capable(CAP_FSETID))
		inode->i_mode &= ~kill;
}
