/*
 * What the calls on files share. Linux: fs/internal.h
 */
#ifndef KERNEL_FS_CALLS_CALLS_H
#define KERNEL_FS_CALLS_CALLS_H

#include "kernel/fs/internal.h"

/* How a walk goes that was asked for by AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH in @flags: LOOKUP_*. */
static inline unsigned int at_lookup_flags(unsigned int flags)
{
	return (flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW) | (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
}

/* rename.c. What renameat2() does when it has both names; its flags have been checked. 0 or -errno. */
int rename_paths(int olddfd, const char *from, int newdfd, const char *to, unsigned int flags);

#endif
