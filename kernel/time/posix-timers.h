/*
 * What each clock of POSIX can do, and the timers that programs make of it.
 * Linux: kernel/time/posix-timers.h, include/linux/posix-timers.h
 */
#ifndef KERNEL_TIME_POSIX_TIMERS_H
#define KERNEL_TIME_POSIX_TIMERS_H

#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/time.h"

/* An operation that is NULL is one that the clock does not have. 0 or -errno. */
struct k_clock {
	int (*clock_getres)(clockid_t which, struct timespec *tp);
	int (*clock_set)(clockid_t which, const struct timespec *tp);
	int (*clock_get)(clockid_t which, struct timespec *tp);
	/* Sleep as clock_nanosleep(2) does, until @rqtp, which is valid. @flags: TIMER_ABSTIME */
	int (*nsleep)(clockid_t which, int flags, const struct timespec *rqtp);
};

/* posix-cpu-timers.c: CPU time of the current process, of the current thread, of any */
extern const struct k_clock clock_process, clock_thread, clock_posix_cpu;

#endif
