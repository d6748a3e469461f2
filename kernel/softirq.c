/*
 * Softirqs: work that an interrupt handler leaves for later. See interrupt.h for how to
 * use them. Linux: kernel/softirq.c
 *
 * Pending softirqs run at the end of the outermost interrupt, on the stack of the task that was
 * interrupted, and when bottom halves are enabled again. While one runs, interrupts may come and
 * raise more; those wait until it is done. A kernel thread, ksoftirqd, does what is left: softirqs
 * that are raised again and again, and those that a task raises.
 */
#include "kernel/interrupt.h"

#include "kernel/kthread.h"
#include "kernel/lib/irqflags.h"
#include "kernel/lib/spinlock.h"
#include "kernel/time/jiffies.h"

/* Softirqs that come again and again are left to ksoftirqd after so many rounds, or milliseconds. */
#define MAX_SOFTIRQ_RESTART 10
#define MAX_SOFTIRQ_TIME msecs_to_jiffies(2)

static void (*softirq_vec[NR_SOFTIRQS])(void);
static unsigned int softirq_pending; /* bit n: softirq n; changed with interrupts off */
static struct task_struct *ksoftirqd; /* NULL early at boot */

void open_softirq(unsigned int nr, void (*action)(void))
{
	softirq_vec[nr] = action;
}

/* Without it, what is pending waits for the next interrupt. */
static void wakeup_softirqd(void)
{
	if (ksoftirqd)
		wake_up_process(ksoftirqd);
}

/*
 * Run what is pending. Interrupts are off on entry and on return, and on in between. There is a
 * limit, so that tasks get their share of the CPU.
 */
static void __do_softirq(void)
{
	unsigned long end = jiffies + MAX_SOFTIRQ_TIME;
	unsigned int rounds = MAX_SOFTIRQ_RESTART, pending, nr;

	preempt_count_add(SOFTIRQ_OFFSET);
	do {
		pending = softirq_pending;
		softirq_pending = 0;
		local_irq_enable();
		for (nr = 0; nr < NR_SOFTIRQS; nr++) {
			if (pending & BIT(nr))
				softirq_vec[nr]();
		}
		local_irq_disable();
	} while (softirq_pending && --rounds && time_before(jiffies, end) && !need_resched());
	if (softirq_pending)
		wakeup_softirqd();
	preempt_count_sub(SOFTIRQ_OFFSET);
}

void irq_enter(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
}

void irq_exit(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	if (softirq_pending && !in_interrupt())
		__do_softirq();
}

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	softirq_pending |= BIT(nr);
	if (!in_interrupt())
		wakeup_softirqd();
	local_irq_restore(flags);
}

void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
}

void local_bh_enable(void)
{
	unsigned long flags;

	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
	local_irq_save(flags);
	if (softirq_pending && flags & X86_EFLAGS_IF && !in_interrupt())
		__do_softirq();
	local_irq_restore(flags);
}

/* The thread. It runs as any other task does, and so competes with tasks in ring 3 for the CPU. */
static int run_ksoftirqd(void *unused __maybe_unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		local_irq_disable();
		if (softirq_pending) {
			__set_current_state(TASK_RUNNING);
			__do_softirq();
			local_irq_enable();
			cond_resched();
		} else {
			local_irq_enable();
			schedule();
		}
	}
	return 0;
}

void spawn_ksoftirqd(void)
{
	struct task_struct *task = kthread_run(run_ksoftirqd, NULL, "ksoftirqd/0");

	if (IS_ERR(task))
		panic("ksoftirqd could not be made: out of memory");
	ksoftirqd = task;
}
