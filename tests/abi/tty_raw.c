/*
 * tty_raw.c - a terminal that edits nothing: VMIN and VTIME, flow control, and output.
 */
#include "pty.h"

static void raw(int min, int time)
{
	struct settings s = get_settings(slave);

	s.iflag = s.oflag = s.lflag = 0;
	s.cc[VMIN_] = (unsigned char)min;
	s.cc[VTIME_] = (unsigned char)time;
	set_settings(slave, &s);
}

static long now_ms(void)
{
	struct timespec t;

	CHECK(sys(clock_gettime, CLOCK_MONOTONIC, &t) == 0);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A child types @keys, in pieces of one byte, @gap ms before each. */
static long typist(const char *keys, int gap)
{
	long pid = sys(fork);

	if (pid == 0) {
		for (; *keys; keys++) {
			sleep_ms(gap);
			sys(write, master, keys, 1);
		}
		sys(exit_group, 0);
	}
	return pid;
}

/* A read while @keys are typed. @low .. @high: how long it may take, ms. */
static void timed(const char *what, const char *keys, int gap, size_t size, long low, long high)
{
	char buf[256];
	long pid = typist(keys, gap), start = now_ms(), n, took;

	n = sys(read, slave, buf, size);
	took = now_ms() - start;
	line("%s: %s%s, %s", what, n < 0 ? text(n) : "", n < 0 ? "" : visible(buf, n),
	     took < low ? "too early" : took > high ? "late" : "in time");
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	forget();
}

static void minimum(void)
{
	line("[VMIN, VTIME]");
	raw(1, 0);
	timed("1, 0: one byte", "a", 50, 10, 40, 5000);
	timed("1, 0: three bytes", "abc", 50, 10, 40, 5000);
	raw(3, 0);
	timed("3, 0: four bytes", "abcd", 30, 10, 80, 5000);
	timed("3, 0: the buffer is smaller", "abcd", 30, 2, 50, 5000);
	raw(0, 0);
	timed("0, 0: nothing", "", 0, 10, 0, 1000);
	type("xy");
	sleep_ms(30);
	timed("0, 0: what is there", "", 0, 10, 0, 1000);
	raw(0, 2);
	timed("0, 2: nothing", "", 0, 10, 190, 5000);
	timed("0, 2: one byte", "a", 50, 10, 40, 5000);
	timed("0, 2: two bytes", "ab", 50, 10, 40, 5000);
	raw(4, 2);
	timed("4, 2: two bytes, and time", "ab", 30, 10, 220, 5000);
	timed("4, 2: no time before the first", "a", 300, 10, 480, 5000);
	timed("4, 2: four bytes", "abcd", 30, 10, 100, 5000);
	raw(2, 1);
	timed("2, 1: two bytes", "ab", 30, 10, 50, 5000);
	type("wxyz");
	sleep_ms(30);
	timed("2, 1: they wait already", "", 0, 10, 0, 1000);
	line(" poll");
	raw(3, 0);
	type("ab");
	line("2 of 3: %#x", ready(slave, POLLIN, 50));
	type("c");
	line("3 of 3: %#x", ready(slave, POLLIN, 50));
	raw(3, 1);
	tell_read("a read with 3, 1", slave, 2);
	line("1 of 3, VTIME 1: %#x", ready(slave, POLLIN, 50));
	forget();
}

static void blocking(void)
{
	static char many[3000], buf[4096];
	long n, total = 0;

	line("[blocking]");
	raw(1, 0);
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	show(read, slave, buf, 10);
	raw(0, 3);
	show(read, slave, buf, 10);
	raw(5, 0);
	type("ab");
	sleep_ms(30);
	tell_read("two of five, O_NONBLOCK", slave, 10);
	n = sys(read, slave, buf, 10);
	line("... read: %s", n < 0 ? text(n) : visible(buf, n));
	forget();
	CHECK(sys(fcntl, master, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	memset(many, 'm', sizeof(many));
	while ((n = sys(write, master, many, sizeof(many))) > 0)
		total += n;
	line("filled: %s, %s", text(n), total > 4000 ? "some thousand bytes" : "few bytes");
	sleep_ms(30);
	line("poll of the master: %#x", ready(master, POLLOUT | POLLIN, 0));
	while ((n = sys(read, slave, buf, sizeof(buf))) > 0)
		total -= n;
	line("read: %s, %ld are missing", text(n), total);
	line("poll of the master: %#x", ready(master, POLLOUT | POLLIN, 0));
	total = 0;
	while ((n = sys(write, slave, many, sizeof(many))) > 0)
		total += n;
	line("filled the other way: %s, %s", text(n), total > 4000 ? "some thousand bytes" : "few bytes");
	for (int i = 0; i < 50; i++) {
		while ((n = sys(read, master, buf, sizeof(buf))) > 0)
			total -= n;
		sleep_ms(2);
	}
	line("read: %s, %ld are missing", text(n), total);
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR) == 0);
	CHECK(sys(fcntl, master, F_SETFL, O_RDWR) == 0);
	show(write, slave, (void *)8, 1);
	show(write, slave, "", 0);
	show(read, master, (void *)8, 0);
	forget();
}

static void transparent(void)
{
	char bytes[256], buf[512];
	long n, total = 0;

	line("[all bytes]");
	raw(1, 0);
	for (int i = 0; i < 256; i++)
		bytes[i] = (char)i;
	type_bytes(bytes, 256);
	for (; total < 256 && ready(slave, POLLIN, 500); total += n)
		n = sys(read, slave, buf + total, 256);
	line("to the slave: %ld, %s", total, memcmp(bytes, buf, 256) ? "others" : "the same");
	CHECK(sys(write, slave, bytes, 256) == 256);
	for (total = 0; total < 256 && ready(master, POLLIN, 500); total += n)
		n = sys(read, master, buf + total, 256);
	line("to the master: %ld, %s", total, memcmp(bytes, buf, 256) ? "others" : "the same");
	set_flags(ICRNL_, 0, 0);
	line(" VMIN above 64");
	raw(100, 0);
	type_bytes(bytes, 200);
	sleep_ms(30);
	line("read of 200: %ld", sys(read, slave, buf, 200));
	forget();
}

static void flow(void)
{
	line("[flow control]");
	raw(1, 0);
	set_flags(IXON_, 0, 0);
	type("\x13");
	sleep_ms(30);
	line("stopped, poll %#x", ready(slave, POLLOUT, 20));
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	show(write, slave, "abc", 3);
	type("x");
	tell_read("input is not stopped", slave, 10);
	show(write, slave, "abc", 3);
	type("\x11");
	sleep_ms(30);
	line("started, poll %#x", ready(slave, POLLOUT, 20));
	show(write, slave, "abc", 3);
	tell_screen("shown");
	set_flags(IXON_ | IXANY_, 0, 0);
	type("\x13");
	sleep_ms(30);
	show(write, slave, "abc", 3);
	type("y");
	sleep_ms(30);
	show(write, slave, "def", 3);
	tell_screen("any character starts it");
	tell_read("... and can be read", slave, 10);
	line(" echo of what is typed while it is stopped");
	set_flags(IXON_, 0, ECHO_);
	type("\x13" "abc");
	tell_screen("stopped");
	type("\x11");
	tell_screen("started");
	tell_read("read", slave, 10);
	type("\x13");
	sleep_ms(30);
	set_flags(0, 0, 0);
	show(write, slave, "ghi", 3);
	tell_screen("IXON is gone");
	type("\x13\x11");
	tell_read("then they are characters", slave, 10);
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR) == 0);
	forget();
}

static void flow_by_call(void)
{
	line("[TCXONC]");
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	show(ioctl, slave, TCXONC, 0);
	show(write, slave, "jkl", 3);
	show(ioctl, slave, TCXONC, 0);
	set_flags(IXON_, 0, 0);
	type("\x11");
	sleep_ms(30);
	show(write, slave, "jkl", 3);
	show(ioctl, slave, TCXONC, 1);
	show(write, slave, "jkl", 3);
	tell_screen("shown");
	show(ioctl, slave, TCXONC, 1);
	show(ioctl, slave, TCXONC, 2);
	show(ioctl, slave, TCXONC, 3);
	tell_screen("VSTOP and VSTART");
	show(ioctl, slave, TCXONC, 4);
	set_char(VSTOP_, NO_CHAR);
	show(ioctl, slave, TCXONC, 2);
	tell_screen("without VSTOP");
	set_char(VSTOP_, CTRL('S'));
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR) == 0);
	forget();
}

static void wrote(unsigned int oflag, const char *name, const char *s, size_t n)
{
	set_flags(0, oflag, 0);
	CHECK(sys(write, slave, s, n) == (long)n);
	tell_screen(name);
	CHECK(sys(write, slave, "\r", 1) == 1);
	forget();
}

#define put(oflag, s)	wrote(oflag, #oflag " " #s, s, sizeof(s) - 1)

static void output(void)
{
	line("[output]");
	put(0, "a\nb\r\tc\n");
	put(ONLCR_, "a\nb\n");
	put(OPOST_, "a\nb\r\tc\n");
	put(OPOST_ | ONLCR_, "a\nb\r\tc\n");
	put(OPOST_ | OCRNL_, "a\rb\r\n");
	put(OPOST_ | ONOCR_, "\ra\r\rb\n\r");
	put(OPOST_ | ONOCR_ | ONLCR_, "\ra\n\rb\r");
	put(OPOST_ | ONOCR_ | ONLRET_, "a\n\rb\r\r");
	put(OPOST_ | ONOCR_ | OCRNL_, "a\r\rb");
	put(OPOST_ | ONOCR_ | OCRNL_ | ONLRET_, "a\r\rb");
	put(OPOST_ | OLCUC_, "abc \xe4 Z\n");
	put(OPOST_ | XTABS_, "\ta\tbcd\tefghijk\t\n");
	put(OPOST_ | XTABS_, "ab\b\tc\n");
	put(OPOST_ | XTABS_, "a\x01\x1b\tb");
	put(OPOST_ | XTABS_, "a\nb\tc");
	put(OPOST_ | XTABS_ | ONLCR_, "a\nb\tc");
	put(OPOST_ | XTABS_, "\xc3\xa4\xc3\xa4\tb");
	set_flags(IUTF8_, OPOST_ | XTABS_, 0);
	CHECK(sys(write, slave, "\xc3\xa4\xc3\xa4\tb", 6) == 6);
	tell_screen("IUTF8");
	line(" columns that were typed");
	set_flags(0, OPOST_ | XTABS_, ECHO_);
	type("ab");
	tell_screen("typed");
	CHECK(sys(write, slave, "c\td", 3) == 3);
	tell_screen("written behind it");
	forget();
}

int main(void)
{
	close_inherited();
	open_pair();
	minimum();
	blocking();
	transparent();
	flow();
	flow_by_call();
	output();
	close_pair();
	return verdict();
}
