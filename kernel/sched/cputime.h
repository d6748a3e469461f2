/*
 * What tasks use: time on the CPU, and what is counted beside it. The code is cputime.c; core.c counts.
 * Included by sched.h. Linux: include/linux/sched/cputime.h
 */
#ifndef KERNEL_SCHED_CPUTIME_H
#define KERNEL_SCHED_CPUTIME_H

#include "kernel/lib/lib.h"

struct task_struct;

/* Of a thread, of all threads that a group has had, or of the children that a group has waited for. */
struct task_usage {
	u64 utime, stime; /* ticks that found it in ring 3, in ring 0 */
	u64 sum_exec;     /* time on the CPU, cycles of the TSC */
	unsigned long nvcsw, nivcsw;    /* switches away from it: it waited, or its time was up */
	unsigned long min_flt, maj_flt; /* page faults; maj_flt: those that waited for a device */
};

/* What the ticks since boot have found. Linux: include/linux/kernel_stat.h */
enum { CPUTIME_USER, CPUTIME_SYSTEM, CPUTIME_IDLE, NR_STATS };
extern unsigned long kernel_cpustat[NR_STATS];

/* Count @n more of @member for @task and for its thread group. */
#define account_usage(task, member, n)                  \
	do {                                            \
		(task)->used.member += (n);             \
		(task)->signal->used.member += (n);     \
	} while (0)

/* Time as programs are told it, nanoseconds. Linux: struct prev_cputime */
struct prev_cputime {
	u64 utime, stime;
};

/* The time that @task, or its whole thread group, has had the CPU so far, nanoseconds. */
u64 task_sched_runtime(const struct task_struct *task);
u64 thread_group_sched_runtime(const struct task_struct *task);

/*
 * The same, divided into ring 3 (*@ut) and ring 0 (*@st) as the ticks have found it. Neither ever
 * becomes less.
 */
void task_cputime_adjusted(struct task_struct *task, u64 *ut, u64 *st);
void thread_group_cputime_adjusted(struct task_struct *task, u64 *ut, u64 *st);

/* The parent of @child has waited for it: its group has used what @child and its children have. */
void account_waited_child(struct task_struct *child);

#endif
