/*
 * Spinlocks, and the names modules have for them besides.
 */
#ifndef INCLUDE_LINUX_SPINLOCK_H
#define INCLUDE_LINUX_SPINLOCK_H

#include "kernel/lib/bug.h"
#include "kernel/lib/rwlock.h"
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

#endif
