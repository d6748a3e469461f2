/*
 * Bits of words. Each change is one instruction, so that an interrupt handler may make one too.
 */
#ifndef INCLUDE_LINUX_BITOPS_H
#define INCLUDE_LINUX_BITOPS_H

#include "kernel/lib/bitmap.h"

#define BITS_PER_BYTE 8
#define BITS_PER_LONG_LONG 64
#define BIT_ULL(n) (1ULL << (n))
#define BIT_MASK(n) (1UL << ((n) % BITS_PER_LONG))
#define BIT_WORD(n) ((n) / BITS_PER_LONG)
#define GENMASK(high, low) ((~0UL << (low)) & (~0UL >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) GENMASK(high, low)

/* The bit after @nr was what the carry flag says. */
#define DEFINE_BITOP(name, test_name, instruction)                                      \
	static inline bool test_name(long nr, volatile unsigned long *map)              \
	{                                                                               \
		bool old;                                                               \
		__asm__ volatile(instruction " %2, %0"                                  \
				 : "+m"(*map), "=@ccc"(old) : "r"(nr) : "memory");      \
		return old;                                                             \
	}                                                                               \
	static inline void name(long nr, volatile unsigned long *map)                   \
	{                                                                               \
		test_name(nr, map);                                                     \
	}

DEFINE_BITOP(set_bit, test_and_set_bit, "btsq")
DEFINE_BITOP(clear_bit, test_and_clear_bit, "btrq")
DEFINE_BITOP(change_bit, test_and_change_bit, "btcq")
#undef DEFINE_BITOP

#define rol32(word, n) (((u32)(word) << ((n) & 31)) | ((u32)(word) >> (-(n) & 31)))
#define ror32(word, n) rol32(word, -(n))
#define rol64(word, n) (((u64)(word) << ((n) & 63)) | ((u64)(word) >> (-(n) & 63)))
#define ror64(word, n) rol64(word, -(n))

#define __change_bit(nr, map) change_bit(nr, map)
#define __test_and_set_bit(nr, map) test_and_set_bit(nr, map)
#define __test_and_clear_bit(nr, map) test_and_clear_bit(nr, map)

#define __ffs(word) ((unsigned long)__builtin_ctzl(word))
#define __fls(word) (BITS_PER_LONG - 1ul - __builtin_clzl(word))
#define ffz(word) __ffs(~(word))
#define ffs(x) __builtin_ffs(x)

/* The number of the highest bit that is set, counted from 1; 0: none is. */
static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzl(x) : 0;
}

#define fls(x) fls64((u32)(x))
#define fls_long(x) fls64(x)

static inline unsigned int hweight64(u64 w)
{
	unsigned int n;

	for (n = 0; w; n++)
		w &= w - 1;
	return n;
}

#define hweight_long(w) hweight64(w)
#define hweight32(w) hweight64((u32)(w))
#define hweight16(w) hweight64((u16)(w))
#define hweight8(w) hweight64((u8)(w))

#define find_first_bit(map, size) find_next_bit(map, size, 0)
#define find_first_zero_bit(map, size) find_next_zero_bit(map, size, 0)
#define for_each_set_bit(bit, map, size)                                \
	for ((bit) = find_first_bit(map, size); (bit) < (size);         \
	     (bit) = find_next_bit(map, size, (bit) + 1))

#endif
