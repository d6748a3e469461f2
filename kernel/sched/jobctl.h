/*
 * task->jobctl: what a task has to do for a group stop. Protected by siglock.
 * Linux: include/linux/sched/jobctl.h
 */
#ifndef KERNEL_SCHED_JOBCTL_H
#define KERNEL_SCHED_JOBCTL_H

#include "kernel/lib/types.h"

#define JOBCTL_STOP_SIGMASK 0xfffful      /* the signal of the last group stop */
#define JOBCTL_STOP_DEQUEUED 0x10000ul    /* a stop signal was taken, and no SIGCONT came since */
#define JOBCTL_STOP_PENDING 0x20000ul     /* the task has to stop */
#define JOBCTL_STOP_CONSUME 0x40000ul     /* it counts in signal->group_stop_count */
#define JOBCTL_PENDING_MASK JOBCTL_STOP_PENDING

#endif
