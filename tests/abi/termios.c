/*
 * termios.c - what terminals are asked by ioctl(): settings in each layout, size, and the order of checks.
 */
#include "pty.h"

#include <sys/resource.h>

#define BAD	((void *)8)

static void tell(const char *what, const struct settings *s)
{
	char cc[80], *to = cc;

	for (int i = 0; i < 19; i++)
		to += sprintf(to, " %x", s->cc[i]);
	line("%s: %#x %#x %#x %#x line %d cc%s", what, s->iflag, s->oflag, s->cflag, s->lflag, s->line, cc);
}

static void layouts(void)
{
	struct settings s = get_settings(slave), other;
	struct { unsigned short flags[4]; unsigned char line, cc[8]; } old = { 0 };

	line("[settings]");
	tell("at first", &s);
	s = get_settings(master);
	tell("asked of the master", &s);
	memset(&s, 0x55, sizeof(s));
	show(ioctl, slave, TCGETS2, &s);
	tell("TCGETS2", &s);
	line("speeds %u %u", s.ispeed, s.ospeed);
	show(ioctl, slave, TCGETA, &old);
	line("TCGETA: %#x %#x %#x %#x line %d cc %x %x %x", old.flags[0], old.flags[1], old.flags[2], old.flags[3],
	     old.line, old.cc[0], old.cc[1], old.cc[7]);
	memset(&s, 0, sizeof(s));
	show(ioctl, slave, TCSETS, &s);
	s = get_settings(slave);
	tell("all zeros", &s);
	memset(&s, 0xff, 36);
	s.lflag &= ~TOSTOP_;
	show(ioctl, slave, TCSETS, &s);
	other = get_settings(slave);
	tell("all ones", &other);
	s = (struct settings){ .cflag = 0x1000 | 0x30 | 0x80, .ispeed = 1234, .ospeed = 4321 };
	show(ioctl, slave, TCSETS2, &s);
	show(ioctl, slave, TCGETS2, &other);
	line("BOTHER: c_cflag %#x speeds %u %u", other.cflag, other.ispeed, other.ospeed);
	s.cflag = 0x1002 | 0x30 | 0x100;
	show(ioctl, slave, TCSETSW2, &s);
	show(ioctl, slave, TCGETS2, &other);
	line("B115200: c_cflag %#x speeds %u %u", other.cflag, other.ispeed, other.ospeed);
	s.cflag = 0xd | 0xf << 16;
	show(ioctl, slave, TCSETSF2, &s);
	show(ioctl, slave, TCGETS2, &other);
	line("two speeds: c_cflag %#x speeds %u %u", other.cflag, other.ispeed, other.ospeed);
	old.flags[0] = 0x100;
	old.flags[3] = 2;
	old.cc[0] = 'i';
	show(ioctl, slave, TCSETA, &old);
	other = get_settings(slave);
	tell("TCSETA", &other);
	show(ioctl, slave, TCSETAW, &old);
	show(ioctl, slave, TCSETAF, &old);
	s = get_settings(slave);
	s.lflag = LIKE_A_SHELL;
	show(ioctl, master, TCSETS, &s);
	other = get_settings(slave);
	tell("set by the master", &other);
}

static void bad_memory(void)
{
	static const struct { const char *name; unsigned long cmd; } calls[] = {
		{ "TCGETS", TCGETS }, { "TCGETS2", TCGETS2 }, { "TCGETA", TCGETA }, { "TCSETS", TCSETS },
		{ "TCSETSW", TCSETSW }, { "TCSETSF", TCSETSF }, { "TCSETS2", TCSETS2 }, { "TCSETA", TCSETA },
		{ "TIOCGWINSZ", TIOCGWINSZ }, { "TIOCSWINSZ", TIOCSWINSZ }, { "FIONREAD", FIONREAD },
		{ "TIOCOUTQ", TIOCOUTQ }, { "TIOCGETD", TIOCGETD }, { "TIOCSETD", TIOCSETD }, { "TIOCSTI", TIOCSTI },
		{ "TIOCGPTN", TIOCGPTN }, { "TIOCSPTLCK", TIOCSPTLCK }, { "TIOCGPTLCK", TIOCGPTLCK },
		{ "TIOCPKT", TIOCPKT }, { "TIOCGPKT", TIOCGPKT }, { "TIOCGEXCL", TIOCGEXCL }, { "TIOCGDEV", TIOCGDEV },
		{ "TIOCGPGRP", TIOCGPGRP }, { "TIOCSPGRP", TIOCSPGRP }, { "TIOCGSID", TIOCGSID },
		{ "TIOCGSOFTCAR", TIOCGSOFTCAR }, { "TIOCSSOFTCAR", TIOCSSOFTCAR }, { "TIOCMGET", TIOCMGET },
		{ "0x5499", 0x5499 }, { "TIOCNOTTY", TIOCNOTTY },
	};

	line("[an address that is none]");
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		long by_slave = sys(ioctl, slave, calls[i].cmd, BAD);

		line("%s: slave %s", calls[i].name, text(by_slave));
		line("    master %s", text(sys(ioctl, master, calls[i].cmd, BAD)));
	}
}

static void sizes(void)
{
	struct winsize ws = { 1, 2, 3, 4 };

	line("[size]");
	show(ioctl, slave, TIOCGWINSZ, &ws);
	line("at first: %d %d %d %d", ws.ws_row, ws.ws_col, ws.ws_xpixel, ws.ws_ypixel);
	ws = (struct winsize){ 24, 80, 640, 480 };
	show(ioctl, master, TIOCSWINSZ, &ws);
	memset(&ws, 0, sizeof(ws));
	show(ioctl, slave, TIOCGWINSZ, &ws);
	line("set by the master: %d %d %d %d", ws.ws_row, ws.ws_col, ws.ws_xpixel, ws.ws_ypixel);
	ws.ws_row = 25;
	show(ioctl, slave, TIOCSWINSZ, &ws);
	memset(&ws, 0, sizeof(ws));
	show(ioctl, master, TIOCGWINSZ, &ws);
	line("set by the slave: %d %d %d %d", ws.ws_row, ws.ws_col, ws.ws_xpixel, ws.ws_ypixel);
}

static int open_once_more(void *path)
{
	unsigned int header[2] = { 0x20080522, 0 }, none[6] = { 0 };
	long fd = sys(open, path, O_RDWR | O_NOCTTY);

	line("  as root: %s", fd < 0 ? text(fd) : "open");
	sys(close, fd);
	CHECK(sys(capset, header, none) == 0);
	fd = sys(open, path, O_RDWR | O_NOCTTY);
	line("  without capabilities: %s", fd < 0 ? text(fd) : "open");
	return failures;
}

static void modes(void)
{
	char path[32];
	int n = -1;

	line("[modes]");
	CHECK(sys(ioctl, master, TIOCGPTN, &n) == 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", n);
	show(ioctl, slave, TIOCGEXCL, &n);
	line("exclusive: %d", n);
	show(ioctl, slave, TIOCEXCL, 0);
	show(ioctl, slave, TIOCGEXCL, &n);
	line("exclusive: %d", n);
	in_child(open_once_more, path);
	show(ioctl, slave, TIOCNXCL, 0);
	in_child(open_once_more, path);
	show(ioctl, slave, TIOCGETD, &n);
	line("line discipline: %d", n);
	n = 0;
	show(ioctl, slave, TIOCSETD, &n);
	n = 99;
	show(ioctl, slave, TIOCSETD, &n);
	n = -1;
	show(ioctl, slave, TIOCSETD, &n);
	show(ioctl, slave, TIOCGSOFTCAR, &n);
	line("CLOCAL: %d", n);
	n = 1;
	show(ioctl, slave, TIOCSSOFTCAR, &n);
	show(ioctl, slave, TIOCGSOFTCAR, &n);
	line("CLOCAL: %d", n);
	n = 0;
	show(ioctl, slave, TIOCSSOFTCAR, &n);
	show(ioctl, slave, TIOCGDEV, &n);
	line("TIOCGDEV: major %d", n >> 8 & 0xfff);
	show(ioctl, master, TIOCGDEV, &n);
	line("TIOCGDEV of the master: major %d", n >> 8 & 0xfff);
	show(ioctl, slave, TCSBRK, 0);
	show(ioctl, slave, TCSBRK, 1);
	show(ioctl, slave, TCSBRKP, 1);
	show(ioctl, slave, TIOCSBRK, 0);
	show(ioctl, slave, TIOCCBRK, 0);
	show(ioctl, slave, TIOCMGET, &n);
	show(ioctl, slave, TIOCMSET, &n);
	show(ioctl, slave, TIOCOUTQ, &n);
	line("TIOCOUTQ: %d", n);
	show(ioctl, slave, TCFLSH, 0);
	show(ioctl, slave, TCFLSH, 1);
	show(ioctl, slave, TCFLSH, 2);
	show(ioctl, slave, TCFLSH, 3);
	show(ioctl, master, TCFLSH, 2);
}

static int sti(void *unused)
{
	(void)unused;
	become_nobody();
	show(ioctl, slave, TIOCSTI, "z");
	show(ioctl, slave, TIOCVHANGUP, 0);
	return failures;
}

static void flushes(void)
{
	struct settings s = get_settings(slave);

	line("[what is thrown away]");
	set_flags(0, 0, ICANON_);
	type("abc\n");
	sleep_ms(30);
	s = get_settings(slave);
	show(ioctl, slave, TCSETS, &s);
	line("TCSETS: %d wait", waiting(slave));
	show(ioctl, slave, TCSETSW, &s);
	line("TCSETSW: %d wait", waiting(slave));
	show(ioctl, slave, TCSETSF, &s);
	line("TCSETSF: %d wait", waiting(slave));
	type("abc\n");
	sleep_ms(30);
	show(ioctl, slave, TCFLSH, 1);
	line("TCOFLUSH: %d wait", waiting(slave));
	show(ioctl, slave, TCFLSH, 0);
	line("TCIFLUSH: %d wait", waiting(slave));
	line("[TIOCSTI]");
	set_flags(ICRNL_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	show(ioctl, slave, TIOCSTI, "x");
	show(ioctl, slave, TIOCSTI, "\r");
	tell_read("typed by a program", slave, 10);
	tell_screen("shown");
	show(ioctl, master, TIOCSTI, "y");
	tell_screen("typed at the master's own side");
	in_child(sti, NULL);
}

static void files(void)
{
	struct settings s;
	int n;
	char c;

	line("[no terminal]");
	sys(close, 7);
	CHECK(sys(open, "/dev/null", O_RDWR) >= 0);
	n = (int)sys(open, "/dev/null", O_RDWR);
	line("TCGETS: %s", text(sys(ioctl, n, TCGETS, &s)));
	line("TCSETS: %s", text(sys(ioctl, n, TCSETS, BAD)));
	line("TIOCSCTTY: %s", text(sys(ioctl, n, TIOCSCTTY, 0)));
	line("[a position]");
	show(lseek, slave, 0, SEEK_SET);
	show(pread64, slave, &c, 1, 0);
	show(pwrite64, slave, &c, 1, 0);
}

int main(void)
{
	close_inherited();
	open_pair();
	layouts();
	bad_memory();
	sizes();
	modes();
	flushes();
	files();
	close_pair();
	return verdict();
}
