/*
 * What timers and sleeping tasks cost, in instructions, when there are few and when there are many.
 *
 * With "bench" on the command line of the test kernel each figure is a line "bench: NAME: NUMBER";
 * then the machine is switched off. Means what it says only where the TSC counts instructions.
 * Called by tools/bench.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/interrupt.h"
#include "kernel/lib/init.h"
#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timer.h"

#define FEW 10
#define MANY 10000
#define ROUNDS 1000
#define HOUR (3600 * HZ)

static struct timer_list timers[MANY];
static struct hrtimer hrtimers[MANY];
static unsigned int fired;

static void report(const char *what, unsigned int n, u64 cost)
{
	pr_info("bench: %s, %u: %llu\n", what, n, cost);
}

static void nothing(struct timer_list *timer __maybe_unused)
{
	fired++;
}

/* Another timer is armed and cancelled while @n are pending. */
static void bench_arm_and_cancel(unsigned int n)
{
	struct timer_list timer;
	unsigned int i;
	u64 start;

	for (i = 0; i < n; i++) {
		timer_setup(&timers[i], nothing, 0);
		mod_timer(&timers[i], jiffies + HOUR + i * 7);
	}
	timer_setup(&timer, nothing, 0);
	start = rdtsc();
	for (i = 0; i < ROUNDS; i++) {
		mod_timer(&timer, jiffies + 1000);
		del_timer(&timer);
	}
	report("timer armed and cancelled", n, (rdtsc() - start) / ROUNDS);
	for (i = 0; i < n; i++)
		del_timer(&timers[i]);
}

static enum hrtimer_restart never(struct hrtimer *timer __maybe_unused)
{
	return HRTIMER_NORESTART;
}

static void bench_hrtimer(unsigned int n)
{
	struct hrtimer timer;
	unsigned int i;
	u64 start;

	for (i = 0; i < n; i++) {
		hrtimer_init(&hrtimers[i], CLOCK_MONOTONIC, HRTIMER_MODE_REL);
		hrtimers[i].function = never;
		hrtimer_start(&hrtimers[i], HOUR * TICK_NSEC + i * 1000, HRTIMER_MODE_REL);
	}
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = never;
	start = rdtsc();
	for (i = 0; i < ROUNDS; i++) {
		hrtimer_start(&timer, HOUR * TICK_NSEC + i * 1000, HRTIMER_MODE_REL);
		hrtimer_cancel(&timer);
	}
	report("hrtimer armed and cancelled", n, (rdtsc() - start) / ROUNDS);
	for (i = 0; i < n; i++)
		hrtimer_cancel(&hrtimers[i]);
}

/* @n timers fire within the next 60 ticks, @n / 60 at each. Time is made to pass. */
static void bench_expiry(unsigned int n)
{
	unsigned int i, tick;
	unsigned long flags;
	u64 cost = 0, start;

	fired = 0;
	for (i = 0; i < n; i++) {
		timer_setup(&timers[i], nothing, 0);
		mod_timer(&timers[i], jiffies + 1 + i % 60);
	}
	for (tick = 0; fired < n; tick++) {
		local_irq_save(flags);
		jiffies++;
		local_irq_restore(flags);
		start = rdtsc();
		local_bh_disable();
		raise_softirq(TIMER_SOFTIRQ);
		local_bh_enable();
		cost += rdtsc() - start;
	}
	report("timer expired, with its share of the ticks", n, cost / n);
}

/* Turns of a loop until the TSC is @end. */
static noinline u64 spin(u64 end)
{
	u64 turns = 0;

	while (rdtsc() < end)
		turns++;
	return turns;
}

/* What a tick takes from a task that only spins. */
static void bench_tick(unsigned int n)
{
	const u64 span = 100000000;
	unsigned long flags, ticks;
	u64 alone, shared;

	local_irq_save(flags);
	alone = spin(rdtsc() + span / 100);
	local_irq_restore(flags);
	ticks = jiffies;
	shared = spin(rdtsc() + span);
	ticks = jiffies - ticks;
	report("tick", n, (span - shared * (span / 100) / alone) / ticks);
}

static DECLARE_WAIT_QUEUE_HEAD(one);
static bool woken;
static DECLARE_WAIT_QUEUE_HEAD(all);

/* One sleeps until it is woken, the others for an hour: by the wheel, by hrtimers, on a queue. */
static int sleeper(void *number)
{
	unsigned long i = (unsigned long)number;
	ktime_t hour = HOUR * TICK_NSEC;

	if (!i) {
		for (;;) {
			wait_event(one, READ_ONCE(woken));
			woken = false;
		}
	} else if (i % 3 == 0) {
		wait_event_timeout(all, false, HOUR);
	} else if (i % 3 == 1) {
		__set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_hrtimeout(&hour, HRTIMER_MODE_REL);
	} else {
		wait_event(all, false);
	}
	do_exit(0);
}

/* @n tasks sleep, those of an earlier call among them. One is woken, runs, and sleeps again. */
static void bench_sleepers(unsigned int n)
{
	static unsigned long made;
	unsigned int i;
	u64 start;

	for (; made < n; made++) {
		if (user_mode_thread(sleeper, (void *)made) < 0)
			break;
		schedule();
	}
	start = rdtsc();
	for (i = 0; i < ROUNDS; i++) {
		woken = true;
		wake_up(&one);
		schedule();
	}
	report("sleeping task woken and back", made, (rdtsc() - start) / ROUNDS);
	bench_tick(made);
}

static int bench_run(void)
{
	static const unsigned int sizes[] = { FEW, MANY };
	unsigned int i;

	if (!strstr(saved_command_line, "bench"))
		return 0;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bench_arm_and_cancel(sizes[i]);
		bench_expiry(sizes[i]);
		bench_hrtimer(sizes[i]);
		bench_sleepers(sizes[i]);
	}
	machine_halt(HALT_POWER_OFF);
}
late_initcall(bench_run);
