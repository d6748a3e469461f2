/*
 * The clocks that measure CPU time, and the timers on them. Linux: kernel/time/posix-cpu-timers.c
 *
 * Each tick looks at the timers of the task that it interrupts, and of its group: in each tree at the
 * earliest one. So nothing is done for tasks that do not run, whose clocks stand still.
 * Interrupts are off where a tree or a timer in it is touched.
 */
#include "kernel/time/posix-timers.h"

#include "kernel/time/tick.h"

/*
 * The number of such a clock is negative. Bits 0 and 1 say which time, bit 2 whose, and the rest is the
 * complement of the PID (of 0: current).
 */
#define CPUCLOCK_PID(clock) ((pid_t)~((clock) >> 3))
#define CPUCLOCK_PERTHREAD(clock) ((clock) & 4)
#define CPUCLOCK_WHICH(clock) ((clock) & 3)

#define PROCESS_CLOCK ((int)(~0u << 3 | CPUCLOCK_SCHED)) /* of current */
#define THREAD_CLOCK ((int)(~0u << 3 | 4 | CPUCLOCK_SCHED))

#define MAX_COLLECTED 20 /* timers that fire at one tick; the others do at the next */

/* --- reading -------------------------------------------------------------------------------- */

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

	if (CPUCLOCK_WHICH(clock) != CPUCLOCK_SCHED)
		return sample_ticks(thread ? &task->used : &task->signal->used,
				    CPUCLOCK_WHICH(clock));
	return thread ? task_sched_runtime(task) : thread_group_sched_runtime(task);
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

/* --- the trees ------------------------------------------------------------------------------ */

static struct k_itimer *first_timer(struct rb_root_cached *head)
{
	return rb_entry_safe(rb_first_cached(head), struct k_itimer, it.cpu.node);
}

static void cpu_timer_enqueue(struct rb_root_cached *head, struct cpu_timer *timer)
{
	struct rb_node **link = &head->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (timer->expires < rb_entry(parent, struct cpu_timer, node)->expires) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&timer->node, parent, link);
	rb_insert_color_cached(&timer->node, head, leftmost);
	timer->head = head;
}

static void cpu_timer_dequeue(struct cpu_timer *timer)
{
	if (timer->head)
		rb_erase_cached(&timer->node, timer->head);
	timer->head = NULL;
}

void posix_cputimers_exit(struct posix_cputimers *cputimers)
{
	struct k_itimer *timer;

	for (int which = 0; which < CPUCLOCK_MAX; which++) {
		while ((timer = first_timer(&cputimers->bases[which]))) {
			local_irq_disable();
			cpu_timer_dequeue(&timer->it.cpu);
			local_irq_enable();
			cond_resched();
		}
	}
}

/* Whose time @timer waits for; NULL: it was reaped. */
static struct task_struct *cpu_timer_task(const struct k_itimer *timer)
{
	return pid_task(timer->it.cpu.pid, clock_pid_type(timer->it_clock));
}

/* One whose time can no more come is armed in no tree. */
static void arm_timer(struct k_itimer *timer, const struct task_struct *task)
{
	struct posix_cputimers *cputimers = task->cputimers;

	if (!CPUCLOCK_PERTHREAD(timer->it_clock))
		cputimers = task->signal->timers ? &task->signal->timers->cpu : NULL;
	if (cputimers)
		cpu_timer_enqueue(&cputimers->bases[CPUCLOCK_WHICH(timer->it_clock)],
				  &timer->it.cpu);
}

/* --- firing --------------------------------------------------------------------------------- */

/* Move the time of a timer that repeats on until it is after @now. Returns it. */
static u64 bump_cpu_timer(struct k_itimer *timer, u64 now)
{
	struct cpu_timer *ctmr = &timer->it.cpu;
	u64 passed;

	if (!timer->it_interval || now < ctmr->expires)
		return ctmr->expires;
	passed = (now - ctmr->expires) / timer->it_interval + 1;
	ctmr->expires += passed * timer->it_interval;
	timer->it_overrun += passed;
	return ctmr->expires;
}

static void posix_cpu_timer_rearm(struct k_itimer *timer)
{
	const struct task_struct *task = cpu_timer_task(timer);

	if (!task)
		return;
	bump_cpu_timer(timer, cpu_clock_sample(timer->it_clock, task));
	arm_timer(timer, task);
}

/* @timer, which is in no tree, has expired. */
static void cpu_timer_fire(struct k_itimer *timer)
{
	struct cpu_timer *ctmr = &timer->it.cpu;

	if (timer->it_sigev_notify == SIGEV_NONE) {
		ctmr->expires = 0;
	} else if (!timer->sigq) {
		wake_up_process(timer->it_process);
		ctmr->expires = 0;
	} else if (!timer->it_interval) {
		posix_timer_event(timer, 0);
		ctmr->expires = 0;
	} else if (posix_timer_event(timer, ++timer->it_requeue_pending)) {
		posix_cpu_timer_rearm(timer); /* it was ignored, but the next one may not be */
		timer->it_requeue_pending++;
	}
}

static void fire_expired(struct rb_root_cached *head, u64 now)
{
	struct k_itimer *timer;

	for (int n = 0; n < MAX_COLLECTED; n++) {
		timer = first_timer(head);
		if (!timer || timer->it.cpu.expires > now)
			return;
		cpu_timer_dequeue(&timer->it.cpu);
		cpu_timer_fire(timer);
	}
}

static void check_cputimers(struct posix_cputimers *cputimers, const struct task_usage *used)
{
	struct rb_root_cached *bases = cputimers->bases;

	fire_expired(&bases[CPUCLOCK_PROF], sample_ticks(used, CPUCLOCK_PROF));
	fire_expired(&bases[CPUCLOCK_VIRT], sample_ticks(used, CPUCLOCK_VIRT));
	if (first_timer(&bases[CPUCLOCK_SCHED])) {
		update_curr();
		fire_expired(&bases[CPUCLOCK_SCHED], tsc_to_ns(used->sum_exec));
	}
}

static void check_cpu_itimer(struct cpu_itimer *it, u64 now, int sig)
{
	if (!it->expires || now < it->expires)
		return;
	it->expires = it->incr ? it->expires + it->incr : 0;
	do_send_sig_info(sig, SEND_SIG_PRIV, current, PIDTYPE_TGID);
}

/* Seconds of CPU time: SIGXCPU at the soft limit, and each second from then on; SIGKILL at the hard one. */
static void check_rlimit_cpu(struct rlimit *limit)
{
	u64 now = sample_ticks(&current->signal->used, CPUCLOCK_PROF) / NSEC_PER_SEC;

	if (limit->rlim_cur == RLIM_INFINITY)
		return;
	if (limit->rlim_max != RLIM_INFINITY && now >= limit->rlim_max) {
		do_send_sig_info(SIGKILL, SEND_SIG_PRIV, current, PIDTYPE_TGID);
	} else if (now >= limit->rlim_cur) {
		do_send_sig_info(SIGXCPU, SEND_SIG_PRIV, current, PIDTYPE_TGID);
		limit->rlim_cur++;
	}
}

/* From the tick. */
void run_posix_cpu_timers(void)
{
	struct task_struct *task = current;
	struct signal_struct *signal = task->signal;
	struct process_timers *timers = signal->timers;

	if (task->exit_state)
		return;
	if (task->cputimers)
		check_cputimers(task->cputimers, &task->used);
	if (timers) {
		check_cputimers(&timers->cpu, &signal->used);
		check_cpu_itimer(&timers->it[CPUCLOCK_PROF],
				 sample_ticks(&signal->used, CPUCLOCK_PROF), SIGPROF);
		check_cpu_itimer(&timers->it[CPUCLOCK_VIRT],
				 sample_ticks(&signal->used, CPUCLOCK_VIRT), SIGVTALRM);
	}
	check_rlimit_cpu(&signal->rlim[RLIMIT_CPU]);
}

/* --- the operations of timer_create() and its kin ------------------------------------------- */

/* The trees for timers of @clock are made, if they are not there. 0; -EAGAIN: no memory. */
static int make_cputimers(clockid_t clock, struct task_struct *task)
{
	struct posix_cputimers *made;

	if (!CPUCLOCK_PERTHREAD(clock))
		return get_process_timers(task) ? 0 : -EAGAIN;
	if (task->cputimers)
		return 0;
	made = kzalloc(sizeof(*made), GFP_KERNEL);
	/* While that slept another thread may have made them, or @task may have ended. */
	if (task->cputimers || task->flags & PF_EXITING)
		kfree(made);
	else
		task->cputimers = made;
	return task->cputimers ? 0 : -EAGAIN;
}

static int posix_cpu_timer_create(struct k_itimer *timer)
{
	struct pid *pid = pid_for_clock(timer->it_clock, false);
	struct task_struct *task = pid_task(pid, clock_pid_type(timer->it_clock));
	int error;

	if (!task)
		return -EINVAL;
	get_task_struct(task); /* the allocation may sleep */
	error = task->flags & PF_EXITING ? 0 : make_cputimers(timer->it_clock, task);
	put_task_struct(task);
	if (error)
		return error;
	timer->kclock = &clock_posix_cpu;
	timer->it.cpu = (struct cpu_timer){ .pid = get_pid(pid) };
	return 0;
}

static void posix_cpu_timer_del(struct k_itimer *timer)
{
	cpu_timer_dequeue(&timer->it.cpu);
	put_pid(timer->it.cpu.pid);
}

/* What is left of @timer at @now; it repeats, so its time may have to move on. */
static struct timespec time_left(struct k_itimer *timer, u64 now)
{
	u64 expires = timer->it.cpu.expires;

	if (!expires)
		return (struct timespec){ 0 };
	expires = bump_cpu_timer(timer, now);
	return expires > now ? ktime_to_timespec(expires - now) : (struct timespec){ 0, 1 };
}

static void posix_cpu_timer_get(struct k_itimer *timer, struct itimerspec *cur)
{
	const struct task_struct *task = cpu_timer_task(timer);
	u64 expires = timer->it.cpu.expires, now;

	if (!task)
		return;
	cur->it_interval = ktime_to_timespec(timer->it_interval);
	if (!expires)
		return;
	now = cpu_clock_sample(timer->it_clock, task);
	cur->it_value = now < expires ? ktime_to_timespec(expires - now) : (struct timespec){ 0, 1 };
}

static int posix_cpu_timer_set(struct k_itimer *timer, int flags, const struct itimerspec *new,
			       struct itimerspec *old)
{
	const struct task_struct *task = cpu_timer_task(timer);
	u64 expires = timespec_to_ktime(new->it_value), now;
	struct cpu_timer *ctmr = &timer->it.cpu;

	if (!task)
		return -ESRCH;
	cpu_timer_dequeue(ctmr);
	now = cpu_clock_sample(timer->it_clock, task);
	if (old) {
		old->it_interval = ktime_to_timespec(timer->it_interval);
		old->it_value = time_left(timer, now);
	}
	if (expires && !(flags & TIMER_ABSTIME))
		expires += now;
	ctmr->expires = expires;
	if (expires > now)
		arm_timer(timer, task);
	timer->it_interval = timespec_to_ktime(new->it_interval);
	timer->it_requeue_pending = (timer->it_requeue_pending + 2) & ~REQUEUE_PENDING;
	timer->it_overrun_last = 0;
	timer->it_overrun = -1;
	if (expires && expires <= now)
		cpu_timer_fire(timer);
	return 0;
}

/* --- sleeping ------------------------------------------------------------------------------- */

/* Until @timer, which is armed, has fired: true; false: a signal came first, and @left is left. */
static bool wait_for_cpu_timer(struct k_itimer *timer, struct itimerspec *left)
{
	static const struct itimerspec never;

	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!READ_ONCE(timer->it.cpu.expires))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	local_irq_disable();
	if (posix_cpu_timer_set(timer, 0, &never, left)) /* who was waited for is gone */
		cpu_timer_dequeue(&timer->it.cpu);
	local_irq_enable();
	return !left->it_value.tv_sec && !left->it_value.tv_nsec;
}

static int do_cpu_nanosleep(clockid_t which, int flags, const struct timespec *rqtp)
{
	struct restart_block *restart = &current->restart_block;
	struct k_itimer timer = { .it_clock = which, .it_overrun = -1 };
	struct itimerspec it = { .it_value = *rqtp }, left = { 0 };
	int error = posix_cpu_timer_create(&timer);

	if (error)
		return error;
	timer.it_process = current;
	local_irq_disable();
	error = posix_cpu_timer_set(&timer, flags, &it, NULL);
	local_irq_enable();
	if (!error) {
		restart->nanosleep.expires = timer.it.cpu.expires;
		if (!wait_for_cpu_timer(&timer, &left))
			error = -ERESTART_RESTARTBLOCK;
	}
	posix_cpu_timer_del(&timer);
	if (error == -ERESTART_RESTARTBLOCK && restart->nanosleep.rmtp)
		error = nanosleep_copyout(restart, &left.it_value);
	return error;
}

static long posix_cpu_nsleep_restart(struct restart_block *restart)
{
	struct timespec ts = ktime_to_timespec(restart->nanosleep.expires);

	return do_cpu_nanosleep(restart->nanosleep.clockid, TIMER_ABSTIME, &ts);
}

/* A thread that sleeps uses no time, so it cannot wait for its own. */
static int posix_cpu_nsleep(clockid_t which, int flags, const struct timespec *rqtp)
{
	struct restart_block *restart = &current->restart_block;
	pid_t pid = CPUCLOCK_PID(which);
	int error;

	if (CPUCLOCK_PERTHREAD(which) && (!pid || pid == current->pid))
		return -EINVAL;
	error = do_cpu_nanosleep(which, flags, rqtp);
	if (error != -ERESTART_RESTARTBLOCK)
		return error;
	if (flags & TIMER_ABSTIME)
		return -ERESTARTNOHAND;
	restart->nanosleep.clockid = which;
	return set_restart_fn(restart, posix_cpu_nsleep_restart);
}

/* --- the clocks ----------------------------------------------------------------------------- */

const struct k_clock clock_posix_cpu = {
	.clock_getres = posix_cpu_clock_getres,
	.clock_set = posix_cpu_clock_set,
	.clock_get = posix_cpu_clock_get,
	.nsleep = posix_cpu_nsleep,
	.timer_create = posix_cpu_timer_create,
	.timer_set = posix_cpu_timer_set,
	.timer_del = posix_cpu_timer_del,
	.timer_get = posix_cpu_timer_get,
	.timer_rearm = posix_cpu_timer_rearm,
};

static int process_cpu_clock_getres(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_getres(PROCESS_CLOCK, tp);
}

static int process_cpu_clock_get(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_get(PROCESS_CLOCK, tp);
}

static int process_cpu_nsleep(clockid_t which __maybe_unused, int flags, const struct timespec *rqtp)
{
	return posix_cpu_nsleep(PROCESS_CLOCK, flags, rqtp);
}

static int process_cpu_timer_create(struct k_itimer *timer)
{
	timer->it_clock = PROCESS_CLOCK;
	return posix_cpu_timer_create(timer);
}

const struct k_clock clock_process = {
	.clock_getres = process_cpu_clock_getres,
	.clock_get = process_cpu_clock_get,
	.nsleep = process_cpu_nsleep,
	.timer_create = process_cpu_timer_create,
};

static int thread_cpu_clock_getres(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_getres(THREAD_CLOCK, tp);
}

static int thread_cpu_clock_get(clockid_t which __maybe_unused, struct timespec *tp)
{
	return posix_cpu_clock_get(THREAD_CLOCK, tp);
}

static int thread_cpu_timer_create(struct k_itimer *timer)
{
	timer->it_clock = THREAD_CLOCK;
	return posix_cpu_timer_create(timer);
}

const struct k_clock clock_thread = {
	.clock_getres = thread_cpu_clock_getres,
	.clock_get = thread_cpu_clock_get,
	.timer_create = thread_cpu_timer_create,
};
