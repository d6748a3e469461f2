/*
 * eventfd.c - eventfd(), eventfd2(): arguments, reading and writing a counter and a semaphore, waiting.
 */
#include "abi.h"
#include "handlers.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define BAD ((void *)8)

static void add(long fd, uint64_t n)
{
	line("  add %#llx: %s", (unsigned long long)n, text(sys(write, fd, &n, 8)));
}

static void take(long fd)
{
	uint64_t n = 0;
	long ret = sys(read, fd, &n, 8);

	line("  take: %s, %#llx", text(ret), (unsigned long long)n);
}

static void events(long fd)
{
	struct pollfd ask = { fd, POLLIN | POLLOUT | POLLPRI, 0 };
	long ret = sys(poll, &ask, 1, 0);

	line("  events: %s %#x", text(ret), ask.revents);
}

static void creation(void)
{
	struct stat st;
	long fd;

	line("[creation]");
	show(eventfd2, 0, 2);
	show(eventfd2, 0, -1);
	show(eventfd2, 0, EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK);
	show_octal(fcntl, 3, F_GETFL);
	show(fcntl, 3, F_GETFD);
	CHECK(sys(fstat, 3, &st) == 0);
	line("mode %#o, size %ld, links %ld", st.st_mode, (long)st.st_size, (long)st.st_nlink);
	show(lseek, 3, 5, SEEK_SET);
	show(lseek, 3, 0, SEEK_END);
	show(pread64, 3, &st, 8, 0);
	sys(close, 3);
	fd = sys(eventfd, 0xffffffff);
	take(fd);
	show_octal(fcntl, fd, F_GETFL);
	sys(close, fd);
}

static void counter(void)
{
	uint64_t n = 5;
	struct iovec halves[2] = { { &n, 4 }, { (char *)&n + 4, 4 } };
	long fd = sys(eventfd2, 0, EFD_NONBLOCK);

	line("[a counter]");
	events(fd);
	take(fd);
	add(fd, 0);
	take(fd);
	add(fd, 1);
	add(fd, 2);
	events(fd);
	show(read, fd, &n, 7);
	show(read, fd, BAD, 7);
	show(read, fd, BAD, 8);
	take(fd);
	show(write, fd, &n, 7);
	show(write, fd, BAD, 7);
	show(write, fd, BAD, 8);
	add(fd, -1ull);
	add(fd, -2ull);
	events(fd);
	add(fd, 0);
	add(fd, 1);
	take(fd);
	events(fd);
	add(fd, 0x700000001);
	show(readv, fd, halves, 2);
	line("  taken in halves: %#llx", (unsigned long long)n);
	n = 3;
	show(writev, fd, halves, 2);
	show(writev, fd, halves, 1);
	take(fd);
	sys(close, fd);

	line("[a semaphore]");
	fd = sys(eventfd2, 3, EFD_NONBLOCK | EFD_SEMAPHORE);
	take(fd);
	take(fd);
	events(fd);
	add(fd, 1);
	take(fd);
	take(fd);
	take(fd);
	events(fd);
	sys(close, fd);
}

static int adds_later(void *arg)
{
	struct timespec moment = { 0, 10000000 };
	uint64_t n = 40;

	sys(nanosleep, &moment, 0);
	return sys(write, *(long *)arg, &n, 8) != 8;
}

static int takes_later(void *arg)
{
	struct timespec moment = { 0, 10000000 };
	uint64_t n;

	sys(nanosleep, &moment, 0);
	return sys(read, *(long *)arg, &n, 8) != 8;
}

static void in_parallel(int (*function)(void *), long *fd)
{
	if (fork() == 0)
		_exit(function(fd));
}

static void waiting(void)
{
	long fd = sys(eventfd2, 0, 0);
	struct pollfd ask = { fd, POLLIN, 0 };
	int status;

	line("[waiting]");
	in_parallel(adds_later, &fd);
	take(fd);
	CHECK(sys(wait4, -1, &status, 0, 0) > 0 && status == 0);
	in_parallel(adds_later, &fd);
	line("  poll: %s", text(sys(poll, &ask, 1, 10000)));
	take(fd);
	CHECK(sys(wait4, -1, &status, 0, 0) > 0 && status == 0);
	add(fd, -2ull);
	in_parallel(takes_later, &fd);
	add(fd, 3);
	take(fd);
	CHECK(sys(wait4, -1, &status, 0, 0) > 0 && status == 0);
	handle(SIGALRM, do_nothing, 0, 0);
	alarm_in(10000);
	take(fd);
	add(fd, -2ull);
	alarm_in(10000);
	add(fd, 1);
	sys(close, fd);
}

int main(void)
{
	close_inherited();
	creation();
	counter();
	waiting();
	return verdict();
}
