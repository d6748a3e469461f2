/*
 * mm->mmap_lock. Linux: include/linux/mmap_lock.h
 *
 * Whoever changes the areas of an address space holds it for writing; whoever looks at them, and may
 * sleep before he is done, holds it for reading. It is needed because a holder may give up the CPU,
 * and then another thread of the same program runs. A page fault takes it for reading: a task must
 * not touch memory of ring 3 while it holds its own.
 *
 * The code is kernel/mman/mmap_lock.c. The small kernel has no threads, and does without: only one task
 * at a time uses an address space.
 */
#ifndef KERNEL_MM_MMAP_LOCK_H
#define KERNEL_MM_MMAP_LOCK_H

#include "kernel/mm/vma.h"

void mmap_init_lock(struct mm_struct *mm);
void mmap_read_lock(struct mm_struct *mm);
bool mmap_read_trylock(struct mm_struct *mm); /* true: current holds it now */
void mmap_read_unlock(struct mm_struct *mm);
void mmap_write_lock(struct mm_struct *mm);
int mmap_write_lock_killable(struct mm_struct *mm); /* 0; -EINTR: a signal ends the task first */
void mmap_write_unlock(struct mm_struct *mm);

#endif
