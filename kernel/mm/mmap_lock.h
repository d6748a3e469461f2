/*
 * mm->mmap_lock. Linux: include/linux/mmap_lock.h
 *
 * Whoever changes the areas of an address space holds it for writing; whoever looks at them, and may
 * sleep before he is done, holds it for reading. It is needed because a holder may give up the CPU,
 * and then another thread of the same program runs. A page fault takes it for reading: a task must
 * not touch memory of ring 3 while it holds its own.
 */
#ifndef KERNEL_MM_MMAP_LOCK_H
#define KERNEL_MM_MMAP_LOCK_H

#include "kernel/lib/rwsem.h"
#include "kernel/mm/vma.h"

static inline void mmap_read_lock(struct mm_struct *mm)
{
	down_read(&mm->mmap_lock);
}

static inline bool mmap_read_trylock(struct mm_struct *mm)
{
	return down_read_trylock(&mm->mmap_lock);
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	up_read(&mm->mmap_lock);
}

static inline void mmap_write_lock(struct mm_struct *mm)
{
	down_write(&mm->mmap_lock);
}

/* 0, or -EINTR: a signal that ends the task came first. */
static inline int mmap_write_lock_killable(struct mm_struct *mm)
{
	return down_write_killable(&mm->mmap_lock);
}

static inline void mmap_write_unlock(struct mm_struct *mm)
{
	up_write(&mm->mmap_lock);
}

#endif
