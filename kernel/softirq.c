/*
 * Softirqs and tasklets: work that an interrupt handler leaves for later. See interrupt.h for how to
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

/* The tasklets of one softirq that are scheduled, in order. */
struct tasklet_queue {
	spinlock_t lock;
	struct list_head list;
};
static struct tasklet_queue tasklet_vec = { .list = LIST_HEAD_INIT(tasklet_vec.list) };
static struct tasklet_queue tasklet_hi_vec = { .list = LIST_HEAD_INIT(tasklet_hi_vec.list) };

void tasklet_setup(struct tasklet_struct *tasklet, void (*callback)(struct tasklet_struct *))
{
	*tasklet = (struct tasklet_struct){ .callback = callback };
	INIT_LIST_HEAD(&tasklet->list);
}

static void schedule_on(struct tasklet_queue *queue, struct tasklet_struct *tasklet, unsigned int nr)
{
	unsigned long flags;
	bool first;

	spin_lock_irqsave(&queue->lock, flags);
	first = !tasklet->scheduled;
	if (first) {
		tasklet->scheduled = true;
		list_add_tail(&tasklet->list, &queue->list);
	}
	spin_unlock_irqrestore(&queue->lock, flags);
	if (first)
		raise_softirq(nr);
}

void tasklet_schedule(struct tasklet_struct *tasklet)
{
	schedule_on(&tasklet_vec, tasklet, TASKLET_SOFTIRQ);
}

void tasklet_hi_schedule(struct tasklet_struct *tasklet)
{
	schedule_on(&tasklet_hi_vec, tasklet, HI_SOFTIRQ);
}

/*
 * Each of @queue once, but for those that are disabled. What the callbacks schedule, be it
 * themselves, waits for the next round.
 */
static void tasklet_action(struct tasklet_queue *queue)
{
	struct tasklet_struct *tasklet;
	LIST_HEAD(todo);

	spin_lock_irq(&queue->lock);
	list_splice_init(&queue->list, &todo);
	while (!list_empty(&todo)) {
		tasklet = list_first_entry(&todo, struct tasklet_struct, list);
		if (atomic_read(&tasklet->count)) {
			list_move_tail(&tasklet->list, &queue->list);
			continue;
		}
		list_del_init(&tasklet->list);
		tasklet->scheduled = false;
		spin_unlock_irq(&queue->lock);
		tasklet->callback(tasklet);
		spin_lock_irq(&queue->lock);
	}
	spin_unlock_irq(&queue->lock);
}

static void tasklet_softirq(void)
{
	tasklet_action(&tasklet_vec);
}

static void tasklet_hi_softirq(void)
{
	tasklet_action(&tasklet_hi_vec);
}

void tasklet_disable(struct tasklet_struct *tasklet)
{
	atomic_inc(&tasklet->count);
}

void tasklet_enable(struct tasklet_struct *tasklet)
{
	if (!atomic_dec_and_test(&tasklet->count) || !tasklet->scheduled)
		return;
	raise_softirq(TASKLET_SOFTIRQ);
	raise_softirq(HI_SOFTIRQ);
}

/*
 * It does not run now: a softirq runs to its end before any task does. If it is scheduled, it runs
 * in the next softirq, at a tick at the latest.
 */
void tasklet_kill(struct tasklet_struct *tasklet)
{
	might_sleep();
	while (READ_ONCE(tasklet->scheduled))
		schedule_timeout_uninterruptible(1);
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

void softirq_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, tasklet_softirq);
	open_softirq(HI_SOFTIRQ, tasklet_hi_softirq);
}
