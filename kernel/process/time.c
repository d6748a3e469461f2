/*
 * clock_gettime and nanosleep. Linux: kernel/time/posix-timers.c, hrtimer.c
 */
#include <uapi/time.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"

SYSCALL_DEFINE2(clock_gettime, int, clock, struct timespec __user *, tp)
{
	struct timespec ts;
	u64 ns;

	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		ns = ktime_get_real_ns();
		break;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		ns = ktime_get_ns();
		break;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		ns = (current->utime + current->stime) * TICK_NSEC;
		break;
	default:
		return -EINVAL;
	}
	ts = (struct timespec){ .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };
	return copy_to_user(tp, &ts, sizeof(ts)) ? -EFAULT : 0;
}

/*
 * A signal that ends the sleep is fatal as long as there are no handlers, so the time that is left
 * is never seen, and @rem stays untouched as it does on Linux when the sleep runs to its end.
 */
SYSCALL_DEFINE2(nanosleep, const struct timespec __user *, req, struct timespec __user *,
		rem __maybe_unused)
{
	struct timespec ts;
	u64 ns;

	if (copy_from_user(&ts, req, sizeof(ts)))
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow((u64)ts.tv_sec, NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (u64)ts.tv_nsec + ktime_get_ns(), &ns))
		ns = UINT64_MAX;
	return hrtimer_nanosleep(min(ns, (u64)KTIME_MAX), HRTIMER_MODE_ABS, CLOCK_MONOTONIC);
}
