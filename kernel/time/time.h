/*
 * Time as ring 3 passes it, and as the kernel counts it: nanoseconds. Linux: include/linux/time64.h
 */
#ifndef KERNEL_TIME_TIME_H
#define KERNEL_TIME_TIME_H

#include <uapi/time.h>

#include "kernel/cpu/cpu.h"
#include "kernel/mm/uaccess.h"

#define KTIME_SEC_MAX (KTIME_MAX / (s64)NSEC_PER_SEC)

static inline bool timespec_valid(const struct timespec *ts)
{
	return ts->tv_sec >= 0 && (u64)ts->tv_nsec < NSEC_PER_SEC;
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

#endif
