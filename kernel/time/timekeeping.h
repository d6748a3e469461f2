/*
 * The date, and the coarse clocks. Linux: include/linux/timekeeping.h
 */
#ifndef KERNEL_TIME_TIMEKEEPING_H
#define KERNEL_TIME_TIMEKEEPING_H

#include "kernel/time/time.h"

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

/* The time at the last tick, by ktime_get_ns(). */
static inline ktime_t ktime_get_coarse_ns(void)
{
	u64 now = ktime_get_ns();

	return now - now % TICK_NSEC;
}

/*
 * Set the date and the time zone as settimeofday(2) does; NULL: leave it as it is. 0; -EINVAL: no such
 * time, before the machine was started, or no such zone; -EPERM.
 */
int do_sys_settimeofday(const struct timespec *tv, const struct timezone *tz);

/* The part of that which moves the clock, timekeeping.c: 0 or -EINVAL. */
bool timespec_valid_settod(const struct timespec *ts);
int do_settimeofday(const struct timespec *ts);
void timekeeping_warp_clock(void); /* the clock of the machine shows the local time of sys_tz */

/* The date was set: who waits for files of timerfd_create() is told. May sleep. kernel/fs/timerfd.c */
void timerfd_clock_was_set(void);

extern struct timezone sys_tz;

#endif
