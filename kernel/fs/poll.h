/*
 * Polling: waiting for several files at once. Linux: include/linux/poll.h
 *
 * f_op->poll() does two things: it names the wait queues that are woken when the file changes, by
 * poll_wait(), and it returns what could be done with the file now, without waiting. The caller's
 * poll_table decides what poll_wait() does: put an entry on the queue, or, when the table is NULL
 * or nothing needs to be waited for, nothing.
 *
 *	struct poll_wqueues table;
 *
 *	poll_initwait(&table);
 *	while (!(events = vfs_poll(file, &table.pt)) && !timed_out) {
 *		table.pt._qproc = NULL;		(it is on the queues now)
 *		timed_out = !poll_schedule_timeout(&table, TASK_INTERRUPTIBLE, end);
 *	}
 *	poll_freewait(&table);
 */
#ifndef KERNEL_FS_POLL_H
#define KERNEL_FS_POLL_H

#include <uapi/poll.h>

#include "kernel/fs/fs.h"

struct poll_table_struct;
typedef void (*poll_queue_proc)(struct file *file, struct wait_queue_head *wq,
				struct poll_table_struct *pt);

typedef struct poll_table_struct {
	poll_queue_proc _qproc; /* NULL: do not wait */
	__poll_t _key;          /* the events that are waited for */
} poll_table;

/* What a file without f_op->poll can always do. */
#define DEFAULT_POLLMASK (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)

static inline void poll_wait(struct file *file, struct wait_queue_head *wq, poll_table *pt)
{
	if (pt && pt->_qproc && wq)
		pt->_qproc(file, wq, pt);
}

static inline bool poll_does_not_wait(const poll_table *pt)
{
	return !pt || !pt->_qproc;
}

static inline __poll_t poll_requested_events(const poll_table *pt)
{
	return pt ? pt->_key : ~0u;
}

static inline void init_poll_funcptr(poll_table *pt, poll_queue_proc qproc)
{
	pt->_qproc = qproc;
	pt->_key = ~0u;
}

static inline bool file_can_poll(const struct file *file)
{
	return file->f_op->poll;
}

/* The events that hold for @file now. */
static inline __poll_t vfs_poll(struct file *file, poll_table *pt)
{
	return file_can_poll(file) ? file->f_op->poll(file, pt) : DEFAULT_POLLMASK;
}

/* One queue that somebody waits on. */
struct poll_table_entry {
	struct file *filp; /* referenced */
	__poll_t key;
	struct wait_queue_entry wait;
	struct wait_queue_head *wait_address;
};

struct timespec;

#define N_INLINE_POLL_ENTRIES 8

/* All queues that one task waits on. Lies on its stack; further entries in pages. */
struct poll_wqueues {
	poll_table pt;
	struct poll_table_page *table;
	struct task_struct *polling_task;
	bool triggered; /* one of the queues was woken since the last sleep */
	int error;      /* -ENOMEM: not all queues could be joined */
	unsigned int inline_index;
	struct poll_table_entry inline_entries[N_INLINE_POLL_ENTRIES];
};

void poll_initwait(struct poll_wqueues *pwq);
void poll_freewait(struct poll_wqueues *pwq); /* leave all queues */

/*
 * Sleep in @state until one of the queues is woken, a signal comes, or it is *@expires (ktime_get_ns();
 * NULL: for ever). Returns 0 when the time has come, -EINTR when something else ended the sleep.
 */
int poll_schedule_timeout(struct poll_wqueues *pwq, unsigned int state, ktime_t *expires);

/*
 * When a timeout of ring 3 is over, in *@expires, by ktime_get_ns(); 0: do not wait. @ms: milliseconds; the result
 * is @expires, or NULL when @ms is negative: for ever. @uts: 0, -EFAULT, -EINVAL: no such time.
 */
ktime_t *poll_timeout_msecs(ktime_t *expires, int ms);
int poll_timeout_timespec(ktime_t *expires, const struct timespec __user *uts);

#endif
