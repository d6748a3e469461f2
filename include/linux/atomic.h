/*
 * atomic_t and its brothers. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_ATOMIC_H
#define INCLUDE_LINUX_ATOMIC_H

#include "kernel/lib/atomic.h"

typedef atomic_long_t atomic64_t;

#define ATOMIC_LONG_INIT(n) ATOMIC_INIT(n)
#define ATOMIC64_INIT(n) ATOMIC_INIT(n)

static inline void atomic_add(int n, atomic_t *v)
{
	v->counter += n;
}

static inline void atomic_sub(int n, atomic_t *v)
{
	v->counter -= n;
}

static inline int atomic_add_return(int n, atomic_t *v)
{
	return v->counter += n;
}

static inline int atomic_xchg(atomic_t *v, int n)
{
	int old = v->counter;

	v->counter = n;
	return old;
}

static inline int atomic_cmpxchg(atomic_t *v, int old, int n)
{
	int found = v->counter;

	if (found == old)
		v->counter = n;
	return found;
}

static inline void atomic_long_add(long n, atomic_long_t *v)
{
	v->counter += n;
}

static inline void atomic_long_dec(atomic_long_t *v)
{
	v->counter--;
}

static inline long atomic_long_inc_return(atomic_long_t *v)
{
	return ++v->counter;
}

#define atomic64_read(v) atomic_long_read(v)
#define atomic64_set(v, n) atomic_long_set(v, n)
#define atomic64_inc(v) atomic_long_inc(v)
#define atomic64_dec(v) atomic_long_dec(v)
#define atomic64_add(n, v) atomic_long_add(n, v)
#define atomic64_inc_return(v) atomic_long_inc_return(v)
#define atomic64_dec_return(v) atomic_long_dec_return(v)

#endif
