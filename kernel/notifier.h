/*
 * Chains of functions that want to be told when something happens. Linux: include/linux/notifier.h
 *
 * An atomic chain may be called and changed from anywhere and its functions may not sleep; those of
 * a blocking chain may. For a raw chain the caller does the locking.
 */
#ifndef KERNEL_NOTIFIER_H
#define KERNEL_NOTIFIER_H

#include "kernel/sched/mutex.h"

/* What a function returns: nothing of interest; well; not this; and: tell nobody else. */
#define NOTIFY_DONE 0x0000
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP (NOTIFY_OK | NOTIFY_STOP_MASK)

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority; /* the highest comes first; of equals the one registered first */
};

struct raw_notifier_head {
	struct notifier_block *head;
};

struct atomic_notifier_head {
	struct notifier_block *head;
};

struct blocking_notifier_head {
	struct mutex lock;
	struct notifier_block *head;
};

#define RAW_NOTIFIER_HEAD(name) struct raw_notifier_head name
#define ATOMIC_NOTIFIER_HEAD(name) struct atomic_notifier_head name
#define BLOCKING_NOTIFIER_HEAD(name)                                            \
	struct blocking_notifier_head name = { .lock = __MUTEX_INITIALIZER((name).lock) }

/* Registering: 0, or -EEXIST: it is in the chain. Unregistering: 0, or -ENOENT: it is not. */
int raw_notifier_chain_register(struct raw_notifier_head *nh, struct notifier_block *nb);
int raw_notifier_chain_unregister(struct raw_notifier_head *nh, struct notifier_block *nb);
int atomic_notifier_chain_register(struct atomic_notifier_head *nh, struct notifier_block *nb);
int atomic_notifier_chain_unregister(struct atomic_notifier_head *nh, struct notifier_block *nb);
int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb);
int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh,
				       struct notifier_block *nb);

/* Call them in order until one stops it. Returns what the last one that was called said. */
int raw_notifier_call_chain(struct raw_notifier_head *nh, unsigned long action, void *data);
int atomic_notifier_call_chain(struct atomic_notifier_head *nh, unsigned long action, void *data);
int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long action,
				 void *data);

/* -errno as a function's answer, which stops the chain; and back. 0: well. */
static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

#endif
