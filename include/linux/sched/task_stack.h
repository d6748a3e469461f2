/*
 * Kernel stacks.
 */
#ifndef INCLUDE_LINUX_SCHED_TASK_STACK_H
#define INCLUDE_LINUX_SCHED_TASK_STACK_H

#include "kernel/sched/sched.h"

static inline void *task_stack_page(const struct task_struct *task)
{
	return task->stack;
}

#endif
