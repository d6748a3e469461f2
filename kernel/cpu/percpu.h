/*
 * The data that GS points at in ring 0: what the SYSCALL entry needs before it has a stack, and
 * `current`.
 * Linux: arch/x86/include/asm/current.h, percpu.h (we have one CPU, so one struct)
 */
#ifndef KERNEL_CPU_PERCPU_H
#define KERNEL_CPU_PERCPU_H

#include "kernel/lib/types.h"

struct task_struct;

struct percpu {
	struct task_struct *current_task;
	unsigned long user_sp;      /* the SYSCALL entry keeps ring 3's RSP here for three instructions */
	unsigned long kernel_stack; /* top of current's kernel stack; TSS.RSP0 holds the same */
	unsigned long nr_sysret;    /* exits to ring 3 by SYSRET ... */
	unsigned long nr_iret;      /* ... and by IRET */
};
extern struct percpu percpu;

/*
 * The running task. It is constant for the code of one task, because each task has its own stack.
 */
static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *task;

	__asm__("movq %%gs:%c1, %0" : "=r"(task) : "i"(offsetof(struct percpu, current_task)));
	return task;
}
#define current get_current()

#endif
