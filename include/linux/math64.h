/*
 * Division of 64-bit numbers, which this CPU just does.
 */
#ifndef INCLUDE_LINUX_MATH64_H
#define INCLUDE_LINUX_MATH64_H

#include "kernel/lib/types.h"

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

#define div64_ul(n, d) div64_u64(n, d)
#define div64_long(n, d) div64_s64(n, d)

/* @n becomes the quotient; the value is the remainder. */
#define do_div(n, base)                                 \
	({                                              \
		u32 do_div_rest = (n) % (base);         \
		(n) /= (base);                          \
		do_div_rest;                            \
	})

#endif
