/*
 * atomic_t and its brothers. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_ATOMIC_H
#define INCLUDE_LINUX_ATOMIC_H

#include "kernel/lib/atomic.h"

typedef atomic_long_t atomic64_t;

/*
 * Of any variable of 1, 2, 4 or 8 bytes: store @new and return what was there; the same, but store
 * only if @old was there.
 */
#define xchg(ptr, new)                                                                  \
	({                                                                              \
		__typeof__(*(ptr)) xchg_value = (new);                                  \
		__asm__ volatile("xchg %0, %1"                                          \
				 : "+r"(xchg_value), "+m"(*(ptr)) : : "memory");        \
		xchg_value;                                                             \
	})
#define cmpxchg(ptr, old, new)                                                          \
	({                                                                              \
		__typeof__(*(ptr)) cmpxchg_seen = (old), cmpxchg_new = (new);           \
		__asm__ volatile("cmpxchg %2, %1"                                       \
				 : "+a"(cmpxchg_seen), "+m"(*(ptr))                     \
				 : "r"(cmpxchg_new) : "memory");                        \
		cmpxchg_seen;                                                           \
	})

#define ATOMIC64_INIT(n) ATOMIC_LONG_INIT(n)
#define atomic64_read(v) atomic_long_read(v)
#define atomic64_set(v, n) atomic_long_set(v, n)
#define atomic64_inc(v) atomic_long_inc(v)
#define atomic64_dec(v) atomic_long_dec(v)
#define atomic64_add(n, v) atomic_long_add(n, v)
#define atomic64_inc_return(v) atomic_long_inc_return(v)
#define atomic64_dec_return(v) atomic_long_dec_return(v)
#define atomic64_sub(n, v) atomic_long_sub(n, v)
#define atomic64_add_return(n, v) atomic_long_add_return(n, v)
#define atomic64_sub_return(n, v) atomic_long_add_return(-(n), v)
#define atomic64_fetch_add(n, v) atomic_long_fetch_add(n, v)
#define atomic64_xchg(v, n) atomic_long_xchg(v, n)
#define atomic64_cmpxchg(v, old, n) atomic_long_cmpxchg(v, old, n)
#define atomic64_dec_and_test(v) atomic_long_dec_and_test(v)
#define atomic64_inc_and_test(v) (atomic64_inc_return(v) == 0)

#define atomic_sub_return(n, v) atomic_add_return(-(n), v)
#define atomic_fetch_inc(v) atomic_fetch_add(1, v)
#define atomic_inc_and_test(v) (atomic_inc_return(v) == 0)
#define atomic_long_sub_return(n, v) atomic_long_add_return(-(n), v)

/* True unless the value was @u: then it stays. */
static inline bool atomic_add_unless(atomic_t *v, int n, int u)
{
	int old = atomic_read(v);

	while (old != u) {
		int seen = atomic_cmpxchg(v, old, old + n);

		if (seen == old)
			return true;
		old = seen;
	}
	return false;
}

#define atomic_inc_not_zero(v) atomic_add_unless(v, 1, 0)

#endif
