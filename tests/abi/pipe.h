/*
 * pipe.h - what the programs about pipes share: one pipe, and verbs that tell what they move.
 */
#ifndef PIPE_H
#define PIPE_H

#include "abi.h"

#include <poll.h>
#include <sys/ioctl.h>

#define BAD	((void *)8)

static int p[2];
static char buf[1 << 17];
static inline void fill(int letter, size_t n)
{
	memset(buf, letter, n);
}

static inline void new_pipe(int flags)
{
	CHECK(sys(pipe2, p, flags) == 0);
}

static inline void close_pipe(void)
{
	sys(close, p[0]);
	sys(close, p[1]);
}

static inline long unread(int fd)
{
	int n = -1;

	CHECK(sys(ioctl, fd, FIONREAD, &n) == 0);
	return n;
}

static inline void events(const char *what)
{
	struct pollfd fds[2] = { { p[0], 0x1fff, 0 }, { p[1], 0x1fff, 0 } };
	long n = sys(poll, fds, 2, 0);

	line("  %s: %ld, read end %#x, write end %#x", what, n, fds[0].revents, fds[1].revents);
}

/* Of what is read, the first and the last byte tell which it is. */
static inline void take(size_t n)
{
	long got;

	memset(buf, '-', sizeof(buf));
	got = sys(read, p[0], buf, n);
	if (got > 0)
		line("  read of %zu: %ld, '%c'..'%c'", n, got, buf[0], buf[got - 1]);
	else
		line("  read of %zu: %s", n, text(got));
}

static inline void put(int letter, size_t n)
{
	fill(letter, n);
	line("  write of %zu '%c': %s", n, letter, text(sys(write, p[1], buf, n)));
}

#endif
