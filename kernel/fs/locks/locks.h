/*
 * Locks on files. The public interface is what closing a file calls; the rest is shared by the files
 * of this folder. Linux: include/linux/filelock.h
 */
#ifndef KERNEL_FS_LOCKS_LOCKS_H
#define KERNEL_FS_LOCKS_LOCKS_H

#include <uapi/flock.h>

#include "kernel/fs/fs.h"

/* A table gives up a descriptor of @file: the POSIX locks of @owner on its inode go. posix.c */
void locks_remove_posix(struct file *file, fl_owner_t owner);
/* The last descriptor of @file is gone: its flock() and OFD locks go. flock.c */
void locks_remove_file(struct file *file);

/* The part of fcntl() that is about record locks. @cmd: F_GETLK and its kin. fcntl_lock.c */
long fcntl_lock(unsigned int fd, struct file *file, unsigned int cmd, struct flock __user *arg);

#define OFFSET_MAX INT64_MAX /* the end of a lock without an end */

/* file_lock.fl_flags */
#define FL_POSIX 0x1u
#define FL_FLOCK 0x2u
#define FL_OFDLCK 0x4u /* a POSIX lock whose owner is the open file */
#define FL_SLEEP 0x8u  /* this request may wait */

/*
 * A lock that is held, or a request for one. A request that has to wait is blocked by a lock, or by
 * another request that waits for the same lock and would conflict with it: so one unlock wakes as
 * many as can go on, and not all that wait.
 */
struct file_lock {
	unsigned char fl_type;  /* F_RDLCK, F_WRLCK, F_UNLCK */
	unsigned int fl_flags;  /* FL_* */
	fl_owner_t fl_owner;    /* a descriptor table, or an open file */
	pid_t fl_pid;           /* what F_GETLK tells; -1: the owner is no process */
	struct file *fl_file;
	loff_t fl_start, fl_end; /* bytes, the last one included; a flock() lock has all */
	struct list_head fl_list; /* in the context, when it is held */
	struct file_lock *fl_blocker; /* what a request waits for; NULL: nothing */
	struct list_head fl_blocked_member;   /* in the blocker's */
	struct list_head fl_blocked_requests; /* those that wait for this */
	struct hlist_node fl_link; /* a POSIX request that waits: found by its owner */
	struct wait_queue_head fl_wait;
};

/*
 * The locks of an inode, in inode->i_flctx as long as there are any. Locks of one owner stand together,
 * in the order of their first bytes.
 */
struct file_lock_context {
	struct list_head flc_flock;
	struct list_head flc_posix;
};

#define FILE_LOCK_DEFERRED 1 /* not granted: the request is blocked, and waits */

/* block.c */
struct file_lock *locks_alloc_lock(void); /* nothing set; NULL: no memory */
void locks_init_lock(struct file_lock *fl);
void locks_free_lock(struct file_lock *fl); /* NULL is allowed */
/* inode->i_flctx, made if it is not there. NULL: no memory */
struct file_lock_context *locks_get_lock_context(struct inode *inode);
void locks_put_lock_context(struct inode *inode); /* it goes when it holds nothing */
/* @waiter cannot be granted because of @blocker, both in the sense of @conflict. */
void locks_insert_block(struct file_lock *blocker, struct file_lock *waiter,
			bool (*conflict)(const struct file_lock *, const struct file_lock *));
void locks_wake_up_blocks(struct file_lock *blocker); /* those that wait for it try again */
void locks_delete_block(struct file_lock *waiter); /* it waits no more; those that wait for it try again */
void locks_move_blocks(struct file_lock *new, struct file_lock *old); /* they wait for @new now */
void locks_delete_lock(struct file_lock *fl); /* take out of its context, wake, free */
/* Would @caller, waiting for @block, wait for itself? Linux: fs/locks.c:posix_locks_deadlock() */
bool posix_locks_deadlock(const struct file_lock *caller, const struct file_lock *block);
/* Try @request by @apply until it is granted. 0, -ERESTARTSYS, or what @apply said. */
int locks_wait(struct inode *inode, struct file_lock *request,
	       int (*apply)(struct inode *inode, struct file_lock *request));

/* posix.c. Grant @request, or release what it says (F_UNLCK). 0, FILE_LOCK_DEFERRED, -EAGAIN,
 * -EDEADLK, -ENOLCK: no memory. */
int posix_lock_inode(struct inode *inode, struct file_lock *request);
/* What keeps @request from being granted, or NULL. */
const struct file_lock *posix_test_lock(const struct inode *inode, const struct file_lock *request);

/* Do two locks of one kind, of different owners, exclude each other where they overlap? */
static inline bool locks_conflict(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_type == F_WRLCK || b->fl_type == F_WRLCK;
}

static inline bool locks_overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->fl_end >= b->fl_start && b->fl_end >= a->fl_start;
}

#endif
