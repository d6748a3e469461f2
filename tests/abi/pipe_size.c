/*
 * pipe_size.c - how much a pipe holds: F_SETPIPE_SZ, F_GETPIPE_SZ, and what one user may have.
 */
#include "abi.h"

#include <poll.h>
#include <sys/ioctl.h>

static int p[2];
static char buf[1 << 18];

static void put(size_t n)
{
	memset(buf, 'x', n);
	line("  write of %zu: %s", n, text(sys(write, p[1], buf, n)));
}

static void take(size_t n)
{
	line("  read of %zu: %s", n, text(sys(read, p[0], buf, n)));
}

static void fill(void)
{
	long n, sum = 0;

	memset(buf, 'x', PAGE);
	while ((n = sys(write, p[1], buf, PAGE)) > 0)
		sum += n;
	line("  %ld bytes fit, then %s", sum, text(n));
}

static void sizes(void)
{
	static const unsigned long asked[] = { 0, 1, 4095, 4096, 4097, 8192, 12288, 65535, 65536, 65537, 1000000,
					       1048576, 1048577, 0x80000001, 1ul << 32, -1 };

	line("[sizes]");
	CHECK(sys(pipe2, p, O_NONBLOCK) == 0);
	show(fcntl, p[0], F_GETPIPE_SZ);
	show(fcntl, p[1], F_GETPIPE_SZ);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		line("  %lu: %s", asked[i], text(sys(fcntl, p[i & 1], F_SETPIPE_SZ, asked[i])));
	show(fcntl, p[1], F_SETPIPE_SZ, 4096);
	fill();
	show(fcntl, p[1], F_SETPIPE_SZ, 8192);
	fill();
	show(fcntl, p[1], F_SETPIPE_SZ, 4096);
	take(1);
	show(fcntl, p[1], F_SETPIPE_SZ, 4096);
	take(4095);
	show(fcntl, p[1], F_SETPIPE_SZ, 4096);
	put(1);
	take(4096);
	put(5000);
	show(fcntl, p[1], F_SETPIPE_SZ, 262144);
	put(100);
	fill();
	take(262144);
	take(262144);
	show(fcntl, 1, F_GETPIPE_SZ + 5000);
	show(fcntl, 99, F_GETPIPE_SZ);
	sys(close, p[0]);
	sys(close, p[1]);
	show(open, "/", O_RDONLY);
	show(fcntl, 3, F_GETPIPE_SZ);
	show(fcntl, 3, F_SETPIPE_SZ, 4096);
	sys(close, 3);

	line("[wrapped around]");
	CHECK(sys(pipe2, p, O_NONBLOCK) == 0);
	fill();
	take(40000);
	put(20000);
	show(fcntl, p[0], F_SETPIPE_SZ, 131072);
	put(3);
	{
		int n = 0;

		CHECK(sys(ioctl, p[0], FIONREAD, &n) == 0);
		line("  %d to read", n);
	}
	take(200000);
	show(fcntl, p[0], F_SETPIPE_SZ, 4096);
	fill();
	sys(close, p[0]);
	sys(close, p[1]);
}

static int wait_and_grow(void *unused)
{
	(void)unused;
	sleep_ms(50);
	return sys(fcntl, p[1], F_SETPIPE_SZ, 8192) == 8192 ? 0 : 1;
}

static void growing_wakes(void)
{
	int status;
	long pid;

	line("[a writer waits for a larger pipe]");
	CHECK(sys(pipe2, p, 0) == 0);
	CHECK(sys(fcntl, p[0], F_SETPIPE_SZ, 4096) == 4096);
	put(4096);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, wait_and_grow(0));
	put(4096);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  the child: %s", ending(status));
	sys(close, p[0]);
	sys(close, p[1]);
}

/* The sizes of the pipes of one who may have 16384 pages of them, as runs: "64 of 65536". */
static int many(void *unused)
{
	static int pipes[1100][2];
	long size, last = -1, run = 0;
	int n, ret = 0;

	(void)unused;
	become_nobody();
	for (n = 0; n < 1100 && !ret; n++) {
		ret = sys(pipe2, pipes[n], O_NONBLOCK);
		if (ret)
			break;
		size = sys(fcntl, pipes[n][0], F_GETPIPE_SZ);
		if (size != last && run)
			line("  %ld of %ld", run, last);
		run = size == last ? run + 1 : 1;
		last = size;
	}
	line("  %ld of %ld, then %s", run, last, text(ret));
	show(fcntl, pipes[0][0], F_SETPIPE_SZ, 131072);
	show(fcntl, pipes[0][0], F_SETPIPE_SZ, 65536);
	show(fcntl, pipes[0][0], F_SETPIPE_SZ, 32768);
	show(fcntl, pipes[0][0], F_SETPIPE_SZ, 65536);
	show(fcntl, pipes[n - 1][0], F_SETPIPE_SZ, 16384);
	show(fcntl, pipes[n - 1][0], F_SETPIPE_SZ, 4096);
	for (int i = 0; i < 100; i++) {
		sys(close, pipes[i][0]);
		sys(close, pipes[i][1]);
	}
	show(fcntl, pipes[n - 1][0], F_SETPIPE_SZ, 65536);
	show(fcntl, pipes[n - 1][0], F_SETPIPE_SZ, 1048576);
	show(fcntl, pipes[n - 1][0], F_SETPIPE_SZ, 1048577);
	return failures;
}

static int more_files(void *unused)
{
	struct { unsigned long cur, max; } limit = { 4096, 4096 };

	CHECK(sys(prlimit64, 0, 7 /* RLIMIT_NOFILE */, &limit, 0) == 0);
	return many(unused);
}

int main(void)
{
	close_inherited();
	sizes();
	growing_wakes();
	line("[as nobody]");
	try("many pipes", more_files, NULL);
	return verdict();
}
