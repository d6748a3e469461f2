/*
 * Semaphores. See semaphore.h for how to use them. Linux: kernel/locking/semaphore.c
 *
 * When tasks wait, up() does not raise the count: the task that has waited longest gets the
 * semaphore. So no task that comes later overtakes it.
 */
#include "kernel/sched/semaphore.h"

#include "kernel/lib/export.h"
#include "kernel/sched/sched.h"

struct semaphore_waiter {
	struct list_head list;
	struct task_struct *task;
	bool up; /* it has been given one, and is no longer in the list */
};

void sema_init(struct semaphore *sem, int val)
{
	*sem = (struct semaphore)__SEMAPHORE_INITIALIZER(*sem, val);
}

/* Take one, or wait for it, at most @timeout ticks. 0, -EINTR or -ETIME. */
static int down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	struct semaphore_waiter waiter = { .task = current };
	unsigned long flags;
	int err = 0;

	might_sleep();
	spin_lock_irqsave(&sem->lock, flags);
	if (sem->count > 0) {
		sem->count--;
		spin_unlock_irqrestore(&sem->lock, flags);
		return 0;
	}
	list_add_tail(&waiter.list, &sem->wait_list);
	while (!waiter.up && !err) {
		if (signal_pending_state(state, current)) {
			err = -EINTR;
		} else if (timeout <= 0) {
			err = -ETIME;
		} else {
			__set_current_state(state);
			spin_unlock_irq(&sem->lock);
			timeout = schedule_timeout(timeout);
			spin_lock_irq(&sem->lock);
		}
	}
	if (err)
		list_del(&waiter.list);
	spin_unlock_irqrestore(&sem->lock, flags);
	return err;
}

void down(struct semaphore *sem)
{
	down_common(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int down_interruptible(struct semaphore *sem)
{
	return down_common(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

int down_killable(struct semaphore *sem)
{
	return down_common(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
}

int down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, TASK_UNINTERRUPTIBLE, timeout);
}

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	int none;

	spin_lock_irqsave(&sem->lock, flags);
	none = !sem->count;
	if (!none)
		sem->count--;
	spin_unlock_irqrestore(&sem->lock, flags);
	return none;
}

void up(struct semaphore *sem)
{
	struct semaphore_waiter *first;
	unsigned long flags;

	spin_lock_irqsave(&sem->lock, flags);
	if (list_empty(&sem->wait_list)) {
		sem->count++;
	} else {
		first = list_first_entry(&sem->wait_list, struct semaphore_waiter, list);
		list_del(&first->list);
		first->up = true;
		wake_up_process(first->task);
	}
	spin_unlock_irqrestore(&sem->lock, flags);
}

EXPORT_SYMBOL(sema_init);
EXPORT_SYMBOL(down);
EXPORT_SYMBOL(down_interruptible);
EXPORT_SYMBOL(down_killable);
EXPORT_SYMBOL(down_timeout);
EXPORT_SYMBOL(down_trylock);
EXPORT_SYMBOL(up);
