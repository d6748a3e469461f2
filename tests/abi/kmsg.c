/*
 * kmsg.c - the kernel log: /dev/kmsg and syslog(2). Run as root.
 *
 * What others log meanwhile must not show, so every message of ours carries a mark, and of a record
 * its number and time are left out.
 */
#include "abi.h"

#include <unistd.h>

#define MARK	"kmsg-test "

static char buf[262144];

/* The next record of ours on @fd as "level,flags;text"; or what read() says when there is none. */
static void next(long fd)
{
	unsigned int level, seq;
	unsigned long long usec;
	char flags, *body;
	long n;

	do {
		n = sys(read, fd, buf, sizeof(buf) - 1);
		if (n < 0) {
			line("  %s", text(n));
			return;
		}
		buf[n] = '\0';
	} while (!strstr(buf, MARK));
	CHECK(sscanf(buf, "%u,%u,%llu,%c", &level, &seq, &usec, &flags) == 4);
	body = strchr(buf, ';');
	CHECK(body && buf[n - 1] == '\n');
	buf[n - 1] = '\0';
	line("  %u,%c;%s", level, flags, body + 1);
}

static void put(long fd, const char *s)
{
	CHECK(sys(write, fd, s, strlen(s)) == (long)strlen(s));
}

static void records(void)
{
	long fd = sys(open, "/dev/kmsg", O_RDWR | O_NONBLOCK), i;

	line("records");
	show(lseek, fd, 0, SEEK_END);
	put(fd, MARK "plain\n");
	put(fd, "<3>" MARK "error\n");
	put(fd, "<13>" MARK "facility 1\n");
	put(fd, "<191>" MARK "facility 23\n");
	put(fd, "<x>" MARK "no level\n");
	put(fd, MARK "tab\tback\\slash \x7f\xc3\xa4 two\nlines\n");
	put(fd, "\001" "2" MARK "not a level\n");
	put(fd, MARK "no newline");
	put(fd, MARK "the next one\n");
	for (i = 0; i < 10; i++)
		next(fd);
	sys(close, fd);
}

static void edges(void)
{
	static char big[1000];
	long fd = sys(open, "/dev/kmsg", O_RDWR | O_NONBLOCK);
	long writer = sys(open, "/dev/kmsg", O_WRONLY);

	line("edges");
	memset(big, 'x', sizeof(big));
	memcpy(big, MARK, strlen(MARK));
	show(lseek, fd, 0, SEEK_END);
	show(write, fd, big, 993);
	big[991] = '\n';
	show(write, writer, big, 992);
	show(write, writer, "", 0);
	show(write, writer, 0, 5);
	show(read, fd, buf, 5);
	put(writer, MARK "after\n");
	next(fd);
	next(fd);
	put(writer, MARK "again\n");
	show(read, fd, 0, 1000);
	next(fd);
	show(read, writer, buf, 1000);
	show(lseek, fd, 1, SEEK_SET);
	show(lseek, fd, 0, SEEK_SET);
	show(lseek, fd, 0, SEEK_HOLE);
	show(lseek, fd, 0, 77);
	show_ok(read, fd, buf, 8192);
	show(lseek, fd, 0, SEEK_DATA);
	show(lseek, writer, 0, SEEK_END);
	sys(close, writer);
	sys(close, fd);
}

/* Two readers have positions of their own; what is overwritten is told once. */
static void overwritten(void)
{
	long fd = sys(open, "/dev/kmsg", O_RDWR | O_NONBLOCK), i;

	line("overwritten");
	sys(lseek, fd, 0, SEEK_END);
	put(fd, MARK "early\n");
	for (i = 0; i < 12000; i++)
		put(fd, "<7>" MARK "one of many that fill the log until the first one is gone\n");
	show(read, fd, buf, sizeof(buf));
	show_ok(read, fd, buf, sizeof(buf));
	sys(close, fd);
}

/* Print our lines of what syslog(@type, @size) gives, without the time. */
static void print_all(int type, long size)
{
	long n = sys(syslog, type, buf, size);
	char *s = buf, *end, *bracket;

	if (n < 0) {
		line("  %s", text(n));
		return;
	}
	CHECK(n <= size);
	buf[n] = '\0';
	for (; (end = strchr(s, '\n')); s = end + 1) {
		*end = '\0';
		bracket = strstr(s, "] ");
		if (!strstr(s, MARK) && !strstr(s, "second line"))
			continue;
		CHECK(bracket && bracket - s >= 14);
		line("  %.4s %s", s, bracket ? bracket + 2 : "");
	}
}

static void whole_log(void)
{
	long fd = sys(open, "/dev/kmsg", O_WRONLY);

	line("syslog");
	show(syslog, 5, 0, 0);
	put(fd, "<6>" MARK "one\n");
	put(fd, "<3>" MARK "two\nsecond line\n");
	put(fd, "<30>" MARK "three\n");
	print_all(3, sizeof(buf) - 1);
	line("the last that fit");
	print_all(3, 100);
	print_all(3, 60);
	line("and clear");
	print_all(4, sizeof(buf) - 1);
	print_all(3, sizeof(buf) - 1);
	sys(close, fd);
}

static void errors(void)
{
	long fd = sys(open, "/dev/kmsg", O_WRONLY);

	line("errors");
	show(syslog, 0, 0, 0);
	show(syslog, 1, 0, 0);
	show(syslog, 3, 0, 10);
	show(syslog, 3, buf, -1);
	show(syslog, 3, buf, 0);
	show(syslog, 3, -4096, 10);
	put(fd, MARK "something\n");
	show(syslog, 3, 8, 1000);
	show(syslog, 2, 0, 10);
	show(syslog, 2, buf, 0);
	show(syslog, 8, 0, 0);
	show(syslog, 8, 0, 9);
	show(syslog, 8, 0, 4);
	show(syslog, 6, 0, 0);
	show(syslog, 7, 0, 0);
	show(syslog, 10, 0, 0);
	show(syslog, 11, 0, 0);
	show(syslog, -1, 0, 0);
	CHECK(sys(syslog, 9, 0, 0) > 0);
	sys(close, fd);
}

static int nobody(void *unused)
{
	(void)unused;
	become_nobody();
	for (int type = 0; type <= 11; type++)
		line("  syslog(%d): %s", type, ok(sys(syslog, type, buf, type == 8 ? 4 : 0)));
	show(open, "/dev/kmsg", O_RDONLY);
	show(open, "/dev/kmsg", O_WRONLY);
	return failures;
}

/* SYSLOG_ACTION_READ takes the log to pieces, and waits when there is nothing. */
static void piecewise(void)
{
	long fd = sys(open, "/dev/kmsg", O_WRONLY), n;

	line("piece by piece");
	while (sys(syslog, 9, 0, 0) > 0)
		CHECK(sys(syslog, 2, buf, sizeof(buf)) > 0);
	put(fd, "<6>" MARK "abc\n");
	n = sys(syslog, 9, 0, 0);
	CHECK(n == 19 + (long)strlen(MARK "abc\n"));
	CHECK(sys(syslog, 2, buf, 10) == 10 && sys(syslog, 9, 0, 0) == n - 10);
	CHECK(sys(syslog, 2, buf + 10, 1000) == n - 10);
	buf[n - 1] = '\0';
	line("  %.4s %s", buf, buf + 19);
	sys(close, fd);
}

/* Linux lets a program write ten messages in five seconds only, unless told otherwise. */
static void lift_rate_limit(void)
{
	long fd = sys(open, "/proc/sys/kernel/printk_devkmsg", O_WRONLY);

	if (fd >= 0)
		CHECK(sys(write, fd, "on\n", 3) == 3);
	sys(close, fd);
}

int main(void)
{
	close_inherited();
	lift_rate_limit();
	records();
	edges();
	overwritten();
	whole_log();
	errors();
	piecewise();
	line("nobody");
	try("nobody", nobody, 0);
	return verdict();
}
