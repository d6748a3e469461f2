/*
 * Tasklets: functions of drivers that softirqs call, each once however often it was scheduled. See interrupt.h
 * for how to use them. Linux: kernel/softirq.c
 */
#include "kernel/interrupt.h"

#include "kernel/lib/export.h"
#include "kernel/lib/init.h"
#include "kernel/sched/sched.h"

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

static int tasklet_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, tasklet_softirq);
	open_softirq(HI_SOFTIRQ, tasklet_hi_softirq);
	return 0;
}
late_initcall(tasklet_init);

EXPORT_SYMBOL(tasklet_setup);
EXPORT_SYMBOL(tasklet_schedule);
EXPORT_SYMBOL(tasklet_hi_schedule);
EXPORT_SYMBOL(tasklet_disable);
EXPORT_SYMBOL(tasklet_enable);
EXPORT_SYMBOL(tasklet_kill);
