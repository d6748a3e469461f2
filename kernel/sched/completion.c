/*
 * Completions: one task waits until another reports that something is done. See completion.h for
 * how to use them. Linux: kernel/sched/completion.c
 */
#include "kernel/sched/completion.h"

#include "kernel/sched/sched.h"

#define DONE_FOR_ALL UINT32_MAX

/*
 * The lock is held until the end, because the task that waits may have @x on its stack and return.
 */
void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != DONE_FOR_ALL)
		x->done++;
	__wake_up_locked(&x->wait, TASK_NORMAL, 1);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = DONE_FOR_ALL;
	__wake_up_locked(&x->wait, TASK_NORMAL, 0);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done;
	if (done && x->done != DONE_FOR_ALL)
		x->done--;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}

void wait_for_completion(struct completion *x)
{
	might_sleep();
	(void)___wait_event(x->wait, try_wait_for_completion(x), TASK_UNINTERRUPTIBLE, 1, 0,
			    schedule());
}

int wait_for_completion_interruptible(struct completion *x)
{
	return wait_event_interruptible_exclusive(x->wait, try_wait_for_completion(x));
}

int wait_for_completion_killable(struct completion *x)
{
	might_sleep();
	return ___wait_event(x->wait, try_wait_for_completion(x), TASK_KILLABLE, 1, 0, schedule());
}

bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done);
}
