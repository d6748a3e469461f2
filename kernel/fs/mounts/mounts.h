/*
 * What the files of this folder share. Linux: fs/mount.h, fs/pnode.h
 */
#ifndef KERNEL_FS_MOUNTS_MOUNTS_H
#define KERNEL_FS_MOUNTS_MOUNTS_H

#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"

extern struct mutex namespace_mutex; /* held while the tree of mounts changes */

/* bind.c */
int do_loopback(struct path *path, const char *old_name, bool recurse);
int do_move_mount(struct path *path, const char *old_name);
int do_change_type(const struct path *path, unsigned long ms_flags);

/* umount.c. Take @mnt out of its place; the reference of the tree is the caller's. */
void detach_mnt(struct mount *mnt);
/* @mnt, which may be in no tree, and all mounts on it end when nobody uses them any more. */
void umount_tree(struct mount *mnt);

/* writers.c. Is a file of @sb open for writing, by whichever mount? */
bool sb_has_writers(const struct super_block *sb);


/* Do paths lead to @mnt? */
static inline bool check_mnt(const struct mount *mnt)
{
	return !list_empty(&mnt->mnt_list);
}

#endif
