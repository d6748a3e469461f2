/*
 * Sleeping until a nanosecond, by a high-resolution timer: schedule_hrtimeout(), nanosleep(2).
 * Linux: kernel/time/hrtimer.c
 */
#include "kernel/lib/export.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/time.h"

/* The timer of a task that sleeps. @task: NULL when the time has come. */
struct hrtimer_sleeper {
	struct hrtimer timer;
	struct task_struct *task;
};

static enum hrtimer_restart hrtimer_wakeup(struct hrtimer *timer)
{
	struct hrtimer_sleeper *sleeper = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *task = sleeper->task;

	sleeper->task = NULL;
	wake_up_process(task);
	return HRTIMER_NORESTART;
}

static void hrtimer_init_sleeper(struct hrtimer_sleeper *sleeper, int clock_id,
				 enum hrtimer_mode mode)
{
	hrtimer_init(&sleeper->timer, clock_id, mode);
	sleeper->timer.function = hrtimer_wakeup;
	sleeper->task = current;
}

int schedule_hrtimeout_clock(ktime_t *expires, enum hrtimer_mode mode, int clock_id)
{
	struct hrtimer_sleeper sleeper;

	if (!expires) {
		schedule();
		return -EINTR;
	}
	hrtimer_init_sleeper(&sleeper, clock_id, mode);
	hrtimer_start(&sleeper.timer, *expires, mode);
	if (READ_ONCE(sleeper.task))
		schedule();
	hrtimer_cancel(&sleeper.timer);
	__set_current_state(TASK_RUNNING);
	return READ_ONCE(sleeper.task) ? -EINTR : 0;
}

int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode)
{
	return schedule_hrtimeout_clock(expires, mode, CLOCK_MONOTONIC);
}
EXPORT_SYMBOL(schedule_hrtimeout);

int nanosleep_copyout(const struct restart_block *restart, const struct timespec *left)
{
	return put_timespec(left, restart->nanosleep.rmtp) ?: -ERESTART_RESTARTBLOCK;
}

/*
 * Sleep until the timer of @t, whose expires is set. 0; -ERESTART_RESTARTBLOCK: a signal came first, and
 * the time that is left was stored where restart_block says; -EFAULT.
 */
static int do_nanosleep(struct hrtimer_sleeper *t, enum hrtimer_mode mode)
{
	const struct restart_block *restart = &current->restart_block;
	struct timespec left;
	ktime_t remaining;

	hrtimer_start(&t->timer, t->timer.expires, mode);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!READ_ONCE(t->task) || signal_pending(current))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	hrtimer_cancel(&t->timer);
	if (!READ_ONCE(t->task))
		return 0;
	if (!restart->nanosleep.rmtp)
		return -ERESTART_RESTARTBLOCK;
	remaining = hrtimer_get_remaining(&t->timer);
	if (remaining <= 0)
		return 0;
	left = ktime_to_timespec(remaining);
	return nanosleep_copyout(restart, &left);
}

static long hrtimer_nanosleep_restart(struct restart_block *restart)
{
	struct hrtimer_sleeper t;

	hrtimer_init_sleeper(&t, restart->nanosleep.clockid, HRTIMER_MODE_ABS);
	t.timer.expires = restart->nanosleep.expires;
	return do_nanosleep(&t, HRTIMER_MODE_ABS);
}

long hrtimer_nanosleep(ktime_t expires, enum hrtimer_mode mode, int clock_id)
{
	struct restart_block *restart = &current->restart_block;
	struct hrtimer_sleeper t;
	int ret;

	hrtimer_init_sleeper(&t, clock_id, mode);
	t.timer.expires = expires;
	ret = do_nanosleep(&t, mode);
	if (ret != -ERESTART_RESTARTBLOCK)
		return ret;
	if (mode == HRTIMER_MODE_ABS)
		return -ERESTARTNOHAND; /* the same call ends at the same time */
	restart->nanosleep.clockid = CLOCK_MONOTONIC; /* which spans of time are measured by */
	restart->nanosleep.expires = t.timer.expires;
	return set_restart_fn(restart, hrtimer_nanosleep_restart);
}

void nanosleep_prepare(struct timespec __user *rmtp)
{
	current->restart_block.fn = do_no_restart_syscall;
	current->restart_block.nanosleep.rmtp = rmtp;
}

SYSCALL_DEFINE2(nanosleep, const struct timespec __user *, rqtp, struct timespec __user *,
		rmtp)
{
	struct timespec ts;

	if (get_timespec(&ts, rqtp))
		return -EFAULT;
	if (!timespec_valid(&ts))
		return -EINVAL;
	nanosleep_prepare(rmtp);
	return hrtimer_nanosleep(timespec_to_ktime(ts), HRTIMER_MODE_REL, CLOCK_MONOTONIC);
}
