/*
 * clock_gettime and nanosleep. Linux: kernel/time/posix-timers.c, posix-cpu-timers.c, hrtimer.c
 */
#include <uapi/time.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"

/*
 * A clock with a negative number measures the CPU time of a process or thread: bits 0 and 1 say
 * which time, bit 2 whose, and the rest is the complement of the PID (of 0: current).
 */
#define CPUCLOCK_PID(clock) ((pid_t)~((clock) >> 3))
#define CPUCLOCK_PERTHREAD(clock) ((clock) & 4)
#define CPUCLOCK_WHICH(clock) ((clock) & 3)
#define CPUCLOCK_PROF 0 /* in ring 3 and in ring 0 */
#define CPUCLOCK_VIRT 1 /* in ring 3 */
#define CPUCLOCK_SCHED 2 /* on the CPU, which is the same as PROF here: both count ticks */
#define CPUCLOCK_MAX 3

#define CPU_CLOCK(type) ((int)(~0u << 3 | (type))) /* of current */

/* The task whose time @clock measures, or NULL: only of one's own group for a thread. */
static struct task_struct *task_for_clock(int clock)
{
	pid_t nr = CPUCLOCK_PID(clock);
	struct task_struct *task;

	if (CPUCLOCK_WHICH(clock) >= CPUCLOCK_MAX)
		return NULL;
	if (nr == 0)
		return current;
	if (!CPUCLOCK_PERTHREAD(clock))
		return pid_task(find_vpid(nr), PIDTYPE_TGID);
	task = find_task_by_vpid(nr);
	return task && task->signal == current->signal ? task : NULL;
}

static u64 cpu_clock_sample(int which, const struct task_struct *task)
{
	u64 ticks = task->utime + (which == CPUCLOCK_VIRT ? 0 : task->stime);

	return ticks * TICK_NSEC;
}

/* Nanoseconds of @clock, or -EINVAL. */
static s64 posix_cpu_clock_get(int clock)
{
	struct task_struct *task = task_for_clock(clock), *t;
	u64 sum = 0;

	if (!task)
		return -EINVAL;
	if (CPUCLOCK_PERTHREAD(clock))
		return cpu_clock_sample(CPUCLOCK_WHICH(clock), task);
	for_each_thread(task, t)
		sum += cpu_clock_sample(CPUCLOCK_WHICH(clock), t);
	return sum;
}

/* The same for any clock. A clock that is a file (bits 0 to 2 are 3) needs a device we lack. */
static s64 clock_ns(int clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI: /* the number of leap seconds is not known */
		return ktime_get_real_ns();
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		return ktime_get_ns();
	case CLOCK_PROCESS_CPUTIME_ID:
		return posix_cpu_clock_get(CPU_CLOCK(CPUCLOCK_SCHED));
	case CLOCK_THREAD_CPUTIME_ID:
		return posix_cpu_clock_get(CPU_CLOCK(CPUCLOCK_SCHED | 4));
	default:
		return clock < 0 ? posix_cpu_clock_get(clock) : -EINVAL;
	}
}

SYSCALL_DEFINE2(clock_gettime, int, clock, struct timespec __user *, tp)
{
	s64 ns = clock_ns(clock);
	struct timespec ts;

	if (ns < 0)
		return ns;
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
