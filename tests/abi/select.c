/*
 * select.c - select(), pselect6() and ppoll(): arguments and their order, what is ready, the time that is
 * left, and signals.
 */
#include "abi.h"
#include "handlers.h"

#include <poll.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define BAD ((void *)8)

/* A set of 64 descriptors, which select() takes as one word. */
static unsigned long in, out, ex;

static unsigned long only(int fd)
{
	return 1ul << fd;
}

static void sets(unsigned long i, unsigned long o, unsigned long e)
{
	in = i;
	out = o;
	ex = e;
}

static void found(const char *what, long ret)
{
	line("  %s: %s in %#lx out %#lx ex %#lx", what, text(ret), in, out, ex);
}

/* select() on one file, asked in each set alone and in all. */
static void by_file(const char *what, int fd)
{
	struct timeval none = { 0, 0 };

	line("%s", what);
	sets(only(fd), 0, 0);
	found("in", sys(select, fd + 1, &in, 0, 0, &none));
	sets(0, only(fd), 0);
	found("out", sys(select, fd + 1, 0, &out, 0, &none));
	sets(0, 0, only(fd));
	found("ex", sys(select, fd + 1, 0, 0, &ex, &none));
	sets(only(fd), only(fd), only(fd));
	found("all", sys(select, fd + 1, &in, &out, &ex, &none));
	sets(only(fd), only(fd), only(fd));
	found("below it", sys(select, fd, &in, &out, &ex, &none));
}

static void arguments(void)
{
	struct timeval none = { 0, 0 }, tv;

	line("[arguments of select]");
	show(select, 0, 0, 0, 0, &none);
	show(select, -1, 0, 0, 0, &none);
	show(select, -1, BAD, BAD, BAD, BAD);
	show(select, -1, BAD, BAD, BAD, &none);
	tv = (struct timeval){ -1, 0 };
	show(select, -1, BAD, 0, 0, &tv);
	tv = (struct timeval){ 0, -1 };
	show(select, 0, 0, 0, 0, &tv);
	tv = (struct timeval){ 0, 1000000 };
	sets(only(0), 0, 0);
	show(select, 1, &in, 0, 0, &tv);
	tv = (struct timeval){ 1, -1000000 };
	show(select, 0, 0, 0, 0, &tv);
	tv = (struct timeval){ 1, -1000001 };
	show(select, 0, 0, 0, 0, &tv);
	show(select, 0, BAD, BAD, BAD, &none);
	show(select, 1, BAD, 0, 0, &none);
	show(select, 1, 0, BAD, 0, &none);
	show(select, 1, 0, 0, BAD, &none);
	show(select, 1 << 30, 0, 0, 0, &none);
	sets(only(40), 0, 0);
	show(select, 64, &in, 0, 0, &none);
	sets(only(40), 0, 0);
	show(select, 40, &in, 0, 0, &none);
	found("and the sets", 0);
	sets(0, only(41), 0);
	show(select, 42, &in, &out, &ex, 0);
	found("and the sets", 0);

}

static void arguments_with_a_mask(void)
{
	struct timespec zero = { 0, 0 }, ts;
	struct pollfd fd = { -1, 0, 0 };
	struct { void *p; size_t size; } pack = { 0, 0 };

	line("[arguments of pselect6]");
	show(pselect6, 0, 0, 0, 0, &zero, 0);
	show(pselect6, -1, 0, 0, 0, &zero, 0);
	show(pselect6, -1, 0, 0, 0, BAD, BAD);
	show(pselect6, -1, 0, 0, 0, BAD, 0);
	ts = (struct timespec){ 0, 1000000000 };
	show(pselect6, -1, 0, 0, 0, &ts, &pack);
	ts = (struct timespec){ -1, 0 };
	show(pselect6, 0, 0, 0, 0, &ts, 0);
	show(pselect6, -1, 0, 0, 0, &zero, &pack);
	pack.p = &in;
	show(pselect6, -1, 0, 0, 0, &zero, &pack);
	pack.size = 8;
	show(pselect6, -1, 0, 0, 0, &zero, &pack);
	pack.p = BAD;
	show(pselect6, -1, 0, 0, 0, &zero, &pack);

	line("[arguments of ppoll]");
	show(ppoll, 0, 0, &zero, 0, 0);
	show(ppoll, BAD, 1, &zero, 0, 0);
	show(ppoll, BAD, 1, BAD, BAD, 3);
	ts = (struct timespec){ 0, -1 };
	show(ppoll, BAD, 1, &ts, BAD, 3);
	show(ppoll, BAD, 1, &zero, BAD, 3);
	show(ppoll, BAD, 1, &zero, BAD, 8);
	show(ppoll, BAD, 1, &zero, 0, 3);
	show(ppoll, &fd, -1, &zero, 0, 0);
	show(ppoll, &fd, 1, &zero, 0, 0);
}

static void files(void)
{
	struct itimerspec at_once = { { 0, 0 }, { 0, 1 } };
	struct timespec moment = { 0, 2000000 };
	long fd;

	line("[files]");
	fd = sys(open, "select.file", O_RDWR | O_CREAT, 0600);
	by_file("an empty file", fd);
	sys(close, fd);
	fd = sys(open, "/dev/null", O_RDONLY);
	by_file("/dev/null", fd);
	sys(close, fd);
	fd = sys(timerfd_create, CLOCK_MONOTONIC, 0);
	by_file("a timer that is not armed", fd);
	sys(timerfd_settime, fd, 0, &at_once, 0);
	sys(nanosleep, &moment, 0);
	by_file("a timer that has expired", fd);
	sys(dup2, fd, 63);
	sets(only(63) | only(fd), only(63), 0);
	found("two at once", sys(select, 64, &in, &out, 0, 0));
	sys(close, 63);
	sys(close, fd);
}

/* What is left of 10 seconds: all but the first, some of them, none. */
static const char *left(long sec, long fraction)
{
	return sec == 10 && !fraction ? "10 s" : sec == 9 ? "nearly 10 s" : sec || fraction ? "less" : "nothing";
}

static void times(void)
{
	struct timeval tv = { 10, 0 };
	struct timespec ts = { 10, 0 };
	long timer = sys(timerfd_create, CLOCK_MONOTONIC, 0);
	struct itimerspec soon = { { 0, 0 }, { 0, 20000000 } };
	struct pollfd fd = { timer, POLLIN, 0 };
	void *page = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct timeval *read_only = page;
	long ret;

	line("[time]");
	sys(timerfd_settime, timer, 0, &soon, 0);
	sets(only(timer), 0, 0);
	found("select waits", sys(select, timer + 1, &in, 0, 0, &tv));
	line("  left: %s", left(tv.tv_sec, tv.tv_usec));
	sys(timerfd_settime, timer, 0, &soon, 0);
	sets(only(timer), 0, 0);
	found("pselect6 waits", sys(pselect6, timer + 1, &in, 0, 0, &ts, 0));
	line("  left: %s", left(ts.tv_sec, ts.tv_nsec));
	ts = (struct timespec){ 10, 0 };
	sys(timerfd_settime, timer, 0, &soon, 0);
	ret = sys(ppoll, &fd, 1, &ts, 0, 0);
	line("  ppoll waits: %s %#x", text(ret), fd.revents);
	line("  left: %s", left(ts.tv_sec, ts.tv_nsec));
	sys(timerfd_settime, timer, 0, &soon, 0);
	sets(only(timer), 0, 0);
	found("select without an end", sys(select, timer + 1, &in, 0, 0, 0));
	tv = (struct timeval){ 0, 5000 };
	found("select of nothing", sys(select, 0, 0, 0, 0, &tv));
	line("  left: %s", left(tv.tv_sec, tv.tv_usec));
	tv = (struct timeval){ 0, 0 };
	found("select does not wait", sys(select, 0, 0, 0, 0, &tv));
	line("  left: %s", left(tv.tv_sec, tv.tv_usec));
	*read_only = (struct timeval){ 10, 0 };
	CHECK(mprotect(page, PAGE, PROT_READ) == 0);
	sets(only(timer), 0, 0);
	found("the time cannot be written", sys(select, timer + 1, &in, 0, 0, read_only));
	tv = (struct timeval){ 10, 0 };
	sys(personality, STICKY_TIMEOUTS);
	sets(only(timer), 0, 0);
	found("STICKY_TIMEOUTS", sys(select, timer + 1, &in, 0, 0, &tv));
	line("  left: %s", left(tv.tv_sec, tv.tv_usec));
	sys(personality, 0);
	sys(close, timer);
	munmap(page, PAGE);
}

static volatile sig_atomic_t caught;

static void on_alarm(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)info;
	(void)uc;
	caught = sig;
}

static void alarm_soon(void)
{
	caught = 0;
	alarm_in(20000);
}

/* What a call said, and whether the signal was handled meanwhile. */
static void said(const char *call, long ret)
{
	line("  %s: %s, %s", call, text(ret), caught ? "handled" : "not handled");
}

static void interrupted(int flags)
{
	struct timeval tv = { 10, 0 };
	struct timespec ts = { 10, 0 };
	struct pollfd fd = { -1, 0, 0 };

	handle(SIGALRM, on_alarm, flags, 0);
	alarm_soon();
	said("select", sys(select, 0, 0, 0, 0, &tv));
	line("  left: %s", left(tv.tv_sec, tv.tv_usec));
	alarm_soon();
	said("pselect6", sys(pselect6, 0, 0, 0, 0, &ts, 0));
	ts = (struct timespec){ 10, 0 };
	alarm_soon();
	said("ppoll", sys(ppoll, &fd, 1, &ts, 0, 0));
	line("  left: %s", left(ts.tv_sec, ts.tv_nsec));
}

static void signals(void)
{
	unsigned long alarm = 1ul << (SIGALRM - 1), none = 0, now;
	struct { void *p; size_t size; } pack = { &none, 8 };
	struct timespec ts = { 10, 0 }, zero = { 0, 0 };

	line("[signals]");
	interrupted(0);
	line("  with SA_RESTART");
	interrupted(SA_RESTART);
	line("  blocked, but not during the call");
	sys(rt_sigprocmask, SIG_BLOCK, &alarm, 0, 8);
	alarm_soon();
	said("pselect6", sys(pselect6, 0, 0, 0, 0, &ts, &pack));
	alarm_soon();
	ts = (struct timespec){ 10, 0 };
	said("ppoll", sys(ppoll, 0, 0, &ts, &none, 8));
	sys(rt_sigprocmask, SIG_BLOCK, 0, &now, 8);
	line("  afterwards: %s", now == alarm ? "blocked again" : "another mask");
	caught = 0;
	sys(kill, getpid(), SIGALRM);
	said("pselect6 that does not wait", sys(pselect6, 0, 0, 0, 0, &zero, &pack));
	caught = 0;
	sys(kill, getpid(), SIGALRM);
	said("ppoll that does not wait", sys(ppoll, 0, 0, &zero, &none, 8));
	sys(rt_sigprocmask, SIG_UNBLOCK, &alarm, 0, 8);
	line("  and now: %s", caught ? "handled" : "not handled");
	line("  blocked during the call");
	alarm_soon();
	ts = (struct timespec){ 0, 40000000 };
	said("ppoll", sys(ppoll, 0, 0, &ts, &alarm, 8));
}

int main(void)
{
	close_inherited();
	arguments();
	arguments_with_a_mask();
	files();
	times();
	signals();
	return verdict();
}
