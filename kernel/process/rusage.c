/*
 * What a process has used: getrusage, times. Linux: kernel/sys.c
 */
#include <uapi/times.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

static struct timeval ns_to_timeval(u64 ns)
{
	return (struct timeval){ .tv_sec = ns / NSEC_PER_SEC, .tv_usec = ns % NSEC_PER_SEC / 1000 };
}

static void add_usage(struct rusage *ru, const struct task_usage *used)
{
	ru->ru_nvcsw += used->nvcsw;
	ru->ru_nivcsw += used->nivcsw;
	ru->ru_minflt += used->min_flt;
	ru->ru_majflt += used->maj_flt;
}

/* Pages of memory at once. */
static unsigned long max_rss(const struct task_struct *task, int who)
{
	const struct signal_struct *signal = task->signal;
	unsigned long maxrss = who == RUSAGE_CHILDREN || who == RUSAGE_BOTH ? signal->cmaxrss : 0;

	if (who == RUSAGE_CHILDREN)
		return maxrss;
	maxrss = max(maxrss, signal->maxrss);
	return task->mm ? max(maxrss, get_mm_hiwater_rss(task->mm)) : maxrss;
}

void getrusage(struct task_struct *task, int who, struct rusage *ru)
{
	const struct signal_struct *signal = task->signal;
	u64 utime = 0, stime = 0;

	memset(ru, 0, sizeof(*ru));
	if (who == RUSAGE_THREAD) {
		task_cputime_adjusted(task, &utime, &stime);
		add_usage(ru, &task->used);
	}
	if (who == RUSAGE_SELF || who == RUSAGE_BOTH) {
		thread_group_cputime_adjusted(task, &utime, &stime);
		add_usage(ru, &signal->used);
	}
	if (who == RUSAGE_CHILDREN || who == RUSAGE_BOTH) {
		utime += signal->cutime;
		stime += signal->cstime;
		add_usage(ru, &signal->cused);
	}
	ru->ru_utime = ns_to_timeval(utime);
	ru->ru_stime = ns_to_timeval(stime);
	ru->ru_maxrss = max_rss(task, who) * (PAGE_SIZE / 1024);
}

SYSCALL_DEFINE2(getrusage, int, who, struct rusage __user *, ru)
{
	struct rusage r;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	getrusage(current, who, &r);
	return copy_to_user(ru, &r, sizeof(r)) ? -EFAULT : 0;
}

static long nsec_to_clock_t(u64 ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

/* Returns the clock ticks since boot. @tbuf may be NULL. */
SYSCALL_DEFINE1(times, struct tms __user *, tbuf)
{
	u64 utime, stime;
	struct tms tms;

	if (tbuf) {
		thread_group_cputime_adjusted(current, &utime, &stime);
		tms = (struct tms){
			.tms_utime = nsec_to_clock_t(utime),
			.tms_stime = nsec_to_clock_t(stime),
			.tms_cutime = nsec_to_clock_t(current->signal->cutime),
			.tms_cstime = nsec_to_clock_t(current->signal->cstime),
		};
		if (copy_to_user(tbuf, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return nsec_to_clock_t(ktime_get_ns());
}
