/*
 * hrtimer: call a function at a given nanosecond. Linux: include/linux/hrtimer.h
 *
 * For times that a program or a person notices. Arming and cancelling cost O(log n). How accurate
 * it is depends on the device behind it: see kernel/cpu/time.c.
 */
#ifndef KERNEL_TIME_HRTIMER_H
#define KERNEL_TIME_HRTIMER_H

#include <uapi/time.h>

#include "kernel/lib/lib.h"
#include "kernel/lib/rbtree.h"

struct restart_block;

enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0, /* a point in time */
	HRTIMER_MODE_REL = 1, /* a time from now on */
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART, /* the function has moved the time on, by hrtimer_forward() */
};

struct hrtimer {
	struct rb_node node;
	ktime_t expires; /* on its clock */
	unsigned int base; /* which clock that is */
	/* Runs in the timer interrupt. */
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};

/*
 * @clock_id: CLOCK_MONOTONIC or CLOCK_BOOTTIME, which are the same here; CLOCK_REALTIME or CLOCK_TAI,
 * which are the same as well. Then set ->function.
 */
void hrtimer_init(struct hrtimer *timer, int clock_id, enum hrtimer_mode mode);

/* Arm @timer, whether it is pending or not. */
void hrtimer_start(struct hrtimer *timer, ktime_t expires, enum hrtimer_mode mode);

/*
 * Returns 1 if @timer was pending, 0 if not. try_to_cancel: -1 if its function is running, that is,
 * when that function calls this. hrtimer_cancel() then does not wait for itself: it warns, returns 0,
 * and the timer is not restarted when the function returns.
 */
int hrtimer_try_to_cancel(struct hrtimer *timer);
int hrtimer_cancel(struct hrtimer *timer);

static inline bool hrtimer_is_queued(const struct hrtimer *timer)
{
	return !RB_EMPTY_NODE(&timer->node);
}

bool hrtimer_active(const struct hrtimer *timer); /* pending, or its function runs */
ktime_t hrtimer_get_remaining(const struct hrtimer *timer);
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer); /* now, on its clock */

/* Arm @timer for timer->expires. */
static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start(timer, timer->expires, HRTIMER_MODE_ABS);
}

/* The sum of two times that are not negative; what is too far away is the latest time there is. */
static inline ktime_t ktime_add_safe(ktime_t a, ktime_t b)
{
	ktime_t sum;

	return __builtin_add_overflow(a, b, &sum) ? KTIME_MAX : sum;
}

/* Move the time on by whole @interval until it is after @now. Returns by how many. */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval);

/*
 * Sleep until *@expires, or for ever if it is NULL, in the state current has set before. 0: the time
 * has come; -EINTR: something else woke current.
 */
int schedule_hrtimeout(ktime_t *expires, enum hrtimer_mode mode);
/* The same on another clock. Linux: schedule_hrtimeout_range_clock() */
int schedule_hrtimeout_clock(ktime_t *expires, enum hrtimer_mode mode, int clock_id);

/*
 * Sleep as nanosleep(2) does. 0; when a signal came first -ERESTARTNOHAND or, with @mode REL,
 * -ERESTART_RESTARTBLOCK: restart_syscall() then sleeps for the rest. nanosleep_prepare() before says
 * where the rest is to be stored (NULL: nowhere): -EFAULT.
 */
void nanosleep_prepare(struct timespec __user *rmtp);
long hrtimer_nanosleep(ktime_t expires, enum hrtimer_mode mode, int clock_id);

/* real_offset has changed: the timers of CLOCK_REALTIME are due at other times. */
void clock_was_set(void);

/* What is @left goes to ring 3: -ERESTART_RESTARTBLOCK, or -EFAULT. */
int nanosleep_copyout(const struct restart_block *restart, const struct timespec *left);

void tick_init(void); /* from now on the clock ticks, and timers of both kinds fire */

#endif
