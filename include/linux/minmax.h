/*
 * The smaller and the larger.
 */
#ifndef INCLUDE_LINUX_MINMAX_H
#define INCLUDE_LINUX_MINMAX_H

#include "kernel/lib/types.h"

#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define clamp(value, low, high) min(max(value, low), high)
#define clamp_t(type, value, low, high) min_t(type, max_t(type, value, low), high)
#define clamp_val(value, low, high) clamp_t(__typeof__(value), value, low, high)

#endif
