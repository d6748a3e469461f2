/*
 * tty_canon.c - a terminal that edits lines: what is typed, what is shown, what is read.
 */
#include "pty.h"

#define DEL	"\x7f"

/* Type @s, a literal, and tell what is shown and what a read gets. */
#define typed(s)	typed_bytes(#s, s, sizeof(s) - 1)

static void typed_bytes(const char *name, const char *s, size_t n)
{
	type_bytes(s, n);
	line("  %s", name);
	tell_screen("    shown");
	tell_read("    read", slave, 4096);
	forget();
}

static void editing(void)
{
	line("[editing]");
	set_flags(ICRNL_ | IXON_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	typed("hello\n");
	typed("hello\r");
	typed("ab");
	typed("abc" DEL "\n");
	typed(DEL DEL "a\n");
	typed("one two three\x17\n");
	typed("one two-three  \x17\x17\n");
	typed("a_b c.d\x17\n");
	typed("rubbish\x15ok\n");
	typed("a\x01z" DEL DEL "\n");
	typed("a\tb" DEL DEL "c\n");
	typed("\t\t" DEL DEL "c\n");
	typed("1234567\t8\t" DEL DEL DEL "c\n");
	typed("abc\x12" "d\n");
	typed("a\x16\x03z\n");
	typed("a\x16\nz\n");
	typed("\x16\x16\n");
	typed("\x16\x7f\n");
	typed("\x04");
	typed("ab\x04");
	typed("\x1b[A\n");
	typed("\xc3\xa4" DEL "x\n");
	set_flags(ICRNL_ | IXON_ | IUTF8_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	typed("\xc3\xa4" DEL "x\n");
	typed("a\xe2\x82\xac" DEL DEL "x\n");
	typed("\xe2\x82\xac\tb" DEL DEL "x\n");
	typed("\x82" DEL "x\n");
}

static void echo_flags(void)
{
	static const struct { const char *name; unsigned int lflag; } modes[] = {
		{ "no ECHO", ICANON_ | IEXTEN_ },
		{ "ECHONL", ICANON_ | IEXTEN_ | ECHONL_ },
		{ "ECHO", ICANON_ | IEXTEN_ | ECHO_ },
		{ "ECHO ECHOE", ICANON_ | IEXTEN_ | ECHO_ | ECHOE_ },
		{ "ECHO ECHOK", ICANON_ | IEXTEN_ | ECHO_ | ECHOK_ },
		{ "ECHO ECHOE ECHOK", ICANON_ | IEXTEN_ | ECHO_ | ECHOE_ | ECHOK_ },
		{ "ECHO ECHOE ECHOK ECHOKE", ICANON_ | IEXTEN_ | ECHO_ | ECHOE_ | ECHOK_ | ECHOKE_ },
		{ "ECHO ECHOCTL", ICANON_ | IEXTEN_ | ECHO_ | ECHOCTL_ },
		{ "ECHO ECHOE ECHOCTL", ICANON_ | IEXTEN_ | ECHO_ | ECHOE_ | ECHOCTL_ },
		{ "ECHO ECHOE ECHOPRT", ICANON_ | IEXTEN_ | ECHO_ | ECHOE_ | ECHOPRT_ },
		{ "ECHO ECHOE without IEXTEN", ICANON_ | ECHO_ | ECHOE_ | ECHOCTL_ },
	};

	line("[echo]");
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		line(" %s", modes[i].name);
		set_flags(ICRNL_ | IUTF8_, OPOST_ | ONLCR_, modes[i].lflag);
		typed("ab" DEL DEL "c\n");
		typed("ab\x02" DEL "d\n");
		typed("a b\x17" "c\x15" "d\n");
		typed("\xc3\xa4" DEL "\x16\x01\x12\n");
	}
}

static void characters(void)
{
	line("[characters]");
	set_flags(ICRNL_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	set_char(VEOL_, ';');
	set_char(VEOL2_, ':');
	typed("a;b:c\n");
	typed("a:b;c\n");
	set_flags(ICRNL_, OPOST_ | ONLCR_, LIKE_A_SHELL & ~IEXTEN_);
	typed("a:b;c\n");
	typed("a\x16\x12\x17" "b\n");
	set_flags(ICRNL_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	set_char(VEOL_, NO_CHAR);
	set_char(VEOL2_, NO_CHAR);
	set_char(VERASE_, NO_CHAR);
	set_char(VKILL_, NO_CHAR);
	set_char(VEOF_, NO_CHAR);
	typed("a" DEL "\x15\x04\0\n");
	set_char(VERASE_, '#');
	set_char(VKILL_, '@');
	set_char(VEOF_, 'E');
	typed("ab#c\n");
	typed("ab@c\n");
	typed("abE");
	set_char(VERASE_, 0x7f);
	set_char(VKILL_, CTRL('U'));
	set_char(VEOF_, CTRL('D'));
}

static void input_flags(void)
{
	static const struct { const char *name; unsigned int iflag; } modes[] = {
		{ "none", 0 }, { "ICRNL", ICRNL_ }, { "INLCR", INLCR_ }, { "IGNCR", IGNCR_ },
		{ "IGNCR ICRNL", IGNCR_ | ICRNL_ }, { "INLCR ICRNL", INLCR_ | ICRNL_ }, { "ISTRIP", ISTRIP_ },
		{ "IUCLC", IUCLC_ }, { "PARMRK", PARMRK_ },
	};

	line("[input flags]");
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		line(" %s", modes[i].name);
		set_flags(modes[i].iflag, OPOST_ | ONLCR_, LIKE_A_SHELL);
		typed("a\rb\nc\x04");
		typed("A\xc1\xff\n");
	}
	line(" ICRNL, not canonical");
	set_flags(ICRNL_, 0, ECHO_ | ECHOCTL_);
	typed("a\rb\nc\x04\x7f");
}

static void lines(void)
{
	line("[lines]");
	set_flags(ICRNL_, OPOST_ | ONLCR_, ICANON_);
	type("first\nsecond\nthird");
	line("FIONREAD: %d", waiting(slave));
	tell_read("one", slave, 4096);
	line("FIONREAD: %d", waiting(slave));
	tell_read("three bytes", slave, 3);
	tell_read("three more", slave, 3);
	tell_read("the rest", slave, 4096);
	tell_read("no whole line", slave, 4096);
	type("\n");
	tell_read("now it is", slave, 4096);
	type("abc\x04");
	line("FIONREAD: %d", waiting(slave));
	tell_read("as many as there are before the end", slave, 3);
	tell_read("the end is used up", slave, 3);
	type("abc\x04\x04");
	tell_read("three", slave, 3);
	tell_read("the second end", slave, 3);
	type("abcd\x04");
	tell_read("three", slave, 3);
	tell_read("the last", slave, 3);
	tell_read("the end", slave, 3);
	type("\n\n");
	line("FIONREAD: %d", waiting(slave));
	tell_read("an empty line", slave, 10);
	tell_read("another", slave, 10);
	type("x\n");
	line("read(0 bytes): %s", text(sys(read, slave, "", 0)));
	line("read(no memory): %s", text(sys(read, slave, 8, 1)));
	tell_read("after it", slave, 10);
}

static void long_lines(void)
{
	static char many[5000], buf[8192];
	long n, total = 0;

	line("[long lines]");
	set_flags(ICRNL_, OPOST_ | ONLCR_, ICANON_);
	memset(many, 'm', sizeof(many));
	CHECK(sys(write, master, many, 4095) == 4095);
	line("4095 characters: FIONREAD %d, poll %#x", waiting(slave), ready(slave, POLLIN, 20));
	type("\n");
	n = sys(read, slave, buf, sizeof(buf));
	line("... and an end: %s, the last is %s", text(n), visible(buf + n - 1, 1));
	CHECK(sys(write, master, many, 5000) == 5000);
	type("x\n");
	n = sys(read, slave, buf, sizeof(buf));
	line("5001 and an end: %s, the last two are %s", text(n), visible(buf + n - 2, 2));
	for (int i = 0; i < 1500; i++)
		CHECK(sys(write, master, "line\n", 5) == 5);
	for (int i = 0; i < 1500 && ready(slave, POLLIN, 1000); i++) {
		n = sys(read, slave, buf, sizeof(buf));
		if (n != 5 || memcmp(buf, "line\n", 5))
			break;
		total += n;
	}
	line("1500 lines at once: %ld bytes", total);
	for (int i = 0; i < 1000; i++)
		CHECK(sys(write, master, "l\n", 2) == 2);
	sleep_ms(50);
	CHECK(sys(read, slave, buf, 200) == 2);
	line("one of them: FIONREAD %d", waiting(slave));
	forget();
	line("after a flush: FIONREAD %d", waiting(slave));
}

/* What was typed in one mode and is read in the other. */
static void changes(void)
{
	line("[changes]");
	set_flags(0, 0, ICANON_);
	type("abc");
	tell_read("half a line", slave, 10);
	set_flags(0, 0, 0);
	tell_read("not canonical any more", slave, 10);
	type("abc");
	line("FIONREAD: %d", waiting(slave));
	set_flags(0, 0, ICANON_);
	line("FIONREAD: %d", waiting(slave));
	type("d\n");
	tell_read("canonical again", slave, 10);
	tell_read("... and the rest", slave, 10);
	set_flags(0, 0, 0);
	type("a\nb\n");
	set_flags(0, 0, ICANON_);
	tell_read("lines of before", slave, 10);
	tell_read("... and the rest", slave, 10);
	type("a\nb\nc");
	set_flags(0, 0, 0);
	tell_read("lines that are none", slave, 10);
}

int main(void)
{
	close_inherited();
	open_pair();
	editing();
	echo_flags();
	characters();
	input_flags();
	lines();
	long_lines();
	changes();
	close_pair();
	return verdict();
}
