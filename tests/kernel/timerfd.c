/*
 * Timers and counters as files: what they leave behind when one of their parts cannot be made.
 */
#include <uapi/time.h>

#include "kernel/mm/slab.h"
#include "kernel/syscalls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

long __x64_sys_timerfd_create(const struct pt_regs *regs);
long __x64_sys_eventfd2(const struct pt_regs *regs);

static long create_timer(void)
{
	struct pt_regs regs = { .di = CLOCK_MONOTONIC };

	return __x64_sys_timerfd_create(&regs);
}

static long create_counter(void)
{
	struct pt_regs regs = { .di = 3 };

	return __x64_sys_eventfd2(&regs);
}

/* Each allocation of @create, which returns a descriptor, fails in turn. */
static void leaves_nothing(long (*create)(void))
{
	struct leaks before;
	unsigned int n;
	long fd;

	close_fd(create()); /* caches and tables grow now */
	leaks_begin(&before);
	for (n = 0; n < 20; n++) {
		failslab_arm(NULL, n, 1);
		fd = create();
		failslab.times = 0;
		if (fd >= 0)
			break;
		KTAP_EXPECT(fd == -ENOMEM || fd == -ENFILE);
		KTAP_EXPECT(leaks_none(&before));
	}
	KTAP_EXPECT(n >= 3 && fd >= 0);
	close_fd(fd);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(a_timer_file_that_fails_leaves_nothing)
{
	leaves_nothing(create_timer);
}

KTAP_SUITE(a_counter_file_that_fails_leaves_nothing)
{
	leaves_nothing(create_counter);
}
