/*
 * The tick: HZ times a second it advances jiffies, raises the timer softirq, and charges a tick to
 * the task that runs.
 * Linux: kernel/time/tick-sched.c, clockevents.c
 */
#include "kernel/time/tick.h"

#include "kernel/cpu/cpu.h"
#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timer.h"

#define TIMER_IRQ 0

static struct hrtimer tick_timer;

/* Without posix-cpu-timers.c nobody waits for CPU time. */
void __weak noprobe run_posix_cpu_timers(void)
{
}

/* If several ticks have passed since the last call, jiffies advances by all of them. */
static enum hrtimer_restart tick_sched_timer(struct hrtimer *timer)
{
	jiffies += hrtimer_forward_now(timer, TICK_NSEC);
	run_local_timers();
	scheduler_tick(user_mode(get_irq_regs()));
	run_posix_cpu_timers();
	return HRTIMER_RESTART;
}

void clockevents_program_event(ktime_t expires)
{
	ktime_t left = expires - (ktime_t)ktime_get_ns();

	timer_set_next_event(left > 0 ? left : 0);
}

void tick_init(void)
{
	timers_init();
	request_irq(TIMER_IRQ, hrtimer_interrupt);
	hrtimer_init(&tick_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	tick_timer.function = tick_sched_timer;
	hrtimer_start(&tick_timer, ktime_get_ns() + TICK_NSEC, HRTIMER_MODE_ABS);
}
