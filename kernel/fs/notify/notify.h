/*
 * Watches and their events. Shared by the files of this folder. Linux: fs/notify/inotify/inotify.h
 */
#ifndef KERNEL_FS_NOTIFY_NOTIFY_H
#define KERNEL_FS_NOTIFY_NOTIFY_H

#include <uapi/inotify.h>

#include "kernel/fs/fasync.h"
#include "kernel/fs/fsnotify.h"
#include "kernel/fs/internal.h"
#include "kernel/sched/user.h"

/* What is to be read. */
struct inotify_event_info {
	struct list_head list;
	int wd;
	u32 mask, cookie;
	unsigned int name_len; /* without the NUL; 0: no name */
	char name[];
};

/* An open inotify file. It lives until it is closed and no watch is left. */
struct inotify_group {
	struct list_head events;
	unsigned long nr_events, max_events;
	bool overflowed;               /* the last event says so, and no more come */
	struct wait_queue_head waitq;
	struct fasync_struct *fasync;
	struct radix_tree_root wds;    /* struct inotify_watch, by wd */
	int last_wd;
	struct list_head watches;
	struct user_struct *user;
};

/* An inode that a group watches. It holds a reference on the inode. */
struct inotify_watch {
	struct hlist_node hash; /* by the inode */
	struct list_head list;  /* in group->watches */
	struct inode *inode;
	struct inotify_group *group;
	int wd;
	u32 mask; /* IN_*, IN_EXCL_UNLINK, IN_ONESHOT */
};

/* fsnotify.c: what is told from beyond the walk; the table of watches */
/* The name of @dentry, which is about to be renamed; kfree() it. Empty when nobody watches anything. */
struct qstr fsnotify_oldname(const struct dentry *dentry);
/* @moved went from @old_dir, where it was called @old_name, to @new_dir. @replaced: what was there; or NULL. */
void fsnotify_move(struct inode *old_dir, struct inode *new_dir, const struct qstr *old_name,
		   struct dentry *moved, struct dentry *replaced);
void fsnotify_close(struct file *file);
void watch_hash(struct inotify_watch *watch);
void watch_unhash(struct inotify_watch *watch);
struct inotify_watch *find_watch(const struct inotify_group *group, const struct inode *inode);

/* events.c. Queue an event; @name: NULL or a dentry's. Any failure becomes an overflow. */
void inotify_queue_event(struct inotify_group *group, int wd, u32 mask, u32 cookie,
			 const struct qstr *name);
void inotify_flush_events(struct inotify_group *group);
extern const struct file_operations inotify_fops;

/*
 * watches.c. The end of @watch, of which its group is told by IN_IGNORED; the inode's reference is the
 * caller's then.
 */
struct inode *inotify_end_watch(struct inotify_watch *watch);
void inotify_free_group(struct inotify_group *group);
/* @group watches @inode for @arg, IN_*. The wd; -EEXIST, -ENOSPC, -ENOMEM. */
int inotify_update_watch(struct inotify_group *group, struct inode *inode, u32 arg);

#endif
