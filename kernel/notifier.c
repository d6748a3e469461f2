/*
 * Chains of functions: see notifier.h for how to use them. Linux: kernel/notifier.c
 *
 * One CPU, and ring 0 is not preempted: a chain whose functions do not sleep changes only between
 * them, when one of them or an interrupt handler does it. So its links are changed last.
 */
#include "kernel/notifier.h"

#include "kernel/lib/irqflags.h"

static int notifier_chain_register(struct notifier_block **link, struct notifier_block *nb)
{
	for (; *link && (*link)->priority >= nb->priority; link = &(*link)->next) {
		if (*link == nb)
			return -EEXIST;
	}
	nb->next = *link;
	WRITE_ONCE(*link, nb);
	return 0;
}

static int notifier_chain_unregister(struct notifier_block **link, struct notifier_block *nb)
{
	for (; *link; link = &(*link)->next) {
		if (*link == nb) {
			WRITE_ONCE(*link, nb->next);
			return 0;
		}
	}
	return -ENOENT;
}

static int notifier_call_chain(struct notifier_block *nb, unsigned long action, void *data)
{
	struct notifier_block *next;
	int ret = NOTIFY_DONE;

	for (; nb && !(ret & NOTIFY_STOP_MASK); nb = next) {
		next = nb->next; /* it may take itself out */
		ret = nb->notifier_call(nb, action, data);
	}
	return ret;
}

int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	return notifier_chain_register(&nh->head, nb);
}

int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb)
{
	return notifier_chain_unregister(&nh->head, nb);
}

int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long action, void *data)
{
	return notifier_call_chain(nh->head, action, data);
}

int atomic_notifier_chain_register(struct atomic_notifier_head *nh, struct notifier_block *nb)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = notifier_chain_register(&nh->head, nb);
	local_irq_restore(flags);
	return ret;
}

int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh, struct notifier_block *nb)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = notifier_chain_unregister(&nh->head, nb);
	local_irq_restore(flags);
	return ret;
}

int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long action, void *data)
{
	return notifier_call_chain(READ_ONCE(nh->head), action, data);
}

int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb)
{
	int ret;

	mutex_lock(&nh->lock);
	ret = notifier_chain_register(&nh->head, nb);
	mutex_unlock(&nh->lock);
	return ret;
}

int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
				       struct notifier_block *nb)
{
	int ret;

	mutex_lock(&nh->lock);
	ret = notifier_chain_unregister(&nh->head, nb);
	mutex_unlock(&nh->lock);
	return ret;
}

int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long action,
				 void *data)
{
	int ret;

	mutex_lock(&nh->lock);
	ret = notifier_call_chain(nh->head, action, data);
	mutex_unlock(&nh->lock);
	return ret;
}
