/*
 * The three interval timers that each process has: setitimer, getitimer, alarm; and the beginning and the
 * end of all timers of a process. Linux: kernel/time/itimer.c
 *
 * ITIMER_REAL is a high-resolution timer. When it repeats, it is armed again when its SIGALRM is taken.
 * The other two count ticks, and the tick looks at them (posix-cpu-timers.c).
 */
#include "kernel/time/posix-timers.h"

#include "kernel/syscalls.h"

/* --- the timers of a process ---------------------------------------------------------------- */

static enum hrtimer_restart it_real_fn(struct hrtimer *timer)
{
	struct process_timers *timers = container_of(timer, struct process_timers, real_timer);

	kill_pid_info(SIGALRM, SEND_SIG_PRIV, timers->leader_pid);
	return HRTIMER_NORESTART;
}

struct process_timers *get_process_timers(struct task_struct *task)
{
	struct process_timers *timers = task->signal->timers;

	if (timers)
		return timers;
	timers = kzalloc(sizeof(*timers), GFP_KERNEL);
	/* While that slept another thread may have made them, or the group may have ended. */
	if (!timers || task->signal->timers || !task->signal->live) {
		kfree(timers);
		return task->signal->timers;
	}
	hrtimer_init(&timers->real_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timers->real_timer.function = it_real_fn;
	timers->leader_pid = get_pid(task_pid_type(task, PIDTYPE_TGID));
	INIT_LIST_HEAD(&timers->posix_timers);
	task->signal->timers = timers;
	return timers;
}

static void thread_timers_exit(struct task_struct *task)
{
	struct posix_cputimers *cputimers = task->cputimers;

	task->cputimers = NULL;
	if (!cputimers)
		return;
	posix_cputimers_exit(cputimers);
	kfree(cputimers);
}

/* Current begins another program: of its timers, those of setitimer() go on. */
void exec_timers(void)
{
	thread_timers_exit(current);
	if (!current->signal->timers)
		return;
	exit_itimers(current->signal->timers);
	flush_itimer_signals();
}

/* Current ends; @group_dead: and is the last of its group. Linux: kernel/exit.c */
void exit_timers(bool group_dead)
{
	struct process_timers *timers = current->signal->timers;

	thread_timers_exit(current);
	if (!group_dead || !timers)
		return;
	exit_itimers(timers);
	hrtimer_cancel(&timers->real_timer);
	current->signal->timers = NULL;
	posix_cputimers_exit(&timers->cpu);
	put_pid(timers->leader_pid);
	kfree(timers);
}

/* SIGALRM was taken out of the queue of @task's group. */
void itimer_rearm(struct task_struct *task)
{
	struct process_timers *timers = task->signal->timers;

	if (!timers || !timers->it_real_incr || hrtimer_is_queued(&timers->real_timer))
		return;
	hrtimer_forward_now(&timers->real_timer, timers->it_real_incr);
	hrtimer_restart(&timers->real_timer);
}

/* --- setting and reading -------------------------------------------------------------------- */

/* Which CPU clock it runs by, or -EINVAL. */
static int clock_of_itimer(int which)
{
	switch (which) {
	case ITIMER_VIRTUAL:
		return CPUCLOCK_VIRT;
	case ITIMER_PROF:
		return CPUCLOCK_PROF;
	default:
		return -EINVAL;
	}
}

static void get_real_itimer(const struct process_timers *timers, struct itimerspec *it)
{
	const struct hrtimer *timer = &timers->real_timer;

	it->it_interval = ktime_to_timespec(timers->it_real_incr);
	if (hrtimer_is_queued(timer)) /* it is about to expire: 0 would say that it is not armed */
		it->it_value = ktime_to_timespec(max(hrtimer_get_remaining(timer), (ktime_t)1000));
}

static void set_real_itimer(struct process_timers *timers, const struct itimerspec *new,
			    struct itimerspec *old)
{
	ktime_t expires = timespec_to_ktime(new->it_value);

	local_irq_disable();
	get_real_itimer(timers, old);
	hrtimer_cancel(&timers->real_timer);
	timers->it_real_incr = expires ? timespec_to_ktime(new->it_interval) : 0;
	if (expires)
		hrtimer_start(&timers->real_timer, expires, HRTIMER_MODE_REL);
	local_irq_enable();
}

static void get_cpu_itimer(int clock, struct itimerspec *it)
{
	const struct cpu_itimer *timer = &current->signal->timers->it[clock];
	u64 now = sample_ticks(&current->signal->used, clock), left = timer->expires;

	it->it_interval = ktime_to_timespec(timer->incr);
	if (left)
		left = left > now ? left - now : TICK_NSEC;
	it->it_value = ktime_to_timespec(left);
}

/* One tick more, because part of the current one is over. */
static void set_cpu_itimer(int clock, const struct itimerspec *new, struct itimerspec *old)
{
	struct cpu_itimer *timer = &current->signal->timers->it[clock];
	u64 value = timespec_to_ktime(new->it_value);

	local_irq_disable();
	get_cpu_itimer(clock, old);
	if (value)
		value += TICK_NSEC + sample_ticks(&current->signal->used, clock);
	timer->expires = value;
	timer->incr = timespec_to_ktime(new->it_interval);
	local_irq_enable();
}

/* @it becomes what timer @which of current's group is set to. 0 or -EINVAL: there is no such timer. */
static int do_getitimer(int which, struct itimerspec *it)
{
	int clock = clock_of_itimer(which);

	*it = (struct itimerspec){ 0 };
	if (which != ITIMER_REAL && clock < 0)
		return -EINVAL;
	if (!current->signal->timers)
		return 0;
	if (which == ITIMER_REAL)
		get_real_itimer(current->signal->timers, it);
	else
		get_cpu_itimer(clock, it);
	return 0;
}

/* The same, and sets it to @new. -ENOMEM, too. */
static int do_setitimer(int which, const struct itimerspec *new, struct itimerspec *old)
{
	int clock = clock_of_itimer(which);
	struct process_timers *timers;

	*old = (struct itimerspec){ 0 };
	if (which != ITIMER_REAL && clock < 0)
		return -EINVAL;
	timers = get_process_timers(current);
	if (!timers)
		return -ENOMEM;
	if (which == ITIMER_REAL)
		set_real_itimer(timers, new, old);
	else
		set_cpu_itimer(clock, new, old);
	return 0;
}

static int put_itimerval(const struct itimerspec *it, struct itimerval __user *value)
{
	struct itimerval val = {
		{ it->it_interval.tv_sec, it->it_interval.tv_nsec / 1000 },
		{ it->it_value.tv_sec, it->it_value.tv_nsec / 1000 },
	};

	return copy_to_user(value, &val, sizeof(val)) ? -EFAULT : 0;
}

static bool timeval_valid(const struct timeval *tv)
{
	return tv->tv_sec >= 0 && tv->tv_usec >= 0 && tv->tv_usec < 1000000;
}

/* 0, -EFAULT or -EINVAL. @value NULL: all zeros. */
static int get_itimerval(struct itimerspec *it, const struct itimerval __user *value)
{
	struct itimerval val = { 0 };

	if (value && copy_from_user(&val, value, sizeof(val)))
		return -EFAULT;
	if (!timeval_valid(&val.it_value) || !timeval_valid(&val.it_interval))
		return -EINVAL;
	it->it_value = (struct timespec){ val.it_value.tv_sec, val.it_value.tv_usec * 1000 };
	it->it_interval = (struct timespec){ val.it_interval.tv_sec, val.it_interval.tv_usec * 1000 };
	return 0;
}

SYSCALL_DEFINE2(getitimer, int, which, struct itimerval __user *, value)
{
	struct itimerspec it;
	int error = do_getitimer(which, &it);

	return error ?: put_itimerval(&it, value);
}

SYSCALL_DEFINE3(setitimer, int, which, const struct itimerval __user *, value,
		struct itimerval __user *, ovalue)
{
	struct itimerspec new, old;
	int error = get_itimerval(&new, value);

	if (!error)
		error = do_setitimer(which, &new, &old);
	return error || !ovalue ? error : put_itimerval(&old, ovalue);
}

/* Returns the seconds that were left, rounded, but not to 0 when it was armed. */
SYSCALL_DEFINE1(alarm, unsigned int, seconds)
{
	struct itimerspec new = { .it_value = { .tv_sec = seconds } }, old;
	int error = do_setitimer(ITIMER_REAL, &new, &old);

	if (error)
		return error;
	if ((!old.it_value.tv_sec && old.it_value.tv_nsec) ||
	    old.it_value.tv_nsec >= (s64)NSEC_PER_SEC / 2)
		old.it_value.tv_sec++;
	return old.it_value.tv_sec;
}
