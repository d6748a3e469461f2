/*
 * Division and rounding.
 */
#ifndef INCLUDE_LINUX_MATH_H
#define INCLUDE_LINUX_MATH_H

#include "kernel/lib/types.h"

#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define round_up(x, y) ALIGN(x, y)
#define round_down(x, y) ALIGN_DOWN(x, y)
#define roundup(x, y) (((x) + (y) - 1) / (y) * (y))
#define rounddown(x, y) ((x) - (x) % (y))
#define mult_frac(x, n, d) ((x) / (d) * (n) + (x) % (d) * (n) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((unsigned long long)(n), (unsigned long long)(d))
#define abs(x)                                          \
	({                                              \
		__typeof__(x) abs_x = (x);              \
		abs_x < 0 ? -abs_x : abs_x;             \
	})

#endif
