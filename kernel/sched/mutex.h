/*
 * Mutexes: locks whose holder may sleep; a task that has to wait for one sleeps, too.
 * Linux: include/linux/mutex.h
 *
 * Only tasks lock them, never an interrupt handler or a softirq. The task that has locked one must
 * unlock it.
 */
#ifndef KERNEL_SCHED_MUTEX_H
#define KERNEL_SCHED_MUTEX_H

#include "kernel/lib/lib.h"

struct task_struct;

struct mutex {
	struct task_struct *owner; /* NULL: unlocked */
	spinlock_t wait_lock;      /* protects this structure */
	struct list_head wait_list; /* tasks that sleep for it, in the order in which they came */
};

#define __MUTEX_INITIALIZER(name) \
	{ NULL, __SPIN_LOCK_UNLOCKED((name).wait_lock), LIST_HEAD_INIT((name).wait_list) }
#define DEFINE_MUTEX(name) struct mutex name = __MUTEX_INITIALIZER(name)

void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock); /* 0, or -EINTR when a signal came first */
int mutex_lock_killable(struct mutex *lock);      /* the same for a signal that ends the task */
bool mutex_trylock(struct mutex *lock);           /* true: the caller holds it now */
void mutex_unlock(struct mutex *lock);

static inline bool mutex_is_locked(const struct mutex *lock)
{
	return READ_ONCE(lock->owner);
}

#endif
