/*
 * Timers, counters and epoll files: what they leave behind when one of their parts cannot be made.
 */
#include <uapi/time.h>

#include "kernel/fs/eventpoll/internal.h"
#include "kernel/fs/fdtable.h"
#include "kernel/mm/slab.h"
#include "kernel/syscalls.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

long __x64_sys_timerfd_create(const struct pt_regs *regs);
long __x64_sys_eventfd2(const struct pt_regs *regs);
long __x64_sys_epoll_create1(const struct pt_regs *regs);

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

static long create_epoll(void)
{
	struct pt_regs regs = { .di = 0 };

	return __x64_sys_epoll_create1(&regs);
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

KTAP_SUITE(an_epoll_file_that_fails_leaves_nothing)
{
	leaves_nothing(create_epoll);
}

/* An entry, the list of its file's entries, and one place in a wait queue. */
KTAP_SUITE(an_epoll_entry_that_fails_leaves_nothing)
{
	struct file *counter, *ep;
	struct epoll_event event = { EPOLLIN, 1 };
	struct leaks before;
	int fds[2] = { create_epoll(), create_counter() }, error = -ENOMEM;
	unsigned int n;

	ep = fget(fds[0]);
	counter = fget(fds[1]);
	leaks_begin(&before);
	for (n = 0; n < 20 && error; n++) {
		failslab_arm(NULL, n, 1);
		error = do_epoll_ctl(ep, EPOLL_CTL_ADD, counter, fds[1], &event);
		failslab.times = 0;
		KTAP_EXPECT(!error || (error == -ENOMEM && leaks_none(&before)));
	}
	KTAP_EXPECT(n == 4);
	KTAP_EXPECT_EQ(do_epoll_ctl(ep, EPOLL_CTL_DEL, counter, fds[1], &event), 0);
	KTAP_EXPECT(leaks_none(&before));
	fput(ep);
	fput(counter);
	close_fd(fds[0]);
	close_fd(fds[1]);
}
