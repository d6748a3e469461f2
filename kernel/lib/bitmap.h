/*
 * Bitmaps over arrays of unsigned long, bit n in word n / 64. Linux: include/linux/bitmap.h, find.h
 */
#ifndef KERNEL_LIB_BITMAP_H
#define KERNEL_LIB_BITMAP_H

#include "kernel/lib/types.h"

#define BITS_PER_LONG 64
#define BITS_TO_LONGS(bits) DIV_ROUND_UP(bits, BITS_PER_LONG)

/* If the compiler knows @nr, this becomes one OR or AND; otherwise BTS and BTR find the word. */
static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	if (__builtin_constant_p(nr))
		map[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
	else
		__asm__ volatile("btsq %1, %0" : "+m"(*map) : "r"(nr) : "memory", "cc");
}

static inline void __clear_bit(unsigned long nr, unsigned long *map)
{
	if (__builtin_constant_p(nr))
		map[nr / BITS_PER_LONG] &= ~BIT(nr % BITS_PER_LONG);
	else
		__asm__ volatile("btrq %1, %0" : "+m"(*map) : "r"(nr) : "memory", "cc");
}

static inline bool test_bit(unsigned long nr, const unsigned long *map)
{
	return (map[nr / BITS_PER_LONG] >> (nr % BITS_PER_LONG)) & 1;
}

/* The first bit at or after @start whose complement by @invert is one; inline so that @invert costs nothing. */
static __always_inline unsigned long _find_next_bit(const unsigned long *map, unsigned long size,
						    unsigned long start, unsigned long invert)
{
	unsigned long word, bit;

	if (start >= size)
		return size;
	word = (map[start / BITS_PER_LONG] ^ invert) & (~0UL << (start % BITS_PER_LONG));
	start = ALIGN_DOWN(start, BITS_PER_LONG);
	while (!word) {
		start += BITS_PER_LONG;
		if (start >= size)
			return size;
		word = map[start / BITS_PER_LONG] ^ invert;
	}
	bit = start + __builtin_ctzl(word);
	return min(bit, size);
}

/*
 * The first zero bit (one bit) of @map at or after @start.
 * @size: bits in the map. Returns @size when there is none from @start on.
 */
static inline unsigned long find_next_zero_bit(const unsigned long *map, unsigned long size,
					       unsigned long start)
{
	return _find_next_bit(map, size, start, ~0ul);
}

static inline unsigned long find_next_bit(const unsigned long *map, unsigned long size,
					  unsigned long start)
{
	return _find_next_bit(map, size, start, 0);
}

#endif
