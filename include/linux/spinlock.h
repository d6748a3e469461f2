/*
 * Locks against the other CPUs, of which there are none; interrupts are what is left to keep out.
 */
#ifndef INCLUDE_LINUX_SPINLOCK_H
#define INCLUDE_LINUX_SPINLOCK_H

#include "kernel/lib/irqflags.h"

typedef struct {
} spinlock_t;
typedef spinlock_t raw_spinlock_t;

#define DEFINE_SPINLOCK(lock) spinlock_t lock
#define DEFINE_RAW_SPINLOCK(lock) raw_spinlock_t lock
#define spin_lock_init(lock) ((void)(lock))
#define spin_lock(lock) ((void)(lock))
#define spin_unlock(lock) ((void)(lock))
#define spin_lock_bh(lock) ((void)(lock))
#define spin_unlock_bh(lock) ((void)(lock))
#define spin_lock_irqsave(lock, flags)          \
	do {                                    \
		(void)(lock);                   \
		local_irq_save(flags);          \
	} while (0)
#define spin_unlock_irqrestore(lock, flags)     \
	do {                                    \
		(void)(lock);                   \
		local_irq_restore(flags);       \
	} while (0)
#define raw_spin_lock_irqsave(lock, flags) spin_lock_irqsave(lock, flags)
#define raw_spin_unlock_irqrestore(lock, flags) spin_unlock_irqrestore(lock, flags)

#endif
