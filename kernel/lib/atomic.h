/*
 * Counters. One CPU and a kernel that is never preempted: a plain add is atomic enough, so these
 * are Linux's names (include/linux/atomic.h, refcount.h) over ordinary arithmetic.
 */
#ifndef KERNEL_LIB_ATOMIC_H
#define KERNEL_LIB_ATOMIC_H

#include "kernel/lib/bug.h"
#include "kernel/lib/types.h"

#define ATOMIC_INIT(n) { (n) }
#define REFCOUNT_INIT(n) { ATOMIC_INIT(n) }

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int n)
{
	v->counter = n;
}

static inline void atomic_inc(atomic_t *v)
{
	v->counter++;
}

static inline void atomic_dec(atomic_t *v)
{
	v->counter--;
}

static inline bool atomic_dec_and_test(atomic_t *v)
{
	return --v->counter == 0;
}

static inline int atomic_inc_return(atomic_t *v)
{
	return ++v->counter;
}

static inline int atomic_dec_return(atomic_t *v)
{
	return --v->counter;
}

static inline long atomic_long_read(const atomic_long_t *v)
{
	return v->counter;
}

static inline void atomic_long_set(atomic_long_t *v, long n)
{
	v->counter = n;
}

static inline void atomic_long_inc(atomic_long_t *v)
{
	v->counter++;
}

static inline long atomic_long_dec_return(atomic_long_t *v)
{
	return --v->counter;
}

/*
 * A refcount_t counts owners, so zero is final: taking a reference on a dead object or dropping
 * one too many is a bug and is reported as one.
 */
static inline unsigned int refcount_read(const refcount_t *r)
{
	return r->refs.counter;
}

static inline void refcount_set(refcount_t *r, int n)
{
	r->refs.counter = n;
}

static inline void refcount_inc(refcount_t *r)
{
	r->refs.counter++;
	BUG_ON(r->refs.counter <= 1);
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	int left = --r->refs.counter;

	BUG_ON(left < 0);
	return left == 0;
}

#endif
