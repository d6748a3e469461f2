/*
 * epoll.c - epoll_create(), epoll_ctl(), epoll_wait() and their variants: arguments in their order, levels and
 * edges, one shot, several waiters, epoll files that watch each other, files that end. The files are counters
 * (eventfd), which are empty: not readable, full: not writable.
 */
#include "abi.h"
#include "handlers.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAD ((void *)8)
#define FULL 0xfffffffffffffffeull

static struct epoll_event events[16];

static long counter(uint64_t n)
{
	long fd = sys(eventfd2, 0, EFD_NONBLOCK);

	if (n)
		CHECK(sys(write, fd, &n, 8) == 8);
	return fd;
}

static void add(long fd, uint64_t n)
{
	CHECK(sys(write, fd, &n, 8) == 8);
}

static void take(long fd)
{
	uint64_t n;

	CHECK(sys(read, fd, &n, 8) == 8);
}

/* epoll_ctl() with the events @what and the number @data. */
static long ctl(long ep, int op, long fd, unsigned int what, uint64_t data)
{
	struct epoll_event event = { what, { .u64 = data } };

	return sys(epoll_ctl, ep, op, fd, &event);
}

static void watch(long ep, long fd, unsigned int what, uint64_t data)
{
	line("  add %llu, %#x: %s", (unsigned long long)data, what, text(ctl(ep, EPOLL_CTL_ADD, fd, what, data)));
}

/* What epoll_wait() tells without waiting, at most @max events. */
static void told(const char *when, long ep, int max)
{
	char buf[256];
	int len = 0;
	long n;

	memset(events, 0x77, sizeof(events));
	n = sys(epoll_wait, ep, events, max, 0);
	for (long i = 0; i < n; i++)
		len += snprintf(buf + len, sizeof(buf) - len, " %llu:%#x",
				(unsigned long long)events[i].data.u64, events[i].events);
	buf[len] = '\0';
	line("  %s: %s%s", when, text(n), buf);
}

static void creation(void)
{
	struct stat st;

	line("[creation]");
	show(epoll_create, 0);
	show(epoll_create, -1);
	show(epoll_create1, 1);
	show(epoll_create1, O_NONBLOCK);
	show(epoll_create1, EPOLL_CLOEXEC);
	show(fcntl, 3, F_GETFD);
	show_octal(fcntl, 3, F_GETFL);
	show(epoll_create, 1);
	show(fcntl, 4, F_GETFD);
	CHECK(sys(fstat, 3, &st) == 0);
	line("mode %#o, size %ld", st.st_mode, (long)st.st_size);
	show(read, 3, &st, 8);
	show(write, 3, &st, 8);
	show(lseek, 3, 1, SEEK_SET);
	sys(close, 3);
	sys(close, 4);
}

static void arguments_of_ctl(void)
{
	long ep = sys(epoll_create1, 0), ep2 = sys(epoll_create1, 0), fd = counter(0);
	long file = sys(open, "/", O_RDONLY), null = sys(open, "/dev/null", O_RDWR);
	struct epoll_event in = { EPOLLIN, { .u64 = 1 } };

	line("[arguments of epoll_ctl]");
	show(epoll_ctl, 99, 9, 99, BAD);
	show(epoll_ctl, 99, 9, 99, &in);
	show(epoll_ctl, 99, EPOLL_CTL_DEL, fd, BAD);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, 99, &in);
	show(epoll_ctl, fd, EPOLL_CTL_ADD, 99, &in);
	show(epoll_ctl, ep, 9, file, &in);
	show(epoll_ctl, fd, EPOLL_CTL_ADD, file, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, null, &in);
	show(epoll_ctl, fd, EPOLL_CTL_ADD, ep, &in);
	show(epoll_ctl, fd, EPOLL_CTL_ADD, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, ep, &in);
	show(epoll_ctl, ep, 0, fd, &in);
	show(epoll_ctl, ep, 9, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_DEL, fd, BAD);
	show(epoll_ctl, ep, EPOLL_CTL_MOD, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	show(epoll_ctl, ep, 9, fd, &in);
	in.events = EPOLLIN | EPOLLEXCLUSIVE;
	show(epoll_ctl, ep, EPOLL_CTL_MOD, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	show(epoll_ctl, ep, 9, fd, &in);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, ep2, &in);
	show(epoll_ctl, ep, EPOLL_CTL_DEL, fd, 0);
	in.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	in.events = EPOLLPRI | EPOLLEXCLUSIVE;
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	in.events = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLET | EPOLLWAKEUP | EPOLLEXCLUSIVE;
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in);
	in.events = EPOLLIN;
	show(epoll_ctl, ep, EPOLL_CTL_MOD, fd, &in);
	for (long i = ep; i <= null; i++)
		sys(close, i);
}

static void arguments_of_wait(void)
{
	long ep = sys(epoll_create1, 0), fd = counter(1);
	struct timespec zero = { 0, 0 }, wrong = { 0, 1000000000 };

	line("[arguments of epoll_wait]");
	watch(ep, fd, EPOLLIN, 1);
	show(epoll_wait, 99, BAD, 0, 0);
	show(epoll_wait, 99, BAD, -1, 0);
	show(epoll_wait, 99, BAD, 178956971, 0);
	show(epoll_wait, 99, BAD, 178956970, 0);
	show(epoll_wait, 99, -1L, 1, 0);
	show(epoll_wait, fd, events, 1, 0);
	show(epoll_wait, ep, BAD, 1, 0);
	show(epoll_wait, ep, events, 1, 0);
	show(epoll_wait, ep, events, 1, -1);
	show(epoll_pwait, 99, events, 0, 0, BAD, 3);
	show(epoll_pwait, 99, events, 0, 0, BAD, 8);
	show(epoll_pwait, 99, events, 0, 0, 0, 3);
	show(epoll_pwait, ep, events, 1, 0, 0, 3);
	show(epoll_pwait2, 99, events, 0, BAD, BAD, 3);
	show(epoll_pwait2, 99, events, 0, &wrong, BAD, 3);
	show(epoll_pwait2, 99, events, 0, &zero, BAD, 3);
	show(epoll_pwait2, 99, events, 0, &zero, 0, 0);
	show(epoll_pwait2, ep, events, 1, &zero, 0, 0);
	show(epoll_pwait2, ep, events, 1, 0, 0, 0);
	sys(close, ep);
	sys(close, fd);
}

static void levels_and_edges(void)
{
	long ep = sys(epoll_create1, 0), fd = counter(0);

	line("[as long as it holds]");
	watch(ep, fd, EPOLLIN, 1);
	told("empty", ep, 8);
	add(fd, 1);
	told("one", ep, 8);
	told("still", ep, 8);
	take(fd);
	told("taken", ep, 8);
	add(fd, 1);
	take(fd);
	told("come and gone", ep, 8);
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT, 2)));
	told("out", ep, 8);
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, 0, 3)));
	told("nothing wanted", ep, 8);
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDNORM, 4)));
	add(fd, 1);
	told("in and out", ep, 8);
	line("  del: %s", text(ctl(ep, EPOLL_CTL_DEL, fd, 0, 0)));
	told("no entry", ep, 8);

	line("[when it happens]");
	watch(ep, fd, EPOLLIN | EPOLLET, 5);
	told("it held before", ep, 8);
	told("again", ep, 8);
	add(fd, 1);
	told("more", ep, 8);
	told("again", ep, 8);
	take(fd);
	add(fd, 1);
	take(fd);
	told("come and gone", ep, 8);
	add(fd, 1);
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLET, 6)));
	told("mod looks again", ep, 8);
	told("once", ep, 8);
	take(fd);
	told("a take wakes writers", ep, 8);

	line("[once]");
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT, 7)));
	told("empty", ep, 8);
	add(fd, 1);
	told("one", ep, 8);
	told("again", ep, 8);
	add(fd, 1);
	told("more", ep, 8);
	line("  add: %s", text(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN, 8)));
	line("  mod: %s", text(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT | EPOLLET, 9)));
	told("after mod", ep, 8);
	told("again", ep, 8);
	sys(close, ep);
	sys(close, fd);
}

static void several(void)
{
	long ep = sys(epoll_create1, 0), fd[5];

	line("[several]");
	for (int i = 0; i < 5; i++) {
		fd[i] = counter(i % 2);
		watch(ep, fd[i], EPOLLIN, i);
	}
	told("those that are ready", ep, 8);
	add(fd[0], 1);
	add(fd[2], 1);
	add(fd[4], 1);
	told("all, in the order in which it happened", ep, 8);
	told("two of them", ep, 2);
	told("the next two", ep, 2);
	told("and on", ep, 2);
	take(fd[1]);
	told("one less", ep, 8);
	line("  del: %s", text(ctl(ep, EPOLL_CTL_DEL, fd[0], 0, 0)));
	told("one entry less", ep, 8);
	sys(close, fd[2]);
	told("one file less", ep, 8);
	sys(dup2, fd[3], 20);
	sys(close, fd[3]);
	told("closed, but not the last descriptor", ep, 8);
	line("  del by the old number: %s", text(ctl(ep, EPOLL_CTL_DEL, fd[3], 0, 0)));
	line("  del by the other: %s", text(ctl(ep, EPOLL_CTL_DEL, 20, 0, 0)));
	watch(ep, 20, EPOLLIN, 20);
	told("twice the same file", ep, 8);
	sys(close, 20);
	told("the last one is closed", ep, 8);
	told("a buffer that ends", ep, 8);
	sys(close, ep);
	sys(close, fd[0]);
	sys(close, fd[1]);
	sys(close, fd[4]);
}

static void bad_buffer(void)
{
	long ep = sys(epoll_create1, 0), fd[3];
	char *page = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct epoll_event *end = (struct epoll_event *)(page + PAGE) - 1;

	line("[a buffer with room for one]");
	CHECK(munmap(page + PAGE, PAGE) == 0);
	for (int i = 0; i < 3; i++) {
		fd[i] = counter(1);
		watch(ep, fd[i], EPOLLIN | EPOLLONESHOT, i);
	}
	line("  wait: %s", text(sys(epoll_wait, ep, end, 3, 0)));
	line("  data %llu", (unsigned long long)end->data.u64);
	line("  wait: %s", text(sys(epoll_wait, ep, end + 1, 3, 0)));
	told("the others", ep, 8);
	told("again", ep, 8);
	for (int i = 0; i < 3; i++)
		sys(close, fd[i]);
	sys(close, ep);
	munmap(page, PAGE);
}

static void nested(void)
{
	long ep[8], fd = counter(0);
	struct pollfd ask = { 0, POLLIN | POLLOUT, 0 };

	line("[epoll files that are watched]");
	for (int i = 0; i < 8; i++)
		ep[i] = sys(epoll_create1, 0);
	watch(ep[0], fd, EPOLLIN, 1);
	watch(ep[1], ep[0], EPOLLIN, 2);
	told("nothing", ep[1], 8);
	add(fd, 1);
	told("the outer one", ep[1], 8);
	told("the inner one", ep[0], 8);
	ask.fd = ep[1];
	line("  poll: %s", text(sys(poll, &ask, 1, 0)));
	line("  events %#x", ask.revents);
	take(fd);
	told("taken: the outer one", ep[1], 8);
	line("  poll: %s", text(sys(poll, &ask, 1, 0)));
	watch(ep[0], ep[1], EPOLLIN, 3);
	watch(ep[2], ep[1], EPOLLIN, 4);
	watch(ep[0], ep[2], EPOLLIN, 5);
	watch(ep[3], ep[2], EPOLLIN, 6);
	watch(ep[4], ep[3], EPOLLIN, 7);
	watch(ep[5], ep[4], EPOLLIN, 8);
	watch(ep[6], ep[5], EPOLLIN, 9);
	add(fd, 1);
	told("the outermost", ep[4], 8);
	watch(ep[6], ep[7], EPOLLIN, 10);
	watch(ep[7], ep[0], EPOLLIN, 11);
	for (int i = 0; i < 8; i++)
		sys(close, ep[7 - i]);
	sys(close, fd);
}

static int adds_later(void *arg)
{
	struct timespec moment = { 0, 10000000 };

	sys(nanosleep, &moment, 0);
	add(*(long *)arg, 1);
	return failures;
}

static void waiting(void)
{
	long ep = sys(epoll_create1, 0), outer = sys(epoll_create1, 0), fd = counter(0);
	unsigned long alarm = 1ul << (SIGALRM - 1), none = 0, now;
	struct timespec ten = { 10, 0 };
	int status;

	line("[waiting]");
	watch(ep, fd, EPOLLIN, 1);
	watch(outer, ep, EPOLLIN, 2);
	show(epoll_wait, ep, events, 1, 10);
	for (int i = 0; i < 3; i++) {
		if (fork() == 0)
			_exit(adds_later(&fd));
		line("  wait: %s", text(i == 0 ? sys(epoll_wait, ep, events, 4, 10000) :
					i == 1 ? sys(epoll_wait, outer, events, 4, -1) :
						 sys(epoll_pwait2, ep, events, 4, &ten, 0, 0)));
		take(fd);
		CHECK(sys(wait4, -1, &status, 0, 0) > 0 && status == 0);
	}
	handle(SIGALRM, do_nothing, SA_RESTART, 0);
	alarm_in(10000);
	show(epoll_wait, ep, events, 1, 10000);
	sys(rt_sigprocmask, SIG_BLOCK, &alarm, 0, 8);
	alarm_in(10000);
	show(epoll_pwait, ep, events, 1, 10000, &none, 8);
	sys(rt_sigprocmask, SIG_BLOCK, 0, &now, 8);
	line("  %s", now == alarm ? "blocked again" : "another mask");
	alarm_in(10000);
	show(epoll_wait, ep, events, 1, 30);
	show(epoll_pwait, ep, events, 1, 0, &none, 8);
	add(fd, 1);
	alarm_in(10000);
	show(epoll_pwait, ep, events, 1, 10000, &none, 8);
	sys(close, outer);
	sys(close, ep);
	sys(close, fd);
}

/* How many of two tasks are woken by one event; those from @first on wait for it. */
static void exclusive(const char *what, unsigned int flag, int first)
{
	long fd = counter(0), ep[2], done = counter(0);
	struct timespec moment = { 0, 20000000 };
	uint64_t n = 0;
	pid_t pid[2];

	for (int i = 0; i < 2; i++) {
		ep[i] = sys(epoll_create1, 0);
		CHECK(ctl(ep[i], EPOLL_CTL_ADD, fd, EPOLLIN | flag, i) == 0);
		pid[i] = fork();
		if (pid[i] == 0) {
			if (sys(epoll_wait, ep[i], events, i < first ? 0 : 1, 10000) == 1)
				add(done, 1);
			_exit(0);
		}
	}
	sys(nanosleep, &moment, 0);
	add(fd, 1);
	sys(nanosleep, &moment, 0);
	sys(read, done, &n, 8);
	line("  %s: %llu woken", what, (unsigned long long)n);
	for (int i = 0; i < 2; i++) {
		sys(kill, pid[i], SIGKILL);
		sys(wait4, pid[i], 0, 0, 0);
		sys(close, ep[i]);
	}
	sys(close, fd);
	sys(close, done);
}

/* The queue of signals is that of whoever made the entry: it ends with the process, the file does not. */
static void queue_that_ends(void)
{
	unsigned long usr1 = 1ul << (SIGUSR1 - 1);
	long ep = sys(epoll_create1, 0), fd;
	int status;

	line("[a queue that ends before its file]");
	sys(rt_sigprocmask, SIG_BLOCK, &usr1, 0, 8);
	fd = sys(signalfd4, -1, &usr1, 8, 0);
	if (fork() == 0)
		_exit(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN, 1) != 0);
	CHECK(sys(wait4, -1, &status, 0, 0) > 0 && status == 0);
	told("its process has ended", ep, 8);
	sys(kill, getpid(), SIGUSR1);
	told("a signal for us", ep, 8);
	line("  del: %s", text(ctl(ep, EPOLL_CTL_DEL, fd, 0, 0)));
	watch(ep, fd, EPOLLIN, 2);
	told("ours", ep, 8);
	sys(close, fd);
	told("closed", ep, 8);
	sys(close, ep);
}

static void set_limit(const char *text)
{
	long fd = sys(open, "/proc/sys/fs/epoll/max_user_watches", O_WRONLY);

	CHECK(sys(write, fd, text, strlen(text)) == (long)strlen(text));
	sys(close, fd);
}

static void limit(void)
{
	long ep = sys(epoll_create1, 0), fd[3] = { counter(0), counter(0), counter(0) };
	struct epoll_event in = { EPOLLIN, { .u64 = 1 } };

	line("[at most two entries for a user]");
	set_limit("2");
	for (int i = 0; i < 3; i++)
		watch(ep, fd[i], EPOLLIN, i);
	sys(close, fd[0]);
	watch(ep, fd[2], EPOLLIN, 2);
	show(epoll_ctl, ep, EPOLL_CTL_ADD, fd[2], &in);
	sys(close, ep);
	ep = sys(epoll_create1, 0);
	watch(ep, fd[1], EPOLLIN, 1);
	set_limit("100000");
	for (int i = 1; i < 3; i++)
		sys(close, fd[i]);
	sys(close, ep);
}

int main(void)
{
	close_inherited();
	creation();
	arguments_of_ctl();
	arguments_of_wait();
	levels_and_edges();
	several();
	bad_buffer();
	nested();
	waiting();
	line("[two tasks wait]");
	exclusive("each by its own epoll file", 0, 0);
	exclusive("with EPOLLEXCLUSIVE", EPOLLEXCLUSIVE, 0);
	exclusive("with EPOLLEXCLUSIVE, and only the second waits", EPOLLEXCLUSIVE, 1);
	queue_that_ends();
	limit();
	return verdict();
}
