/*
 * clocks.c - the clocks: reading and setting them, sleeping by them, and the CPU time of processes.
 * Run as root.
 */
#include "abi.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>

#define BAD	((void *)8)		/* nothing is mapped there */
#define NSEC	1000000000L
#define RAW	CLOCK_MONOTONIC_RAW

static const struct {
	int id;
	const char *name;
} clocks[] = {
#define C(name)	{ CLOCK_##name, #name }
	C(REALTIME), C(MONOTONIC), C(PROCESS_CPUTIME_ID), C(THREAD_CPUTIME_ID), C(MONOTONIC_RAW),
	C(REALTIME_COARSE), C(MONOTONIC_COARSE), C(BOOTTIME), C(REALTIME_ALARM), C(BOOTTIME_ALARM),
	{ 10, "10" }, C(TAI), { 12, "12" }, { INT32_MAX, "INT_MAX" }, { INT32_MIN, "INT_MIN" },
	{ -1, "-1" }, { -2, "of this process, scheduled" }, { -3, "-3" }, { -5, "a file, 0" },
	{ -29, "a file, 3" },
#undef C
};

static struct timespec no_time, a_nanosecond = { 0, 1 };
static struct timezone an_hour = { 60, 0 };

static long ns_of(struct timespec t)
{
	return t.tv_sec * NSEC + t.tv_nsec;
}

static long now(int clock)
{
	struct timespec t = { -1, -1 };

	CHECK(sys(clock_gettime, clock, &t) == 0);
	CHECK(t.tv_sec >= 0 && t.tv_nsec >= 0 && t.tv_nsec < NSEC);
	return ns_of(t);
}

static int cpu_clock(long pid, int type)
{
	return (int)(~(unsigned int)pid << 3 | type);
}

static void each_clock(void)
{
	struct timespec t = { 0, 0 }, bad = { 1, NSEC }, none = { 0, 0 };

	line("[each clock]");
	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
		int id = clocks[i].id;
		long ret;

		line("clock_gettime(%s): %s", clocks[i].name, text(sys(clock_gettime, id, &t)));
		line("clock_gettime(%s, BAD): %s", clocks[i].name, text(sys(clock_gettime, id, BAD)));
		t = (struct timespec){ 7, 7 };
		ret = sys(clock_getres, id, &t);
		line("clock_getres(%s): %s, %ld.%09ld", clocks[i].name, text(ret), (long)t.tv_sec, t.tv_nsec);
		line("clock_getres(%s, NULL): %s", clocks[i].name, text(sys(clock_getres, id, 0)));
		line("clock_getres(%s, BAD): %s", clocks[i].name, text(sys(clock_getres, id, BAD)));
		line("clock_settime(%s, BAD): %s", clocks[i].name, text(sys(clock_settime, id, BAD)));
		line("clock_settime(%s, invalid): %s", clocks[i].name, text(sys(clock_settime, id, &bad)));
		line("clock_nanosleep(%s, 0, BAD): %s", clocks[i].name,
		     text(sys(clock_nanosleep, id, 0, BAD, 0)));
		line("clock_nanosleep(%s, 0, invalid): %s", clocks[i].name,
		     text(sys(clock_nanosleep, id, 0, &bad, 0)));
		line("clock_nanosleep(%s, 0, none): %s", clocks[i].name,
		     text(sys(clock_nanosleep, id, 0, &none, 0)));
		line("clock_nanosleep(%s, TIMER_ABSTIME, 0): %s", clocks[i].name,
		     text(sys(clock_nanosleep, id, TIMER_ABSTIME, &none, 0)));
		line("clock_nanosleep(%s, 2, none): %s", clocks[i].name,
		     text(sys(clock_nanosleep, id, 2, &none, 0)));
	}
}

static void the_date(void)
{
	struct timeval tv = { 0, -1 };
	struct timezone tz = { -1, -1 };
	long t = 0, real = now(CLOCK_REALTIME) / NSEC, ret;

	line("[time, gettimeofday]");
	ret = sys(time, 0);
	line("time(NULL) is the date: %d", ret >= real && ret <= real + 2);
	ret = sys(time, &t);
	line("time(&t) stores what it returns: %d", ret == t);
	show(time, BAD);
	show(gettimeofday, &tv, NULL);
	line("  it is the date: %d", tv.tv_sec >= real && tv.tv_sec <= real + 2 && tv.tv_usec >= 0 &&
					     tv.tv_usec < 1000000);
	show(gettimeofday, NULL, &tz);
	line("  %d %d", tz.tz_minuteswest, tz.tz_dsttime);
	show(gettimeofday, NULL, NULL);
	show(gettimeofday, BAD, NULL);
	show(gettimeofday, NULL, BAD);
}

/* --- setting the date ----------------------------------------------------------------------- */

static void set_checks(const char *who)
{
	struct timeval usec_high = { 1, 1000001 }, usec_less = { 1, -1 }, sec_less = { -1, 0 },
		       usec_million = { 1, 1000000 }, far = { INT64_MAX / NSEC, 0 };
	struct timezone west = { 901, 0 }, east = { -901, 0 };

	line("[settimeofday as %s]", who);
	show(settimeofday, NULL, NULL);
	show(settimeofday, BAD, NULL);
	show(settimeofday, NULL, BAD);
	show(settimeofday, &usec_high, BAD);
	show(settimeofday, &usec_less, NULL);
	show(settimeofday, &usec_million, NULL);
	show(settimeofday, &sec_less, NULL);
	show(settimeofday, &sec_less, BAD);
	show(settimeofday, &far, NULL);
	show(settimeofday, NULL, &west);
	show(settimeofday, NULL, &east);
}

static int as_nobody(void *unused)
{
	struct timespec t = { 1700000000, 0 };
	struct timeval tv = { 1700000000, 0 };
	struct timezone tz = { 0, 0 };

	(void)unused;
	become_nobody();
	set_checks("nobody");
	show(settimeofday, &tv, NULL);
	show(settimeofday, NULL, &tz);
	show(clock_settime, CLOCK_REALTIME, &t);
	show(clock_nanosleep, CLOCK_REALTIME_ALARM, 0, &no_time, NULL);
	show(clock_nanosleep, CLOCK_BOOTTIME_ALARM, 2, &no_time, NULL);
	return failures;
}

static int minutes(long ns)
{
	return (int)((ns + (ns < 0 ? -30 : 30) * NSEC) / (60 * NSEC));
}

static void setting(void)
{
	struct timespec t = { 1700000000, 500000000 }, before_boot = { 0, 0 };
	struct timeval tv = { 1600000000, 250000 };
	struct timezone zone = { -60, 1 }, back;
	long mono = now(CLOCK_MONOTONIC), real;

	set_checks("root");
	line("[a new date]");
	show(clock_settime, CLOCK_REALTIME, &t);
	line("  the date is the new one: %d", now(CLOCK_REALTIME) / NSEC - 1700000000 < 60);
	line("  CLOCK_TAI as well: %d", now(CLOCK_TAI) / NSEC - 1700000000 < 60);
	line("  CLOCK_REALTIME_COARSE as well: %d", now(CLOCK_REALTIME_COARSE) / NSEC - 1700000000 < 60);
	line("  CLOCK_MONOTONIC did not jump: %d", now(CLOCK_MONOTONIC) - mono < 60 * NSEC);
	show(settimeofday, &tv, NULL);
	real = now(CLOCK_REALTIME);
	line("  the date is the new one: %d", real / NSEC >= 1600000000 && real / NSEC < 1600000060);
	show(clock_settime, CLOCK_REALTIME, &before_boot);
	show(settimeofday, NULL, &zone);
	line("  the first zone moves the date: %d minutes", minutes(now(CLOCK_REALTIME) - real));
	show(gettimeofday, NULL, &back);
	line("  %d %d", back.tz_minuteswest, back.tz_dsttime);
	real = now(CLOCK_REALTIME);
	show(settimeofday, NULL, &an_hour);
	line("  the second does not: %d minutes", minutes(now(CLOCK_REALTIME) - real));
}

/* --- sleeping ------------------------------------------------------------------------------- */

static void sleep_on(const char *name, int clock)
{
	struct timespec t = { 0, 20000000 }, left = { 5, 5 };
	long start = now(CLOCK_MONOTONIC), end;

	line("clock_nanosleep(%s, 0, 20 ms): %s", name, text(sys(clock_nanosleep, clock, 0, &t, &left)));
	end = now(CLOCK_MONOTONIC);
	line("  in time: %d, what is left is not told: %d", end - start >= 20000000 && end - start < 5 * NSEC,
	     left.tv_sec == 5 && left.tv_nsec == 5);
	start = now(clock) + 20000000;
	t = (struct timespec){ start / NSEC, start % NSEC };
	line("clock_nanosleep(%s, TIMER_ABSTIME, in 20 ms): %s", name,
	     text(sys(clock_nanosleep, clock, TIMER_ABSTIME, &t, &left)));
	end = now(clock);
	line("  in time: %d", end >= start && end - start < 5 * NSEC);
	t.tv_sec -= 1;
	line("clock_nanosleep(%s, TIMER_ABSTIME, a second ago): %s", name,
	     text(sys(clock_nanosleep, clock, TIMER_ABSTIME, &t, BAD)));
}

/* A sleep until a date ends when the date is set to a later one. */
static void sleep_and_set(void)
{
	long start = now(CLOCK_MONOTONIC);
	struct timespec t = { now(CLOCK_REALTIME) / NSEC + 1000, 0 }, later = { t.tv_sec + 1, 0 };
	int status = -1;
	long pid = sys(fork);

	if (pid == 0) {
		long ret = sys(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &t, 0);

		sys(exit_group, ret != 0);
	}
	sleep_ms(50);
	show(clock_settime, CLOCK_REALTIME, &later);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  who sleeps until a date before it wakes up: %s, at once: %d", ending(status),
	     now(CLOCK_MONOTONIC) - start < 20 * NSEC);
}

static void sleeping(void)
{
	struct timespec t = { -1, 0 }, less = { 0, -1 };

	line("[sleeping]");
	sleep_on("REALTIME", CLOCK_REALTIME);
	sleep_on("MONOTONIC", CLOCK_MONOTONIC);
	sleep_on("BOOTTIME", CLOCK_BOOTTIME);
	sleep_on("TAI", CLOCK_TAI);
	show(clock_nanosleep, CLOCK_MONOTONIC, 0, &t, NULL);
	show(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
	show(clock_nanosleep, CLOCK_MONOTONIC, 0, &less, NULL);
	show(clock_nanosleep, RAW, 0, BAD, NULL);
	show(nanosleep, BAD, NULL);
	show(nanosleep, &a_nanosecond, BAD);
	sleep_and_set();
}

/* --- what a process uses -------------------------------------------------------------------- */

/* Stay on the CPU for @ms. */
static void spin(long ms)
{
	long end = now(CLOCK_PROCESS_CPUTIME_ID) + ms * 1000000;

	while (now(CLOCK_PROCESS_CPUTIME_ID) < end)
		;
}

static long us_of(struct timeval t)
{
	return t.tv_sec * 1000000 + t.tv_usec;
}

static long used(int who, struct rusage *ru)
{
	memset(ru, 0xff, sizeof(*ru));
	CHECK(sys(getrusage, who, ru) == 0);
	return us_of(ru->ru_utime) + us_of(ru->ru_stime);
}

static int spin_60(void *unused)
{
	(void)unused;
	spin(60);
	return 0;
}

/* A child that spins, with a child of its own that does. */
static int spin_both(void *unused)
{
	in_child(spin_60, unused);
	return spin_60(unused);
}

static void cpu_clocks(void)
{
	long process = now(CLOCK_PROCESS_CPUTIME_ID), thread = now(CLOCK_THREAD_CPUTIME_ID), start;
	struct timespec t;
	long pid;

	line("[CPU time]");
	line("the process and its thread, within 5 ms: %d", process - thread < 5000000);
	start = now(CLOCK_MONOTONIC);
	spin(30);
	line("30 ms more of CPU time take at least 30 ms: %d", now(CLOCK_MONOTONIC) - start >= 30000000);
	line("  of the thread as well: %d", now(CLOCK_THREAD_CPUTIME_ID) - thread >= 30000000);
	process = now(CLOCK_PROCESS_CPUTIME_ID);
	sleep_ms(100);
	line("sleeping takes no CPU time: %d", now(CLOCK_PROCESS_CPUTIME_ID) - process < 50000000);
	pid = sys(fork);
	if (pid == 0) {
		spin(40);
		sleep_ms(10000);
	}
	sleep_ms(400);
	line("the clock of a child that has spun 40 ms: %d",
	     now(cpu_clock(pid, 2)) >= 40000000 && now(cpu_clock(pid, 2)) < 10 * NSEC);
	for (int type = 0; type < 8; type++)
		line("clock_getres(clock %d of a child): %s", type,
		     text(sys(clock_getres, cpu_clock(pid, type), &t)));
	for (int type = 0; type < 8; type++)
		line("clock_settime(clock %d of a child): %s", type,
		     text(sys(clock_settime, cpu_clock(pid, type), &t)));
	show(clock_settime, cpu_clock(0, 2), &t);
	show(clock_settime, cpu_clock(0, 6), &t);
	show(clock_getres, cpu_clock(0x7fffff, 2), &t);
	CHECK(in_child(spin_60, 0) == 0);
	sys(kill, pid, SIGKILL);
}

static void usage(void)
{
	struct rusage before, ru;
	long start, more;
	volatile char *pages;

	line("[getrusage]");
	show(getrusage, 2, &ru);
	show(getrusage, -2, &ru);
	show(getrusage, -3, BAD);
	show(getrusage, RUSAGE_SELF, BAD);
	show(getrusage, RUSAGE_SELF, &ru);
	line("  what Linux does not count is 0: %d",
	     !ru.ru_ixrss && !ru.ru_idrss && !ru.ru_isrss && !ru.ru_nswap && !ru.ru_msgsnd &&
	     !ru.ru_msgrcv && !ru.ru_nsignals);
	show(getrusage, RUSAGE_CHILDREN, &ru);
	show(getrusage, RUSAGE_THREAD, &ru);
	start = used(RUSAGE_SELF, &before);
	spin(50);
	more = used(RUSAGE_SELF, &ru) - start;
	line("50 ms on the CPU are counted: %d", more >= 45000 && more < 5000000);
	more = used(RUSAGE_THREAD, &ru);
	line("  for the thread as well: %d", more >= 45000 && more < 50000000);
	used(RUSAGE_SELF, &before);
	pages = new_pages(64, MAP_PRIVATE);
	for (int i = 0; i < 64; i++)
		pages[i * PAGE] = 1;
	used(RUSAGE_SELF, &ru);
	line("64 pages: page faults between 64 and 80: %d",
	     ru.ru_minflt - before.ru_minflt >= 64 && ru.ru_minflt - before.ru_minflt <= 80);
	used(RUSAGE_THREAD, &ru);
	line("  of the thread as well: %d", ru.ru_minflt >= 64);
	used(RUSAGE_SELF, &before);
	for (int i = 0; i < 5; i++)
		sleep_ms(20);
	used(RUSAGE_SELF, &ru);
	line("5 sleeps are 5 switches, or few more: %d",
	     ru.ru_nvcsw - before.ru_nvcsw >= 5 && ru.ru_nvcsw - before.ru_nvcsw <= 20);
	start = used(RUSAGE_CHILDREN, &before);
	CHECK(in_child(spin_both, 0) == 0);
	more = used(RUSAGE_CHILDREN, &ru) - start;
	line("a child and its own child, 60 ms each: %d", more >= 110000 && more < 10000000);
	line("  their page faults and switches: %d, %d", ru.ru_minflt > before.ru_minflt,
	     ru.ru_nvcsw > before.ru_nvcsw);
}

static int use_8_MiB(void *unused)
{
	volatile char *pages = new_pages(2048, MAP_PRIVATE);

	(void)unused;
	for (int i = 0; i < 2048; i++)
		pages[i * PAGE] = 1;
	return 0;
}

/* The most memory at once, KiB. */
static void memory_usage(void)
{
	struct rusage ru, waited;
	long before, pid;
	char *pages;

	line("[ru_maxrss]");
	used(RUSAGE_SELF, &ru);
	before = ru.ru_maxrss;
	line("a small program: %d", before > 0 && before < 4096);
	pages = new_pages(1024, MAP_PRIVATE);
	memset(pages, 1, 1024 * PAGE);
	CHECK(sys(munmap, pages, 1024 * PAGE) == 0);
	used(RUSAGE_SELF, &ru);
	line("4 MiB more, which were given back: %d", ru.ru_maxrss >= before + 4096 - 1024 &&
						      ru.ru_maxrss < before + 6144);
	used(RUSAGE_THREAD, &ru);
	line("  of the thread the same: %d", ru.ru_maxrss >= before + 4096 - 1024);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, use_8_MiB(0));
	CHECK(sys(wait4, pid, 0, 0, &waited) == pid);
	line("a child that uses 8 MiB: %d", waited.ru_maxrss >= 8192 && waited.ru_maxrss < 16384);
	used(RUSAGE_CHILDREN, &ru);
	line("  is the largest child: %d", ru.ru_maxrss == waited.ru_maxrss);
	used(RUSAGE_SELF, &ru);
	line("  and not ours: %d", ru.ru_maxrss < 8192);
}

static void wait_usage(void)
{
	struct rusage before, ru, waited;
	long start, pid, more, self;

	line("[wait4 and times]");
	start = used(RUSAGE_CHILDREN, &before);
	self = used(RUSAGE_SELF, &ru);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, spin_60(0));
	sleep_ms(300);
	line("the time of a child that nobody has waited for is not counted: %d",
	     used(RUSAGE_CHILDREN, &ru) - start < 30000);
	memset(&waited, 0xff, sizeof(waited));
	CHECK(sys(wait4, pid, 0, 0, &waited) == pid);
	more = us_of(waited.ru_utime) + us_of(waited.ru_stime);
	line("wait4() tells the time of the child: %d", more >= 55000 && more < 10000000);
	line("  its page faults: %d", waited.ru_minflt > 0);
	line("then it is counted: %d", used(RUSAGE_CHILDREN, &ru) - start >= 55000);
	line("  but not as our own: %d", used(RUSAGE_SELF, &ru) - self < 50000);
}

static void process_times(void)
{
	struct tms before = { -1, -1, -1, -1 }, after;
	long start = sys(times, &before), end;

	CHECK(in_child(spin_60, 0) == 0);
	spin(60);
	end = sys(times, &after);
	line("times(): 6 ticks of 10 ms at least have passed: %d", end - start >= 6 && end - start < 1000);
	line("  of our own: %d", after.tms_utime + after.tms_stime >= before.tms_utime + before.tms_stime + 5);
	line("  of the child: %d",
	     after.tms_cutime + after.tms_cstime >= before.tms_cutime + before.tms_cstime + 5);
	show(times, BAD);
	line("times(NULL) counts on: %d", sys(times, 0) >= end);
}

int main(void)
{
	close_inherited();
	each_clock();
	the_date();
	cpu_clocks();
	usage();
	memory_usage();
	wait_usage();
	process_times();
	CHECK(in_child(as_nobody, 0) == 0);
	setting();
	sleeping();
	return verdict();
}
