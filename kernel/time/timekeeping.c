/*
 * Setting the date. Linux: kernel/time/timekeeping.c
 *
 * CLOCK_MONOTONIC never jumps; the date is real_offset ahead of it. Reading clocks is in
 * kernel/cpu/time.c.
 */
#include "kernel/time/hrtimer.h"
#include "kernel/time/timekeeping.h"

/* So much uptime is left before a date that was set would overflow: 30 years. */
#define TIME_UPTIME_SEC_MAX (30ll * 365 * 24 * 3600)
#define TIME_SETTOD_SEC_MAX (KTIME_SEC_MAX - TIME_UPTIME_SEC_MAX)

bool timespec_valid_settod(const struct timespec *ts)
{
	return timespec_valid(ts) && ts->tv_sec < TIME_SETTOD_SEC_MAX;
}

int do_settimeofday(const struct timespec *ts)
{
	ktime_t offset;

	if (!timespec_valid_settod(ts))
		return -EINVAL;
	offset = timespec_to_ktime(*ts) - (ktime_t)ktime_get_ns();
	if (offset < 0)
		return -EINVAL;
	real_offset = offset;
	clock_was_set();
	timerfd_clock_was_set();
	return 0;
}

/* As do_settimeofday(): not to before the machine was started. */
void timekeeping_warp_clock(void)
{
	ktime_t offset = real_offset + sys_tz.tz_minuteswest * 60ll * (s64)NSEC_PER_SEC;

	if (!sys_tz.tz_minuteswest || offset < 0)
		return;
	real_offset = offset;
	clock_was_set();
	timerfd_clock_was_set();
}
