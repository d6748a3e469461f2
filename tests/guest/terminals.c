/*
 * terminals.c - terminals that go while somebody makes a process. Run on ringwalk as root: every counter is where
 * it was.
 */
#include <sched.h>
#include <stdlib.h>

#include "../abi/pty.h"
#include "counters.h"

#define PAGES 8192l /* each second one is an area of its own, so that fork() takes as long as it can */

static volatile int *shared;
enum { READY, GONE, WITHOUT };

/* A leader that has no file of its terminal open forks. Its child finds no terminal. */
static void fork_as_leader(void)
{
	char *pages = new_pages(PAGES, MAP_PRIVATE);
	long pid;

	CHECK(sys(setsid) > 0);
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	signal(SIGHUP, SIG_IGN);
	close_pair();
	for (long i = 0; i < PAGES; i++) {
		pages[i * 4096] = 1;
		CHECK(i % 2 || sys(mprotect, pages + i * 4096, 4096, PROT_READ) == 0);
	}
	shared[READY] = 1;
	for (int i = 0; i < 6; i++)
		sys(sched_yield);
	pid = sys(fork);
	if (pid == 0) {
		while (!shared[GONE])
			sys(sched_yield);
		shared[WITHOUT] += sys(open, "/dev/tty", O_RDWR) == -ENXIO;
		sys(exit_group, failures);
	}
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
}

/* The terminal goes at another moment each time, often while its leader forks. */
static void goes_during_fork(void)
{
	shared[WITHOUT] = 0;
	for (int round = 0; round < 60; round++) {
		struct timespec delay = { 0, round % 30 * 100000 };
		long leader;

		open_pair();
		shared[READY] = shared[GONE] = 0;
		leader = sys(fork);
		if (leader == 0) {
			fork_as_leader();
			sys(exit_group, failures);
		}
		sys(close, slave);
		while (!shared[READY])
			sys(sched_yield);
		sys(nanosleep, &delay, 0);
		sys(close, master);
		shared[GONE] = 1;
		CHECK(sys(wait4, leader, 0, 0, 0) == leader);
	}
	CHECK(shared[WITHOUT] == 60);
}

static const struct scenario scenarios[] = {
	{ "a terminal goes while its leader forks", goes_during_fork, 1 },
};

int main(void)
{
	shared = (volatile int *)new_pages(1, MAP_SHARED);
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
