// SPDX-License-Identifier: MIT
/* bits.c - bit operations, bitmaps, powers of two. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>

static DECLARE_BITMAP(map, 100);

static int __init bits_init(void)
{
	unsigned long word = 0;
	unsigned int bit;
	u32 rest;

	set_bit(3, &word);
	set_bit(40, &word);
	change_bit(4, &word);
	clear_bit(3, &word);
	pr_info("word %lx\n", word);
	pr_info("was set %d\n", test_and_set_bit(5, &word));
	pr_info("was set %d\n", test_and_clear_bit(40, &word));
	pr_info("word %lx: first %lu last %lu, ffs %d fls %d, weight %lu\n", word, __ffs(word),
		__fls(word), ffs(word), fls(word), (unsigned long)hweight_long(word));
	bitmap_zero(map, 100);
	set_bit(1, map);
	set_bit(64, map);
	set_bit(99, map);
	for_each_set_bit(bit, map, 100)
		pr_info("bit %u\n", bit);
	pr_info("weight %d, first zero %lu, next %lu\n", (int)bitmap_weight(map, 100),
		(unsigned long)find_first_zero_bit(map, 100), (unsigned long)find_next_bit(map, 100, 65));
	pr_info("BIT %lx GENMASK %lx\n", BIT(7), GENMASK(7, 4));
	pr_info("ilog2 %d, power of two %d %d, up %lu\n", (int)ilog2(1000), is_power_of_2(64ul),
		is_power_of_2(63ul), (unsigned long)roundup_pow_of_two(100ul));
	pr_info("hash %u\n", (unsigned int)hash_long(12345, 8));
	pr_info("div %llu", div_u64_rem(1000003, 10, &rest));
	pr_cont(" rest %u\n", rest);
	pr_info("clamp %d min3 %d\n", clamp(50, 1, 10), min3(3, 2, 4));
	return 0;
}

static void __exit bits_exit(void)
{
}

module_init(bits_init);
module_exit(bits_exit);
MODULE_LICENSE("Dual MIT/GPL");
