/*
 * What the files of kernel/fs/eventpoll share. Linux: fs/eventpoll.c
 */
#ifndef KERNEL_FS_EVENTPOLL_INTERNAL_H
#define KERNEL_FS_EVENTPOLL_INTERNAL_H

#include <uapi/eventpoll.h>

#include "kernel/fs/eventpoll.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/poll.h"
#include "kernel/lib/rbtree.h"
#include "kernel/sched/mutex.h"

/* Bits of an entry's events that are not events; an entry that has no others is silent. */
#define EP_PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
/* An epoll file may watch another, and that a third, and so on: so many links at most. */
#define EP_MAX_NESTS 4

/*
 * An epoll file. Its lock is held by whoever uses the tree or empties the ready list. Interrupt handlers
 * add to the ready list: it is touched with interrupts off.
 */
struct eventpoll {
	struct mutex mtx;
	struct wait_queue_head wq;        /* tasks in epoll_wait() */
	struct wait_queue_head poll_wait; /* those who poll the epoll file itself */
	struct list_head rdllist;         /* entries of which something may hold: by rdllink */
	struct rb_root rbr;               /* all entries, by file and descriptor */
	struct user_struct *user;         /* who made it, and is charged for its entries */
	struct file *file;
	unsigned long gen; /* of the last search that came here, */
	int depth;         /* and what it found: loop.c */
};

/* One entry of an epoll file: a file under a descriptor, and what is wanted of it. */
struct epitem {
	struct rb_node rbn;       /* in ep->rbr */
	struct list_head rdllink; /* in ep->rdllist, or in the list of who empties that; or in none */
	struct hlist_node fllink; /* in the list of its file's entries */
	struct eventpoll *ep;
	struct file *file; /* no reference: the entry goes when the file does */
	int fd;
	struct epoll_event event;
	struct eppoll_entry *pwqlist; /* the wait queues of the file that it has joined */
};

/* A wait queue that an entry has joined. */
struct eppoll_entry {
	struct eppoll_entry *next;
	struct epitem *base;
	struct wait_queue_entry wait;
	struct wait_queue_head *whead; /* NULL: the queue is gone */
};

/* The entries of all epoll files for one file. */
struct epitems_head {
	struct rb_node rbn;
	struct file *file;
	struct hlist_head epitems;
};

/* eventpoll.c */
bool is_file_epoll(const struct file *file);
/* epoll_ctl() with open files, and an event of the kernel's, which is changed. */
int do_epoll_ctl(struct file *file, int op, struct file *watched, int fd, struct epoll_event *event);
/* The entries for @file; NULL: nobody watches it. */
struct epitems_head *ep_watchers(const struct file *file);

/* callback.c */
/* What of @epi's events holds now. @pt: also join the wait queues; @depth: of epoll files passed, from 1. */
__poll_t ep_item_poll(const struct epitem *epi, poll_table *pt, int depth);
/* The same for an epoll file: does anything hold of its entries? @depth: of epoll files passed before. */
__poll_t poll_epoll_file(struct file *file, poll_table *pt, int depth);
/* Join the wait queues of @epi's file. *@events: what holds now. 0 or -ENOMEM, and some queues may be joined. */
int ep_join(struct epitem *epi, __poll_t *events);
void ep_unregister_pollwait(struct epitem *epi); /* leave them all */
/* Something may hold of @epi: put it on the ready list, and wake those who wait for that. */
void ep_make_ready(struct epitem *epi);

/* loop.c. May epoll file @ep watch @to? -ELOOP: there would be a circle, or a chain that is too long. */
int ep_loop_check(struct eventpoll *ep, struct eventpoll *to);
/* Are there too many ways by which an event of @file wakes somebody? -EINVAL */
int reverse_path_check(const struct file *file);

/* wait.c. Tell ring 3 of at most @maxevents (1..) events. How many, or -EINTR, -EFAULT. @expires: as in poll.h, 0: now. */
int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int maxevents, ktime_t *expires);

#endif
