/*
 * Private to kernel/futex: what a waiter is, and what the files here share.
 * Linux: kernel/futex/futex.h
 *
 * A waiter's entry is on its stack and in the chain of its key's hash bucket. Only tasks look at the
 * chains, and nobody sleeps between looking and changing, so they need no lock: ring 0 is not
 * preempted.
 */
#ifndef KERNEL_FUTEX_INTERNAL_H
#define KERNEL_FUTEX_INTERNAL_H

#include <linux/hash.h>
#include <uapi/futex.h>

#include "kernel/futex/futex.h"

/* The flags of an operation. */
#define FLAGS_SHARED 0x01u  /* the word may be seen by other processes, too */
#define FLAGS_CLOCKRT 0x02u /* the timeout is by CLOCK_REALTIME */

/* Will the word be changed? Then memory that is only readable will not do. */
enum futex_access { FUTEX_READ, FUTEX_WRITE };

/*
 * Which word of memory: equal keys are the same word. A word of private memory is an address in an
 * address space, one of a file is a place in the file. No reference is held: a waiter is in its
 * address space as long as it waits, and the number of an inode is never given to another one.
 */
struct futex_key {
	const void *object;  /* the mm_struct, or the super_block of the file */
	unsigned long ino;   /* of the file; 0: private memory */
	unsigned long place; /* address, or offset in the file, in bytes; and FUT_OFF_* */
};
#define FUT_OFF_INODE 1ul    /* a file's */
#define FUT_OFF_MMSHARED 2ul /* private memory, but the caller did not say so */

struct futex_hash_bucket {
	struct list_head chain; /* waiters, the first to come first */
};

struct futex_q {
	struct list_head list; /* empty: woken */
	struct task_struct *task;
	struct futex_key key;
	u32 bitset;
};

static inline bool futex_match(const struct futex_key *a, const struct futex_key *b)
{
	return a->place == b->place && a->object == b->object && a->ino == b->ino;
}

extern struct futex_hash_bucket *futex_queues;
extern unsigned int futex_hashmask; /* buckets, less one */

/* These two are inline because a wake-up that finds nobody consists of little else. */
static inline struct futex_hash_bucket *futex_hash(const struct futex_key *key)
{
	u64 word = key->place + (unsigned long)key->object + key->ino * PAGE_SIZE;

	return &futex_queues[(word * GOLDEN_RATIO_64) >> 40 & futex_hashmask];
}

/* *@key is that of an address: make it that of what is mapped there. May sleep. 0 or -errno. */
int get_shared_key(struct futex_key *key, enum futex_access rw);

/*
 * The key of the word at @uaddr. @shared: look at what is mapped there, which may sleep; else @uaddr
 * itself says it all. 0; -EINVAL: not aligned; -EFAULT; -ENOMEM.
 */
static inline int get_futex_key(u32 __user *uaddr, bool shared, struct futex_key *key,
				enum futex_access rw)
{
	if ((unsigned long)uaddr % sizeof(u32))
		return -EINVAL;
	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	key->object = current->mm;
	key->ino = 0;
	key->place = (unsigned long)uaddr;
	return shared ? get_shared_key(key, rw) : 0;
}

/*
 * Read the word without bringing its page in, so nobody else runs meanwhile. 0 or -EFAULT: the page
 * is not there; get_user() brings it in, if there is one.
 */
int futex_get_value_locked(u32 *dest, u32 __user *from);

/* The same for a change from @uval to @newval; *@curval is what was there. 0 or -EFAULT. */
int futex_cmpxchg_value_locked(u32 *curval, u32 __user *uaddr, u32 uval, u32 newval);

/* Make the page at @uaddr present and writable. May sleep. 0 or -EFAULT. */
int fault_in_user_writeable(u32 __user *uaddr);

/* Current waits at q->key from now on. futex_unqueue(): no longer; false if it was woken already. */
void futex_queue(struct futex_q *q);
bool futex_unqueue(struct futex_q *q);

/* Take @q out of its chain and wake its task. From then on *@q may be gone. */
void futex_wake_mark(struct futex_q *q);

/* The operations. @flags: FLAGS_*. Returns how many were woken (or requeued), or -errno. */
int futex_wait(u32 __user *uaddr, unsigned int flags, u32 val, ktime_t *abs_time, u32 bitset);
int futex_wake(u32 __user *uaddr, unsigned int flags, int nr_wake, u32 bitset);
int futex_wake_op(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_wake2, u32 encoded_op);
/* @cmpval: NULL, or what the word at @uaddr1 must still be, else -EAGAIN. */
int futex_requeue(u32 __user *uaddr1, unsigned int flags, u32 __user *uaddr2, int nr_wake,
		  int nr_requeue, const u32 *cmpval);

#endif
