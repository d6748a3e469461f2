/*
 * What timers are set to, checked, and copied from and to ring 3. Linux: include/linux/time64.h, time.h
 */
#ifndef KERNEL_TIME_ITIMERSPEC_H
#define KERNEL_TIME_ITIMERSPEC_H

#include <uapi/itimer.h>

#include "kernel/time/time.h"

static inline bool itimerspec_valid(const struct itimerspec *its)
{
	return timespec_valid(&its->it_interval) && timespec_valid(&its->it_value);
}

/* From and to ring 3: 0 or -EFAULT. */
static inline int get_itimerspec(struct itimerspec *it, const struct itimerspec __user *uit)
{
	return copy_from_user(it, uit, sizeof(*it)) ? -EFAULT : 0;
}

static inline int put_itimerspec(const struct itimerspec *it, struct itimerspec __user *uit)
{
	return copy_to_user(uit, it, sizeof(*it)) ? -EFAULT : 0;
}

#endif
