/*
 * Time as ring 3 passes it, and as the kernel counts it: nanoseconds. Setting the date.
 * Linux: include/linux/time64.h, time32.h, timekeeping.h
 */
#ifndef KERNEL_TIME_TIME_H
#define KERNEL_TIME_TIME_H

#include <uapi/time.h>

#include "kernel/cpu/cpu.h"
#include "kernel/mm/uaccess.h"

#define KTIME_SEC_MAX (KTIME_MAX / (s64)NSEC_PER_SEC)

/* The sum of two times that are not negative; what is too far away is the latest time there is. */
static inline ktime_t ktime_add_safe(ktime_t a, ktime_t b)
{
	ktime_t sum;

	return __builtin_add_overflow(a, b, &sum) ? KTIME_MAX : sum;
}

static inline bool timespec_valid(const struct timespec *ts)
{
	return ts->tv_sec >= 0 && (u64)ts->tv_nsec < NSEC_PER_SEC;
}

static inline bool itimerspec_valid(const struct itimerspec *its)
{
	return timespec_valid(&its->it_interval) && timespec_valid(&its->it_value);
}

/* @ts is valid. */
static inline ktime_t timespec_to_ktime(struct timespec ts)
{
	if (ts.tv_sec >= KTIME_SEC_MAX)
		return KTIME_MAX;
	return ts.tv_sec * (s64)NSEC_PER_SEC + ts.tv_nsec;
}

static inline struct timespec ktime_to_timespec(ktime_t ns)
{
	return (struct timespec){ ns / (s64)NSEC_PER_SEC, ns % (s64)NSEC_PER_SEC };
}

/* From and to ring 3: 0 or -EFAULT. */
static inline int get_timespec(struct timespec *ts, const struct timespec __user *uts)
{
	return copy_from_user(ts, uts, sizeof(*ts)) ? -EFAULT : 0;
}

static inline int put_timespec(const struct timespec *ts, struct timespec __user *uts)
{
	return copy_to_user(uts, ts, sizeof(*ts)) ? -EFAULT : 0;
}

static inline int get_itimerspec(struct itimerspec *it, const struct itimerspec __user *uit)
{
	return copy_from_user(it, uit, sizeof(*it)) ? -EFAULT : 0;
}

static inline int put_itimerspec(const struct itimerspec *it, struct itimerspec __user *uit)
{
	return copy_to_user(uit, it, sizeof(*it)) ? -EFAULT : 0;
}

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

extern struct timezone sys_tz;

#endif
