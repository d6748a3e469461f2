/*
 * timerfd.c - timers as files, by the state in which they are: never armed, armed, expired, repeating.
 * It sets the date. Run as root.
 */
#include "abi.h"

#include <sys/stat.h>
#include <sys/timerfd.h>

#define BAD	((void *)8)		/* nothing is mapped there */
#define NSEC	1000000000L
#define SET_TICKS	0x40085400

static struct itimerspec never, in_20_ms = { { 0, 0 }, { 0, 20000000 } },
			 in_an_hour = { { 0, 0 }, { 3600, 0 } }, each_5_ms = { { 0, 5000000 }, { 0, 5000000 } },
			 each_hour = { { 3600, 0 }, { 0, 1000000 } }, at_once = { { 0, 0 }, { 0, 1 } },
			 hours_later = { { 7200, 5 }, { 0, 0 } };
static struct itimerspec value_less = { { 0, 0 }, { -1, 0 } }, value_high = { { 0, 0 }, { 0, NSEC } },
			 interval_less = { { 0, -1 }, { 0, 0 } }, interval_high = { { 0, NSEC }, { 0, 0 } },
			 far = { { INT64_MAX, 0 }, { INT64_MAX, 0 } };
static struct itimerspec old;
static uint64_t ticks, buf[4];
static int fd;

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

/* What timerfd_gettime() says, in words that do not depend on when it is asked. */
static void state(const char *when)
{
	struct itimerspec it;
	long ret = sys(timerfd_gettime, fd, &it);

	line("  %s: %s, interval %ld.%09ld, left: %s", when, text(ret), (long)it.it_interval.tv_sec,
	     it.it_interval.tv_nsec,
	     !ns_of(it.it_value) ? "nothing" : ns_of(it.it_value) < NSEC ? "some" : "much");
}

static void creating(void)
{
	line("[timerfd_create]");
	show(timerfd_create, CLOCK_MONOTONIC, 1);
	show(timerfd_create, 99, 1);
	show(timerfd_create, 99, 0);
	show(timerfd_create, CLOCK_PROCESS_CPUTIME_ID, 0);
	show(timerfd_create, CLOCK_THREAD_CPUTIME_ID, 0);
	show(timerfd_create, CLOCK_MONOTONIC_RAW, 0);
	show(timerfd_create, CLOCK_REALTIME_COARSE, 0);
	show(timerfd_create, CLOCK_TAI, 0);
	show(timerfd_create, -2, 0);
	show(timerfd_create, CLOCK_REALTIME, 0);
	show(timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC);
	show(timerfd_create, CLOCK_BOOTTIME, TFD_NONBLOCK);
	show(timerfd_create, CLOCK_REALTIME_ALARM, TFD_NONBLOCK | TFD_CLOEXEC);
	show(timerfd_create, CLOCK_BOOTTIME_ALARM, 0);
	for (int i = 3; i < 8; i++) {
		line("  %d: F_GETFD %ld, F_GETFL %#lo", i, sys(fcntl, i, F_GETFD), sys(fcntl, i, F_GETFL));
		sys(close, i);
	}
}

static void as_a_file(void)
{
	struct stat st, other;
	long two;

	line("[as a file]");
	fd = sys(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	two = sys(timerfd_create, CLOCK_REALTIME, 0);
	show(fstat, fd, &st);
	CHECK(sys(fstat, two, &other) == 0);
	line("  mode %o, links %ld, size %ld, uid %d", st.st_mode, (long)st.st_nlink, (long)st.st_size, st.st_uid);
	line("  two timers have one inode: %d", st.st_ino == other.st_ino && st.st_dev == other.st_dev);
	show(write, fd, buf, 8);
	show(lseek, fd, 0, SEEK_SET);
	show(lseek, fd, 100, SEEK_END);
	show(lseek, fd, 0, 99);
	show(ioctl, fd, 0x5401, buf);
	show(read, fd, BAD, 8);
	show(read, fd, buf, 7);
	show(read, fd, buf, 0);
	show(read, fd, buf, 8);
	show(ioctl, fd, SET_TICKS, BAD);
	ticks = 0;
	show(ioctl, fd, SET_TICKS, &ticks);
	ticks = 77;
	show(ioctl, fd, SET_TICKS, &ticks);
	show(read, fd, buf, 32);
	line("  %ld", (long)buf[0]);
	show(ioctl, fd, SET_TICKS, &ticks);
	show(read, fd, BAD, 8);
	show(read, fd, buf, 8);
	sys(close, fd);
	sys(close, two);
}

static void setting(void)
{
	long null = sys(open, "/dev/null", O_RDWR);

	line("[timerfd_settime, timerfd_gettime]");
	fd = sys(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	show(timerfd_settime, fd, 0, BAD, NULL);
	show(timerfd_settime, fd, 4, BAD, NULL);
	show(timerfd_settime, -1, 4, &never, NULL);
	show(timerfd_settime, -1, 0, &value_less, NULL);
	show(timerfd_settime, -1, 0, &never, NULL);
	show(timerfd_settime, null, 0, &never, NULL);
	show(timerfd_settime, null, 4, &never, NULL);
	show(timerfd_settime, fd, 0, &value_less, NULL);
	show(timerfd_settime, fd, 0, &value_high, NULL);
	show(timerfd_settime, fd, 0, &interval_less, NULL);
	show(timerfd_settime, fd, 0, &interval_high, NULL);
	show(timerfd_settime, fd, 0, &in_an_hour, BAD);
	state("it is armed all the same");
	show(timerfd_settime, fd, 8, &never, NULL);
	show(timerfd_settime, fd, TFD_TIMER_CANCEL_ON_SET, &never, NULL);
	show(timerfd_gettime, -1, &old);
	show(timerfd_gettime, null, &old);
	show(timerfd_gettime, null, BAD);
	show(timerfd_gettime, fd, BAD);
	state("not armed");
	show(timerfd_settime, fd, 0, &hours_later, NULL);
	state("only an interval");
	show(timerfd_settime, fd, 0, &far, NULL);
	state("a time that is too far away");
	sys(close, null);
	sys(close, fd);
}

static void read_ticks(const char *when)
{
	uint64_t n = 0;
	long ret = sys(read, fd, &n, 8);

	line("  read %s: %s, %ld", when, text(ret), (long)n);
}

static void once(int clock, const char *name)
{
	struct itimerspec at = { { 0, 0 }, { 0, 0 } };
	long start;

	line("[once, %s]", name);
	fd = sys(timerfd_create, clock, TFD_NONBLOCK);
	read_ticks("when it was never armed");
	state("never armed");
	show(timerfd_settime, fd, 0, &in_an_hour, &old);
	line("  it was armed for %ld", ns_of(old.it_value));
	state("armed");
	read_ticks("too early");
	start = now(CLOCK_MONOTONIC);
	show(timerfd_settime, fd, 0, &in_20_ms, &old);
	line("  it was armed for much: %d", ns_of(old.it_value) > NSEC);
	sys(fcntl, fd, F_SETFL, 0);
	read_ticks("blocks");
	line("  for 20 ms at least: %d, less than 5 s: %d", now(CLOCK_MONOTONIC) - start >= 20000000,
	     now(CLOCK_MONOTONIC) - start < 5 * NSEC);
	sys(fcntl, fd, F_SETFL, O_NONBLOCK);
	state("expired and read");
	read_ticks("again");
	show(timerfd_settime, fd, 0, &at_once, NULL);
	sleep_ms(30);
	state("expired");
	show(timerfd_settime, fd, 0, &in_an_hour, &old);
	line("  it was armed for %ld", ns_of(old.it_value));
	read_ticks("after it was armed anew");
	start = now(clock);
	at.it_value = (struct timespec){ (start + 20000000) / NSEC, (start + 20000000) % NSEC };
	show(timerfd_settime, fd, TFD_TIMER_ABSTIME, &at, NULL);
	sys(fcntl, fd, F_SETFL, 0);
	read_ticks("until a point of time");
	line("  which has come: %d", now(clock) >= start + 20000000);
	at.it_value = (struct timespec){ 0, 1 };
	show(timerfd_settime, fd, TFD_TIMER_ABSTIME, &at, NULL);
	read_ticks("until one that is over");
	show(timerfd_settime, fd, 0, &never, NULL);
	sys(fcntl, fd, F_SETFL, O_NONBLOCK);
	read_ticks("when it is disarmed");
	sys(close, fd);
}

static void repeating(void)
{
	uint64_t n;
	long start, passed;

	line("[repeating]");
	fd = sys(timerfd_create, CLOCK_MONOTONIC, 0);
	start = now(CLOCK_MONOTONIC);
	show(timerfd_settime, fd, 0, &each_5_ms, NULL);
	sleep_ms(100);
	CHECK(sys(read, fd, &n, 8) == 8);
	passed = (now(CLOCK_MONOTONIC) - start) / 5000000;
	line("  100 ms are 20 expirations: %d", n >= 20 && (long)n <= passed);
	sys(fcntl, fd, F_SETFL, O_NONBLOCK);
	sleep_ms(30);
	n = 0;
	CHECK(sys(read, fd, &n, 8) == 8);
	line("  30 ms more are 6 more: %d", n >= 6);
	show(timerfd_settime, fd, 0, &each_hour, NULL);
	sleep_ms(50);
	state("expired once");
	read_ticks("the one");
	read_ticks("again");
	state("and waits for the next");
	show(timerfd_settime, fd, 0, &never, &old);
	line("  it was armed for much: %d, interval %ld", ns_of(old.it_value) > NSEC,
	     (long)old.it_interval.tv_sec);
	show(timerfd_settime, fd, 0, &each_hour, NULL);
	sleep_ms(50);
	show(timerfd_settime, fd, 0, &never, &old);
	line("  expired and not read, it was armed for much: %d", ns_of(old.it_value) > NSEC);
	read_ticks("after it was disarmed");
	sys(close, fd);
}

static int read_in_child(void *unused)
{
	(void)unused;
	return sys(read, fd, &ticks, 8) == 8 ? (int)ticks : 99;
}

static void shared(void)
{
	long two;

	line("[shared]");
	fd = sys(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	two = sys(dup, fd);
	show(timerfd_settime, two, 0, &at_once, NULL);
	sleep_ms(20);
	try("read by a child", read_in_child, 0);
	read_ticks("by the parent, after it");
	show(timerfd_settime, fd, 0, &at_once, NULL);
	show(close, fd);
	sleep_ms(20);
	fd = (int)two;
	read_ticks("by the other descriptor");
	sys(close, fd);
}

static int as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	show(timerfd_create, CLOCK_REALTIME_ALARM, 0);
	show(timerfd_create, CLOCK_REALTIME_ALARM, 1);
	show(timerfd_create, CLOCK_REALTIME, 0);
	show(timerfd_settime, fd, 0, &never, NULL);
	show(timerfd_settime, fd, 0, BAD, NULL);
	show(timerfd_settime, fd, 4, &never, NULL);
	show(timerfd_gettime, fd, &old);
	return failures;
}

static void nobody(void)
{
	line("[nobody]");
	fd = sys(timerfd_create, CLOCK_BOOTTIME_ALARM, 0);
	CHECK(in_child(as_nobody, 0) == 0);
	sys(close, fd);
}

/* Set the date to what it is, @seconds later. */
static void move_date(long seconds)
{
	struct timespec t;

	CHECK(sys(clock_gettime, CLOCK_REALTIME, &t) == 0);
	t.tv_sec += seconds;
	CHECK(sys(clock_settime, CLOCK_REALTIME, &t) == 0);
}

static int blocked_reader(void *unused)
{
	(void)unused;
	return sys(read, fd, &ticks, 8) == -ECANCELED;
}

static void date_is_set(void)
{
	const int flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET;
	struct itimerspec at = { { 0, 0 }, { now(CLOCK_REALTIME) / NSEC + 10000, 0 } };
	int status;
	long pid;

	line("[the date is set]");
	fd = sys(timerfd_create, CLOCK_REALTIME, TFD_NONBLOCK);
	show(timerfd_settime, fd, flags, &at, NULL);
	read_ticks("before");
	move_date(5);
	read_ticks("after it was set");
	read_ticks("again");
	state("it is still armed");
	move_date(5);
	show(timerfd_settime, fd, flags, &at, NULL);
	read_ticks("after it was armed anew");
	show(timerfd_settime, fd, flags, &at, NULL);
	move_date(5);
	show(timerfd_settime, fd, TFD_TIMER_ABSTIME, &at, NULL);
	read_ticks("after it was armed without the flag");
	move_date(5);
	read_ticks("without the flag");
	move_date(20000);
	sleep_ms(10);
	read_ticks("its time has come by the new date");
	show(timerfd_settime, fd, 0, &in_an_hour, NULL);
	move_date(20000);
	sleep_ms(10);
	read_ticks("of a span of time");
	at.it_value.tv_sec += 100000;
	show(timerfd_settime, fd, flags, &at, NULL);
	sys(fcntl, fd, F_SETFL, 0);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, blocked_reader(0));
	sleep_ms(50);
	move_date(5);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  who waits wakes up: %s", ending(status));
	sys(close, fd);
	fd = sys(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK);
	show(timerfd_settime, fd, flags, &at, NULL);
	move_date(5);
	read_ticks("of another clock");
	sys(close, fd);
}

int main(void)
{
	close_inherited();
	creating();
	as_a_file();
	setting();
	once(CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	once(CLOCK_REALTIME, "CLOCK_REALTIME");
	once(CLOCK_BOOTTIME_ALARM, "CLOCK_BOOTTIME_ALARM");
	repeating();
	shared();
	nobody();
	date_is_set();
	return verdict();
}
