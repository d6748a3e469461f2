/*
 * Spinlocks. Linux: include/linux/spinlock.h
 *
 * There is one CPU and ring 0 is not preempted, so nobody ever waits for a spinlock: code that
 * finds it taken would wait for ever, so that is a panic. A lock shows which data belong together;
 * its irq forms also keep interrupt handlers out while the data change. A lock that an interrupt
 * handler takes must be taken by its irq forms everywhere else; where it is not, the handler sooner
 * or later finds it taken. A task that holds one may not sleep.
 */
#ifndef KERNEL_LIB_SPINLOCK_H
#define KERNEL_LIB_SPINLOCK_H

#include "kernel/lib/irqflags.h"
#include "kernel/lib/preempt.h"

typedef struct spinlock {
	bool locked;
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name) { false }
#define DEFINE_SPINLOCK(name) spinlock_t name = __SPIN_LOCK_UNLOCKED(name)

/* Panic, saying @what is wrong with @lock. */
void __noreturn __cold spin_bug(const spinlock_t *lock, const char *what);

void local_bh_disable(void); /* kernel/softirq.c */
void local_bh_enable(void);

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->locked = false;
}

#define spin_is_locked(lock) READ_ONCE((lock)->locked)

/* All of these are inline: each is a few instructions around a short critical section. */
static inline void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	if (unlikely(lock->locked))
		spin_bug(lock, "is taken already");
	lock->locked = true;
	barrier();
}

static inline void spin_unlock(spinlock_t *lock)
{
	barrier();
	if (unlikely(!lock->locked))
		spin_bug(lock, "is released, but was not taken");
	lock->locked = false;
	preempt_enable();
}

/* True: the caller holds the lock now. */
static inline bool spin_trylock(spinlock_t *lock)
{
	if (spin_is_locked(lock))
		return false;
	spin_lock(lock);
	return true;
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock(lock);
	local_irq_enable();
}

#define spin_lock_irqsave(lock, flags)          \
	do {                                    \
		local_irq_save(flags);          \
		spin_lock(lock);                \
	} while (0)

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	spin_unlock(lock);
	local_irq_restore(flags);
}

#define assert_spin_locked(lock) BUG_ON(!spin_is_locked(lock))

#endif
