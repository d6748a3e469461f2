/*
 * Powers of two.
 */
#ifndef INCLUDE_LINUX_LOG2_H
#define INCLUDE_LINUX_LOG2_H

#include <linux/bitops.h>

#define ilog2(n) (63 - __builtin_clzl((unsigned long)(n)))
#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)
#define roundup_pow_of_two(n) ((n) <= 1 ? 1ul : 1ul << fls64((n) - 1))
#define rounddown_pow_of_two(n) (1ul << ilog2(n))
#define order_base_2(n) ((n) > 1 ? ilog2((n) - 1) + 1 : 0)

#endif
