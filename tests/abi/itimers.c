/*
 * itimers.c - setitimer, getitimer and alarm, and the limit of CPU time. What fork and exec do to them.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/time.h>

#define BAD	((void *)8)		/* nothing is mapped there */
#define NSEC	1000000000L

static const char *const names[] = { "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF" };
static const int signals[] = { SIGALRM, SIGVTALRM, SIGPROF };

static struct itimerval none, in_an_hour = { { 0, 0 }, { 3600, 0 } }, in_20_ms = { { 0, 0 }, { 0, 20000 } },
			each_20_ms = { { 0, 20000 }, { 0, 20000 } }, later = { { 3600, 5 }, { 60, 1 } },
			usec_high = { { 0, 0 }, { 0, 1000000 } }, usec_less = { { 0, 0 }, { 0, -1 } },
			sec_less = { { 0, 0 }, { -1, 0 } }, interval_high = { { 0, 1000000 }, { 0, 0 } },
			interval_less = { { -1, 0 }, { 1, 0 } }, only_interval = { { 7, 7 }, { 0, 0 } };
static struct itimerval old;
static volatile int handled, code;

static void count(int sig, siginfo_t *info, void *uc)
{
	(void)sig;
	(void)uc;
	handled++;
	code = info->si_code;
}

static void handle_all(void)
{
	struct sigaction sa = { .sa_sigaction = count, .sa_flags = SA_SIGINFO };

	for (int i = 0; i < 3; i++)
		CHECK(sigaction(signals[i], &sa, 0) == 0);
}

static long now(int clock)
{
	struct timespec t;

	CHECK(sys(clock_gettime, clock, &t) == 0);
	return t.tv_sec * NSEC + t.tv_nsec;
}

static void state(int which, const char *when)
{
	struct itimerval it = { 0 };
	long ret = sys(getitimer, which, &it), left = it.it_value.tv_sec * 1000000 + it.it_value.tv_usec;

	line("  %s: %s, interval %ld.%06ld, left: %s", when, text(ret), (long)it.it_interval.tv_sec,
	     (long)it.it_interval.tv_usec, !left ? "nothing" : left < 1000000 ? "some" : "much");
}

static void checks(int which)
{
	line("[%s]", names[which]);
	state(which, "never set");
	show(setitimer, which, BAD, NULL);
	show(setitimer, which, &usec_high, NULL);
	show(setitimer, which, &usec_less, NULL);
	show(setitimer, which, &sec_less, NULL);
	show(setitimer, which, &interval_high, NULL);
	show(setitimer, which, &interval_less, BAD);
	show(getitimer, which, BAD);
	show(setitimer, which, &in_an_hour, &old);
	line("  it was set to %ld", old.it_value.tv_sec + old.it_value.tv_usec);
	state(which, "set");
	show(setitimer, which, &later, BAD);
	state(which, "it is set all the same");
	show(setitimer, which, &none, NULL);
	state(which, "taken back");
	handled = 0;
	show(setitimer, which, &only_interval, NULL);
	state(which, "only an interval");
	show(setitimer, which, NULL, &old);
	line("  it was set to %ld, interval %ld", (long)old.it_value.tv_sec, (long)old.it_interval.tv_sec);
	state(which, "set to NULL");
}

static void no_timer(void)
{
	line("[no such timer]");
	show(getitimer, 3, &old);
	show(getitimer, -1, BAD);
	show(setitimer, 3, &none, NULL);
	show(setitimer, 3, BAD, NULL);
	show(setitimer, 3, &usec_high, NULL);
	show(setitimer, -1, NULL, NULL);
}

/* Stay on the CPU until @n signals were handled, 5 s of CPU time at most. Returns ms of CPU time. */
static long spin_until(int n)
{
	long start = now(CLOCK_PROCESS_CPUTIME_ID), end;

	do {
		end = now(CLOCK_PROCESS_CPUTIME_ID);
	} while (handled < n && end - start < 5 * NSEC);
	return (end - start) / 1000000;
}

static void fires(int which)
{
	long ms;

	line("[%s fires]", names[which]);
	handled = code = 0;
	show(setitimer, which, &in_20_ms, NULL);
	ms = spin_until(1);
	line("  handlers: %d, si_code is SI_KERNEL: %d, not too early: %d, not too late: %d", handled,
	     code == SI_KERNEL, ms >= (which ? 12 : 10), ms < 2000);
	state(which, "then");
	handled = 0;
	show(setitimer, which, &each_20_ms, NULL);
	ms = spin_until(4);
	line("  handlers: %d, not too early: %d", handled >= 4, ms >= 40);
	state(which, "it goes on");
	CHECK(sys(setitimer, which, &none, &old) == 0);
	line("  interval %ld", (long)old.it_interval.tv_usec);
	handled = 0;
	sleep_ms(60);
	line("  handlers after that: %d", handled);
}

static void not_while_asleep(void)
{
	line("[asleep]");
	for (int which = 1; which < 3; which++) {
		handled = 0;
		CHECK(sys(setitimer, which, &in_20_ms, NULL) == 0);
		sleep_ms(100);
		line("%s after 100 ms of sleep: handlers %d", names[which], handled);
		CHECK(sys(setitimer, which, &none, NULL) == 0);
	}
}

/* A blocked or ignored SIGALRM: a timer that repeats stands still until it is taken. */
static void blocked(void)
{
	sigset_t set;

	line("[blocked and ignored]");
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, 0);
	handled = 0;
	CHECK(sys(setitimer, ITIMER_REAL, &each_20_ms, NULL) == 0);
	sleep_ms(100);
	state(ITIMER_REAL, "blocked");
	CHECK(sys(setitimer, ITIMER_REAL, &none, NULL) == 0);
	sigprocmask(SIG_UNBLOCK, &set, 0);
	line("  handlers: %d", handled);
	handled = 0;
	signal(SIGALRM, SIG_IGN);
	CHECK(sys(setitimer, ITIMER_REAL, &each_20_ms, NULL) == 0);
	sleep_ms(100);
	state(ITIMER_REAL, "ignored");
	CHECK(sys(setitimer, ITIMER_REAL, &none, NULL) == 0);
	handle_all();
	line("  handlers: %d", handled);
}

static void alarms(void)
{
	line("[alarm]");
	show(alarm, 0);
	show(alarm, 100);
	show(alarm, 50);
	show(alarm, 0);
	show(alarm, 0);
	CHECK(sys(setitimer, ITIMER_REAL, &each_20_ms, NULL) == 0);
	show(alarm, 1000);
	state(ITIMER_REAL, "alarm(1000)");
	show(alarm, 0);
	handled = 0;
	show(alarm, 1);
	show(pause, 0);
	line("  handlers: %d", handled);
	show(alarm, 0xffffffff);
	state(ITIMER_REAL, "alarm(0xffffffff)");
	CHECK(sys(setitimer, ITIMER_REAL, &none, NULL) == 0);
}

static int killed_by_alarm(void *unused)
{
	(void)unused;
	signal(SIGALRM, SIG_DFL);
	sys(setitimer, ITIMER_REAL, &in_20_ms, NULL);
	sleep_ms(5000);
	return 0;
}

static int look(void *unused)
{
	(void)unused;
	for (int which = 0; which < 3; which++)
		state(which, "in the child");
	return 0;
}

static int after_exec(void *unused)
{
	char *path = (char *)getauxval(AT_EXECFN), *argv[] = { path, "look", NULL };

	(void)unused;
	sys(execve, path, argv, argv + 2);
	return 1;
}

static void fork_and_exec(void)
{
	line("[fork and exec]");
	for (int which = 0; which < 3; which++)
		CHECK(sys(setitimer, which, &in_an_hour, NULL) == 0);
	try("fork", look, 0);
	state(ITIMER_REAL, "in the parent");
	try("killed", killed_by_alarm, 0);
	for (int which = 0; which < 3; which++)
		CHECK(sys(setitimer, which, &none, NULL) == 0);
}

static int set_and_exec(void *unused)
{
	for (int which = 0; which < 3; which++)
		CHECK(sys(setitimer, which, &in_an_hour, NULL) == 0);
	return after_exec(unused);
}

/* --- RLIMIT_CPU ----------------------------------------------------------------------------- */

static volatile int xcpu;

static void count_xcpu(int sig)
{
	(void)sig;
	xcpu++;
}

struct limits {
	rlim_t soft, hard;
	int caught;
};

static int spin_with_limit(void *arg)
{
	const struct limits *l = arg;
	struct rlimit limit = { l->soft, l->hard };

	xcpu = 0;
	if (l->caught)
		signal(SIGXCPU, count_xcpu);
	CHECK(sys(setrlimit, RLIMIT_CPU, &limit) == 0);
	for (long end = now(CLOCK_PROCESS_CPUTIME_ID) + 5 * NSEC; now(CLOCK_PROCESS_CPUTIME_ID) < end;) {
		if (l->caught && xcpu) {
			CHECK(sys(getrlimit, RLIMIT_CPU, &limit) == 0);
			return (int)limit.rlim_cur;
		}
	}
	return 99;
}

static int spin_in_child(void *arg)
{
	int status;

	status = in_child(spin_with_limit, arg);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void cpu_limit(void)
{
	struct limits soft = { 1, RLIM_INFINITY, 0 }, caught = { 1, RLIM_INFINITY, 1 }, hard = { 1, 1, 0 },
		      ignored = { 1, 2, 2 }, zero = { 0, 0, 0 }, soft_zero = { 0, RLIM_INFINITY, 1 };

	line("[RLIMIT_CPU]");
	try("soft limit 1 s", spin_with_limit, &soft);
	try("soft limit 1 s, handled: the limit then", spin_with_limit, &caught);
	try("soft and hard limit 1 s", spin_with_limit, &hard);
	signal(SIGXCPU, SIG_IGN);
	ignored.caught = 0;
	try("soft 1 s ignored, hard 2 s", spin_with_limit, &ignored);
	signal(SIGXCPU, SIG_DFL);
	try("soft and hard limit 0", spin_with_limit, &zero);
	try("soft limit 0, handled: the limit then", spin_with_limit, &soft_zero);
	try("of a child of the limited one", spin_in_child, &soft);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "look"))
		return look(0);
	close_inherited();
	handle_all();
	for (int which = 0; which < 3; which++)
		checks(which);
	no_timer();
	for (int which = 0; which < 3; which++)
		fires(which);
	not_while_asleep();
	blocked();
	alarms();
	fork_and_exec();
	try("exec", set_and_exec, 0);
	cpu_limit();
	return verdict();
}
