/*
 * Wait queues and completions. Linux: include/linux/wait.h, completion.h
 */
#ifndef KERNEL_SCHED_WAIT_H
#define KERNEL_SCHED_WAIT_H

#include "kernel/lib/lib.h"

struct task_struct;

typedef struct wait_queue_head {
	struct list_head head;
} wait_queue_head_t;

struct wait_queue_entry {
	struct task_struct *task;
	struct list_head entry;
};

static inline void init_waitqueue_head(struct wait_queue_head *wq)
{
	INIT_LIST_HEAD(&wq->head);
}

/* Wake every task that waits on @wq. Safe from interrupt handlers. */
void wake_up(struct wait_queue_head *wq);

/*
 * One round of waiting: queue, mark current as sleeping in @state; then undo both.
 * Only for the macros below.
 */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state);
void finish_wait(struct wait_queue_entry *wait);
void schedule(void);
bool wait_interrupted(void);

/*
 * Sleep until @condition holds. It is tested after queueing, so no wake-up is lost.
 * wait_event_interruptible(): 0, or -ERESTARTSYS when a signal came first.
 */
#define wait_event_interruptible(wq, condition)                         \
	({                                                              \
		struct wait_queue_entry we_wait = { 0 };                \
		int we_ret = 0;                                         \
		for (;;) {                                              \
			prepare_to_wait(&(wq), &we_wait, 1);            \
			if (condition)                                  \
				break;                                  \
			if (wait_interrupted()) {                       \
				we_ret = -ERESTARTSYS;                  \
				break;                                  \
			}                                               \
			schedule();                                     \
		}                                                       \
		finish_wait(&we_wait);                                  \
		we_ret;                                                 \
	})

struct completion {
	bool done;
	struct wait_queue_head wait;
};

static inline void init_completion(struct completion *x)
{
	x->done = false;
	init_waitqueue_head(&x->wait);
}

void complete(struct completion *x);
void wait_for_completion(struct completion *x); /* not interruptible */

#endif
