/*
 * Waiting at a futex and waking. Linux: kernel/futex/waitwake.c
 *
 * futex_wait() sleeps only if the word is what its caller has seen. A waker changes the word first and
 * wakes afterwards. Between the last look at the word and the sleep nobody else runs, so no wake-up
 * is lost.
 */
#include "kernel/futex/internal.h"
#include "kernel/time/hrtimer.h"

/*
 * Wake waiters of @key with a bit of @bitset until @nr are, but one at least if there is any. Returns
 * how many.
 */
static int wake_waiters(const struct futex_key *key, int nr, u32 bitset)
{
	struct futex_hash_bucket *hb = futex_hash(key);
	struct futex_q *this, *next;
	int woken = 0;

	list_for_each_entry_safe(this, next, &hb->chain, list) {
		if (!futex_match(&this->key, key) || !(this->bitset & bitset))
			continue;
		futex_wake_mark(this);
		if (++woken >= nr)
			break;
	}
	return woken;
}

static int futex_wake_shared(u32 __user *uaddr, int nr_wake, u32 bitset)
{
	struct futex_key key;
	int ret = get_futex_key(uaddr, true, &key, FUTEX_READ);

	return ret ? ret : wake_waiters(&key, nr_wake, bitset);
}

/* A private futex is woken for each lock that is released; that mostly finds nobody. */
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset)
{
	struct futex_key key;
	int ret;

	if (!bitset)
		return -EINVAL;
	if (flags & FLAGS_SHARED)
		return futex_wake_shared(uaddr, nr_wake, bitset);
	ret = get_futex_key(uaddr, false, &key, FUTEX_READ);
	if (ret || list_empty(&futex_hash(&key)->chain))
		return ret;
	return wake_waiters(&key, nr_wake, bitset);
}

/* --- FUTEX_WAKE_OP -------------------------------------------------------------------------- */

#define OP_CODE(encoded) ((encoded) >> 28 & 7)
#define OP_CMP(encoded) ((encoded) >> 24 & 15)
#define OP_ARG(encoded) ((int)((encoded) << 8) >> 20) /* bits 12 to 23, with their sign */
#define OP_CMPARG(encoded) ((int)((encoded) << 20) >> 20)

/* What the word @oldval becomes. -ENOSYS: there is no such operation. */
static int futex_op_value(u32 encoded_op, u32 oldval, u32 *newval)
{
	int oparg = OP_ARG(encoded_op);

	if (encoded_op >> 28 & FUTEX_OP_OPARG_SHIFT)
		oparg = 1u << (oparg & 31);
	switch (OP_CODE(encoded_op)) {
	case FUTEX_OP_SET:
		*newval = oparg;
		return 0;
	case FUTEX_OP_ADD:
		*newval = oldval + oparg;
		return 0;
	case FUTEX_OP_OR:
		*newval = oldval | oparg;
		return 0;
	case FUTEX_OP_ANDN:
		*newval = oldval & ~oparg;
		return 0;
	case FUTEX_OP_XOR:
		*newval = oldval ^ oparg;
		return 0;
	default:
		return -ENOSYS;
	}
}

static int futex_op_compare(u32 encoded_op, int oldval)
{
	int cmparg = OP_CMPARG(encoded_op);

	switch (OP_CMP(encoded_op)) {
	case FUTEX_OP_CMP_EQ:
		return oldval == cmparg;
	case FUTEX_OP_CMP_NE:
		return oldval != cmparg;
	case FUTEX_OP_CMP_LT:
		return oldval < cmparg;
	case FUTEX_OP_CMP_LE:
		return oldval <= cmparg;
	case FUTEX_OP_CMP_GT:
		return oldval > cmparg;
	case FUTEX_OP_CMP_GE:
		return oldval >= cmparg;
	default:
		return -ENOSYS;
	}
}

/*
 * Change the word at @uaddr as @encoded_op says. 1 or 0: whether its old value is what it says;
 * -EFAULT: the page is not there; -ENOSYS: no such operation or comparison. The word is changed before
 * the comparison is looked at.
 */
static int futex_atomic_op_inuser(u32 encoded_op, u32 __user *uaddr)
{
	u32 oldval, newval;
	int ret = futex_op_value(encoded_op, 0, &newval);

	if (ret)
		return ret;
	if (futex_get_value_locked(&oldval, uaddr))
		return -EFAULT;
	futex_op_value(encoded_op, oldval, &newval);
	if (futex_cmpxchg_value_locked(&oldval, uaddr, oldval, newval))
		return -EFAULT;
	return futex_op_compare(encoded_op, oldval);
}

int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_wake2, u32 encoded_op)
{
	struct futex_key key1, key2;
	int ret, op_ret;

	for (;;) {
		ret = get_futex_key(uaddr1, flags & FLAGS_SHARED, &key1, FUTEX_READ);
		if (ret)
			return ret;
		ret = get_futex_key(uaddr2, flags & FLAGS_SHARED, &key2, FUTEX_WRITE);
		if (ret)
			return ret;
		op_ret = futex_atomic_op_inuser(encoded_op, uaddr2);
		if (op_ret >= 0)
			break;
		if (op_ret != -EFAULT)
			return op_ret;
		ret = fault_in_user_writeable(uaddr2);
		if (ret)
			return ret;
		cond_resched();
	}
	ret = wake_waiters(&key1, nr_wake, FUTEX_BITSET_MATCH_ANY);
	if (op_ret)
		ret += wake_waiters(&key2, nr_wake2, FUTEX_BITSET_MATCH_ANY);
	return ret;
}

/* --- waiting -------------------------------------------------------------------------------- */

/* Make q->key, and see that the word is @val. 0; -EAGAIN: it is not; or -errno of the address. */
static int futex_wait_setup(u32 __user *uaddr, u32 val, unsigned int flags, struct futex_q *q)
{
	u32 uval;
	int ret;

	do {
		ret = get_futex_key(uaddr, flags & FLAGS_SHARED, &q->key, FUTEX_READ);
		if (ret)
			return ret;
		if (!futex_get_value_locked(&uval, uaddr))
			return uval == val ? 0 : -EWOULDBLOCK;
	} while (!get_user(uval, uaddr));
	return -EFAULT;
}

/* Sleep at @q until somebody wakes current. True: @abs_time has come. */
static bool futex_wait_queue(struct futex_q *q, unsigned int flags, ktime_t *abs_time)
{
	set_current_state(TASK_INTERRUPTIBLE);
	futex_queue(q);
	if (!abs_time) {
		schedule();
		return false;
	}
	return !schedule_hrtimeout_clock(abs_time, HRTIMER_MODE_ABS,
					 flags & FLAGS_CLOCKRT ? CLOCK_REALTIME : CLOCK_MONOTONIC);
}

static long futex_wait_restart(struct restart_block *restart);

int futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, ktime_t *abs_time, u32 bitset)
{
	struct restart_block *restart = &current->restart_block;
	struct futex_q q = { .bitset = bitset };
	bool timed_out;
	int ret;

	if (!bitset)
		return -EINVAL;
	do {
		ret = futex_wait_setup(uaddr, val, flags, &q);
		if (ret)
			return ret;
		timed_out = futex_wait_queue(&q, flags, abs_time);
		if (!futex_unqueue(&q))
			return 0;
		if (timed_out)
			return -ETIMEDOUT;
	} while (!signal_pending(current)); /* something else woke current */
	if (!abs_time)
		return -ERESTARTSYS;
	restart->futex.uaddr = uaddr;
	restart->futex.val = val;
	restart->futex.flags = flags;
	restart->futex.bitset = bitset;
	restart->futex.time = *abs_time;
	return set_restart_fn(restart, futex_wait_restart);
}

/* The wait goes on after a signal that had no handler, until the time that was asked for first. */
static long futex_wait_restart(struct restart_block *restart)
{
	ktime_t t = restart->futex.time;

	restart->fn = do_no_restart_syscall;
	return futex_wait(restart->futex.uaddr, restart->futex.flags, restart->futex.val, &t,
			  restart->futex.bitset);
}
