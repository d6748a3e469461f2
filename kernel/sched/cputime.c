/*
 * The time on the CPU, as system calls tell it. Linux: kernel/sched/cputime.c
 *
 * schedule() counts the cycles between two switches, which is exact; the tick counts whether it found
 * the task in ring 3 or in ring 0, which is only a sample. Programs are told the exact time, divided in
 * the proportion of the samples.
 */
#include "kernel/sched/sched.h"

u64 task_sched_runtime(const struct task_struct *task)
{
	update_curr();
	return tsc_to_ns(task->used.sum_exec);
}

u64 thread_group_sched_runtime(const struct task_struct *task)
{
	update_curr();
	return tsc_to_ns(task->signal->used.sum_exec);
}

/* Divide @rtime by the ticks of @used. @prev: what was told before, and what is told now. */
static void cputime_adjust(const struct task_usage *used, u64 rtime, struct prev_cputime *prev)
{
	u64 ticks = used->utime + used->stime, stime;

	if (prev->utime + prev->stime >= rtime)
		return;
	if (!used->stime)
		stime = 0;
	else /* rtime * stime / ticks, which might overflow */
		stime = rtime / ticks * used->stime + rtime % ticks * used->stime / ticks;
	stime = max(stime, prev->stime);
	if (rtime - stime < prev->utime)
		stime = rtime - prev->utime;
	prev->stime = stime;
	prev->utime = rtime - stime;
}

void task_cputime_adjusted(struct task_struct *task, u64 *ut, u64 *st)
{
	cputime_adjust(&task->used, task_sched_runtime(task), &task->prev_cputime);
	*ut = task->prev_cputime.utime;
	*st = task->prev_cputime.stime;
}

void thread_group_cputime_adjusted(struct task_struct *task, u64 *ut, u64 *st)
{
	struct signal_struct *signal = task->signal;

	cputime_adjust(&signal->used, thread_group_sched_runtime(task), &signal->prev_cputime);
	*ut = signal->prev_cputime.utime;
	*st = signal->prev_cputime.stime;
}

void account_waited_child(struct task_struct *child)
{
	struct signal_struct *parent = current->signal, *signal = child->signal;
	u64 utime, stime;

	thread_group_cputime_adjusted(child, &utime, &stime);
	parent->cutime += utime + signal->cutime;
	parent->cstime += stime + signal->cstime;
	parent->cused.nvcsw += signal->used.nvcsw + signal->cused.nvcsw;
	parent->cused.nivcsw += signal->used.nivcsw + signal->cused.nivcsw;
	parent->cused.min_flt += signal->used.min_flt + signal->cused.min_flt;
	parent->cmaxrss = max(parent->cmaxrss, signal->maxrss);
	parent->cmaxrss = max(parent->cmaxrss, signal->cmaxrss);
	parent->cused.maj_flt += signal->used.maj_flt + signal->cused.maj_flt;
}
