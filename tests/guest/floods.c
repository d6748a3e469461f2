/*
 * floods.c - programs that open and write as much as they can: descriptors, pipes, entries of epoll files. Run
 * on ringwalk as root: each ends with an errno or a killed process, and every counter is where it was.
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "../abi/threads.h"
#include "counters.h"

static void limit_files(unsigned long n)
{
	struct rlimit limit = { n, n };

	CHECK(sys(setrlimit, RLIMIT_NOFILE, &limit) == 0);
}

/* Descriptors of one file, and of many, until there are no more. */
static int hog(void *unused)
{
	long fd;

	(void)unused;
	limit_files(3000);
	while ((fd = sys(dup, 1)) >= 0)
		;
	CHECK(fd == -EMFILE);
	CHECK(sys(close_range, 3, -1, 0) == 0);
	while ((fd = sys(open, "/dev/null", O_RDONLY)) >= 0)
		;
	CHECK(fd == -EMFILE);
	return failures;
}

/* All that the system allows: fs.file-max holds for those without privileges. */
static int hog_of_nobody(void *unused)
{
	long fd;

	(void)unused;
	limit_files(100000);
	become_nobody();
	while ((fd = sys(eventfd2, 0, 0)) >= 0)
		;
	CHECK(fd == -ENFILE || fd == -ENOMEM);
	return failures;
}

/* Pipes until there are no more, each filled: those of one user may take 16,384 pages together. */
static int many_pipes(void *unused)
{
	static char buf[65536];
	long n, total = 0;
	int ends[2];

	(void)unused;
	limit_files(2000);
	become_nobody();
	while ((n = sys(pipe2, ends, O_NONBLOCK)) == 0)
		while ((n = sys(write, ends[1], buf, sizeof(buf))) > 0)
			total += n;
	CHECK(n == -EMFILE || n == -ENOMEM);
	CHECK(total > 0);
	return failures;
}

/* Ten processes write to one pipe for ever, and one reads a little: then all are killed. */
static int flood(void *unused)
{
	static char buf[8192];
	int ends[2];

	(void)unused;
	CHECK(sys(setpgid, 0, 0) == 0 && sys(pipe2, ends, 0) == 0);
	for (int i = 0; i < 10; i++) {
		if (sys(fork) == 0) {
			for (;;)
				sys(write, ends[1], buf, sizeof(buf));
		}
	}
	for (int i = 0; i < 1000; i++)
		CHECK(sys(read, ends[0], buf, 100 + i) > 0);
	sys(kill, 0, SIGKILL);
	return 1;
}

/* One epoll file watches all that can be opened, all of it ready; the last ones are closed unwatched. */
static int watch_all(void *unused)
{
	struct epoll_event in = { .events = EPOLLIN }, ready[64];
	long ep = sys(epoll_create1, 0), fd;

	(void)unused;
	limit_files(5000);
	while ((fd = sys(eventfd2, 1, 0)) >= 0)
		CHECK(sys(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in) == 0);
	CHECK(fd == -EMFILE);
	for (int i = 0; i < 200; i++)
		CHECK(sys(epoll_wait, ep, ready, 64, 0) == 64);
	return failures;
}

static void hogs(void)		{ CHECK(in_child(hog, 0) == 0); }
static void hogs_of_nobody(void)	{ CHECK(in_child(hog_of_nobody, 0) == 0); }
static void pipes(void)		{ CHECK(in_child(many_pipes, 0) == 0); }
static void floods(void)	{ CHECK(in_child(flood, 0) == SIGKILL); }
static void watches(void)	{ CHECK(in_child(watch_all, 0) == 0); }

static const struct scenario scenarios[] = {
	{ "descriptors, RLIMIT_NOFILE", hogs, 5 },
	{ "open files, fs.file-max", hogs_of_nobody, 2 },
	{ "pipes of one user, all full", pipes, 3 },
	{ "ten writers and one reader of a pipe", floods, 5 },
	{ "an epoll file that watches 5,000", watches, 3 },
};

int main(void)
{
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
