/*
 * Private to kernel/process: what its files share, for the end of a task.
 */
#ifndef KERNEL_PROCESS_TASK_H
#define KERNEL_PROCESS_TASK_H

#include "kernel/sched/sched.h"

void put_sighand(struct sighand_struct *sighand);
void put_signal(struct signal_struct *signal);

/* Free the stack of @task, which does not run any more or never did, and drop a reference on @task. */
void free_task(struct task_struct *task);

/*
 * Complete vfork_done of current, if there is one: its parent waits in vfork(), or somebody waits in
 * kthread_stop().
 */
void complete_vfork(void);

/* @task has ended: wake its parent, if that waits for it. */
void __wake_up_parent(struct task_struct *task, struct task_struct *parent);

/*
 * Do what CLONE_CHILD_CLEARTID asks for, and complete_vfork(), before current gives up its address
 * space. Linux: kernel/fork.c:mm_release()
 */
void mm_release(struct task_struct *task);

#endif
