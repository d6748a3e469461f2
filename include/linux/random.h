/*
 * Random numbers.
 */
#ifndef INCLUDE_LINUX_RANDOM_H
#define INCLUDE_LINUX_RANDOM_H

#include "kernel/cpu/cpu.h"

static inline u64 get_random_u64(void)
{
	u64 n;

	get_random_bytes(&n, sizeof(n));
	return n;
}

#define get_random_u32() ((u32)get_random_u64())
#define get_random_int() ((unsigned int)get_random_u64())
#define get_random_long() ((unsigned long)get_random_u64())
#define prandom_u32() get_random_u32()
#define prandom_u32_max(limit) ((u32)((u64)get_random_u32() * (limit) >> 32))

#endif
