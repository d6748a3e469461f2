/*
 * atomic_t and its brothers. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_ATOMIC_H
#define INCLUDE_LINUX_ATOMIC_H

#include "kernel/lib/atomic.h"

typedef atomic_long_t atomic64_t;

#define ATOMIC64_INIT(n) ATOMIC_LONG_INIT(n)
#define atomic64_read(v) atomic_long_read(v)
#define atomic64_set(v, n) atomic_long_set(v, n)
#define atomic64_inc(v) atomic_long_inc(v)
#define atomic64_dec(v) atomic_long_dec(v)
#define atomic64_add(n, v) atomic_long_add(n, v)
#define atomic64_inc_return(v) atomic_long_inc_return(v)
#define atomic64_dec_return(v) atomic_long_dec_return(v)

#endif
