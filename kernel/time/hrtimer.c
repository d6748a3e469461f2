/*
 * High-resolution timers call a function at a given nanosecond, as far as the timer device allows.
 * Linux: kernel/time/hrtimer.c
 *
 * Pending timers hang in a tree for each clock, ordered by time. The timer device is always programmed
 * for the first one, and its interrupt runs those whose time has come. The tick is one of them (tick.c).
 * There are two trees, because setting the date changes when a timer of CLOCK_REALTIME is due.
 */
#include "kernel/time/hrtimer.h"

#include "kernel/sched/sched.h"
#include "kernel/time/tick.h"

enum {
	HRTIMER_BASE_MONOTONIC,
	HRTIMER_BASE_REALTIME,
	HRTIMER_MAX_CLOCK_BASES,
};

static struct hrtimer_cpu_base {
	spinlock_t lock; /* protects all of this, and the fields of pending timers */
	struct rb_root_cached active[HRTIMER_MAX_CLOCK_BASES];
	struct hrtimer *running;
	bool in_hrtirq; /* the interrupt handler will program the device when it is done */
} base;

/* What the clock of @timer is ahead of ktime_get_ns(). */
static ktime_t clock_offset(const struct hrtimer *timer)
{
	return timer->base == HRTIMER_BASE_REALTIME ? real_offset : 0;
}

/* When @timer is due, by ktime_get_ns(). */
static ktime_t due(const struct hrtimer *timer)
{
	return timer->expires - clock_offset(timer);
}

static struct hrtimer *first_of(unsigned int clock_base)
{
	return rb_entry_safe(rb_first_cached(&base.active[clock_base]), struct hrtimer, node);
}

static struct hrtimer *first_timer(void)
{
	struct hrtimer *mono = first_of(HRTIMER_BASE_MONOTONIC);
	struct hrtimer *real = first_of(HRTIMER_BASE_REALTIME);

	if (!mono || !real)
		return mono ?: real;
	return due(real) < due(mono) ? real : mono;
}

/* Tell the device when the next timer is due; one that is overdue fires as soon as it can. */
static void program_next(void)
{
	struct hrtimer *first = first_timer();

	if (first)
		clockevents_program_event(due(first));
}

/* Timers of the same time fire in the order in which they were armed. */
static void enqueue_hrtimer(struct hrtimer *timer)
{
	struct rb_root_cached *active = &base.active[timer->base];
	struct rb_node **link = &active->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (timer->expires < rb_entry(parent, struct hrtimer, node)->expires) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&timer->node, parent, link);
	rb_insert_color_cached(&timer->node, active, leftmost);
}

static void remove_hrtimer(struct hrtimer *timer)
{
	rb_erase_cached(&timer->node, &base.active[timer->base]);
	RB_CLEAR_NODE(&timer->node);
}

/* A time from now on does not depend on the date, whatever the clock is. */
void hrtimer_init(struct hrtimer *timer, int clock_id, enum hrtimer_mode mode)
{
	bool real = clock_id == CLOCK_REALTIME || clock_id == CLOCK_TAI;

	BUG_ON(!real && clock_id != CLOCK_MONOTONIC && clock_id != CLOCK_BOOTTIME);
	*timer = (struct hrtimer){ 0 };
	if (real && mode == HRTIMER_MODE_ABS)
		timer->base = HRTIMER_BASE_REALTIME;
	RB_CLEAR_NODE(&timer->node);
}

void hrtimer_start(struct hrtimer *timer, ktime_t expires, enum hrtimer_mode mode)
{
	unsigned long flags;

	if (mode == HRTIMER_MODE_REL)
		expires = ktime_add_safe(expires, hrtimer_cb_get_time(timer));
	spin_lock_irqsave(&base.lock, flags);
	if (hrtimer_is_queued(timer))
		remove_hrtimer(timer);
	timer->expires = expires;
	enqueue_hrtimer(timer);
	if (first_timer() == timer && !base.in_hrtirq)
		program_next();
	spin_unlock_irqrestore(&base.lock, flags);
}

/* The device stays programmed: an interrupt for a timer that is gone does no harm. */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&base.lock, flags);
	if (hrtimer_is_queued(timer)) {
		remove_hrtimer(timer);
		ret = 1;
	} else if (base.running == timer) {
		ret = -1;
	}
	spin_unlock_irqrestore(&base.lock, flags);
	return ret;
}

/*
 * A function that runs has switched interrupts off, so on one CPU nobody but itself can find it
 * running. Linux would wait here for ever.
 */
int hrtimer_cancel(struct hrtimer *timer)
{
	int ret = hrtimer_try_to_cancel(timer);

	if (WARN_ON(ret < 0)) {
		base.running = NULL;
		ret = 0;
	}
	return ret;
}

bool hrtimer_active(const struct hrtimer *timer)
{
	return hrtimer_is_queued(timer) || READ_ONCE(base.running) == timer;
}

ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	return (ktime_t)ktime_get_ns() + clock_offset(timer);
}

ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return timer->expires - hrtimer_cb_get_time(timer);
}

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 passed;

	if (now < timer->expires)
		return 0;
	passed = (now - timer->expires) / interval;
	timer->expires = ktime_add_safe(timer->expires + passed * interval, interval);
	return passed + 1;
}

u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, hrtimer_cb_get_time(timer), interval);
}

/* With the lock held, which is not held while the function runs. */
static void run_hrtimer(struct hrtimer *timer)
{
	enum hrtimer_restart restart;

	remove_hrtimer(timer);
	base.running = timer;
	spin_unlock(&base.lock);
	restart = timer->function(timer);
	spin_lock(&base.lock);
	if (restart == HRTIMER_RESTART && base.running == timer && !hrtimer_is_queued(timer))
		enqueue_hrtimer(timer);
	base.running = NULL;
}

/*
 * A timer that becomes due while this runs waits for the next interrupt, so that a timer that
 * always arms itself again without delay cannot keep the CPU here.
 */
void hrtimer_interrupt(void)
{
	ktime_t now = ktime_get_ns();
	struct hrtimer *timer;

	spin_lock(&base.lock);
	base.in_hrtirq = true;
	while ((timer = first_timer()) && due(timer) <= now)
		run_hrtimer(timer);
	base.in_hrtirq = false;
	program_next();
	spin_unlock(&base.lock);
}

void clock_was_set(void)
{
	unsigned long flags;

	spin_lock_irqsave(&base.lock, flags);
	program_next();
	spin_unlock_irqrestore(&base.lock, flags);
}
