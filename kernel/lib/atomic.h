/*
 * Counters that tasks and interrupt handlers may change at the same time.
 * Linux: include/linux/atomic.h, refcount.h
 *
 * Each change is one instruction, and an interrupt comes between two instructions, never within
 * one. With more than one CPU each instruction would also need a LOCK prefix.
 */
#ifndef KERNEL_LIB_ATOMIC_H
#define KERNEL_LIB_ATOMIC_H

#include "kernel/lib/bug.h"
#include "kernel/lib/types.h"

#define ATOMIC_INIT(n) { (n) }
#define ATOMIC_LONG_INIT(n) { (n) }
#define REFCOUNT_INIT(n) { ATOMIC_INIT(n) }

/*
 * The functions of one type. @type: atomic or atomic_long; @val: the C type of the value; @size:
 * the suffix of the instructions. A function named _return gives the value after the change, one
 * named fetch_ the value before it.
 */
#define DEFINE_ATOMIC(type, val, size)								\
	static inline val type##_read(const type##_t *v)					\
	{											\
		return READ_ONCE(v->counter);							\
	}											\
	static inline void type##_set(type##_t *v, val n)					\
	{											\
		WRITE_ONCE(v->counter, n);							\
	}											\
	static inline void type##_add(val n, type##_t *v)					\
	{											\
		__asm__ volatile("add" size " %1, %0" : "+m"(v->counter) : "er"(n));		\
	}											\
	static inline val type##_fetch_add(val n, type##_t *v)					\
	{											\
		__asm__ volatile("xadd %0, %1" : "+r"(n), "+m"(v->counter) : : "memory");	\
		return n;									\
	}											\
	static inline val type##_xchg(type##_t *v, val n)					\
	{											\
		__asm__ volatile("xchg %0, %1" : "+r"(n), "+m"(v->counter) : : "memory");	\
		return n;									\
	}											\
	/* Store @new if the value is @old; returns what the value was. */			\
	static inline val type##_cmpxchg(type##_t *v, val old, val new)				\
	{											\
		__asm__ volatile("cmpxchg %2, %1"						\
				 : "+a"(old), "+m"(v->counter) : "r"(new) : "memory");		\
		return old;									\
	}											\
	static inline bool type##_sub_and_test(val n, type##_t *v)				\
	{											\
		bool zero;									\
		__asm__ volatile("sub" size " %2, %0"						\
				 : "+m"(v->counter), "=@cce"(zero) : "er"(n) : "memory");	\
		return zero;									\
	}											\
	static inline void type##_sub(val n, type##_t *v)					\
	{											\
		type##_add(-n, v);								\
	}											\
	static inline void type##_inc(type##_t *v)						\
	{											\
		type##_add(1, v);								\
	}											\
	static inline void type##_dec(type##_t *v)						\
	{											\
		type##_add(-1, v);								\
	}											\
	static inline val type##_add_return(val n, type##_t *v)					\
	{											\
		return type##_fetch_add(n, v) + n;						\
	}											\
	static inline val type##_inc_return(type##_t *v)					\
	{											\
		return type##_add_return(1, v);							\
	}											\
	static inline val type##_dec_return(type##_t *v)					\
	{											\
		return type##_add_return(-1, v);						\
	}											\
	static inline bool type##_dec_and_test(type##_t *v)					\
	{											\
		return type##_sub_and_test(1, v);						\
	}

DEFINE_ATOMIC(atomic, int, "l")
DEFINE_ATOMIC(atomic_long, long, "q")
#undef DEFINE_ATOMIC

/*
 * A refcount_t counts owners, so zero is final: taking a reference on a dead object or dropping
 * one too many is a bug and is reported as one.
 */
static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline void refcount_inc(refcount_t *r)
{
	BUG_ON(atomic_read(&r->refs) <= 0);
	atomic_inc(&r->refs);
}

/* Drop a reference. True: it was the last one. */
static inline bool refcount_dec_and_test(refcount_t *r)
{
	bool zero, negative;

	__asm__ volatile("subl $1, %0"
			 : "+m"(r->refs.counter), "=@ccz"(zero), "=@ccs"(negative) : : "memory");
	BUG_ON(negative);
	return zero;
}

#endif
