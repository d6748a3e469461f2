/*
 * May a task look into another one? Linux: include/linux/ptrace.h
 */
#ifndef KERNEL_SCHED_PTRACE_H
#define KERNEL_SCHED_PTRACE_H

#include "kernel/sched/sched.h"

#define PTRACE_MODE_READ 0x01u
#define PTRACE_MODE_ATTACH 0x02u
#define PTRACE_MODE_FSCREDS 0x08u   /* by the ids for access to files */
#define PTRACE_MODE_REALCREDS 0x10u /* by the real ids */
#define PTRACE_MODE_READ_REALCREDS (PTRACE_MODE_READ | PTRACE_MODE_REALCREDS)
#define PTRACE_MODE_READ_FSCREDS (PTRACE_MODE_READ | PTRACE_MODE_FSCREDS)

/*
 * True: current is a thread of the same group; or all of @task's user and group ids are its own, @task
 * has no capability that current lacks, and its program may be looked into; or current has
 * CAP_SYS_PTRACE. @mode: PTRACE_MODE_*.
 */
bool ptrace_may_access(struct task_struct *task, unsigned int mode);

#endif
