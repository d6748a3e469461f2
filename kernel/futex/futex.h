/*
 * kernel/futex: waiting for a word of ring 3's memory to change. Called by kernel/process when a task
 * gives up its memory. Linux: include/linux/futex.h
 */
#ifndef KERNEL_FUTEX_FUTEX_H
#define KERNEL_FUTEX_FUTEX_H

#include "kernel/sched/sched.h"

/*
 * @task, which is current, gives up its memory, at its end or in execve(): the locks in its robust
 * list are marked as those of a dead owner, and for each one waiter is woken.
 */
void futex_exit_release(struct task_struct *task);

/* Wake one who waits for the word at @tidptr to become 0: for CLONE_CHILD_CLEARTID. */
void futex_wake_tid(int __user *tidptr);

#endif
