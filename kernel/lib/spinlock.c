/*
 * The functions of spinlock.h and preempt.h that are not inline.
 * Linux: kernel/locking/spinlock_debug.c
 */
#include "kernel/lib/spinlock.h"

#include "kernel/lib/bug.h"

unsigned int __preempt_count;

void spin_bug(const spinlock_t *lock, const char *what)
{
	panic("spinlock %pS %s", (const void *)lock, what);
}
