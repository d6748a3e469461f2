/*
 * close_range.c - many descriptors closed at once, marked to be closed by execve(), or in a table of one's own.
 */
#include "abi.h"


#include <sched.h>

#define UNSHARE 2
#define CLOEXEC 4
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Descriptors 3..30 that are open; "*": execve() closes it. */
static void show_open(const char *what)
{
	char buf[256] = "", one[16];

	for (int fd = 3; fd <= 200; fd++) {
		long flags = sys(fcntl, fd, F_GETFD, 0);

		if (flags < 0)
			continue;
		snprintf(one, sizeof(one), " %d%s", fd, flags ? "*" : "");
		strcat(buf, one);
	}
	line("%s:%s", what, *buf ? buf : " none");
}

static void fill(int from, int to)
{
	for (int fd = from; fd <= to; fd++)
		sys(dup2, 1, fd);
}

static void checks(void)
{
	line("[checks]");
	show(close_range, 5, 4, 0);
	show(close_range, 5, 4, 1);
	show(close_range, 3, 4, 1);
	show(close_range, 3, 4, 8);
	show(close_range, 3, 4, 0x80000000);
	show(close_range, 100, 200, 0);
	show(close_range, -1, -1, 0);
	show(close_range, 0xfffffff0, 0xfffffffe, 0);
	show(close_range, 1000000, -1, UNSHARE);
}

static void ranges(void)
{
	line("[ranges]");
	fill(3, 12);
	show(close_range, 5, 7, 0);
	show_open("left");
	show(close_range, 5, 7, 0);
	show(close_range, 12, 12, 0);
	show(close_range, 8, 9, CLOEXEC);
	show_open("marked");
	show(close_range, 4, 100, CLOEXEC);
	show_open("marked");
	fill(5, 5);
	fill(8, 8);
	show_open("dup2 clears the mark");
	fill(100, 130);
	show(close_range, 64, 127, 0);
	show_open("a word of bits");
	line("the lowest free one: %ld", sys(dup, 1));
	show(close_range, 3, -1, 0);
	show_open("all");
	line("the lowest free one: %ld", sys(dup, 1));
	show(close, 3);
	show(close_range, 2, 2, CLOEXEC | UNSHARE);
	show(fcntl, 2, F_GETFD, 0);
	sys(fcntl, 2, F_SETFD, 0);
}

static void shared_table(int flags)
{
	int status;
	long pid;

	fill(3, 8);
	pid = sys(clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
	if (!pid) {
		line("child, flags %d: %s", flags, text(sys(close_range, 4, 6, flags)));
		show_open("child's");
		sys(exit_group, 0);
	}
	sys(wait4, pid, &status, 0, 0);
	show_open("parent's");
	sys(close_range, 3, -1, 0);
}

static void record_locks(void)
{
	struct flock fl = { .l_type = F_WRLCK };
	int fd, status;

	line("[locks go as by close()]");
	sys(mkdir, "/tmp", 0777);
	fd = sys(open, "/tmp/close_range", O_RDWR | O_CREAT, 0600);
	sys(dup2, fd, 10);
	show(fcntl, fd, F_SETLK, &fl);
	show(close_range, 10, 11, 0);
	if (!sys(fork)) {
		line("other process: %s", text(sys(fcntl, fd, F_SETLK, &fl)));
		sys(exit_group, 0);
	}
	sys(wait4, -1, &status, 0, 0);
	sys(close, fd);
	sys(unlink, "/tmp/close_range");
}

int main(void)
{
	checks();
	ranges();
	line("[a table that is shared]");
	shared_table(0);
	shared_table(CLOEXEC);
	shared_table(UNSHARE);
	shared_table(UNSHARE | CLOEXEC);
	record_locks();
	return verdict();
}
