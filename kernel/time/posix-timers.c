/*
 * Timers that programs make: timer_create and its kin. Linux: kernel/time/posix-timers.c
 *
 * A timer that repeats is not armed again when it expires, but when its signal is taken
 * (posixtimer_rearm()): however short its interval is, it interrupts nobody who does not listen. What
 * would have expired meanwhile is counted as its overrun.
 *
 * A timer is found by its process and number in a hash. Its signal is allocated with it, so that sending
 * it never fails; while that signal is in a queue, another expiration only counts.
 */
#include "kernel/time/posix-timers.h"

#include "kernel/lib/init.h"
#include "kernel/syscalls.h"

#define POSIX_TIMERS_HASH 2048 /* with 10,000 timers, five share a chain */

static struct hlist_head posix_timers_hashtable[POSIX_TIMERS_HASH];
static struct kmem_cache *posix_timers_cache;

static struct hlist_head *timer_chain(const struct signal_struct *signal, int id)
{
	return &posix_timers_hashtable[((unsigned long)signal / 64 + id) % POSIX_TIMERS_HASH];
}

static struct k_itimer *posix_timer_by_id(const struct signal_struct *signal, int id)
{
	struct k_itimer *timer;

	hlist_for_each_entry(timer, timer_chain(signal, id), t_hash) {
		if (timer->it_id == id && timer->it_signal == signal)
			return timer;
	}
	return NULL;
}

/* --- when the clock is one of hrtimers ------------------------------------------------------ */

int common_timer_create(struct k_itimer *timer)
{
	hrtimer_init(&timer->it.timer, clock_of_alarm(timer->it_clock), HRTIMER_MODE_ABS);
	return 0;
}

void common_hrtimer_rearm(struct k_itimer *timer)
{
	timer->it_overrun += hrtimer_forward_now(&timer->it.timer, timer->it_interval);
	hrtimer_restart(&timer->it.timer);
}

void common_timer_get(struct k_itimer *timer, struct itimerspec *cur)
{
	bool sig_none = timer->it_sigev_notify == SIGEV_NONE;
	struct hrtimer *hrtimer = &timer->it.timer;
	ktime_t remaining;

	cur->it_interval = ktime_to_timespec(timer->it_interval);
	if (!timer->it_interval && !timer->it_active && !sig_none)
		return;
	if (timer->it_interval && (timer->it_requeue_pending & REQUEUE_PENDING || sig_none))
		timer->it_overrun += hrtimer_forward_now(hrtimer, timer->it_interval);
	remaining = hrtimer_get_remaining(hrtimer);
	if (remaining > 0)
		cur->it_value = ktime_to_timespec(remaining);
	else if (!sig_none) /* 0 would say that it is not armed */
		cur->it_value.tv_nsec = 1;
}

static enum hrtimer_restart posix_timer_fn(struct hrtimer *hrtimer)
{
	struct k_itimer *timer = container_of(hrtimer, struct k_itimer, it.timer);
	ktime_t now;

	timer->it_active = false;
	if (!timer->it_interval) {
		posix_timer_event(timer, 0);
		return HRTIMER_NORESTART;
	}
	if (!posix_timer_event(timer, ++timer->it_requeue_pending))
		return HRTIMER_NORESTART;
	/* The signal may not be ignored the next time: go on, but once in a tick at most. */
	now = hrtimer_cb_get_time(hrtimer);
	if (timer->it_interval < (ktime_t)TICK_NSEC)
		now += TICK_NSEC;
	timer->it_overrun += hrtimer_forward(hrtimer, now, timer->it_interval);
	timer->it_requeue_pending++;
	timer->it_active = true;
	return HRTIMER_RESTART;
}

/* A timer of SIGEV_NONE only looks as if it ran. */
static void common_hrtimer_arm(struct k_itimer *timer, ktime_t expires, bool absolute)
{
	enum hrtimer_mode mode = absolute ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL;
	struct hrtimer *hrtimer = &timer->it.timer;

	hrtimer_init(hrtimer, clock_of_alarm(timer->it_clock), mode);
	hrtimer->function = posix_timer_fn;
	if (!absolute)
		expires = ktime_add_safe(expires, hrtimer_cb_get_time(hrtimer));
	hrtimer->expires = expires;
	if (timer->it_sigev_notify == SIGEV_NONE)
		return;
	hrtimer_restart(hrtimer);
	timer->it_active = true;
}

int common_timer_set(struct k_itimer *timer, int flags, const struct itimerspec *new,
		     struct itimerspec *old)
{
	ktime_t expires = timespec_to_ktime(new->it_value);

	if (old)
		common_timer_get(timer, old);
	timer->it_interval = 0;
	hrtimer_cancel(&timer->it.timer);
	timer->it_active = false;
	/* A signal that is on its way arms the timer no more. */
	timer->it_requeue_pending = (timer->it_requeue_pending + 2) & ~REQUEUE_PENDING;
	timer->it_overrun_last = 0;
	if (!expires)
		return 0;
	timer->it_interval = timespec_to_ktime(new->it_interval);
	common_hrtimer_arm(timer, expires, flags & TIMER_ABSTIME);
	return 0;
}

void common_timer_del(struct k_itimer *timer)
{
	hrtimer_cancel(&timer->it.timer);
	timer->it_active = false;
}

/* --- signals -------------------------------------------------------------------------------- */

bool posix_timer_event(struct k_itimer *timer, int si_private)
{
	enum pid_type type = timer->it_sigev_notify & SIGEV_THREAD_ID ? PIDTYPE_PID : PIDTYPE_TGID;

	timer->sigq->info.si_sys_private = si_private;
	return send_sigqueue(timer->sigq, timer->it_pid, type) > 0;
}

static int timer_overrun_to_int(const struct k_itimer *timer, int baseval)
{
	return min(timer->it_overrun_last + baseval, (s64)INT32_MAX);
}

/* Its timer goes on, unless it was set to another time since, or deleted. */
void posixtimer_rearm(kernel_siginfo_t *info)
{
	struct k_itimer *timer = posix_timer_by_id(current->signal, info->si_tid);

	if (!timer || !timer->it_interval || timer->it_requeue_pending != info->si_sys_private)
		return;
	timer->kclock->timer_rearm(timer);
	timer->it_active = true;
	timer->it_overrun_last = timer->it_overrun;
	timer->it_overrun = -1;
	timer->it_requeue_pending++;
	info->si_overrun = timer_overrun_to_int(timer, info->si_overrun);
}

/* --- making and deleting -------------------------------------------------------------------- */

/* Who gets the signal that @event asks for, or NULL: it asks for something impossible. */
static struct pid *good_sigevent(const struct sigevent *event)
{
	struct pid *pid = task_pid_type(current, PIDTYPE_TGID);
	const struct task_struct *task;

	switch (event->sigev_notify) {
	case SIGEV_NONE:
		return pid;
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		pid = find_vpid(event->sigev_notify_thread_id);
		task = pid_task(pid, PIDTYPE_PID);
		if (!task || task->signal != current->signal)
			return NULL;
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return NULL;
	}
	return event->sigev_signo > 0 && event->sigev_signo <= _NSIG ? pid : NULL;
}

static struct k_itimer *alloc_posix_timer(void)
{
	struct k_itimer *timer = kmem_cache_alloc(posix_timers_cache, GFP_KERNEL);

	if (!timer)
		return NULL;
	memset(timer, 0, sizeof(*timer));
	timer->sigq = sigqueue_alloc();
	if (!timer->sigq) {
		kmem_cache_free(posix_timers_cache, timer);
		return NULL;
	}
	clear_siginfo(&timer->sigq->info);
	return timer;
}

static void free_posix_timer(struct k_itimer *timer)
{
	put_pid(timer->it_pid);
	sigqueue_free(timer->sigq);
	kmem_cache_free(posix_timers_cache, timer);
}

/* The next number that is free. There are always fewer timers than numbers. */
static void posix_timer_add(struct process_timers *timers, struct k_itimer *timer)
{
	do {
		timer->it_id = timers->posix_timer_id;
		timers->posix_timer_id = (timers->posix_timer_id + 1) & INT32_MAX;
	} while (posix_timer_by_id(current->signal, timer->it_id));
}

/* @event NULL: SIGALRM to the process, with the number as its value. 0 or -EINVAL. */
static int set_sigevent(struct k_itimer *timer, const struct sigevent *event)
{
	struct sigevent alarm = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM, .sigev_value = timer->it_id,
	};
	kernel_siginfo_t *info = &timer->sigq->info;

	event = event ?: &alarm;
	timer->it_pid = get_pid(good_sigevent(event));
	if (!timer->it_pid)
		return -EINVAL;
	timer->it_sigev_notify = event->sigev_notify;
	info->si_signo = event->sigev_signo;
	info->si_value.sival_ptr = (void __user *)event->sigev_value;
	info->si_tid = timer->it_id;
	info->si_code = SI_TIMER;
	return 0;
}

static int do_timer_create(clockid_t which, const struct sigevent *event, int __user *created)
{
	const struct k_clock *kc = clockid_to_kclock(which);
	struct process_timers *timers;
	struct k_itimer *timer;
	int error;

	if (!kc)
		return -EINVAL;
	if (!kc->timer_create)
		return -EOPNOTSUPP;
	timers = get_process_timers(current);
	timer = timers ? alloc_posix_timer() : NULL;
	if (!timer)
		return -EAGAIN;
	posix_timer_add(timers, timer);
	timer->kclock = kc;
	timer->it_clock = which;
	timer->it_overrun = -1;
	error = set_sigevent(timer, event);
	if (!error && put_user(timer->it_id, created))
		error = -EFAULT;
	if (!error)
		error = kc->timer_create(timer);
	if (error) {
		free_posix_timer(timer);
		return error;
	}
	timer->it_signal = current->signal;
	hlist_add_head(&timer->t_hash, timer_chain(current->signal, timer->it_id));
	list_add(&timer->list, &timers->posix_timers);
	return 0;
}

SYSCALL_DEFINE3(timer_create, clockid_t, which, const struct sigevent __user *, event,
		int __user *, created)
{
	struct sigevent ev;

	if (event && copy_from_user(&ev, event, sizeof(ev)))
		return -EFAULT;
	return do_timer_create(which, event ? &ev : NULL, created);
}

static void delete_timer(struct k_itimer *timer)
{
	local_irq_disable();
	timer->kclock->timer_del(timer);
	hlist_del_init(&timer->t_hash);
	list_del(&timer->list);
	local_irq_enable();
	free_posix_timer(timer);
}

void exit_itimers(struct process_timers *timers)
{
	while (!list_empty(&timers->posix_timers)) {
		delete_timer(list_first_entry(&timers->posix_timers, struct k_itimer, list));
		cond_resched();
	}
}

SYSCALL_DEFINE1(timer_delete, int, id)
{
	struct k_itimer *timer = posix_timer_by_id(current->signal, id);

	if (!timer)
		return -EINVAL;
	delete_timer(timer);
	return 0;
}

/* --- using them ----------------------------------------------------------------------------- */

SYSCALL_DEFINE2(timer_gettime, int, id, struct itimerspec __user *, setting)
{
	struct k_itimer *timer = posix_timer_by_id(current->signal, id);
	struct itimerspec cur = { 0 };

	if (!timer)
		return -EINVAL;
	local_irq_disable();
	timer->kclock->timer_get(timer, &cur);
	local_irq_enable();
	return put_itimerspec(&cur, setting);
}

SYSCALL_DEFINE1(timer_getoverrun, int, id)
{
	const struct k_itimer *timer = posix_timer_by_id(current->signal, id);

	return timer ? timer_overrun_to_int(timer, 0) : -EINVAL;
}

SYSCALL_DEFINE4(timer_settime, int, id, int, flags, const struct itimerspec __user *, new_setting,
		struct itimerspec __user *, old_setting)
{
	struct itimerspec new, old = { 0 };
	struct k_itimer *timer;
	int error;

	if (!new_setting)
		return -EINVAL;
	if (get_itimerspec(&new, new_setting))
		return -EFAULT;
	timer = posix_timer_by_id(current->signal, id);
	if (!itimerspec_valid(&new) || !timer)
		return -EINVAL;
	local_irq_disable();
	error = timer->kclock->timer_set(timer, flags, &new, old_setting ? &old : NULL);
	local_irq_enable();
	return error || !old_setting ? error : put_itimerspec(&old, old_setting);
}

static int posix_timers_init(void)
{
	posix_timers_cache = kmem_cache_create("posix_timers_cache", sizeof(struct k_itimer), 0,
					       SLAB_PANIC, NULL);
	return 0;
}
late_initcall(posix_timers_init);
