/*
 * Reader-writer semaphores. kernel/lib/rwsem.h says how to use them. Linux: kernel/locking/rwsem.c
 *
 * Who has to wait gets in line, and whoever unlocks hands the semaphore over: to the first in line,
 * and if that is a reader, to all readers up to the next writer. So neither readers nor writers are
 * overtaken by tasks that come later.
 */
#include "kernel/lib/rwsem.h"

#include "kernel/sched/sched.h"

/* A task that waits. It has got the semaphore when @task is NULL; then it is no longer in the list. */
struct rwsem_waiter {
	struct list_head list;
	struct task_struct *task;
	bool writer;
};

void init_rwsem(struct rw_semaphore *sem)
{
	sem->count = 0;
	INIT_LIST_HEAD(&sem->wait_list);
}

static bool can_take(const struct rw_semaphore *sem, bool writer)
{
	return writer ? !sem->count : sem->count >= 0;
}

/* Hand the semaphore to those at the head of the line who can have it now. */
static void rwsem_wake(struct rw_semaphore *sem)
{
	struct rwsem_waiter *first;
	struct task_struct *task;

	while (!list_empty(&sem->wait_list)) {
		first = list_first_entry(&sem->wait_list, struct rwsem_waiter, list);
		if (!can_take(sem, first->writer))
			return;
		sem->count += first->writer ? -1 : 1;
		list_del(&first->list);
		task = first->task;
		first->task = NULL;
		wake_up_process(task);
	}
}

/* Wait in line. 0, or -EINTR, which @state must allow. */
static int rwsem_down_slowpath(struct rw_semaphore *sem, bool writer, unsigned int state)
{
	struct rwsem_waiter waiter = { .task = current, .writer = writer };

	list_add_tail(&waiter.list, &sem->wait_list);
	for (;;) {
		set_current_state(state);
		if (!waiter.task)
			break;
		if (signal_pending_state(state, current)) {
			__set_current_state(TASK_RUNNING);
			list_del(&waiter.list);
			rwsem_wake(sem); /* those behind a writer that gives up may be readers */
			return -EINTR;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

bool down_read_trylock(struct rw_semaphore *sem)
{
	if (sem->count < 0 || !list_empty(&sem->wait_list))
		return false;
	sem->count++;
	return true;
}

bool down_write_trylock(struct rw_semaphore *sem)
{
	if (sem->count)
		return false;
	sem->count = -1;
	return true;
}

void down_read(struct rw_semaphore *sem)
{
	might_sleep();
	if (!down_read_trylock(sem))
		rwsem_down_slowpath(sem, false, TASK_UNINTERRUPTIBLE);
}

void down_write(struct rw_semaphore *sem)
{
	might_sleep();
	if (!down_write_trylock(sem))
		rwsem_down_slowpath(sem, true, TASK_UNINTERRUPTIBLE);
}

int down_write_killable(struct rw_semaphore *sem)
{
	might_sleep();
	return down_write_trylock(sem) ? 0 : rwsem_down_slowpath(sem, true, TASK_KILLABLE);
}

void up_read(struct rw_semaphore *sem)
{
	BUG_ON(sem->count <= 0);
	sem->count--;
	if (!list_empty(&sem->wait_list))
		rwsem_wake(sem);
}

void up_write(struct rw_semaphore *sem)
{
	BUG_ON(sem->count >= 0);
	sem->count = 0;
	if (!list_empty(&sem->wait_list))
		rwsem_wake(sem);
}
