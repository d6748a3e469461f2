/*
 * Sleeping and waking: wait queues, completions, and sleep until a given time.
 * Contracts in wait.h and sched.h. Linux: kernel/sched/wait.c, completion.c, kernel/time/hrtimer.c
 */
#include "kernel/sched/sched.h"

/* Tasks that sleep for a time, unordered; the tick looks at each. */
struct sleeper {
	struct task_struct *task;
	u64 deadline; /* ktime_get_ns() */
	struct list_head list;
};
static LIST_HEAD(sleepers);

void wake_up(struct wait_queue_head *wq)
{
	struct wait_queue_entry *wait;
	unsigned long flags;

	local_irq_save(flags);
	list_for_each_entry(wait, &wq->head, entry)
		wake_up_state(wait->task, TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE);
	local_irq_restore(flags);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state)
{
	unsigned long flags;

	local_irq_save(flags);
	if (!wait->task) {
		wait->task = current;
		list_add_tail(&wait->entry, &wq->head);
	}
	current->__state = state;
	local_irq_restore(flags);
}

void finish_wait(struct wait_queue_entry *wait)
{
	unsigned long flags;

	local_irq_save(flags);
	current->__state = TASK_RUNNING;
	list_del(&wait->entry);
	local_irq_restore(flags);
}

bool wait_interrupted(void)
{
	return signal_pending(current);
}

void complete(struct completion *x)
{
	x->done = true;
	wake_up(&x->wait);
}

void wait_for_completion(struct completion *x)
{
	struct wait_queue_entry wait = { 0 };

	for (;;) {
		prepare_to_wait(&x->wait, &wait, TASK_UNINTERRUPTIBLE);
		if (x->done)
			break;
		schedule();
	}
	finish_wait(&wait);
}

int sleep_until_ns(u64 deadline)
{
	struct sleeper sleeper = { .task = current, .deadline = deadline };
	int err = 0;

	local_irq_disable();
	list_add_tail(&sleeper.list, &sleepers);
	while (ktime_get_ns() < deadline) {
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		current->__state = TASK_INTERRUPTIBLE;
		schedule();
	}
	list_del(&sleeper.list);
	local_irq_enable();
	return err;
}

void wake_sleepers(void)
{
	struct sleeper *sleeper;
	u64 now;

	if (list_empty(&sleepers))
		return;
	now = ktime_get_ns();
	list_for_each_entry(sleeper, &sleepers, list) {
		if (sleeper->deadline <= now)
			wake_up_state(sleeper->task, TASK_INTERRUPTIBLE);
	}
}
