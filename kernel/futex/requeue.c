/*
 * Waiters that are sent to wait at another word, so that a broadcast does not wake all of them only
 * to have them wait for the same lock. Linux: kernel/futex/requeue.c
 */
#include "kernel/futex/internal.h"

/* Make the keys, and see that the word at @uaddr1 is *@cmpval. 0, -EAGAIN: it is not; -errno. */
static int futex_requeue_setup(u32 __user *uaddr1, u32 __user *uaddr2, bool shared,
			       const u32 *cmpval, struct futex_key *key1, struct futex_key *key2)
{
	u32 curval;
	int ret;

	do {
		ret = get_futex_key(uaddr1, shared, key1, FUTEX_READ);
		if (!ret)
			ret = get_futex_key(uaddr2, shared, key2, FUTEX_READ);
		if (ret || !cmpval)
			return ret;
		if (!futex_get_value_locked(&curval, uaddr1))
			return curval == *cmpval ? 0 : -EAGAIN;
	} while (!get_user(curval, uaddr1));
	return -EFAULT;
}

/* @q waits for @key, whose bucket is @hb2, from now on. */
static void requeue_futex(struct futex_q *q, struct futex_hash_bucket *hb1,
			  struct futex_hash_bucket *hb2, const struct futex_key *key)
{
	if (hb1 != hb2)
		list_move_tail(&q->list, &hb2->chain);
	q->key = *key;
}

int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_requeue, const u32 *cmpval)
{
	struct futex_hash_bucket *hb1, *hb2;
	struct futex_key key1, key2;
	struct futex_q *this, *next;
	int ret, task_count = 0;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	ret = futex_requeue_setup(uaddr1, uaddr2, flags & FLAGS_SHARED, cmpval, &key1, &key2);
	if (ret)
		return ret;
	hb1 = futex_hash(&key1);
	hb2 = futex_hash(&key2);
	list_for_each_entry_safe(this, next, &hb1->chain, list) {
		if (task_count - nr_wake >= nr_requeue)
			break;
		if (!futex_match(&this->key, &key1))
			continue;
		if (++task_count <= nr_wake)
			futex_wake_mark(this);
		else
			requeue_futex(this, hb1, hb2, &key2);
	}
	return task_count;
}
