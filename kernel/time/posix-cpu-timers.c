/*
 * The clocks that measure CPU time. Linux: kernel/time/posix-cpu-timers.c
 */
#include "kernel/time/posix-timers.h"

/*
 * The number of such a clock is negative. Bits 0 and 1 say which time, bit 2 whose, and the rest is the
 * complement of the PID (of 0: current).
 */
#define CPUCLOCK_PID(clock) ((pid_t)~((clock) >> 3))
#define CPUCLOCK_PERTHREAD(clock) ((clock) & 4)
#define CPUCLOCK_WHICH(clock) ((clock) & 3)
#define CPUCLOCK_PROF 0 /* ticks in ring 3 and in ring 0 */
#define CPUCLOCK_VIRT 1 /* ticks in ring 3 */
#define CPUCLOCK_SCHED 2 /* time on the CPU */
#define CPUCLOCK_MAX 3

#define PROCESS_CLOCK ((int)(~0u << 3 | CPUCLOCK_SCHED)) /* of current */
#define THREAD_CLOCK ((int)(~0u << 3 | 4 | CPUCLOCK_SCHED))

/*
 * Whose time @clock measures, or NULL: of a thread only if it is one of current's group. @gettime: a
 * thread may read the clock of its process by its own number, too.
 */
static struct pid *pid_for_clock(clockid_t clock, bool gettime)
{
	bool thread = CPUCLOCK_PERTHREAD(clock);
	struct task_struct *task;
	struct pid *pid;

	if (CPUCLOCK_WHICH(clock) >= CPUCLOCK_MAX)
		return NULL;
	if (CPUCLOCK_PID(clock) == 0)
		return task_pid_type(current, thread ? PIDTYPE_PID : PIDTYPE_TGID);
	pid = find_vpid(CPUCLOCK_PID(clock));
	if (thread) {
		task = pid_task(pid, PIDTYPE_PID);
		return task && task->signal == current->signal ? pid : NULL;
	}
	if (gettime && pid == task_pid(current))
		return task_pid_type(current, PIDTYPE_TGID);
	return pid_task(pid, PIDTYPE_TGID) ? pid : NULL;
}

static enum pid_type clock_pid_type(clockid_t clock)
{
	return CPUCLOCK_PERTHREAD(clock) ? PIDTYPE_PID : PIDTYPE_TGID;
}

/* Nanoseconds of clock @clock of @task. */
static u64 cpu_clock_sample(clockid_t clock, const struct task_struct *task)
{
	bool thread = CPUCLOCK_PERTHREAD(clock);
	const struct task_usage *used = thread ? &task->used : &task->signal->used;

	switch (CPUCLOCK_WHICH(clock)) {
	case CPUCLOCK_PROF:
		return (used->utime + used->stime) * TICK_NSEC;
	case CPUCLOCK_VIRT:
		return used->utime * TICK_NSEC;
	default:
		return thread ? task_sched_runtime(task) : thread_group_sched_runtime(task);
	}
}

static int posix_cpu_clock_getres(clockid_t which, struct timespec *tp)
{
	if (!pid_for_clock(which, false))
		return -EINVAL;
	*tp = (struct timespec){ 0, CPUCLOCK_WHICH(which) == CPUCLOCK_SCHED ? 1 : TICK_NSEC };
	return 0;
}

/* Nobody can. */
static int posix_cpu_clock_set(clockid_t which, const struct timespec *tp __maybe_unused)
{
	return pid_for_clock(which, false) ? -EPERM : -EINVAL;
}

static int posix_cpu_clock_get(clockid_t which, struct timespec *tp)
{
	struct task_struct *task = pid_task(pid_for_clock(which, true), clock_pid_type(which));

	if (!task)
		return -EINVAL;
	*tp = ktime_to_timespec(cpu_clock_sample(which, task));
	return 0;
}

const struct k_clock clock_posix_cpu = {
	.clock_getres = posix_cpu_clock_getres,
	.clock_set = posix_cpu_clock_set,
	.clock_get = posix_cpu_clock_get,
};

static int process_cpu_clock_getres(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_getres(PROCESS_CLOCK, tp);
}

static int process_cpu_clock_get(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_get(PROCESS_CLOCK, tp);
}

const struct k_clock clock_process = {
	.clock_getres = process_cpu_clock_getres,
	.clock_get = process_cpu_clock_get,
};

static int thread_cpu_clock_getres(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_getres(THREAD_CLOCK, tp);
}

static int thread_cpu_clock_get(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_get(THREAD_CLOCK, tp);
}

const struct k_clock clock_thread = {
	.clock_getres = thread_cpu_clock_getres,
	.clock_get = thread_cpu_clock_get,
};
