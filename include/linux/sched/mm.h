/*
 * Address spaces and their users. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_SCHED_MM_H
#define INCLUDE_LINUX_SCHED_MM_H

#include <linux/mm.h>

#include "kernel/sched/sched.h"

/* One more user; mmput() takes it away. */
static inline void mmget(struct mm_struct *mm)
{
	refcount_inc(&mm->mm_users);
}

/* The address space of @task with a user more, or NULL: @task has none. */
static inline struct mm_struct *get_task_mm(struct task_struct *task)
{
	if (task->mm)
		mmget(task->mm);
	return task->mm;
}

#endif
