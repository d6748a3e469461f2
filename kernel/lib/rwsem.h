/*
 * Locks for one writer or many readers, whose holders may sleep; a task that has to wait sleeps, too.
 * Linux: include/linux/rwsem.h
 *
 * Only tasks lock them, never an interrupt handler or a softirq. A task that holds one must not lock
 * it again, for reading neither: a writer may have come in between, and then both wait for ever. The
 * structure is defined down here because struct mm_struct has one; the code is kernel/sched/rwsem.c.
 */
#ifndef KERNEL_LIB_RWSEM_H
#define KERNEL_LIB_RWSEM_H

#include "kernel/lib/list.h"

/*
 * There is one CPU, ring 0 is not preempted, and no interrupt handler looks at it: nothing has to
 * protect these fields from other tasks.
 */
struct rw_semaphore {
	long count;                 /* readers that hold it; -1: a writer does */
	struct list_head wait_list; /* tasks that sleep for it, in the order in which they came */
};

#define __RWSEM_INITIALIZER(name) { 0, LIST_HEAD_INIT((name).wait_list) }
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)

void init_rwsem(struct rw_semaphore *sem);

/* For reading: with others. A reader waits behind a writer that came before it. */
void down_read(struct rw_semaphore *sem);
bool down_read_trylock(struct rw_semaphore *sem); /* true: the caller holds it now */
void up_read(struct rw_semaphore *sem);

/* For writing: alone. */
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem); /* 0; -EINTR: a signal ends the task first */
bool down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);

static inline bool rwsem_is_locked(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->count);
}

#endif
