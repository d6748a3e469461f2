/*
 * Ticks of the clock, HZ a second: comparing and converting them. Linux: include/linux/jiffies.h
 */
#ifndef KERNEL_TIME_JIFFIES_H
#define KERNEL_TIME_JIFFIES_H

#include "kernel/cpu/cpu.h"

/*
 * These are right even when the count wraps around, as long as the two times are less than half of
 * its range apart.
 */
#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)

#define MAX_JIFFY_OFFSET ((INT64_MAX >> 1) - 1)

/*
 * Rounded up, so that the wait is not too short. A value that is negative as an int gives the
 * longest time.
 */
static inline unsigned long msecs_to_jiffies(unsigned int ms)
{
	return (int)ms < 0 ? (unsigned long)MAX_JIFFY_OFFSET : DIV_ROUND_UP((u64)ms * HZ, 1000);
}

static inline unsigned long usecs_to_jiffies(unsigned int us)
{
	return DIV_ROUND_UP((u64)us * HZ, 1000000);
}

static inline unsigned long nsecs_to_jiffies(u64 ns)
{
	return ns / TICK_NSEC;
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return j * (1000 / HZ);
}

static inline unsigned int jiffies_to_usecs(unsigned long j)
{
	return j * (1000000 / HZ);
}

static inline u64 jiffies_to_nsecs(unsigned long j)
{
	return j * TICK_NSEC;
}

#endif
