/*
 * poll.c - poll(): arguments, files that are always ready, and time.
 */
#include "abi.h"

#include <poll.h>
#include <sys/resource.h>

#define BAD ((void *)8)

static struct pollfd fds[4];

static void set(int fd, int events)
{
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = (struct pollfd){ fd, events, 0x7777 };
}

static void events(long count)
{
	line("    %s: %#x %#x", text(count), (unsigned short)fds[0].revents, (unsigned short)fds[1].revents);
}

static void by_file(const char *what, int fd)
{
	static const int asked[] = { 0, POLLIN, POLLOUT, POLLIN | POLLOUT | POLLPRI, 0xffff };

	line("  %s", what);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
		set(fd, asked[i]);
		events(sys(poll, fds, 1, 0));
	}
}

/* Milliseconds that a call takes, at least. */
static void sleeping(const char *what, struct pollfd *list, int n, int timeout)
{
	struct timespec before, after;
	long ret, ms;

	CHECK(sys(clock_gettime, CLOCK_MONOTONIC, &before) == 0);
	ret = sys(poll, list, n, timeout);
	CHECK(sys(clock_gettime, CLOCK_MONOTONIC, &after) == 0);
	ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	line("%s: %s, %s", what, text(ret), ms >= timeout ? "the time is over" : "at once");
}

static int limited(void *unused)
{
	struct rlimit two = { 2, 2 };

	(void)unused;
	CHECK(sys(setrlimit, RLIMIT_NOFILE, &two) == 0);
	set(-1, 0);
	show(poll, fds, 2, 0);
	show(poll, fds, 3, 0);
	show(poll, fds, 4, -1);
	show(poll, BAD, 3, 0);
	return failures;
}

int main(void)
{
	long fd;

	close_inherited();
	line("[arguments]");
	show(poll, 0, 0, 0);
	show(poll, BAD, 0, 0);
	show(poll, BAD, 1, 0);
	show(poll, 0, 1, 0);
	show(poll, fds, -1, 0);
	show(poll, fds, 1 << 30, 0);
	try("with a limit of 2", limited, NULL);

	line("[files]");
	by_file("no file", 99);
	by_file("-1", -1);
	by_file("-100", -100);
	fd = sys(open, "/", O_RDONLY);
	by_file("a folder", fd);
	sys(close, fd);
	fd = sys(open, "poll.file", O_RDWR | O_CREAT, 0600);
	by_file("an empty file", fd);
	sys(close, fd);
	fd = sys(open, "poll.file", O_WRONLY);
	by_file("a file open for writing", fd);
	set(fd, POLLIN);
	fds[1].fd = -1;
	events(sys(poll, fds, 2, 0));
	fds[1].fd = 99;
	events(sys(poll, fds, 2, -1));
	set(fd, POLLIN);
	events(sys(poll, fds, 4, -1));
	set(fd, POLLPRI);
	fds[1].fd = -1;

	line("[time]");
	sleeping("nothing, 0", fds, 0, 0);
	sleeping("nothing, 20", fds, 0, 20);
	sleeping("a file that never has urgent data, 20", fds, 1, 20);
	sleeping("two, 20", fds, 2, 20);
	set(fd, POLLIN);
	sleeping("a ready file, 10000", fds, 1, 10000);
	sleeping("a ready file, for ever", fds, 1, -1);
	set(99, 0);
	sleeping("no file, 10000", fds, 1, 10000);
	return verdict();
}
