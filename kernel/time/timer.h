/*
 * timer_list: call a function at a given tick. Linux: include/linux/timer.h
 *
 * For timeouts, which are usually cancelled before they expire: arming and cancelling cost the same
 * however many timers there are. The price is accuracy. A timer never fires before the tick it is
 * set for; it may fire later, by up to one eighth of the time it was set for.
 * For times that matter by the microsecond there is hrtimer.h.
 */
#ifndef KERNEL_TIME_TIMER_H
#define KERNEL_TIME_TIMER_H

#include "kernel/lib/lib.h"
#include "kernel/time/jiffies.h"

struct timer_list {
	struct list_head entry; /* next is NULL while the timer is not pending */
	unsigned long expires;  /* jiffies */
	void (*function)(struct timer_list *timer);
	u32 flags;        /* 0 */
	unsigned int bucket; /* of the wheel, while pending */
};

#define DEFINE_TIMER(name, fn) struct timer_list name = { .function = (fn) }
#define from_timer(var, timer, member) container_of(timer, __typeof__(*var), member)

/* @fn runs in a softirq: it may not sleep. It may arm its own timer again, or free it. */
void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags);

/* Arm @timer for @expires, whether it is pending or not. Returns 1 if it was, else 0. */
int mod_timer(struct timer_list *timer, unsigned long expires);

/* Arm @timer, which is not pending, for timer->expires. */
void add_timer(struct timer_list *timer);

/*
 * Cancel @timer. Returns 1 if it was pending, else 0. On one CPU a timer's function has always run
 * to its end before any task runs, so the _sync form has nothing to wait for; it may not be called
 * by that function itself.
 */
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);

static inline int timer_pending(const struct timer_list *timer)
{
	return timer->entry.next != NULL;
}

void run_local_timers(void); /* from the tick: softirq for those whose time has come */
void timers_init(void);

/* Sleep at least so long; interruptible: or until a signal comes, then the rest is returned. */
void msleep(unsigned int msecs);
unsigned long msleep_interruptible(unsigned int msecs);

#endif
