/*
 * The runner: contract in ktap.h.
 */
#include "tests/kernel/ktap.h"

#include "kernel/cpu/cpu.h"
#include "kernel/lib/init.h"
#include "kernel/sched/sched.h"

extern const struct ktap_suite __start_ktap_suites[], __stop_ktap_suites[];

static int failures;

void ktap_fail(const char *file, int line, const char *what)
{
	failures++;
	printk("# %s:%d: expected %s\n", file, line, what);
}

void ktap_fail_values(const char *file, int line, const char *what, long a, long b)
{
	failures++;
	printk("# %s:%d: expected %s, have %ld (%#lx) and %ld (%#lx)\n", file, line, what, a, a, b,
	       b);
}

/* Does the command line ask for @suite? "ktap" alone asks for all, "ktap=NAME" for one. */
static bool is_wanted(const struct ktap_suite *suite)
{
	const char *name = strstr(saved_command_line, "ktap=");
	size_t len = strlen(suite->name);

	return !name || (!strncmp(name + 5, suite->name, len) &&
			 (name[5 + len] == ' ' || !name[5 + len]));
}

static int ktap_run(void)
{
	const struct ktap_suite *suite;
	int n = 0;

	if (!strstr(saved_command_line, "ktap"))
		return 0;
	for (suite = __start_ktap_suites; suite < __stop_ktap_suites; suite++)
		n += is_wanted(suite);
	printk("KTAP version 1\n1..%d\n", n);
	n = 0;
	for (suite = __start_ktap_suites; suite < __stop_ktap_suites; suite++) {
		if (!is_wanted(suite))
			continue;
		failures = 0;
		nr_atomic_sleeps = 0;
		suite->run();
		KTAP_EXPECT_EQ(nr_atomic_sleeps, 0); /* nobody slept where one must not */
		KTAP_EXPECT_EQ(preempt_count(), 0);
		printk("%sok %d %s\n", failures ? "not " : "", ++n, suite->name);
	}
	machine_halt(HALT_POWER_OFF);
}
late_initcall(ktap_run);
