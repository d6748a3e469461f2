/*
 * sleep.c - sleeps that signals interrupt: what is returned, what is left, and what starts again.
 */
#include "abi.h"

#define BAD	((void *)8)		/* nothing is mapped there */
#define NSEC	1000000000L

static volatile int handled;

static void count(int sig)
{
	(void)sig;
	handled++;
}

static void handle(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = count, .sa_flags = flags };

	CHECK(sigaction(sig, &sa, 0) == 0);
}

static long now(int clock)
{
	struct timespec t;

	CHECK(sys(clock_gettime, clock, &t) == 0);
	return t.tv_sec * NSEC + t.tv_nsec;
}

/* A child that sends us each signal of @sigs, one each @ms, from @ms on. */
static long sender(long ms, const int *sigs, int n)
{
	long me = sys(getpid), pid = sys(fork);

	if (pid == 0) {
		for (int i = 0; i < n; i++) {
			sleep_ms(ms);
			sys(kill, me, sigs[i]);
		}
		sys(exit_group, 0);
	}
	return pid;
}

static void report(const char *what, long ret, const struct timespec *left, long asked)
{
	long rest = left->tv_sec * NSEC + left->tv_nsec;

	line("%s: %s, handlers %d, left: %s", what, text(ret), handled,
	     rest == 7 * NSEC + 7 ? "not told" : rest > 0 && rest < asked ? "less than asked" : "wrong");
	handled = 0;
}

static void wait_for(long pid)
{
	int status;

	while (sys(wait4, pid, &status, 0, 0) == -EINTR)
		;
}

static void one_signal(const char *how, int flags)
{
	static const int usr1[] = { SIGUSR1 };
	struct timespec t = { 100, 0 }, left, at;
	long pid;

	line("[a handler, %s]", how);
	handle(SIGUSR1, flags);
	left = (struct timespec){ 7, 7 };
	pid = sender(60, usr1, 1);
	report("nanosleep", sys(nanosleep, &t, &left), &left, 100 * NSEC);
	wait_for(pid);
	pid = sender(60, usr1, 1);
	left = (struct timespec){ 7, 7 };
	report("nanosleep(t, NULL)", sys(nanosleep, &t, 0), &left, 100 * NSEC);
	wait_for(pid);
	pid = sender(60, usr1, 1);
	report("nanosleep(t, BAD)", sys(nanosleep, &t, BAD), &left, 100 * NSEC);
	wait_for(pid);
	left = (struct timespec){ 7, 7 };
	pid = sender(60, usr1, 1);
	report("clock_nanosleep(REALTIME, 0)", sys(clock_nanosleep, CLOCK_REALTIME, 0, &t, &left), &left,
	       100 * NSEC);
	wait_for(pid);
	left = (struct timespec){ 7, 7 };
	at = (struct timespec){ now(CLOCK_MONOTONIC) / NSEC + 100, 0 };
	pid = sender(60, usr1, 1);
	report("clock_nanosleep(MONOTONIC, TIMER_ABSTIME)",
	       sys(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &at, &left), &left, 100 * NSEC);
	wait_for(pid);
	left = (struct timespec){ 7, 7 };
	pid = sender(60, usr1, 1);
	report("clock_nanosleep(PROCESS_CPUTIME_ID, 0)",
	       sys(clock_nanosleep, CLOCK_PROCESS_CPUTIME_ID, 0, &t, &left), &left, 101 * NSEC);
	wait_for(pid);
	left = (struct timespec){ 7, 7 };
	pid = sender(60, usr1, 1);
	report("clock_nanosleep(PROCESS_CPUTIME_ID, TIMER_ABSTIME)",
	       sys(clock_nanosleep, CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &t, &left), &left, 101 * NSEC);
	wait_for(pid);
}

/* A sleep in place: the same timespec gets what is left, until nothing is. */
static void in_pieces(void)
{
	static const int three[] = { SIGUSR1, SIGUSR1, SIGUSR1 };
	struct timespec t = { 0, 200000000 };
	long start = now(CLOCK_MONOTONIC), end, pid, interrupted = 0, ret;

	line("[a sleep in pieces]");
	pid = sender(30, three, 3);
	while ((ret = sys(nanosleep, &t, &t)) == -EINTR)
		interrupted++;
	end = now(CLOCK_MONOTONIC);
	line("interrupted %ld times, then: %s", interrupted, text(ret));
	line("200 ms in all: %d", end - start >= 200000000 && end - start < 20 * NSEC);
	handled = 0;
	wait_for(pid);
}

static struct timespec sleep_time = { 0, 300000000 }, sleep_left;

/* Sleep while the parent stops and continues us. 0: for the whole time, and nothing is told. */
static int sleeper(void *clock)
{
	int id = (int)(long)clock;
	long start = now(CLOCK_MONOTONIC), ret, end;

	sleep_left = (struct timespec){ 7, 7 };
	if (id == -1)
		ret = sys(nanosleep, &sleep_time, &sleep_left);
	else
		ret = sys(clock_nanosleep, id, 0, &sleep_time, &sleep_left);
	end = now(CLOCK_MONOTONIC);
	if (ret)
		return 1;
	return end - start < 300000000 || end - start > 30 * NSEC ? 2 : 0;
}

static void stopped_while(const char *what, long clock, int ignored)
{
	int status;
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, sleeper((void *)clock));
	sleep_ms(60);
	if (ignored) {
		sys(kill, pid, SIGCHLD);
	} else {
		sys(kill, pid, SIGSTOP);
		sleep_ms(60);
		sys(kill, pid, SIGCONT);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("%s: %s", what, ending(status));
}

static void no_handler(void)
{
	line("[no handler: the sleep goes on]");
	stopped_while("nanosleep, an ignored signal", -1, 1);
	stopped_while("nanosleep, stopped and continued", -1, 0);
	stopped_while("clock_nanosleep(REALTIME), stopped and continued", CLOCK_REALTIME, 0);
	stopped_while("clock_nanosleep(BOOTTIME), stopped and continued", CLOCK_BOOTTIME, 0);
}

/* Sleep until another process has used CPU time. */
static void cpu_time_of_another(void)
{
	struct timespec t = { 0, 100000000 };
	long start = now(CLOCK_MONOTONIC), pid;
	int clock;

	line("[the CPU time of another]");
	pid = sys(fork);
	if (pid == 0)
		for (;;)
			;
	clock = (int)(~(unsigned int)pid << 3 | 2);
	line("clock_nanosleep: %s", text(sys(clock_nanosleep, clock, 0, &t, 0)));
	line("  it has taken 100 ms at least: %d", now(CLOCK_MONOTONIC) - start >= 100000000);
	line("  and its clock is past that: %d", now(clock) >= 100000000);
	line("clock_nanosleep until a time that is over: %s",
	     text(sys(clock_nanosleep, clock, TIMER_ABSTIME, &t, 0)));
	sys(kill, pid, SIGKILL);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	line("clock_nanosleep when it is gone: %s", text(sys(clock_nanosleep, clock, 0, &t, 0)));
	t.tv_nsec = -1;
	line("  with a time that is not valid: %s", text(sys(clock_nanosleep, clock, 0, &t, 0)));
}

/* What was interrupted long ago does not go on. */
static void restart(void)
{
	line("[restart_syscall]");
	show(restart_syscall, 0);
	sleep_ms(1);
	show(restart_syscall, 0);
}

static void die_asleep(void)
{
	int status;
	long pid;

	line("[killed asleep]");
	pid = sys(fork);
	if (pid == 0)
		sleep_ms(100000);
	sleep_ms(20);
	sys(kill, pid, SIGTERM);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("%s", ending(status));
}

int main(void)
{
	close_inherited();
	one_signal("without SA_RESTART", 0);
	one_signal("with SA_RESTART", SA_RESTART);
	in_pieces();
	no_handler();
	cpu_time_of_another();
	restart();
	die_asleep();
	return verdict();
}
