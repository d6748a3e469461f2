/*
 * Timers as files: what they leave behind when one of their parts cannot be made.
 */
#include <uapi/time.h>

#include "kernel/mm/slab.h"
#include "kernel/syscalls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

long __x64_sys_timerfd_create(const struct pt_regs *regs);

static long create(void)
{
	struct pt_regs regs = { .di = CLOCK_MONOTONIC };

	return __x64_sys_timerfd_create(&regs);
}

KTAP_SUITE(a_timer_file_that_fails_leaves_nothing)
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
