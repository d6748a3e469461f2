/*
 * Wait queues: tasks that sleep until an event wakes them. See wait.h for how to use them.
 * Linux: kernel/sched/wait.c
 */
#include "kernel/sched/sched.h"

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *wait)
{
	unsigned long flags;

	wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add(&wait->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/*
 * At the end of the queue, so that a wake-up reaches all entries that are not exclusive before it
 * ends at an exclusive one.
 */
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *wait)
{
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add_tail(&wait->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del(&wait->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/*
 * With the lock held. The function of an entry may remove the entry, whose memory is then invalid.
 */
static void __wake_up_common(struct wait_queue_head *wq, unsigned int mode, int nr_exclusive,
			     void *key)
{
	struct wait_queue_entry *wait, *next;

	list_for_each_entry_safe(wait, next, &wq->head, entry) {
		bool exclusive = wait->flags & WQ_FLAG_EXCLUSIVE;
		int woken = wait->func(wait, mode, 0, key);

		if (woken < 0 || (woken && exclusive && !--nr_exclusive))
			break;
	}
}

void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	__wake_up_common(wq, mode, nr_exclusive, key);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void __wake_up_locked(struct wait_queue_head *wq, unsigned int mode, int nr)
{
	__wake_up_common(wq, mode, nr, NULL);
}

int default_wake_function(struct wait_queue_entry *wait, unsigned int mode, int flags __maybe_unused,
			  void *key __maybe_unused)
{
	return wake_up_state(wait->private, mode);
}

int autoremove_wake_function(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	int woken = default_wake_function(wait, mode, flags, key);

	if (woken)
		list_del_init(&wait->entry);
	return woken;
}

void init_wait_entry(struct wait_queue_entry *wait, unsigned int flags)
{
	wait->flags = flags;
	wait->private = current;
	wait->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wait->entry);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait, unsigned int state)
{
	unsigned long flags;

	wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&wait->entry))
		list_add(&wait->entry, &wq->head);
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

bool prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *wait,
			       unsigned int state)
{
	bool was_empty = false;
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&wait->entry)) {
		was_empty = list_empty(&wq->head);
		list_add_tail(&wait->entry, &wq->head);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
	return was_empty;
}

/*
 * When a signal ends the wait, an exclusive entry must not take a wake-up with it that another
 * could use: it leaves the queue here, before anybody can wake it.
 */
long prepare_to_wait_event(struct wait_queue_head *wq, struct wait_queue_entry *wait,
			   unsigned int state)
{
	unsigned long flags;
	long ret = 0;

	spin_lock_irqsave(&wq->lock, flags);
	if (signal_pending_state(state, current)) {
		list_del_init(&wait->entry);
		ret = -ERESTARTSYS;
	} else {
		if (list_empty(&wait->entry)) {
			if (wait->flags & WQ_FLAG_EXCLUSIVE)
				list_add_tail(&wait->entry, &wq->head);
			else
				list_add(&wait->entry, &wq->head);
		}
		set_current_state(state);
	}
	spin_unlock_irqrestore(&wq->lock, flags);
	return ret;
}

/* The entry may lie on the stack: after this nobody looks at it any more. */
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&wq->lock, flags);
	if (!list_empty(&wait->entry))
		list_del_init(&wait->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}
