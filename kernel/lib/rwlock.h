/*
 * Locks for one writer or many readers. Linux: include/linux/rwlock.h
 *
 * Nobody waits, as with spinlocks: who finds it taken the wrong way would wait for ever, and that is
 * a bug. An interrupt handler may read while a task reads, so a task that reads can leave interrupts
 * on; a writer switches them off where handlers read.
 */
#ifndef KERNEL_LIB_RWLOCK_H
#define KERNEL_LIB_RWLOCK_H

#include "kernel/lib/bug.h"
#include "kernel/lib/irqflags.h"
#include "kernel/lib/preempt.h"

typedef struct {
	int users; /* readers, or -1: a writer */
} rwlock_t;

#define __RW_LOCK_UNLOCKED(name) { 0 }
#define DEFINE_RWLOCK(name) rwlock_t name = __RW_LOCK_UNLOCKED(name)
#define rwlock_init(lock) ((void)((lock)->users = 0))

/* Inline, like spinlocks: each is a few instructions around a short critical section. */
static inline void read_lock(rwlock_t *lock)
{
	preempt_disable();
	BUG_ON(lock->users < 0);
	lock->users++;
}

static inline void read_unlock(rwlock_t *lock)
{
	BUG_ON(lock->users <= 0);
	lock->users--;
	preempt_enable();
}

static inline void write_lock(rwlock_t *lock)
{
	preempt_disable();
	BUG_ON(lock->users);
	lock->users = -1;
}

static inline void write_unlock(rwlock_t *lock)
{
	BUG_ON(lock->users != -1);
	lock->users = 0;
	preempt_enable();
}

#define read_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); read_lock(lock); } while (0)
#define read_unlock_irqrestore(lock, flags) \
	do { read_unlock(lock); local_irq_restore(flags); } while (0)
#define write_lock_irqsave(lock, flags) \
	do { local_irq_save(flags); write_lock(lock); } while (0)
#define write_unlock_irqrestore(lock, flags) \
	do { write_unlock(lock); local_irq_restore(flags); } while (0)
#define read_lock_irq(lock) \
	do { local_irq_disable(); read_lock(lock); } while (0)
#define read_unlock_irq(lock) \
	do { read_unlock(lock); local_irq_enable(); } while (0)
#define write_lock_irq(lock) \
	do { local_irq_disable(); write_lock(lock); } while (0)
#define write_unlock_irq(lock) \
	do { write_unlock(lock); local_irq_enable(); } while (0)

#endif
