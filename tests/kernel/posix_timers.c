/*
 * The timers of processes from inside.
 */
#include "kernel/time/posix-timers.h"

#include "kernel/kprobes/kprobes.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"

/* Arm @timer, which sends SIGURG to current, as if timer_create() had made it. */
static void arm(struct k_itimer *timer, int clock, const struct itimerspec *it)
{
	*timer = (struct k_itimer){ .it_clock = clock, .it_overrun = -1 };
	timer->kclock = clockid_to_kclock(clock);
	timer->it_pid = get_task_pid(current, PIDTYPE_TGID);
	timer->sigq = sigqueue_alloc();
	clear_siginfo(&timer->sigq->info);
	timer->sigq->info.si_signo = SIGURG;
	timer->sigq->info.si_code = SI_TIMER;
	KTAP_EXPECT_EQ(timer->kclock->timer_create(timer), 0);
	KTAP_EXPECT_EQ(timer->kclock->timer_set(timer, 0, it, NULL), 0);
}

static void disarm(struct k_itimer *timer)
{
	timer->kclock->timer_del(timer);
	put_pid(timer->it_pid);
	sigqueue_free(timer->sigq);
}

/*
 * SIGURG is ignored, so the timer arms itself again; with an interval of a nanosecond, too, the machine
 * must have time for other things, and no expiration is lost.
 */
KTAP_SUITE(an_ignored_timer_does_not_storm)
{
	struct itimerspec it = { { 0, 1 }, { 0, 1 } };
	struct k_itimer timer;
	unsigned long start, events;

	arm(&timer, CLOCK_MONOTONIC, &it);
	start = jiffies;
	events = timer.it_requeue_pending;
	msleep(100);
	events = timer.it_requeue_pending - events;
	KTAP_EXPECT(events >= 2);
	KTAP_EXPECT(events / 2 <= jiffies - start + 1);
	KTAP_EXPECT(timer.it_overrun > 50000000);
	disarm(&timer);
}

/* Ticks in ring 0 expire what counts all ticks, and not what counts those of ring 3. */
KTAP_SUITE(virtual_time_is_that_of_ring_3)
{
	struct task_usage used = { .utime = 3, .stime = 4 };

	KTAP_EXPECT_EQ(sample_ticks(&used, CPUCLOCK_VIRT), 3 * TICK_NSEC);
	KTAP_EXPECT_EQ(sample_ticks(&used, CPUCLOCK_PROF), 7 * TICK_NSEC);
}

static struct process_timers *made_meanwhile;
static struct posix_cputimers *trees_made_meanwhile;

static int another_thread_makes_them(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	current->signal->timers = made_meanwhile;
	current->cputimers = trees_made_meanwhile;
	return 0;
}

/* An allocation may sleep: what another thread made meanwhile is kept, with the timers in it. */
KTAP_SUITE(timers_are_made_once)
{
	static struct process_timers timers;
	static struct posix_cputimers trees;
	struct kprobe probe = { .symbol_name = "kzalloc", .pre_handler = another_thread_makes_them };
	const struct k_clock *thread = clockid_to_kclock(CLOCK_THREAD_CPUTIME_ID);
	struct k_itimer timer = { .it_clock = CLOCK_THREAD_CPUTIME_ID };

	KTAP_EXPECT(!current->signal->timers && !current->cputimers);
	made_meanwhile = &timers;
	trees_made_meanwhile = &trees;
	KTAP_EXPECT_EQ(register_kprobe(&probe), 0);
	KTAP_EXPECT_EQ(get_process_timers(current), &timers);
	current->cputimers = NULL;
	KTAP_EXPECT_EQ(thread->timer_create(&timer), 0);
	KTAP_EXPECT_EQ(current->cputimers, &trees);
	timer.kclock->timer_del(&timer);
	unregister_kprobe(&probe);
	current->signal->timers = NULL;
	current->cputimers = NULL;
}
