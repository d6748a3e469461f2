/*
 * misc.c - uname, clocks, nanosleep, getrandom, arch_prctl, resource limits. Run as root.
 */
#include "abi.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ARCH_SET_GS	0x1001
#define ARCH_SET_FS	0x1002
#define ARCH_GET_FS	0x1003
#define ARCH_GET_GS	0x1004

static void names(void)
{
	struct utsname u;

	line("[uname]");
	show(uname, &u);
	line("  %s %s", u.sysname, u.machine);
	CHECK(u.release[0] >= '3' && u.version[0] && memchr(u.release, 0, sizeof(u.release)));
}

static long now_us(long clock)
{
	struct timespec t = { -1, -1 };

	CHECK(sys(clock_gettime, clock, &t) == 0);
	CHECK(t.tv_sec >= 0 && t.tv_nsec >= 0 && t.tv_nsec < 1000000000);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void clocks(void)
{
	struct timespec t;
	long last = now_us(CLOCK_MONOTONIC), start = last, real = now_us(CLOCK_REALTIME);
	int backwards = 0;

	line("[clock_gettime]");
	for (int i = 0; i < 10000; i++) {
		long us = now_us(CLOCK_MONOTONIC);

		backwards += us < last;
		last = us;
	}
	line("monotonic went backwards: %d, forwards: %d", backwards, last > start);
	line("realtime went forwards: %d", now_us(CLOCK_REALTIME) > real);
	show(clock_gettime, CLOCK_REALTIME, &t);
	show(clock_gettime, CLOCK_MONOTONIC, &t);
	show(clock_gettime, 99, &t);
}

/* The CPU clock of process @pid (0: ours); @type: 0 all, 1 ring 3, 2 scheduled, + 4: of a thread. */
static int cpu_clock(long pid, int type)
{
	return (int)(~(unsigned int)pid << 3 | type);
}

static void cpu_clocks(void)
{
	struct timespec t;
	long child, me = sys(getpid);

	line("[CPU clocks]");
	for (int type = 0; type < 8; type++)
		line("clock %d of this process: %s, of its PID: %s", type,
		     text(sys(clock_gettime, cpu_clock(0, type), &t)),
		     text(sys(clock_gettime, cpu_clock(me, type), &t)));
	child = sys(fork);
	if (child == 0) {
		sleep_ms(100);
		sys(exit_group, 0);
	}
	for (int type = 0; type < 8; type++)
		line("clock %d of a child: %s, of PID 1: %s", type,
		     text(sys(clock_gettime, cpu_clock(child, type), &t)),
		     text(sys(clock_gettime, cpu_clock(1, type), &t)));
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	show(clock_gettime, cpu_clock(child, 2), &t);
	show(clock_gettime, cpu_clock(0x7fffff, 2), 1);
	show(clock_gettime, cpu_clock(0, 2), 1);
	show(clock_gettime, CLOCK_TAI, &t);
	line("TAI is not behind: %d", now_us(CLOCK_TAI) >= now_us(CLOCK_REALTIME) - 1000000);
	show(clock_gettime, 10, &t);
	show(clock_gettime, 12, &t);
}

static void sleeping(void)
{
	static const struct timespec refused[] = {
		{ 0, 1000000000 }, { 0, -1 }, { -1, 0 },
	};
	struct timespec none = { 0, 0 }, twenty_ms = { 0, 20000000 };
	long start = now_us(CLOCK_MONOTONIC), end;

	line("[nanosleep]");
	show(nanosleep, &twenty_ms, NULL);
	end = now_us(CLOCK_MONOTONIC);
	line("  20 ms at least: %d, less than 2 s: %d", end - start >= 20000,
	     end - start < 2000000);
	show(nanosleep, &none, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		show(nanosleep, &refused[i], NULL);
}

/* However much is asked for, others run meanwhile. */
static void long_getrandom(void)
{
	volatile char *ran = new_pages(1, MAP_SHARED);
	char *pages = new_pages(2048, MAP_PRIVATE);
	long child = sys(fork);

	if (child == 0) {
		sleep_ms(1);
		*ran = 1;
		sys(exit_group, 0);
	}
	show(getrandom, pages, 2048 * PAGE, 0);
	line("  another process ran meanwhile: %d", *ran);
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	CHECK(sys(munmap, pages, 2048 * PAGE) == 0);
}

static void randomness(void)
{
	unsigned char a[256] = { 0 }, b[256] = { 0 };
	char *big = new_pages(4, MAP_PRIVATE);

	line("[getrandom]");
	show(getrandom, a, sizeof(a), 0);
	show(getrandom, b, sizeof(b), 0);
	line("  different: %d, bytes behind the end: %d", memcmp(a, b, sizeof(a)) != 0, big[4000]);
	show(getrandom, big, 4000, 0);
	line("  bytes behind the end: %d", big[4000]);
	show(getrandom, a, 0, 0);
	show(getrandom, a, 8, 1 /* GRND_NONBLOCK */);
	show(getrandom, a, 8, 8);
	show(getrandom, a, 8, 6 /* GRND_RANDOM | GRND_INSECURE */);
	long_getrandom();
}

/* The bases survive a switch to another task and back. */
static void segment_bases(void)
{
	unsigned long fs = 0, gs = 1, seen_gs, seen_fs;
	uint64_t word = 0x1122334455667788;

	line("[arch_prctl]");
	show(arch_prctl, ARCH_GET_FS, &fs);
	show(arch_prctl, ARCH_GET_GS, &gs);
	line("  fs is set: %d, gs %#lx", fs != 0, gs);
	show(arch_prctl, ARCH_SET_GS, &word);
	asm volatile("mov %%gs:0, %0" : "=r" (seen_gs));
	line("  gs:0 is the word: %d", seen_gs == word);
	sleep_ms(2);
	asm volatile("mov %%gs:0, %0" : "=r" (seen_gs));
	asm volatile("mov %%fs:0, %0" : "=r" (seen_fs));
	line("  after a sleep: %d, fs:0 is itself: %d", seen_gs == word, seen_fs == fs);
	show(arch_prctl, ARCH_SET_GS, 0);
	show(arch_prctl, ARCH_SET_GS, 0xffffffff81000000);
	show(arch_prctl, ARCH_SET_FS, 0x800000000000);
	show(arch_prctl, ARCH_SET_FS, fs);
	show(arch_prctl, 0x1234, &fs);
}

static int as_nobody(void *unused)
{
	struct rlimit lower = { 100, 200 }, higher = { 100, 201 };

	(void)unused;
	become_nobody();
	show(setrlimit, RLIMIT_NOFILE, &lower);
	show(setrlimit, RLIMIT_NOFILE, &higher);
	show(prlimit64, getppid(), RLIMIT_NOFILE, NULL, &lower);
	show(reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
	return failures;
}

static void print_limit(const struct rlimit *limit)
{
	line("  %lu %lu", (unsigned long)limit->rlim_cur, (unsigned long)limit->rlim_max);
}

static int limits(void *unused)
{
	struct rlimit limit = { 50, 100 }, old = { 0, 0 };
	struct rlimit crossed = { 101, 100 }, huge = { 50, 1UL << 40 };
	long child;

	(void)unused;
	show(setrlimit, RLIMIT_NOFILE, &limit);
	show(getrlimit, RLIMIT_NOFILE, &old);
	print_limit(&old);
	limit.rlim_cur = 40;
	show(prlimit64, 0, RLIMIT_NOFILE, &limit, &old);
	print_limit(&old);
	show(prlimit64, getpid(), RLIMIT_NOFILE, NULL, &old);
	print_limit(&old);
	show(setrlimit, RLIMIT_NOFILE, &crossed);
	show(setrlimit, RLIMIT_NOFILE, &huge);
	show(getrlimit, 16, &old);
	show(setrlimit, 16, &limit);
	show(prlimit64, 0, -1, NULL, &old);
	show(prlimit64, 0x7ffffffe, RLIMIT_NOFILE, NULL, &old);
	child = sys(fork);
	if (child == 0)
		sys(exit_group, 0);
	sleep_ms(50);
	show(prlimit64, child, RLIMIT_NOFILE, NULL, &old); /* a zombie still has limits */
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	show(prlimit64, child, RLIMIT_NOFILE, NULL, &old);
	show(prlimit64, -1, RLIMIT_NOFILE, NULL, &old);
	show(prlimit64, 0, RLIMIT_CORE, NULL, NULL);
	return failures;
}

static int limits_inherited(void *unused)
{
	struct rlimit limit = { 33, 44 }, seen = { 0, 0 };
	int status = -1;
	long pid;

	(void)unused;
	CHECK(sys(setrlimit, RLIMIT_NOFILE, &limit) == 0);
	pid = sys(fork);
	if (pid == 0) {
		sys(getrlimit, RLIMIT_NOFILE, &seen);
		sys(exit_group, seen.rlim_cur == 33 && seen.rlim_max == 44 ? 0 : 1);
	}
	sys(wait4, pid, &status, 0, 0);
	return status;
}

int main(void)
{
	names();
	clocks();
	cpu_clocks();
	sleeping();
	randomness();
	segment_bases();
	line("[limits]");
	try("limits", limits, NULL);
	try("limits are inherited", limits_inherited, NULL);
	try("as nobody", as_nobody, NULL);
	line("[identity]");
	line("set_tid_address is gettid: %d", sys(set_tid_address, 0) == sys(gettid));
	return verdict();
}
