/*
 * Timers of both kinds: they fire when they should and not when they should not, and sleeping ends
 * in time.
 */
#include "kernel/time/timer.h"

#include "kernel/interrupt.h"
#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timekeeping.h"
#include "tests/kernel/ktap.h"

#define NR_TIMERS 200

static struct probe_timer {
	struct timer_list timer;
	unsigned long armed, fired; /* jiffies; fired is 0 until then */
} timers[NR_TIMERS];

static void note_time(struct timer_list *timer)
{
	struct probe_timer *t = from_timer(t, timer, timer);

	t->fired = jiffies;
	KTAP_EXPECT(in_serving_softirq() && !irqs_disabled() && !timer_pending(timer));
}

/* Let @ticks go by at once, and what is due run. */
static void pass(unsigned long ticks)
{
	unsigned long flags;

	local_irq_save(flags);
	jiffies += ticks;
	local_irq_restore(flags);
	local_bh_disable();
	raise_softirq(TIMER_SOFTIRQ);
	local_bh_enable(); /* runs it */
}

static void arm(struct probe_timer *t, unsigned long ticks)
{
	timer_setup(&t->timer, note_time, 0);
	t->fired = 0;
	t->armed = jiffies;
	KTAP_EXPECT_EQ(mod_timer(&t->timer, t->armed + ticks), 0);
}

/* The distance of timer @i: all sorts, up to two weeks. */
static unsigned long distance(unsigned int i)
{
	return (i % 8 + 1) * BIT(i / 8) - i % 3;
}

KTAP_SUITE(timers_fire_in_time_on_every_level)
{
	unsigned int i, early = 0, late = 0, lost = 0;
	unsigned long step, end;

	for (i = 0; i < NR_TIMERS; i++)
		arm(&timers[i], distance(i));
	end = timers[0].armed + distance(NR_TIMERS - 1) * 9 / 8;
	while (time_before_eq(jiffies, end)) {
		step = (jiffies - timers[0].armed) / 64 + 1;
		pass(step);
		for (i = 0; i < NR_TIMERS; i++) {
			unsigned long due = timers[i].timer.expires;

			early += timers[i].fired && time_before(timers[i].fired, due);
			late += !timers[i].fired &&
				jiffies - timers[i].armed > distance(i) * 9 / 8 + step + 1;
		}
	}
	for (i = 0; i < NR_TIMERS; i++)
		lost += !timers[i].fired || timer_pending(&timers[i].timer);
	KTAP_EXPECT_EQ(early, 0);
	KTAP_EXPECT_EQ(late, 0);
	KTAP_EXPECT_EQ(lost, 0);
}

static struct timer_list victim;

static void arm_again(struct timer_list *timer)
{
	struct probe_timer *t = from_timer(t, timer, timer);

	del_timer(&victim);
	if (!t->fired++)
		mod_timer(timer, jiffies + 1);
}

KTAP_SUITE(timers_are_cancelled_and_moved)
{
	struct probe_timer *t = &timers[0], *u = &timers[1];

	arm(t, 5);
	KTAP_EXPECT(timer_pending(&t->timer));
	KTAP_EXPECT_EQ(mod_timer(&t->timer, jiffies + 100), 1);
	pass(50);
	KTAP_EXPECT_EQ(t->fired, 0);
	KTAP_EXPECT_EQ(del_timer_sync(&t->timer), 1);
	KTAP_EXPECT_EQ(del_timer(&t->timer), 0);
	pass(100);
	KTAP_EXPECT_EQ(t->fired, 0);

	t->timer.expires = jiffies - 10; /* gone by: at the next tick */
	add_timer(&t->timer);
	pass(1);
	KTAP_EXPECT(t->fired);

	arm(u, 10);
	timer_setup(&t->timer, arm_again, 0); /* of the same bucket: cancels one, comes again */
	timer_setup(&victim, note_time, 0);
	t->fired = 0;
	mod_timer(&t->timer, jiffies + 10);
	mod_timer(&victim, jiffies + 10);
	pass(12);
	KTAP_EXPECT(!timer_pending(&victim));
	pass(3);
	KTAP_EXPECT_EQ(t->fired, 2);
	KTAP_EXPECT(u->fired && !timer_pending(&t->timer));
}

/* Others of the same bucket are still found when one is cancelled. */
KTAP_SUITE(a_cancelled_timer_leaves_its_neighbours)
{
	struct probe_timer *t = &timers[0], *u = &timers[1];

	arm(t, 10);
	arm(u, 10);
	KTAP_EXPECT_EQ(del_timer(&t->timer), 1);
	pass(12);
	KTAP_EXPECT(u->fired && !t->fired);
	del_timer(&u->timer);
}

static unsigned int calls;

static void arm_again_once(struct timer_list *timer)
{
	if (!calls++)
		mod_timer(timer, timer->expires + 506);
}

/* At a tick divisible by 8 the wheel looks at level 1 next, where the timer is put meanwhile. */
KTAP_SUITE(a_late_timer_that_arms_itself_again_is_not_early)
{
	unsigned long due = ALIGN(jiffies + 2, 8);
	struct timer_list timer;

	calls = 0;
	timer_setup(&timer, arm_again_once, 0);
	mod_timer(&timer, due);
	pass(due + 5 - jiffies);
	KTAP_EXPECT_EQ(calls, 1);
	KTAP_EXPECT_EQ(del_timer(&timer), 1);
}

KTAP_SUITE(sleeping_by_the_tick)
{
	unsigned long start = jiffies, left;
	DECLARE_WAIT_QUEUE_HEAD(nothing);
	u64 ns = ktime_get_ns();

	msleep(30);
	KTAP_EXPECT(ktime_get_ns() - ns >= 30000000);
	KTAP_EXPECT(jiffies - start >= 8);
	KTAP_EXPECT_EQ(schedule_timeout_uninterruptible(0), 0);
	KTAP_EXPECT_EQ(wait_event_timeout(nothing, false, 2), 0);
	KTAP_EXPECT_EQ(wait_event_timeout(nothing, true, 7), 7);
	KTAP_EXPECT_EQ(wait_event_timeout(nothing, true, 0), 1);
	start = jiffies + 3;
	left = wait_event_interruptible_timeout(nothing, time_after_eq(jiffies, start), 6);
	KTAP_EXPECT_EQ(left, 1); /* true only when the time was over */
	KTAP_EXPECT(!waitqueue_active(&nothing));
	KTAP_EXPECT_EQ(msecs_to_jiffies(1), 1);
	KTAP_EXPECT_EQ(msecs_to_jiffies(9), 3);
	KTAP_EXPECT_EQ(jiffies_to_msecs(3), 12);
}

struct probe_hrtimer {
	struct hrtimer timer;
	ktime_t fired;
	unsigned int times;
};

static enum hrtimer_restart note_ns(struct hrtimer *timer)
{
	struct probe_hrtimer *t = container_of(timer, struct probe_hrtimer, timer);

	t->fired = ktime_get_ns();
	KTAP_EXPECT(in_hardirq() && irqs_disabled() && hrtimer_active(timer));
	if (++t->times >= 3)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, 300000);
	return HRTIMER_RESTART;
}

KTAP_SUITE(hrtimers)
{
	struct probe_hrtimer t = { 0 };
	ktime_t start = ktime_get_ns();

	hrtimer_init(&t.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	t.timer.function = note_ns;
	KTAP_EXPECT(!hrtimer_active(&t.timer));
	KTAP_EXPECT_EQ(hrtimer_cancel(&t.timer), 0);
	hrtimer_start(&t.timer, 500000, HRTIMER_MODE_REL);
	KTAP_EXPECT(hrtimer_is_queued(&t.timer));
	while (t.times < 3)
		__asm__ volatile("hlt");
	KTAP_EXPECT(t.fired - start >= 1100000);
	KTAP_EXPECT(!hrtimer_active(&t.timer));

	hrtimer_start(&t.timer, KTIME_MAX, HRTIMER_MODE_REL); /* does not overflow */
	KTAP_EXPECT(hrtimer_get_remaining(&t.timer) > (ktime_t)1 << 62);
	KTAP_EXPECT_EQ(hrtimer_try_to_cancel(&t.timer), 1);
	KTAP_EXPECT_EQ(t.times, 3);
}

static enum hrtimer_restart cancel_myself(struct hrtimer *timer)
{
	calls++;
	KTAP_EXPECT_EQ(hrtimer_try_to_cancel(timer), -1);
	KTAP_EXPECT_EQ(hrtimer_cancel(timer), 0);
	hrtimer_forward_now(timer, 300000);
	return HRTIMER_RESTART;
}

/* On one CPU only its own function can find a timer running. That is no reason to stop the machine. */
KTAP_SUITE(an_hrtimer_cancelled_by_itself_ends)
{
	struct hrtimer timer;

	calls = 0;
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = cancel_myself;
	hrtimer_start(&timer, 100000, HRTIMER_MODE_REL);
	msleep(10);
	KTAP_EXPECT_EQ(calls, 1);
	KTAP_EXPECT(!hrtimer_active(&timer));
}

/* Ten naps of 300 us: with ticks alone, nine of them would take 4 ms. */
KTAP_SUITE(naps_are_shorter_than_a_tick)
{
	unsigned int i, short_ones = 0, early = 0;
	ktime_t start, took;

	for (i = 0; i < 10; i++) {
		start = ktime_get_ns();
		KTAP_EXPECT_EQ(hrtimer_nanosleep(300000, HRTIMER_MODE_REL, CLOCK_MONOTONIC), 0);
		took = (ktime_t)ktime_get_ns() - start;
		early += took < 300000;
		short_ones += took < 2000000;
	}
	KTAP_EXPECT_EQ(early, 0);
	KTAP_EXPECT(short_ones >= 5);

	took = 1000000;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	KTAP_EXPECT_EQ(schedule_hrtimeout(&took, HRTIMER_MODE_REL), 0);
}

/* Ticks that jiffies is ahead of the clock, less those of @ticks and @ns. */
static long drift(unsigned long ticks, u64 ns)
{
	return (long)(jiffies - ticks) - (long)((ktime_get_ns() - ns) / TICK_NSEC);
}

/*
 * Two clocks, one time: the tick does not lose or gain any. The machine may be stopped between the
 * readings of the two, so that one reading says nothing.
 */
KTAP_SUITE(jiffies_keep_step_with_the_clock)
{
	unsigned long ticks, tries;
	bool in_step = false;
	u64 ns;

	for (tries = 0; tries < 20 && !in_step; tries++) {
		ns = ktime_get_ns();
		ticks = jiffies;
		msleep(50);
		in_step = drift(ticks, ns) >= -1 && drift(ticks, ns) <= 1;
	}
	KTAP_EXPECT(in_step);
}

static enum hrtimer_restart note_once(struct hrtimer *timer)
{
	container_of(timer, struct probe_hrtimer, timer)->times++;
	return HRTIMER_NORESTART;
}

static void arm_on(struct probe_hrtimer *t, int clock, enum hrtimer_mode mode, ktime_t expires)
{
	t->times = 0;
	hrtimer_init(&t->timer, clock, mode);
	t->timer.function = note_once;
	hrtimer_start(&t->timer, expires, mode);
}

/* A point on the clock of dates comes nearer when the date is set; a time from now on does not. */
KTAP_SUITE(setting_the_date_moves_timers_of_the_date_only)
{
	static struct probe_hrtimer date, span, tai, mono;
	const ktime_t hour = 3600 * NSEC_PER_SEC, before = real_offset;
	ktime_t real = ktime_get_real_ns();

	arm_on(&date, CLOCK_REALTIME, HRTIMER_MODE_ABS, real + hour);
	arm_on(&tai, CLOCK_TAI, HRTIMER_MODE_ABS, real + 3 * hour);
	arm_on(&span, CLOCK_REALTIME, HRTIMER_MODE_REL, hour);
	arm_on(&mono, CLOCK_MONOTONIC, HRTIMER_MODE_ABS, ktime_get_ns() + hour);
	KTAP_EXPECT(hrtimer_get_remaining(&date.timer) <= hour);
	real_offset += 2 * hour;
	clock_was_set();
	msleep(10);
	KTAP_EXPECT_EQ(date.times, 1);
	KTAP_EXPECT(hrtimer_get_remaining(&tai.timer) <= hour);
	KTAP_EXPECT_EQ(tai.times + span.times + mono.times, 0);
	real_offset = before;
	clock_was_set();
	KTAP_EXPECT(hrtimer_get_remaining(&tai.timer) > 2 * hour);
	KTAP_EXPECT_EQ(hrtimer_cancel(&tai.timer), 1);
	KTAP_EXPECT_EQ(hrtimer_cancel(&span.timer), 1);
	KTAP_EXPECT_EQ(hrtimer_cancel(&mono.timer), 1);
}

/* Moving on by whole intervals ends behind now, and never wraps around. */
KTAP_SUITE(hrtimer_forward_by_whole_intervals)
{
	struct hrtimer timer;

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer.expires = 100;
	KTAP_EXPECT_EQ(hrtimer_forward(&timer, 99, 10), 0);
	KTAP_EXPECT_EQ(hrtimer_forward(&timer, 100, 10), 1);
	KTAP_EXPECT_EQ(timer.expires, 110);
	KTAP_EXPECT_EQ(hrtimer_forward(&timer, 139, 10), 3);
	KTAP_EXPECT_EQ(timer.expires, 140);
	KTAP_EXPECT_EQ(hrtimer_forward(&timer, 140, KTIME_MAX), 1);
	KTAP_EXPECT_EQ(timer.expires, KTIME_MAX);
}

/* The date never lies before the time at which the machine was started, and so no timer's time overflows. */
KTAP_SUITE(no_time_zone_moves_the_date_too_far_back)
{
	ktime_t before = real_offset;
	int zone = sys_tz.tz_minuteswest;

	real_offset = 100 * 60ll * (s64)NSEC_PER_SEC;
	sys_tz.tz_minuteswest = -101;
	timekeeping_warp_clock();
	KTAP_EXPECT_EQ(real_offset, 100 * 60ll * (s64)NSEC_PER_SEC);
	sys_tz.tz_minuteswest = -99;
	timekeeping_warp_clock();
	KTAP_EXPECT_EQ(real_offset, 60ll * (s64)NSEC_PER_SEC);
	real_offset = before;
	sys_tz.tz_minuteswest = zone;
	clock_was_set();
}
