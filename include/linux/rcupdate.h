/*
 * RCU on one CPU with a kernel that is never preempted: nobody can come in between,
 * so readers need not say that they read, and every grace period is over at once.
 */
#ifndef INCLUDE_LINUX_RCUPDATE_H
#define INCLUDE_LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/slab.h>

/* What an object holds that is freed after a grace period. */
struct rcu_head {
	struct rcu_head *next;
};
#define callback_head rcu_head

static inline void rcu_read_lock(void)
{
}

static inline void rcu_read_unlock(void)
{
}

static inline void synchronize_rcu(void)
{
}

#define rcu_dereference(p) READ_ONCE(p)
#define rcu_dereference_raw(p) READ_ONCE(p)
#define rcu_dereference_check(p, c) READ_ONCE(p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_access_pointer(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)
#define kfree_rcu(ptr, ...) kfree(ptr)
#define kvfree_rcu(ptr, ...) kfree(ptr)
#define rcu_barrier() do { } while (0)
#define rcu_read_lock_held() 1
#define rcu_read_lock_sched() rcu_read_lock()
#define rcu_read_unlock_sched() rcu_read_unlock()
#define synchronize_sched() synchronize_rcu()

#endif
