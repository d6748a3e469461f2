/*
 * The date in seconds and microseconds: time, gettimeofday, settimeofday. Linux: kernel/time/time.c
 */
#include "kernel/time/timekeeping.h"

#include "kernel/sched/sched.h"
#include "kernel/security/security.h"
#include "kernel/syscalls.h"

#define USEC_PER_SEC 1000000
#define MINUTES_WEST_MAX (15 * 60)

struct timezone sys_tz;

SYSCALL_DEFINE1(time, s64 __user *, tloc)
{
	s64 now = ktime_get_real_ns() / NSEC_PER_SEC;

	return tloc && put_user(now, tloc) ? -EFAULT : now;
}

SYSCALL_DEFINE2(gettimeofday, struct timeval __user *, tv, struct timezone __user *, tz)
{
	u64 now = ktime_get_real_ns();

	if (tv && (put_user(now / NSEC_PER_SEC, &tv->tv_sec) ||
		   put_user(now % NSEC_PER_SEC / 1000, &tv->tv_usec)))
		return -EFAULT;
	return tz && copy_to_user(tz, &sys_tz, sizeof(sys_tz)) ? -EFAULT : 0;
}

/*
 * Who sets the zone for the first time, and not the date, says that the machine's own clock shows local
 * time.
 */
static int set_time_zone(const struct timezone *tz, bool only)
{
	static bool was_set;

	if (tz->tz_minuteswest > MINUTES_WEST_MAX || tz->tz_minuteswest < -MINUTES_WEST_MAX)
		return -EINVAL;
	sys_tz = *tz;
	if (!was_set && only)
		timekeeping_warp_clock();
	was_set = true;
	return 0;
}

int do_sys_settimeofday(const struct timespec *tv, const struct timezone *tz)
{
	int error = 0;

	if (tv && !timespec_valid_settod(tv))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (tz)
		error = set_time_zone(tz, !tv);
	return !error && tv ? do_settimeofday(tv) : error;
}

SYSCALL_DEFINE2(settimeofday, const struct timeval __user *, tv, const struct timezone __user *, tz)
{
	struct timezone zone;
	struct timespec ts;

	if (tv) {
		if (get_timespec(&ts, (const struct timespec __user *)tv))
			return -EFAULT;
		if (ts.tv_nsec < 0 || ts.tv_nsec > USEC_PER_SEC)
			return -EINVAL;
		ts.tv_nsec *= 1000;
	}
	if (tz && copy_from_user(&zone, tz, sizeof(zone)))
		return -EFAULT;
	return do_sys_settimeofday(tv ? &ts : NULL, tz ? &zone : NULL);
}
