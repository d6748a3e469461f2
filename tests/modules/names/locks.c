// SPDX-License-Identifier: MIT
/* locks.c - locks, atomics and RCU, taken and released. No header but kprobes.h brings RCU along. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/interrupt.h>
#include <linux/kprobes.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rwlock.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RWLOCK(rw);
static DEFINE_MUTEX(mutex);
static atomic_t counter = ATOMIC_INIT(5);
static atomic64_t wide = ATOMIC64_INIT(1);
static struct kref kref;
static int released;

struct config {
	int value;
	struct rcu_head rcu;
};
static struct config first = { .value = 1 }, second = { .value = 2 };
static struct config __rcu *config;

static void release(struct kref *kref)
{
	released++;
}

static int read_config(void)
{
	int value;

	rcu_read_lock();
	value = rcu_dereference(config)->value + rcu_dereference_raw(config)->value;
	rcu_read_unlock();
	return value;
}

static int __init locks_init(void)
{
	unsigned long flags;

	spin_lock_irqsave(&spin, flags);
	pr_info("interrupts off %d, in_interrupt %d\n", irqs_disabled(), !!in_interrupt());
	spin_unlock_irqrestore(&spin, flags);
	pr_info("spin_trylock %d\n", spin_trylock(&spin));
	spin_unlock(&spin);
	read_lock(&rw);
	read_unlock(&rw);
	write_lock_irqsave(&rw, flags);
	write_unlock_irqrestore(&rw, flags);
	mutex_lock(&mutex);
	pr_info("mutex locked %d\n", mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	pr_info("mutex_trylock %d\n", mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	rcu_assign_pointer(config, &first);
	pr_info("config %d\n", read_config());
	rcu_assign_pointer(config, &second);
	synchronize_rcu();
	pr_info("config %d\n", read_config());
	atomic_add(3, &counter);
	pr_info("counter %d\n", atomic_inc_return(&counter));
	pr_info("cmpxchg %d\n", atomic_cmpxchg(&counter, 9, 10));
	pr_info("xchg %d\n", atomic_xchg(&counter, 1));
	pr_info("now %d, unless %d\n", atomic_read(&counter), atomic_add_unless(&counter, 5, 1));
	pr_info("wide %lld\n", (long long)atomic64_add_return(4, &wide));
	kref_init(&kref);
	kref_get(&kref);
	pr_info("kref %d", kref_put(&kref, release));
	pr_cont(" %d", kref_put(&kref, release));
	pr_cont(" %d\n", released);
	return 0;
}

static void __exit locks_exit(void)
{
}

module_init(locks_init);
module_exit(locks_exit);
MODULE_LICENSE("Dual MIT/GPL");
