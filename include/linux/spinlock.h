/*
 * Spinlocks, and the names modules have for them besides.
 */
#ifndef INCLUDE_LINUX_SPINLOCK_H
#define INCLUDE_LINUX_SPINLOCK_H

#include "kernel/lib/bug.h"
#include "kernel/lib/spinlock.h"

typedef spinlock_t raw_spinlock_t;

#define DEFINE_RAW_SPINLOCK(name) DEFINE_SPINLOCK(name)
#define raw_spin_lock_init(lock) spin_lock_init(lock)
#define raw_spin_lock(lock) spin_lock(lock)
#define raw_spin_unlock(lock) spin_unlock(lock)
#define raw_spin_lock_irqsave(lock, flags) spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

#define raw_spin_lock_irq(lock) spin_lock_irq(lock)
#define raw_spin_unlock_irq(lock) spin_unlock_irq(lock)
#define raw_spin_trylock(lock) spin_trylock(lock)

/*
 * One writer or many readers. Nobody waits, as with spinlocks: who finds it taken the wrong way
 * would wait for ever, and stops the machine.
 */
typedef struct {
	int users; /* readers, or -1: a writer */
} rwlock_t;

#define __RW_LOCK_UNLOCKED(name) { 0 }
#define DEFINE_RWLOCK(name) rwlock_t name = __RW_LOCK_UNLOCKED(name)
#define rwlock_init(lock) ((void)((lock)->users = 0))

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

#define read_lock_irqsave(lock, flags) do { local_irq_save(flags); read_lock(lock); } while (0)
#define read_unlock_irqrestore(lock, flags) do { read_unlock(lock); local_irq_restore(flags); } while (0)
#define write_lock_irqsave(lock, flags) do { local_irq_save(flags); write_lock(lock); } while (0)
#define write_unlock_irqrestore(lock, flags) do { write_unlock(lock); local_irq_restore(flags); } while (0)
#define read_lock_irq(lock) do { local_irq_disable(); read_lock(lock); } while (0)
#define read_unlock_irq(lock) do { read_unlock(lock); local_irq_enable(); } while (0)
#define write_lock_irq(lock) do { local_irq_disable(); write_lock(lock); } while (0)
#define write_unlock_irq(lock) do { write_unlock(lock); local_irq_enable(); } while (0)

#endif
