/*
 * The clocks of POSIX by their numbers: reading, setting, sleeping. Linux: kernel/time/posix-timers.c
 *
 * posix_clocks[] says what each clock can do; what it cannot do is NULL. A negative number is the CPU
 * clock of a process or thread (posix-cpu-timers.c), or a device that is a clock, of which there is none.
 */
#include "kernel/time/posix-timers.h"

#include "kernel/security/security.h"
#include "kernel/syscalls.h"
#include "kernel/time/timekeeping.h"

/* --- what the clocks have in common --------------------------------------------------------- */

static int posix_get_hrtimer_res(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = (struct timespec){ 0, 1 };
	return 0;
}

static int posix_get_coarse_res(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = (struct timespec){ 0, TICK_NSEC };
	return 0;
}

static int posix_get_realtime(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = ktime_to_timespec(ktime_get_real_ns());
	return 0;
}

static int posix_get_monotonic(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = ktime_to_timespec(ktime_get_ns());
	return 0;
}

static int posix_get_realtime_coarse(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = ktime_to_timespec(ktime_get_coarse_ns() + real_offset);
	return 0;
}

static int posix_get_monotonic_coarse(clockid_t which __maybe_unused, struct timespec *tp)
{
	*tp = ktime_to_timespec(ktime_get_coarse_ns());
	return 0;
}

static int posix_clock_realtime_set(clockid_t which __maybe_unused, const struct timespec *tp)
{
	return do_sys_settimeofday(tp, NULL);
}

static int common_nsleep(clockid_t which, int flags, const struct timespec *rqtp)
{
	return hrtimer_nanosleep(timespec_to_ktime(*rqtp),
				 flags & TIMER_ABSTIME ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL, which);
}

/* Linux: kernel/time/alarmtimer.c */
static int alarm_timer_nsleep(clockid_t which, int flags, const struct timespec *rqtp)
{
	if (flags & ~TIMER_ABSTIME)
		return -EINVAL;
	if (!capable(CAP_WAKE_ALARM))
		return -EPERM;
	return common_nsleep(clock_of_alarm(which), flags, rqtp);
}

/* Linux: kernel/time/alarmtimer.c */
static int alarm_timer_create(struct k_itimer *timer)
{
	return capable(CAP_WAKE_ALARM) ? common_timer_create(timer) : -EPERM;
}

/* --- the table ------------------------------------------------------------------------------ */

/* What is done with a timer of one of hrtimers' clocks. */
#define COMMON_TIMER                            \
	.timer_set = common_timer_set,          \
	.timer_del = common_timer_del,          \
	.timer_get = common_timer_get,          \
	.timer_rearm = common_hrtimer_rearm

static const struct k_clock clock_realtime = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_set = posix_clock_realtime_set,
	.clock_get = posix_get_realtime,
	.nsleep = common_nsleep,
	.timer_create = common_timer_create,
	COMMON_TIMER,
};

static const struct k_clock clock_monotonic = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_get = posix_get_monotonic,
	.nsleep = common_nsleep,
	.timer_create = common_timer_create,
	COMMON_TIMER,
};

static const struct k_clock clock_monotonic_raw = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_get = posix_get_monotonic,
};

static const struct k_clock clock_realtime_coarse = {
	.clock_getres = posix_get_coarse_res,
	.clock_get = posix_get_realtime_coarse,
};

static const struct k_clock clock_monotonic_coarse = {
	.clock_getres = posix_get_coarse_res,
	.clock_get = posix_get_monotonic_coarse,
};

/* The number of leap seconds is not known, so this is the date. */
static const struct k_clock clock_tai = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_get = posix_get_realtime,
	.nsleep = common_nsleep,
	.timer_create = common_timer_create,
	COMMON_TIMER,
};

static const struct k_clock clock_realtime_alarm = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_get = posix_get_realtime,
	.nsleep = alarm_timer_nsleep,
	.timer_create = alarm_timer_create,
	COMMON_TIMER,
};

static const struct k_clock clock_boottime_alarm = {
	.clock_getres = posix_get_hrtimer_res,
	.clock_get = posix_get_monotonic,
	.nsleep = alarm_timer_nsleep,
	.timer_create = alarm_timer_create,
	COMMON_TIMER,
};

static const struct k_clock *const posix_clocks[] = {
	[CLOCK_REALTIME] = &clock_realtime,
	[CLOCK_MONOTONIC] = &clock_monotonic,
	[CLOCK_PROCESS_CPUTIME_ID] = &clock_process,
	[CLOCK_THREAD_CPUTIME_ID] = &clock_thread,
	[CLOCK_MONOTONIC_RAW] = &clock_monotonic_raw,
	[CLOCK_REALTIME_COARSE] = &clock_realtime_coarse,
	[CLOCK_MONOTONIC_COARSE] = &clock_monotonic_coarse,
	[CLOCK_BOOTTIME] = &clock_monotonic,
	[CLOCK_REALTIME_ALARM] = &clock_realtime_alarm,
	[CLOCK_BOOTTIME_ALARM] = &clock_boottime_alarm,
	[CLOCK_TAI] = &clock_tai,
};

/* A device that is a clock: its descriptor is in the number. No file is one. Linux: posix-clock.c */
#define CLOCKFD 3
#define CLOCKFD_MASK 7

static int pc_clock_get(clockid_t which __maybe_unused, struct timespec *tp __maybe_unused)
{
	return -EINVAL;
}

static int pc_clock_set(clockid_t which __maybe_unused, const struct timespec *tp __maybe_unused)
{
	return -EINVAL;
}

static const struct k_clock clock_posix_dynamic = {
	.clock_getres = pc_clock_get,
	.clock_set = pc_clock_set,
	.clock_get = pc_clock_get,
};

const struct k_clock *clockid_to_kclock(clockid_t id)
{
	if (id < 0)
		return (id & CLOCKFD_MASK) == CLOCKFD ? &clock_posix_dynamic : &clock_posix_cpu;
	return id < (int)ARRAY_SIZE(posix_clocks) ? posix_clocks[id] : NULL;
}

/* --- the calls ------------------------------------------------------------------------------ */

SYSCALL_DEFINE2(clock_settime, clockid_t, which, const struct timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which);
	struct timespec ts;

	if (!kc || !kc->clock_set)
		return -EINVAL;
	if (get_timespec(&ts, tp))
		return -EFAULT;
	return kc->clock_set(which, &ts);
}

SYSCALL_DEFINE2(clock_gettime, clockid_t, which, struct timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which);
	struct timespec ts;
	int error;

	if (!kc)
		return -EINVAL;
	error = kc->clock_get(which, &ts);
	return error ?: put_timespec(&ts, tp);
}

SYSCALL_DEFINE2(clock_getres, clockid_t, which, struct timespec __user *, tp)
{
	const struct k_clock *kc = clockid_to_kclock(which);
	struct timespec ts;
	int error;

	if (!kc)
		return -EINVAL;
	error = kc->clock_getres(which, &ts);
	return error || !tp ? error : put_timespec(&ts, tp);
}

SYSCALL_DEFINE4(clock_nanosleep, clockid_t, which, int, flags, const struct timespec __user *, rqtp,
		struct timespec __user *, rmtp)
{
	const struct k_clock *kc = clockid_to_kclock(which);
	struct timespec ts;

	if (!kc)
		return -EINVAL;
	if (!kc->nsleep)
		return -EOPNOTSUPP;
	if (get_timespec(&ts, rqtp))
		return -EFAULT;
	if (!timespec_valid(&ts))
		return -EINVAL;
	nanosleep_prepare(flags & TIMER_ABSTIME ? NULL : rmtp);
	return kc->nsleep(which, flags, &ts);
}
