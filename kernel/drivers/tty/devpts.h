/*
 * devpts: the file system of the slaves of ptys, /dev/pts. Linux: include/linux/devpts_fs.h
 */
#ifndef KERNEL_DRIVERS_TTY_DEVPTS_H
#define KERNEL_DRIVERS_TTY_DEVPTS_H

#include "kernel/fs/fs.h"

struct pts_fs_info;

/*
 * The instance for a /dev/ptmx that was opened as @file: its own if it lies in one, else that on the
 * directory "pts" beside it; with a reference, for devpts_release(). ERR_PTR(-ENODEV): there is none.
 */
struct pts_fs_info *devpts_acquire(const struct file *file);
void devpts_release(struct pts_fs_info *fsi);

/* A number for a pty: the lowest free one. -ENOSPC: there are too many. */
int devpts_new_index(struct pts_fs_info *fsi);
void devpts_kill_index(struct pts_fs_info *fsi, int index);

/*
 * A name for slave @index, which belongs to current's user. @tty becomes its inode's i_private. The
 * dentry, or ERR_PTR(-ENOMEM); devpts_pty_kill() takes it away again.
 */
struct dentry *devpts_pty_new(struct pts_fs_info *fsi, int index, void *tty);
void devpts_pty_kill(struct dentry *dentry);

/* The slave behind @inode, or NULL: it is none, or its master is closed. */
void *devpts_get_priv(const struct inode *inode);

/* Open the slave whose name is @dentry, in the devpts of the ptmx that @master is, by @flags. Or ERR_PTR. */
struct file *devpts_open(const struct file *master, struct dentry *dentry, int flags);

#endif
