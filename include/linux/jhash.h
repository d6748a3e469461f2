/*
 * Bob Jenkins' hash function of 2006, "lookup3". The values are Linux's.
 */
#ifndef INCLUDE_LINUX_JHASH_H
#define INCLUDE_LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>

#define JHASH_INITVAL 0xdeadbeef
#define jhash_size(n) (1u << (n))
#define jhash_mask(n) (jhash_size(n) - 1)

/* Mix three words so that the change of any bit changes many others, and back again. */
static inline void __jhash_mix(u32 w[3])
{
	static const u8 turns[] = { 4, 6, 8, 16, 19, 4 };

	for (int i = 0; i < 6; i++) {
		u32 *to = &w[i % 3], *next = &w[(i + 1) % 3], *from = &w[(i + 2) % 3];

		*to = (*to - *from) ^ rol32(*from, turns[i]);
		*from += *next;
	}
}

/* The end: every bit of the input reaches every bit of w[2]. */
static inline u32 __jhash_final(u32 w[3])
{
	static const u8 turns[] = { 14, 11, 25, 16, 4, 14, 24 };

	for (int i = 0; i < 7; i++) {
		u32 *to = &w[(i + 2) % 3], from = w[(i + 1) % 3];

		*to = (*to ^ from) - rol32(from, turns[i]);
	}
	return w[2];
}

/* @length: bytes at @key */
static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	u32 start = JHASH_INITVAL + length + initval;
	u32 w[3] = { start, start, start }, part[3];
	const u8 *bytes = key;

	for (; length > 12; length -= 12, bytes += 12) {
		memcpy(part, bytes, 12);
		for (int i = 0; i < 3; i++)
			w[i] += part[i];
		__jhash_mix(w);
	}
	if (!length)
		return w[2];
	memset(part, 0, sizeof(part));
	memcpy(part, bytes, length);
	for (int i = 0; i < 3; i++)
		w[i] += part[i];
	return __jhash_final(w);
}

/* @length: words at @key */
static inline u32 jhash2(const u32 *key, u32 length, u32 initval)
{
	return jhash(key, length * 4, initval);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	return jhash((u32[]){ a, b, c }, 12, initval);
}

/* Linux counts the missing words as zeros, but not in the length. */
static inline u32 __jhash_nwords(u32 a, u32 b, u32 initval)
{
	u32 w[3] = { a + initval, b + initval, initval };

	return __jhash_final(w);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return __jhash_nwords(a, b, initval + JHASH_INITVAL + (2 << 2));
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return __jhash_nwords(a, 0, initval + JHASH_INITVAL + (1 << 2));
}

#endif
