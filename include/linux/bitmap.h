/*
 * Arrays of bits.
 */
#ifndef INCLUDE_LINUX_BITMAP_H
#define INCLUDE_LINUX_BITMAP_H

#include <linux/bitops.h>
#include <linux/string.h>

#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

static inline void bitmap_zero(unsigned long *map, unsigned int bits)
{
	memset(map, 0, BITS_TO_LONGS(bits) * sizeof(*map));
}

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned int bits)
{
	unsigned long bit;
	unsigned int n = 0;

	for_each_set_bit(bit, map, bits)
		n++;
	return n;
}

#define bitmap_empty(map, bits) (find_first_bit(map, bits) >= (bits))
#define bitmap_full(map, bits) (find_first_zero_bit(map, bits) >= (bits))

#endif
