/*
 * Wait queues: tasks that sleep until something happens, and how they are woken.
 * Linux: include/linux/wait.h
 *
 * A task that waits puts an entry on the queue, marks itself as sleeping, tests whether it still
 * has to wait, and calls schedule(). This order matters: a wake-up that comes in between marks the
 * task as running again, so none is lost. wait_event() and its variants do all of this.
 *
 * A wake-up calls the function of each entry. It usually wakes the entry's task, but may do anything
 * else that is allowed with interrupts off and the queue's lock held.
 */
#ifndef KERNEL_SCHED_WAIT_H
#define KERNEL_SCHED_WAIT_H

#include "kernel/lib/lib.h"

struct task_struct;
struct wait_queue_entry;

/*
 * @mode: states of tasks that may be woken; @flags: 0; @key: from __wake_up(). Returns 1: woken;
 * 0: not; less than 0: and leave the rest of the queue alone.
 */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wait, unsigned int mode, int flags,
				 void *key);
int default_wake_function(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key);
/* The same, and takes the entry off the queue when its task was woken. */
int autoremove_wake_function(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key);

struct wait_queue_entry {
	unsigned int flags; /* WQ_FLAG_* */
	void *private;      /* the task, if func is one of the two above */
	wait_queue_func_t func;
	struct list_head entry;
};
typedef struct wait_queue_entry wait_queue_entry_t;

#define WQ_FLAG_EXCLUSIVE 0x01 /* a wake-up ends with this one */

typedef struct wait_queue_head {
	spinlock_t lock; /* protects the list; taken by interrupt handlers */
	struct list_head head;
} wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ __SPIN_LOCK_UNLOCKED((name).lock), LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)

/* An entry of current's for prepare_to_wait(), with a wake function of one's own. */
#define DEFINE_WAIT_FUNC(name, function)                        \
	struct wait_queue_entry name = {                        \
		.private = current,                             \
		.func = (function),                             \
		.entry = LIST_HEAD_INIT((name).entry),          \
	}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

/* One for add_wait_queue(), that stays on the queue until remove_wait_queue(). */
#define DECLARE_WAITQUEUE(name, task) \
	struct wait_queue_entry name = { .private = (task), .func = default_wake_function }

static inline void init_waitqueue_head(struct wait_queue_head *wq)
{
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->head);
}

static inline void init_waitqueue_entry(struct wait_queue_entry *wait, struct task_struct *task)
{
	wait->flags = 0;
	wait->private = task;
	wait->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wait, wait_queue_func_t func)
{
	wait->flags = 0;
	wait->private = NULL;
	wait->func = func;
}

/*
 * Does anybody wait? Without the lock: the answer may be old. One CPU needs no memory barrier
 * between making the condition true and asking.
 */
static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *wait);
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *wait);
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *wait);

/*
 * Call the function of each entry, in order, with @key, until @nr_exclusive exclusive ones were
 * woken (0: no limit). Safe from interrupt handlers. The poll forms pass the events on, so that
 * only tasks that wait for one of them are woken.
 */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr_exclusive, void *key);
void __wake_up_locked(struct wait_queue_head *wq, unsigned int mode, int nr); /* the lock is held */

#define wake_up(wq) __wake_up(wq, TASK_NORMAL, 1, NULL)
#define wake_up_nr(wq, nr) __wake_up(wq, TASK_NORMAL, nr, NULL)
#define wake_up_all(wq) __wake_up(wq, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(wq, nr) __wake_up(wq, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 0, NULL)
#define poll_to_key(events) ((void *)(unsigned long)(events))
#define key_to_poll(key) ((__poll_t)(unsigned long)(key))
#define wake_up_poll(wq, events) __wake_up(wq, TASK_NORMAL, 1, poll_to_key(events))
#define wake_up_interruptible_poll(wq, events) \
	__wake_up(wq, TASK_INTERRUPTIBLE, 1, poll_to_key(events))

/*
 * One round of waiting: put @wait on the queue unless it is there, and mark current as sleeping in
 * @state. finish_wait() undoes both. prepare_to_wait_event() instead takes the entry off and returns
 * -ERESTARTSYS when a signal ends a wait in @state.
 */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state);
/* True: nobody was on the queue before. */
bool prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *wait,
			       unsigned int state);
long prepare_to_wait_event(struct wait_queue_head *wq, struct wait_queue_entry *wait,
			   unsigned int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait);
void init_wait_entry(struct wait_queue_entry *wait, unsigned int flags);

/*
 * The loop that all of these forms use. @cmd sleeps. Returns @ret, or -ERESTARTSYS when a signal
 * ended the wait, which happens in the interruptible and killable states only.
 */
#define ___wait_event(wq, condition, state, exclusive, ret, cmd)                        \
	({                                                                              \
		struct wait_queue_entry we_entry;                                       \
		long we_ret = (ret), we_signal;                                         \
		init_wait_entry(&we_entry, (exclusive) ? WQ_FLAG_EXCLUSIVE : 0);        \
		for (;;) {                                                              \
			we_signal = prepare_to_wait_event(&(wq), &we_entry, state);     \
			if (condition)                                                  \
				break;                                                  \
			if (we_signal) {                                                \
				we_ret = we_signal;                                     \
				break;                                                  \
			}                                                               \
			cmd;                                                            \
		}                                                                       \
		finish_wait(&(wq), &we_entry);                                          \
		we_ret;                                                                 \
	})

/* Sleep until @condition holds. It is tested before the first sleep and after each wake-up. */
#define wait_event(wq, condition)                                                       \
	do {                                                                            \
		might_sleep();                                                          \
		if (condition)                                                          \
			break;                                                          \
		(void)___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, 0, 0,          \
				    schedule());                                        \
	} while (0)

#define __wait_event_signal(wq, condition, state, exclusive)                            \
	({                                                                              \
		int wes_ret = 0;                                                        \
		might_sleep();                                                          \
		if (!(condition))                                                       \
			wes_ret = ___wait_event(wq, condition, state, exclusive, 0,     \
						schedule());                            \
		wes_ret;                                                                \
	})

/* 0, or -ERESTARTSYS when a signal came first; killable: one that ends the task. */
#define wait_event_interruptible(wq, condition) \
	__wait_event_signal(wq, condition, TASK_INTERRUPTIBLE, 0)
#define wait_event_interruptible_exclusive(wq, condition) \
	__wait_event_signal(wq, condition, TASK_INTERRUPTIBLE, 1)
#define wait_event_killable(wq, condition) __wait_event_signal(wq, condition, TASK_KILLABLE, 0)

/* Does @condition hold, or are no ticks @left? If it holds, one was left at least. */
#define ___wait_cond_timeout(condition, left)   \
	({                                      \
		bool wct_true = (condition);    \
		if (wct_true && !(left))        \
			(left) = 1;             \
		wct_true || !(left);            \
	})

#define __wait_event_timeout(wq, condition, timeout, state)                             \
	({                                                                              \
		long wet_left = (timeout), wet_signal;                                  \
		might_sleep();                                                          \
		if (!___wait_cond_timeout(condition, wet_left)) {                       \
			wet_signal = ___wait_event(                                     \
				wq, ___wait_cond_timeout(condition, wet_left), state,   \
				0, 0, wet_left = schedule_timeout(wet_left));           \
			if (wet_signal)                                                 \
				wet_left = wet_signal;                                  \
		}                                                                       \
		wet_left;                                                               \
	})

/*
 * The same, for at most @timeout ticks. The ticks that were left, at least 1, when @condition holds
 * in time; 0 when it does not; -ERESTARTSYS when a signal came first.
 */
#define wait_event_timeout(wq, condition, timeout) \
	__wait_event_timeout(wq, condition, timeout, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(wq, condition, timeout) \
	__wait_event_timeout(wq, condition, timeout, TASK_INTERRUPTIBLE)

#endif
