/*
 * Between the files of kernel/process: taking a task apart.
 */
#ifndef KERNEL_PROCESS_TASK_H
#define KERNEL_PROCESS_TASK_H

#include "kernel/sched/sched.h"

void free_task(struct task_struct *task); /* stack and struct; nothing else is left */
void put_sighand(struct sighand_struct *sighand);
void put_signal(struct signal_struct *signal);

/* Let the parent that vfork()ed current go on: current no longer uses its memory. */
void complete_vfork(void);

/* @task has ended: wake its parent, if that waits for it. */
void __wake_up_parent(struct task_struct *task, struct task_struct *parent);

/* Undo CLONE_CHILD_CLEARTID before the address space goes. Linux: kernel/fork.c:mm_release() */
void mm_release(struct task_struct *task);

#endif
