/*
 * Numbers to few bits, by multiplication with 2^n divided by the golden ratio.
 */
#ifndef INCLUDE_LINUX_HASH_H
#define INCLUDE_LINUX_HASH_H

#include <linux/types.h>

#define GOLDEN_RATIO_32 0x61C88647u
#define GOLDEN_RATIO_64 0x61C8864680B583EBull
#define __hash_32(val) ((u32)(val) * GOLDEN_RATIO_32)
#define hash_32(val, bits) (__hash_32(val) >> (32 - (bits)))
#define hash_64(val, bits) ((u32)(((u64)(val) * GOLDEN_RATIO_64) >> (64 - (bits))))
#define hash_long(val, bits) hash_64(val, bits)
#define hash_ptr(ptr, bits) hash_64((unsigned long)(ptr), bits)

#endif
