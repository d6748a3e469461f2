/*
 * timers.c - timer_create and its kin, by clock, by what happens when a timer expires, and by state.
 * Run as root.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/resource.h>

#define BAD	((void *)8)		/* nothing is mapped there */
#define NSEC	1000000000L
#define RT	40			/* a real-time signal of our own */

/* As the kernel knows it. */
struct event {
	long value;
	int signo, notify, tid, pad[11];
};

static struct itimerspec none, in_an_hour = { { 0, 0 }, { 3600, 0 } }, at_once = { { 0, 0 }, { 0, 1 } },
			 each_5_ms = { { 0, 5000000 }, { 0, 5000000 } }, each_hour = { { 3600, 9 }, { 0, 1 } },
			 only_interval = { { 7, 7 }, { 0, 0 } }, far = { { INT64_MAX, 0 }, { INT64_MAX, 0 } };
static struct itimerspec hours_later = { { 3600, 0 }, { 3600, 0 } };
static struct itimerspec value_less = { { 0, 0 }, { -1, 0 } }, value_high = { { 0, 0 }, { 0, NSEC } },
			 interval_less = { { 0, -1 }, { 0, 0 } }, old;
static int id, other;
static volatile int handled, signo, code, overrun, last_overrun, timer;
static volatile long value;

static void take(int sig, siginfo_t *info, void *uc)
{
	(void)uc;
	handled++;
	signo = sig;
	code = info->si_code;
	last_overrun = info->si_overrun;
	if (info->si_overrun > overrun)
		overrun = info->si_overrun;
	timer = info->si_timerid;
	value = (long)info->si_value.sival_ptr;
}

static void handle_all(void)
{
	struct sigaction sa = { .sa_sigaction = take, .sa_flags = SA_SIGINFO };

	CHECK(sigaction(SIGALRM, &sa, 0) == 0);
	CHECK(sigaction(SIGUSR1, &sa, 0) == 0);
	CHECK(sigaction(RT, &sa, 0) == 0);
}

static void told(const char *when)
{
	line("  %s: handlers %d, signal %d, SI_TIMER %d, timer %d, value %ld", when, handled, signo,
	     code == SI_TIMER, timer, value);
	handled = signo = code = timer = 0;
	value = 0;
}

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, RT);
	sigaddset(&set, SIGUSR1);
	sigprocmask(how, &set, 0);
}

static long now(int clock)
{
	struct timespec t;

	CHECK(sys(clock_gettime, clock, &t) == 0);
	return t.tv_sec * NSEC + t.tv_nsec;
}

static long ns_of(struct timespec t)
{
	return t.tv_sec * NSEC + t.tv_nsec;
}

static void state(const char *when)
{
	struct itimerspec it = { 0 };
	long ret = sys(timer_gettime, id, &it);

	line("  %s: %s, interval %ld.%09ld, left: %s", when, text(ret), (long)it.it_interval.tv_sec,
	     it.it_interval.tv_nsec,
	     !ns_of(it.it_value) ? "nothing" : ns_of(it.it_value) == 1 ? "1 ns" :
	     ns_of(it.it_value) < 2 * NSEC ? "some" : "much");
}

static int cpu_clock(long pid, int type)
{
	return (int)(~(unsigned int)pid << 3 | type);
}

static void create_on(const char *name, int clock)
{
	struct event event = { .signo = SIGUSR1 };
	long ret = sys(timer_create, clock, &event, &id);

	line("timer_create(%s): %s", name, text(ret));
	if (!ret)
		CHECK(sys(timer_delete, id) == 0);
}

static void clocks(void)
{
	long me = sys(getpid);

	line("[timer_create by clock]");
	create_on("REALTIME", CLOCK_REALTIME);
	create_on("MONOTONIC", CLOCK_MONOTONIC);
	create_on("PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID);
	create_on("THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID);
	create_on("MONOTONIC_RAW", CLOCK_MONOTONIC_RAW);
	create_on("REALTIME_COARSE", CLOCK_REALTIME_COARSE);
	create_on("MONOTONIC_COARSE", CLOCK_MONOTONIC_COARSE);
	create_on("BOOTTIME", CLOCK_BOOTTIME);
	create_on("REALTIME_ALARM", CLOCK_REALTIME_ALARM);
	create_on("BOOTTIME_ALARM", CLOCK_BOOTTIME_ALARM);
	create_on("TAI", CLOCK_TAI);
	create_on("10", 10);
	create_on("12", 12);
	create_on("a file", -5);
	for (int type = 0; type < 8; type++) {
		create_on("a clock of our PID", cpu_clock(me, type));
		create_on("the same of PID 1", cpu_clock(1, type));
	}
	create_on("a PID that is not there", cpu_clock(0x7fffff, 2));
}

static void create_as(const char *what, int notify, int sig, int tid)
{
	struct event event = { .signo = sig, .notify = notify, .tid = tid };
	long ret = sys(timer_create, CLOCK_MONOTONIC, &event, &id);

	line("timer_create(%s): %s", what, text(ret));
	if (!ret)
		CHECK(sys(timer_delete, id) == 0);
}

static void events(void)
{
	int me = (int)sys(gettid);

	line("[timer_create by event]");
	show(timer_create, CLOCK_MONOTONIC, BAD, &id);
	show(timer_create, 99, BAD, &id);
	show(timer_create, 99, NULL, BAD);
	show(timer_create, CLOCK_MONOTONIC_RAW, NULL, BAD);
	show(timer_create, CLOCK_MONOTONIC, NULL, BAD);
	create_as("SIGEV_SIGNAL, SIGUSR1", 0, SIGUSR1, 0);
	create_as("SIGEV_SIGNAL, 0", 0, 0, 0);
	create_as("SIGEV_SIGNAL, 64", 0, 64, 0);
	create_as("SIGEV_SIGNAL, 65", 0, 65, 0);
	create_as("SIGEV_SIGNAL, -1", 0, -1, 0);
	create_as("SIGEV_SIGNAL, SIGKILL", 0, SIGKILL, 0);
	create_as("SIGEV_NONE, 0", 1, 0, 0);
	create_as("SIGEV_NONE, 99", 1, 99, 0);
	create_as("SIGEV_THREAD, SIGUSR1", 2, SIGUSR1, 0);
	create_as("SIGEV_THREAD, 0", 2, 0, 0);
	create_as("3", 3, SIGUSR1, 0);
	create_as("SIGEV_THREAD_ID, this thread", 4, SIGUSR1, me);
	create_as("SIGEV_THREAD_ID, this thread, 0", 4, 0, me);
	create_as("SIGEV_THREAD_ID, PID 1", 4, SIGUSR1, 1);
	create_as("SIGEV_THREAD_ID, none", 4, SIGUSR1, 0x7fffff);
	create_as("SIGEV_THREAD_ID | SIGEV_NONE", 5, SIGUSR1, me);
	create_as("SIGEV_THREAD_ID | SIGEV_THREAD", 6, SIGUSR1, me);
	create_as("8", 8, SIGUSR1, 0);
}

static void numbers(void)
{
	int a, b, c;

	line("[numbers]");
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &a) == 0);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &b) == 0);
	line("the next one: %d", b - a);
	show(timer_delete, a);
	show(timer_delete, a);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &c) == 0);
	line("one that was given back is not used at once: %d", c - b);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, BAD) == -EFAULT);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &a) == 0);
	line("a call that failed has used one: %d", a - c);
	CHECK(sys(timer_delete, a) == 0 && sys(timer_delete, b) == 0 && sys(timer_delete, c) == 0);
	show(timer_delete, -1);
	show(timer_delete, 123456);
	show(timer_gettime, 123456, BAD);
	show(timer_getoverrun, 123456);
	show(timer_getoverrun, -1);
	show(timer_settime, 123456, 0, &none, NULL);
	show(timer_settime, 123456, 0, BAD, NULL);
	show(timer_settime, 123456, 0, NULL, NULL);
}

static void checks(const char *name, int clock)
{
	struct event event = { .signo = RT, .value = 4711 };

	line("[settime, gettime: %s]", name);
	CHECK(sys(timer_create, clock, &event, &id) == 0);
	state("never set");
	show(timer_getoverrun, id);
	show(timer_settime, id, 0, NULL, &old);
	show(timer_settime, id, 0, BAD, NULL);
	show(timer_settime, id, 0, &value_less, NULL);
	show(timer_settime, id, 0, &value_high, NULL);
	show(timer_settime, id, 0, &interval_less, BAD);
	show(timer_settime, id, 2, &in_an_hour, &old);
	line("  it was set to %ld", ns_of(old.it_value));
	state("set");
	show(timer_gettime, id, BAD);
	show(timer_settime, id, 0, &each_hour, BAD);
	CHECK(sys(timer_settime, id, 0, &in_an_hour, 0) == 0);
	show(timer_settime, id, 0, &only_interval, &old);
	line("  it was set to much: %d", ns_of(old.it_value) > NSEC);
	state("only an interval");
	show(timer_settime, id, 0, &far, NULL);
	state("a time that is too far away");
	show(timer_settime, id, 0, &none, NULL);
	state("taken back");
	show(timer_delete, id);
	state("deleted");
	handled = 0;
}

/* Wait until @n signals were handled: asleep, or on the CPU. */
static void wait_for(int n, int spin)
{
	for (long end = now(CLOCK_MONOTONIC) + 10 * NSEC; handled < n && now(CLOCK_MONOTONIC) < end;) {
		if (!spin)
			sleep_ms(5);
	}
}

static void fires(const char *name, int clock, int spin)
{
	struct event event = { .signo = RT, .value = 4711 };
	struct itimerspec at = { { 0, 0 }, { 0, 0 } };
	long start;

	line("[expires: %s]", name);
	CHECK(sys(timer_create, clock, &event, &id) == 0);
	other = id;
	show(timer_settime, id, 0, &at_once, NULL);
	wait_for(1, spin);
	line("  its number: %d", timer == other);
	timer = 0;
	told("once");
	state("then");
	show(timer_settime, id, 0, &each_5_ms, NULL);
	start = now(clock);
	wait_for(3, spin);
	line("  three times at least: %d, not too early: %d", handled >= 3, now(clock) - start >= 10000000);
	CHECK(sys(timer_settime, id, 0, &none, &old) == 0);
	line("  interval %ld", old.it_interval.tv_nsec);
	handled = overrun = 0;
	mask(SIG_BLOCK);
	show(timer_settime, id, 0, &each_5_ms, NULL);
	start = now(clock);
	while (now(clock) - start < 100000000)
		if (!spin)
			sleep_ms(10);
	state("blocked");
	mask(SIG_UNBLOCK);
	line("  one signal for all: %d, the rest is its overrun: %d", handled >= 1 && handled <= 2,
	     overrun >= 10);
	CHECK(sys(timer_settime, id, 0, &each_5_ms, 0) == 0);
	mask(SIG_BLOCK);
	overrun = 0;
	start = now(clock);
	while (now(clock) - start < 100000000)
		if (!spin)
			sleep_ms(10);
	mask(SIG_UNBLOCK);
	line("  nobody asked meanwhile, and it is the same: %d", overrun >= 10);
	CHECK(sys(timer_settime, id, 0, &none, 0) == 0);
	handled = 0;
	start = now(clock);
	at.it_value = (struct timespec){ (start + 20000000) / NSEC, (start + 20000000) % NSEC };
	show(timer_settime, id, TIMER_ABSTIME, &at, NULL);
	wait_for(1, spin);
	line("  at a point of time: %d, not too early: %d", handled, now(clock) - start >= 20000000);
	handled = 0;
	at.it_value = (struct timespec){ 0, 1 };
	show(timer_settime, id, TIMER_ABSTIME, &at, NULL);
	wait_for(1, spin);
	line("  at one that is over: %d", handled);
	state("then");
	show(timer_delete, id);
	handled = timer = 0;
}

static void no_signal(void)
{
	struct event event = { .notify = 1 };

	line("[SIGEV_NONE]");
	CHECK(sys(timer_create, CLOCK_MONOTONIC, &event, &id) == 0);
	state("never set");
	show(timer_settime, id, 0, &at_once, NULL);
	sleep_ms(20);
	state("expired");
	show(timer_settime, id, 0, &each_hour, NULL);
	sleep_ms(20);
	state("expired, repeats");
	show(timer_settime, id, 0, &in_an_hour, &old);
	line("  it was set to much: %d", ns_of(old.it_value) > NSEC);
	state("set");
	show(timer_getoverrun, id);
	told("no signal");
	show(timer_delete, id);
}

static void defaults(void)
{
	line("[without an event]");
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &id) == 0);
	show(timer_settime, id, 0, &at_once, NULL);
	wait_for(1, 0);
	line("  its number: %d, as value: %d", timer == id, (int)value == id);
	timer = 0, value = 0;
	told("once");
	show(timer_delete, id);
}

static void ignored_signal(void)
{
	struct event event = { .signo = SIGUSR1 };

	line("[an ignored signal]");
	signal(SIGUSR1, SIG_IGN);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, &event, &id) == 0);
	show(timer_settime, id, 0, &each_5_ms, NULL);
	sleep_ms(50);
	state("it goes on");
	handle_all();
	wait_for(1, 0);
	line("  handled when there is a handler: %d", handled >= 1);
	show(timer_settime, id, 0, &none, NULL);
	show(timer_delete, id);
	handled = timer = 0;
}

/* One that has expired while its signal was blocked, and was changed or deleted since. */
static void changed_meanwhile(void)
{
	struct event event = { .signo = RT, .value = 5 };

	line("[changed while its signal waits]");
	mask(SIG_BLOCK);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, &event, &id) == 0);
	CHECK(sys(timer_settime, id, 0, &each_5_ms, 0) == 0);
	sleep_ms(30);
	show(timer_settime, id, 0, &hours_later, NULL);
	mask(SIG_UNBLOCK);
	timer = 0;
	told("the signal comes all the same");
	line("  si_overrun %d", last_overrun);
	state("it is not armed by that");
	mask(SIG_BLOCK);
	CHECK(sys(timer_settime, id, 0, &at_once, 0) == 0);
	sleep_ms(30);
	show(timer_delete, id);
	mask(SIG_UNBLOCK);
	timer = 0;
	told("deleted");
}

static int nobody(void *unused)
{
	(void)unused;
	become_nobody();
	create_on("REALTIME_ALARM", CLOCK_REALTIME_ALARM);
	create_on("BOOTTIME_ALARM", CLOCK_BOOTTIME_ALARM);
	create_on("REALTIME", CLOCK_REALTIME);
	return failures;
}

static int too_many(void *unused)
{
	struct rlimit limit = { 3, 3 };
	struct event event = { .signo = SIGUSR1, .notify = 1 };
	int n = 0;

	(void)unused;
	CHECK(sys(setresuid, 12345, 12345, 12345) == 0);
	CHECK(sys(setrlimit, RLIMIT_SIGPENDING, &limit) == 0);
	while (!sys(timer_create, CLOCK_MONOTONIC, &event, &id) && n < 10)
		n++;
	line("RLIMIT_SIGPENDING 3: timers %d, then %s", n, text(sys(timer_create, CLOCK_MONOTONIC, &event, &id)));
	CHECK(sys(timer_delete, id) == 0);
	line("one less: %s", text(sys(timer_create, CLOCK_MONOTONIC, &event, &other)));
	return failures;
}

static int look(void *unused)
{
	int fresh = -1;

	(void)unused;
	state("of the parent");
	line("  timer_delete: %s", text(sys(timer_delete, id)));
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &fresh) == 0);
	line("  its own: %d", fresh);
	return 0;
}

static int exec_and_look(void *unused)
{
	char *path = (char *)getauxval(AT_EXECFN), *argv[] = { path, "look", NULL };
	struct event event = { .signo = RT };

	(void)unused;
	CHECK(sys(timer_create, CLOCK_MONOTONIC, &event, &id) == 0);
	CHECK(sys(timer_create, CLOCK_THREAD_CPUTIME_ID, &event, &other) == 0);
	CHECK(sys(timer_settime, id, 0, &each_5_ms, 0) == 0 && sys(timer_settime, other, 0, &in_an_hour, 0) == 0);
	mask(SIG_BLOCK);
	sleep_ms(30);		/* its signal is pending */
	sys(execve, path, argv, argv + 2);
	return 1;
}

/* After exec: no timer, and its signal is not pending any more. */
static int after_exec(void)
{
	unsigned long pending = 0;
	int fresh = -1;

	id = 0;
	state("after exec");
	CHECK(sys(rt_sigpending, &pending, 8) == 0);
	line("  pending: %d", !!(pending & 1ul << (RT - 1)));
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &fresh) == 0);
	line("  a new number: %d", fresh);
	return verdict();
}

/* A timer on the CPU time of another process, which ends. */
static void of_another(void)
{
	struct event event = { .signo = RT, .value = 6 };
	long pid;

	line("[the CPU time of another]");
	pid = sys(fork);
	if (pid == 0)
		for (;;)
			;
	CHECK(sys(timer_create, cpu_clock(pid, 2), &event, &id) == 0);
	show(timer_settime, id, 0, &each_5_ms, NULL);
	wait_for(3, 0);
	line("  expires while we sleep: %d", handled >= 3);
	show(timer_settime, id, 0, &in_an_hour, NULL);
	handled = timer = 0;
	sys(kill, pid, SIGKILL);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	state("it is gone");
	show(timer_settime, id, 0, &in_an_hour, NULL);
	show(timer_settime, id, 0, &value_less, NULL);
	show(timer_delete, id);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "look"))
		return after_exec();
	close_inherited();
	handle_all();
	clocks();
	events();
	numbers();
	checks("MONOTONIC", CLOCK_MONOTONIC);
	checks("REALTIME", CLOCK_REALTIME);
	checks("PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID);
	fires("MONOTONIC", CLOCK_MONOTONIC, 0);
	fires("REALTIME", CLOCK_REALTIME, 0);
	fires("PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID, 1);
	fires("THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID, 1);
	fires("ticks of the process", cpu_clock(0, 0), 1);
	no_signal();
	defaults();
	ignored_signal();
	changed_meanwhile();
	of_another();
	line("[nobody, limits, fork, exec]");
	try("nobody", nobody, 0);
	try("too many", too_many, 0);
	CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &id) == 0 && sys(timer_settime, id, 0, &in_an_hour, 0) == 0);
	try("fork", look, 0);
	state("of the parent");
	try("exec", exec_and_look, 0);
	return verdict();
}
