/*
 * Semaphores: a count of what may be taken; who finds none left sleeps until somebody gives one back.
 * Linux: include/linux/semaphore.h
 *
 * Unlike a mutex a semaphore has no owner: any task, and an interrupt handler as well, may call up().
 */
#ifndef KERNEL_SCHED_SEMAPHORE_H
#define KERNEL_SCHED_SEMAPHORE_H

#include "kernel/lib/lib.h"

struct semaphore {
	spinlock_t lock; /* protects this structure */
	unsigned int count;
	struct list_head wait_list; /* tasks that sleep for it, in the order in which they came */
};

#define __SEMAPHORE_INITIALIZER(name, n) \
	{ __SPIN_LOCK_UNLOCKED((name).lock), n, LIST_HEAD_INIT((name).wait_list) }
#define DEFINE_SEMAPHORE(name) struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)

void sema_init(struct semaphore *sem, int val);
void down(struct semaphore *sem);
int down_interruptible(struct semaphore *sem); /* 0, or -EINTR when a signal came first */
int down_killable(struct semaphore *sem);      /* the same for a signal that ends the task */
int down_trylock(struct semaphore *sem);       /* 0: taken; 1: none was left. Does not sleep. */
int down_timeout(struct semaphore *sem, long timeout); /* 0, or -ETIME after @timeout ticks */
void up(struct semaphore *sem);

#endif
