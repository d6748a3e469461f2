/*
 * Completions: one task waits until another says that something is done.
 * Linux: include/linux/completion.h
 */
#ifndef KERNEL_SCHED_COMPLETION_H
#define KERNEL_SCHED_COMPLETION_H

#include "kernel/sched/wait.h"

struct completion {
	unsigned int done; /* complete() adds one, a wait takes one; UINT32_MAX: complete_all() */
	struct wait_queue_head wait; /* its lock protects done */
};

#define COMPLETION_INITIALIZER(name) { 0, __WAIT_QUEUE_HEAD_INITIALIZER((name).wait) }
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)

static inline void init_completion(struct completion *x)
{
	x->done = 0;
	init_waitqueue_head(&x->wait);
}

/* Make @x not done, so that it can be waited for again. */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

void complete(struct completion *x);     /* let one waiter through, now or later */
void complete_all(struct completion *x); /* let all waiters through, now and later */

void wait_for_completion(struct completion *x);
int wait_for_completion_interruptible(struct completion *x); /* 0 or -ERESTARTSYS */
int wait_for_completion_killable(struct completion *x);      /* 0 or -ERESTARTSYS */

bool try_wait_for_completion(struct completion *x); /* without waiting; false: not done */
bool completion_done(struct completion *x);

#endif
