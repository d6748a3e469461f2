/*
 * kernel/lib: formatted output, strings, bitmaps; kallsyms, which %pS needs.
 */
#include "kernel/debug/debug.h"
#include "kernel/mm/memlayout.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"

#define EXPECT_PRINTS(expected, ...)                                                    \
	do {                                                                            \
		char buf[128];                                                          \
		int len = snprintf(buf, sizeof(buf), __VA_ARGS__);                      \
		KTAP_EXPECT_EQ(len, strlen(expected));                                  \
		if (strcmp(buf, expected))                                              \
			ktap_fail(__FILE__, __LINE__, expected);                        \
	} while (0)

KTAP_SUITE(formatted_output)
{
	const char *hh = "%hhd %hhu"; /* not where it is used: compilers refuse it more than a char */
	char small[4];

	EXPECT_PRINTS("-1 4294967295 ff 377", "%d %u %x %o", -1, -1, 255, 255);
	EXPECT_PRINTS("   42|42   |00042|+42", "%5d|%-5d|%05d|%+d", 42, 42, 42, 42);
	EXPECT_PRINTS("-9223372036854775808", "%ld", INT64_MIN);
	EXPECT_PRINTS("0xff 0XFF 0x00ff", "%#x %#X %#06x", 255, 255, 255);
	EXPECT_PRINTS("abc ab  |", "%s %-4.2s|", "abc", "abc");
	EXPECT_PRINTS("x%y", "%c%%%c", 'x', 'y');
	EXPECT_PRINTS("-1 255", hh, 255, 255);
	EXPECT_PRINTS("0000000000001000", "%p", (void *)0x1000);
	EXPECT_PRINTS("panic", "%ps", (void *)panic);
	KTAP_EXPECT_EQ(snprintf(small, sizeof(small), "%s", "abcdef"), 6);
	KTAP_EXPECT_EQ(strcmp(small, "abc"), 0);
	KTAP_EXPECT_EQ(scnprintf(small, sizeof(small), "%s", "abcdef"), 3);
}

KTAP_SUITE(strings_and_numbers)
{
	unsigned long u;
	char buf[4];
	long l;

	KTAP_EXPECT_EQ(strscpy(buf, "abcd", sizeof(buf)), -E2BIG);
	KTAP_EXPECT_EQ(strcmp(buf, "abc"), 0);
	KTAP_EXPECT_EQ(strscpy(buf, "ab", sizeof(buf)), 2);
	KTAP_EXPECT(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0);
	KTAP_EXPECT_EQ(kstrtoul("18446744073709551615\n", 10, &u), 0);
	KTAP_EXPECT_EQ(u, -1);
	KTAP_EXPECT_EQ(kstrtoul("18446744073709551616", 10, &u), -ERANGE);
	KTAP_EXPECT_EQ(kstrtoul("0x1f", 0, &u), 0);
	KTAP_EXPECT_EQ(u, 31);
	KTAP_EXPECT_EQ(kstrtoul("", 10, &u), -EINVAL);
	KTAP_EXPECT_EQ(kstrtoul("12x", 10, &u), -EINVAL);
	KTAP_EXPECT_EQ(kstrtol("-9223372036854775808", 10, &l), 0);
	KTAP_EXPECT_EQ(l, INT64_MIN);
	KTAP_EXPECT_EQ(kstrtol("9223372036854775808", 10, &l), -ERANGE);
}

KTAP_SUITE(zero_bits_are_found)
{
	unsigned long map[3] = { ~0ul, ~0ul, ~0ul };
	unsigned long bit;

	KTAP_EXPECT_EQ(find_next_zero_bit(map, 192, 0), 192);
	for (bit = 0; bit < 192; bit++) {
		__clear_bit(bit, map);
		KTAP_EXPECT_EQ(find_next_zero_bit(map, 192, 0), bit);
		KTAP_EXPECT_EQ(find_next_zero_bit(map, 192, bit), bit);
		KTAP_EXPECT_EQ(find_next_zero_bit(map, 192, bit + 1), 192);
		KTAP_EXPECT_EQ(find_next_zero_bit(map, bit, 0), bit);
		__set_bit(bit, map);
	}
}

KTAP_SUITE(symbols_both_ways)
{
	unsigned long size, offset, addr = kallsyms_lookup_name("sock_alloc");

	KTAP_EXPECT(addr);
	KTAP_EXPECT_EQ(strcmp(kallsyms_lookup(addr, &size, &offset) ?: "", "sock_alloc"), 0);
	KTAP_EXPECT(size > 0 && !offset);
	KTAP_EXPECT_EQ(strcmp(kallsyms_lookup(addr + size - 1, &size, &offset) ?: "", "sock_alloc"), 0);
	KTAP_EXPECT(!kallsyms_lookup(0x1000, &size, &offset));
	KTAP_EXPECT(!kallsyms_lookup_name("no_such_symbol"));
	KTAP_EXPECT(!kallsyms_lookup_name("sock_create"));         /* inlined, as on Linux */
	KTAP_EXPECT(!kallsyms_lookup_name("__sys_socket_create")); /* inlined, as on Linux */
}

/* RBP was overwritten: it leads to memory that is not there, or in a ring. */
KTAP_SUITE(backtrace_of_a_wild_frame_pointer)
{
	unsigned long entries[300], ring[2] = { (unsigned long)ring, (unsigned long)schedule };

	KTAP_EXPECT_EQ(stack_trace_save_bp(entries, 4, VMALLOC_END - 16), 0);
	KTAP_EXPECT_EQ(stack_trace_save_bp(entries, 4, (VMALLOC_END - 4096) | 1), 0);
	KTAP_EXPECT_EQ(stack_trace_save_bp(entries, 4, (unsigned long)ring + 4), 0);
	KTAP_EXPECT_EQ(stack_trace_save_bp(entries, 4, 8), 0);
	KTAP_EXPECT_EQ(stack_trace_save_bp(entries, ARRAY_SIZE(entries), (unsigned long)ring), 256);
}
