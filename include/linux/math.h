/*
 * Division and rounding.
 */
#ifndef INCLUDE_LINUX_MATH_H
#define INCLUDE_LINUX_MATH_H

#include "kernel/lib/types.h"

#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define round_up(x, y) ALIGN(x, y)
#define round_down(x, y) ALIGN_DOWN(x, y)
#define abs(x)                                          \
	({                                              \
		__typeof__(x) abs_x = (x);              \
		abs_x < 0 ? -abs_x : abs_x;             \
	})

#endif
