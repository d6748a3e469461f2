/*
 * Tests in ring 0, reported in the kernel's own format. Linux: Documentation/dev-tools/ktap.rst
 *
 * A suite is a function with expectations; it passes when all of them hold. The test kernel is the
 * shipped one with tests/kernel linked in; "ktap" on its command line runs the suites in PID 1,
 * just before /init would start, and powers off; "ktap=NAME" runs only the suite of that name.
 */
#ifndef TESTS_KERNEL_KTAP_H
#define TESTS_KERNEL_KTAP_H

#include "kernel/lib/lib.h"

struct ktap_suite {
	const char *name;
	void (*run)(void);
} __aligned(16); /* as linker.ld aligns the table */

#define KTAP_SUITE(suite)                                                               \
	static void ktap_##suite(void);                                                 \
	static const struct ktap_suite ktap_suite_##suite                               \
		__attribute__((used, section("ktap_suites"))) = { #suite, ktap_##suite }; \
	static void ktap_##suite(void)

/* Note a failed expectation of the running suite; each says where and what. */
void ktap_fail(const char *file, int line, const char *what);
void ktap_fail_values(const char *file, int line, const char *what, long a, long b);

#define KTAP_EXPECT(cond)                                               \
	do {                                                            \
		if (!(cond))                                            \
			ktap_fail(__FILE__, __LINE__, #cond);           \
	} while (0)
#define KTAP_EXPECT_EQ(a, b)                                                            \
	do {                                                                            \
		long expect_a = (long)(a), expect_b = (long)(b);                        \
		if (expect_a != expect_b)                                               \
			ktap_fail_values(__FILE__, __LINE__, #a " == " #b, expect_a,    \
					 expect_b);                                     \
	} while (0)

#endif
