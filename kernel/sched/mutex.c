/*
 * Mutexes: locks whose waiters sleep. See mutex.h for how to use them. Linux: kernel/locking/mutex.c
 *
 * mutex_unlock() gives the mutex to the task that has waited longest, so no task that comes later
 * overtakes it. A task that locks a mutex twice would wait for itself for ever: that is a bug, and
 * is reported as one.
 */
#include "kernel/sched/mutex.h"

#include "kernel/sched/sched.h"

/* A task that waits. It has got the mutex when it is no longer in the list. */
struct mutex_waiter {
	struct list_head list;
	struct task_struct *task;
};

void mutex_init(struct mutex *lock)
{
	lock->owner = NULL;
	spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}

static int mutex_lock_common(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter waiter = { .task = current };
	int err = 0;

	might_sleep();
	spin_lock(&lock->wait_lock);
	if (!lock->owner) {
		lock->owner = current;
		spin_unlock(&lock->wait_lock);
		return 0;
	}
	BUG_ON(lock->owner == current);
	list_add_tail(&waiter.list, &lock->wait_list);
	for (;;) {
		set_current_state(state);
		if (lock->owner == current)
			break;
		if (signal_pending_state(state, current)) {
			list_del(&waiter.list);
			err = -EINTR;
			break;
		}
		spin_unlock(&lock->wait_lock);
		schedule();
		spin_lock(&lock->wait_lock);
	}
	__set_current_state(TASK_RUNNING);
	spin_unlock(&lock->wait_lock);
	return err;
}

void mutex_lock(struct mutex *lock)
{
	mutex_lock_common(lock, TASK_UNINTERRUPTIBLE);
}

int mutex_lock_interruptible(struct mutex *lock)
{
	return mutex_lock_common(lock, TASK_INTERRUPTIBLE);
}

int mutex_lock_killable(struct mutex *lock)
{
	return mutex_lock_common(lock, TASK_KILLABLE);
}

bool mutex_trylock(struct mutex *lock)
{
	bool got;

	spin_lock(&lock->wait_lock);
	got = !lock->owner;
	if (got)
		lock->owner = current;
	spin_unlock(&lock->wait_lock);
	return got;
}

void mutex_unlock(struct mutex *lock)
{
	struct mutex_waiter *first;

	BUG_ON(lock->owner != current);
	spin_lock(&lock->wait_lock);
	if (list_empty(&lock->wait_list)) {
		lock->owner = NULL;
	} else {
		first = list_first_entry(&lock->wait_list, struct mutex_waiter, list);
		list_del(&first->list);
		lock->owner = first->task;
		wake_up_process(first->task);
	}
	spin_unlock(&lock->wait_lock);
}
