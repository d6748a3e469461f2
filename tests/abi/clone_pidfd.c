/*
 * clone_pidfd.c - CLONE_PIDFD: clone() and clone3() that return the new process as a file, too.
 */
#include "abi.h"

#include <poll.h>
#include <sched.h>
#include <sys/resource.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x1000
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#define BAD ((int *)8)

/* What clone() writes, in one's own memory or in one that is shared. */
static int *words;
#define pidfd	words[0]
#define tid	words[1]

/* The first arguments of clone3(2), which are all that is asked for here. */
struct args {
	uint64_t flags, pidfd_at, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static long clone3_call(uint64_t flags, int *at, int *parent_tid, uint64_t signal)
{
	struct args args = { .flags = flags, .pidfd_at = (uintptr_t)at, .parent_tid = (uintptr_t)parent_tid,
			     .exit_signal = signal };

	return sys(clone3, &args, sizeof(args));
}

static long lowest(void)
{
	long fd = sys(dup, 1);

	sys(close, fd);
	return fd;
}

/* A call that must make no child and leave no descriptor. */
static void refused(const char *what, long ret)
{
	if (ret == 0)
		sys(exit_group, 9);
	line("%s: %s, wait4: %s, lowest free descriptor %ld", what, ret > 0 ? "a child" : text(ret),
	     text(sys(wait4, -1, 0, __WALL, 0)), lowest());
}
#define REFUSED(call) refused(#call, call)

static void refusals(void)
{
	line("[refused]");
	REFUSED(sys(clone, CLONE_PIDFD | CLONE_DETACHED | SIGCHLD, 0, &pidfd, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, 0, &pidfd, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &pidfd, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, BAD, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | SIGCHLD, 0, BAD, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | SIGCHLD, 0, 0, 0, 0));
	REFUSED(clone3_call(CLONE_PIDFD, BAD, 0, SIGCHLD));
	REFUSED(clone3_call(CLONE_PIDFD, 0, 0, SIGCHLD));
	REFUSED(clone3_call(CLONE_PIDFD | CLONE_PARENT_SETTID, &pidfd, &pidfd, SIGCHLD));
	REFUSED(clone3_call(CLONE_PIDFD | CLONE_DETACHED, &pidfd, 0, SIGCHLD));
	REFUSED(clone3_call(CLONE_PIDFD | CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, &pidfd, 0, 0));
	line("what would have been written: %d %d", pidfd, tid);
}

static short events(int timeout)
{
	struct pollfd poll = { .fd = pidfd, .events = POLLIN };

	return sys(poll, &poll, 1, timeout) < 0 ? -1 : poll.revents;
}

/* Whoever waits is woken: he does not find out when his time is over. */
static void wait_for_the_end(void)
{
	struct timespec before, after;
	short seen;

	sys(clock_gettime, CLOCK_MONOTONIC, &before);
	seen = events(10000);
	sys(clock_gettime, CLOCK_MONOTONIC, &after);
	line("poll: %d, %s", seen, after.tv_sec - before.tv_sec < 9 ? "in time" : "too late");
}

/* Until it is sent a signal; what it has seen by then is in @seen, which is shared. */
static void child(long *seen, int *ready)
{
	seen[0] = pidfd;
	seen[1] = sys(fcntl, 3, F_GETFD);
	*(volatile int *)ready = 1;
	for (;;)
		sys(pause);
}

static void tell(const char *what, long pid, const volatile long *seen, const volatile int *ready)
{
	int status = -1, fd = pidfd;

	CHECK(pid > 0);
	while (!*ready)
		sys(sched_yield);
	line("%s: descriptor %d, tid %s; in the child: %ld, F_GETFD %s", what, fd,
	     tid == pid ? "its" : "not written", seen[0], text(seen[1]));
	line("flags of the file %#lx, of the descriptor %ld", sys(fcntl, fd, F_GETFL), sys(fcntl, fd, F_GETFD));
	line("poll: %d", events(0));
	show(pidfd_send_signal, fd, 0, 0, 0);
	show(pidfd_send_signal, fd, SIGTERM, 0, 0);
	wait_for_the_end();
	line("waitid(P_PIDFD): %s", text(sys(waitid, P_PIDFD, fd, 0, WEXITED | WNOWAIT | __WALL, 0)));
	CHECK(sys(wait4, pid, &status, __WALL, 0) == pid);
	line("the child: %s, poll: %d", ending(status), events(0));
	show(pidfd_send_signal, fd, 0, 0, 0);
	CHECK(sys(close, fd) == 0);
}

/* One's own copy of the memory is made before the number is known; a shared table has the file. */
static void children(void)
{
	long *seen = (long *)new_pages(1, MAP_SHARED), pid;
	int *ready = (int *)(seen + 8);

	for (int i = 0; i < 5; i++) {
		*ready = 0;
		pidfd = tid = -1;
		switch (i) {
		case 0: pid = sys(clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0); break;
		case 1: pid = sys(clone, CLONE_PIDFD | CLONE_FILES | SIGCHLD, 0, &pidfd, 0, 0); break;
		case 2: pid = sys(clone, CLONE_PIDFD, 0, &pidfd, 0, 0); break;
		case 3: pid = clone3_call(CLONE_PIDFD, &pidfd, 0, SIGCHLD); break;
		default: pid = clone3_call(CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_FILES, &pidfd, &tid, SIGCHLD);
		}
		if (pid == 0)
			child(seen, ready);
		line("[child %d]", i);
		tell("clone", pid, seen, ready);
	}
}

static void shared_memory(void)
{
	int status = -1;
	long pid;

	line("[child with shared memory]");
	words = (int *)new_pages(1, MAP_SHARED);
	pidfd = -1;
	pid = sys(clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0);
	if (pid == 0)
		sys(exit_group, pidfd);
	CHECK(pid > 0);
	wait_for_the_end();
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("the child: %s", ending(status));
	CHECK(sys(close, pidfd) == 0);
}

static void no_descriptors(void)
{
	struct rlimit few = { 3, 3 };

	line("[no descriptor left]");
	pidfd = -1;
	CHECK(sys(prlimit64, 0, RLIMIT_NOFILE, &few, 0) == 0);
	REFUSED(sys(clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0));
	REFUSED(sys(clone, CLONE_PIDFD | SIGCHLD, 0, BAD, 0, 0));
	line("what would have been written: %d", pidfd);
}

int main(void)
{
	static int own[2] = { -1, -1 };

	words = own;
	close_inherited();
	refusals();
	children();
	shared_memory();
	no_descriptors();
	return verdict();
}
