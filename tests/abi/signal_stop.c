/*
 * signal_stop.c - stopping and going on: what stops, what the parent is told, what happens meanwhile to
 * signals and to calls that sleep.
 */
#include "handlers.h"

static volatile int *shared;	/* memory that children share: [0] counts, [1] handler calls */

static void count(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	shared[1]++;
}

/* A child that counts, and calls count() for SIGUSR1 and SIGCONT if @handler says so. */
static long counter(int handler)
{
	long pid;

	shared[0] = shared[1] = 0;
	pid = sys(fork);
	if (pid) {
		while (!shared[0])
			sleep_ms(1);
		return pid;
	}
	set_blocked(0);
	handle(SIGUSR1, count, 0, 0);
	if (handler)
		handle(SIGCONT, count, 0, 0);
	for (;;) {
		shared[0]++;
		sleep_ms(1);
	}
}

static const char *running(void)
{
	int before;

	sleep_ms(15);
	before = shared[0];
	sleep_ms(30);
	return shared[0] != before ? "runs" : "does not run";
}

/* What SIGCHLD says, or that none comes. */
static void told(const char *what, long pid)
{
	unsigned long set = bit(SIGCHLD);
	struct timespec time = { 0, 60000000 };
	struct info info;
	long ret = sys(rt_sigtimedwait, &set, &info, &time, 8);

	if (ret != SIGCHLD)
		line("%s: no SIGCHLD (%s)", what, text(ret));
	else
		line("%s: SIGCHLD code %d status %d from %s", what, info.code, info.status,
		     info.pid == pid ? "the child" : "another");
}

/* Take a SIGCHLD of which it is not certain what it tells of. */
static void forget(void)
{
	unsigned long set = bit(SIGCHLD);
	struct timespec time = { 0, 0 };

	sys(rt_sigtimedwait, &set, 0, &time, 8);
}

static void stop_and_continue(void)
{
	long pid = counter(0);

	line("the child %s", running());
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP", pid);
	line("it %s", running());
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP again", pid);
	CHECK(sys(kill, pid, SIGUSR1) == 0);
	line("SIGUSR1: it %s", running());
	line("%d calls", shared[1]);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("SIGCONT", pid);
	line("it %s", running());
	line("%d calls", shared[1]);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("SIGCONT while it runs", pid);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGTERM) == 0);
	told("SIGTERM while it is stopped", pid);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	int status = 0;

	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("SIGCONT lets it end by %s", ending(status));
	forget();
}

static void killed_while_stopped(void)
{
	long pid = counter(0);
	int status = 0;

	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGKILL) == 0);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	told("SIGKILL while it is stopped", pid);
	line("it ends by %s", ending(status));
}

static void with_handler(void)
{
	long pid = counter(1);

	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("SIGCONT with a handler", pid);
	line("it %s", running());
	line("%d calls", shared[1]);
	CHECK(sys(kill, pid, SIGKILL) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	told("SIGKILL", pid);
}

/* With SA_NOCLDSTOP the parent is not told of stops; of the end it is. */
static void no_stops(void)
{
	long pid;

	handle(SIGCHLD, count, SA_NOCLDSTOP, 0);
	pid = counter(0);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SA_NOCLDSTOP: SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("SA_NOCLDSTOP: SIGCONT", pid);
	CHECK(sys(kill, pid, SIGKILL) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	told("SA_NOCLDSTOP: SIGKILL", pid);
	CHECK(set_action(SIGCHLD, SIG_DFL, 0, 0) == 0);
}

/* A stop signal that is blocked waits; SIGCONT takes it back; one takes the other's place. */
static int blocked_stops(void *unused)
{
	(void)unused;
	set_blocked(bit(SIGTSTP) | bit(SIGCONT));
	raise_signal(SIGTSTP);
	line("SIGTSTP, blocked: pending %#lx", pending());
	raise_signal(SIGCONT);
	line("SIGCONT, blocked: pending %#lx", pending());
	raise_signal(SIGTSTP);
	line("SIGTSTP, blocked: pending %#lx", pending());
	CHECK(set_action(SIGTSTP, SIG_IGN, 0, 0) == 0);
	line("ignored: pending %#lx", pending());
	raise_signal(SIGCONT);
	CHECK(set_action(SIGCONT, SIG_IGN, 0, 0) == 0);
	line("SIGCONT, ignored: pending %#lx", pending());
	set_blocked(0);
	return failures;
}

/* What sleeps when it is stopped goes on sleeping, for what is left of the time. */
static void sleep_while_stopped(void)
{
	struct timespec time = { 0, 300000000 }, rest = { -1, -1 };
	int status = 0;
	long pid, ret;

	shared[0] = 0;
	pid = sys(fork);
	if (pid == 0) {
		shared[0] = 1;
		ret = sys(nanosleep, &time, &rest);
		line("nanosleep, stopped in between: %s, rest %s", text(ret),
		     rest.tv_sec == -1 ? "untouched" : "set");
		sys(exit_group, 0);
	}
	while (!shared[0])
		sleep_ms(1);
	sleep_ms(50);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("SIGCONT", pid);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	told("its end", pid);
	pid = sys(fork);
	if (pid == 0) {
		sys(pause);
		sys(exit_group, 1);
	}
	sleep_ms(20);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	told("pause(): SIGSTOP", pid);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	told("pause(): SIGCONT", pid);
	sleep_ms(20);
	CHECK(sys(kill, pid, SIGTERM) == 0);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("pause() starts again: it ends by %s", ending(status));
	told("its end", pid);
}

int main(void)
{
	unsigned long chld = bit(SIGCHLD);

	shared = (int *)new_pages(1, MAP_SHARED);
	CHECK(sys(rt_sigprocmask, SIG_BLOCK, &chld, 0, 8) == 0);
	stop_and_continue();
	killed_while_stopped();
	with_handler();
	no_stops();
	try("stop signals that are blocked", blocked_stops, 0);
	told("its end", 0);
	sleep_while_stopped();
	return verdict();
}
