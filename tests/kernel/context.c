/*
 * Contexts: what runs is known, and sleeping where one must not is noticed. Softirqs and tasklets.
 */
#include "kernel/interrupt.h"
#include "kernel/sched/sched.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/user.h"

KTAP_SUITE(might_sleep_notices)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;

	might_sleep();
	KTAP_EXPECT_EQ(nr_atomic_sleeps, 0);
	spin_lock(&lock);
	might_sleep();
	KTAP_EXPECT_EQ(nr_atomic_sleeps, 1);
	KTAP_EXPECT(in_atomic() && in_task() && !in_interrupt());
	spin_unlock(&lock);
	local_irq_save(flags);
	might_sleep();
	local_irq_restore(flags);
	KTAP_EXPECT_EQ(nr_atomic_sleeps, 2);
	nr_atomic_sleeps = 0;
}

KTAP_SUITE(spinlocks)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	KTAP_EXPECT(spin_is_locked(&lock) && irqs_disabled());
	KTAP_EXPECT(!spin_trylock(&lock));
	spin_unlock_irqrestore(&lock, flags);
	KTAP_EXPECT(!spin_is_locked(&lock) && !irqs_disabled());
	KTAP_EXPECT(spin_trylock(&lock));
	spin_unlock(&lock);
	KTAP_EXPECT_EQ(preempt_count(), 0);
}

static unsigned int runs;
static bool in_context;

static void note_run(struct tasklet_struct *tasklet __maybe_unused)
{
	BUG_ON(++runs > 100); /* it runs for ever: nobody would get to see the count */
	in_context = in_serving_softirq() && in_interrupt() && !in_hardirq() && !in_task() &&
		     !irqs_disabled();
}

KTAP_SUITE(tasklets_run_once_each_time)
{
	struct tasklet_struct tasklet, behind, other;
	unsigned long flags;

	tasklet_setup(&tasklet, note_run);
	tasklet_setup(&behind, note_run);
	tasklet_setup(&other, note_run);
	runs = 0;
	tasklet_schedule(&tasklet); /* by a task: left to ksoftirqd, or to the next interrupt */
	schedule();
	KTAP_EXPECT_EQ(runs, 1);
	KTAP_EXPECT(in_context);

	local_bh_disable();
	KTAP_EXPECT(in_interrupt() && in_softirq() && !in_serving_softirq() && in_task());
	tasklet_schedule(&tasklet);
	tasklet_schedule(&behind);
	tasklet_schedule(&tasklet);
	tasklet_hi_schedule(&other);
	KTAP_EXPECT_EQ(runs, 1);
	local_bh_enable();
	KTAP_EXPECT_EQ(runs, 4); /* what was scheduled twice runs once */

	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	KTAP_EXPECT_EQ(runs, 4);
	tasklet_enable(&tasklet);
	schedule();
	KTAP_EXPECT_EQ(runs, 5);

	local_irq_save(flags);
	tasklet_schedule(&other);
	local_irq_restore(flags);
	KTAP_EXPECT_EQ(runs, 5); /* raised with interrupts off, it waits for the next interrupt */
	__asm__ volatile("hlt");
	KTAP_EXPECT_EQ(runs, 6);

	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet); /* lets it run */
	KTAP_EXPECT_EQ(runs, 7);
	tasklet_kill(&tasklet);
	schedule();
	KTAP_EXPECT_EQ(runs, 7);
}

static bool enough;

static void run_again(struct tasklet_struct *tasklet)
{
	runs++;
	if (!enough)
		tasklet_schedule(tasklet);
}

/* What interrupts leave of a softirq that never ends is done by ksoftirqd, in its time slices. */
KTAP_SUITE(a_softirq_storm_leaves_the_cpu_to_ring_3)
{
	static const char count_down[] = "\xb9\x00\x00\x40\x00" /* mov ecx, 0x400000 */
					 "\xff\xc9\x75\xfc"     /* dec ecx; jnz */
					 "\xf4";                 /* hlt: SIGSEGV */
	const struct user_code code = { .bytes = count_down, .len = sizeof(count_down) };
	unsigned long ticks = jiffies;
	struct tasklet_struct again;

	tasklet_setup(&again, run_again);
	enough = false;
	runs = 0;
	tasklet_schedule(&again);
	KTAP_EXPECT_EQ(run_user_code(&code), SIGSEGV);
	msleep(50);
	ticks = jiffies - ticks;
	KTAP_EXPECT(runs > 50 * ticks); /* an interrupt does at most ten */
	enough = true;
	tasklet_kill(&again);
	runs = 0;
	msleep(10);
	KTAP_EXPECT_EQ(runs, 0);
}

static struct tasklet_struct victim;

static void disable_victim(struct tasklet_struct *tasklet __maybe_unused)
{
	tasklet_disable(&victim);
}

KTAP_SUITE(a_tasklet_may_disable_another)
{
	struct tasklet_struct disabler;

	tasklet_setup(&disabler, disable_victim);
	tasklet_setup(&victim, note_run);
	runs = 0;
	local_bh_disable();
	tasklet_schedule(&disabler);
	tasklet_schedule(&victim);
	local_bh_enable();
	KTAP_EXPECT_EQ(runs, 0); /* disabled by one that ran before it */
	tasklet_enable(&victim);
	schedule();
	KTAP_EXPECT_EQ(runs, 1);
}

KTAP_SUITE(atomic_operations)
{
	atomic_t v = ATOMIC_INIT(5);
	atomic_long_t l = ATOMIC_LONG_INIT(1l << 40);

	atomic_add(-7, &v);
	KTAP_EXPECT_EQ(atomic_read(&v), -2);
	KTAP_EXPECT_EQ(atomic_add_return(4, &v), 2);
	KTAP_EXPECT_EQ(atomic_fetch_add(1, &v), 2);
	KTAP_EXPECT_EQ(atomic_xchg(&v, 9), 3);
	KTAP_EXPECT_EQ(atomic_cmpxchg(&v, 8, 1), 9);
	KTAP_EXPECT_EQ(atomic_cmpxchg(&v, 9, 2), 9);
	KTAP_EXPECT_EQ(atomic_dec_return(&v), 1);
	KTAP_EXPECT(atomic_dec_and_test(&v));
	KTAP_EXPECT(!atomic_dec_and_test(&v));
	KTAP_EXPECT(atomic_sub_and_test(-1, &v));
	KTAP_EXPECT_EQ(atomic_inc_return(&v), 1);
	atomic_long_dec(&l);
	KTAP_EXPECT_EQ(atomic_long_read(&l), (1l << 40) - 1);
	atomic_long_sub(1l << 39, &l);
	KTAP_EXPECT_EQ(atomic_long_inc_return(&l), 1l << 39);
}
