/*
 * pty.h - what the programs about terminals share: a pty, its settings, and what comes out of it.
 */
#ifndef ABI_PTY_H
#define ABI_PTY_H

#include "abi.h"

#include <poll.h>
#include <sys/ioctl.h>

#undef CTRL
#define CTRL(c)	((c) ^ 0x40)
#define NO_CHAR	0

/* Numbers, because the macros need a structure that libc lacks. */
#undef TCGETS2
#undef TCSETS2
#undef TCSETSW2
#undef TCSETSF2
#define TCGETS2		0x802c542a
#define TCSETS2		0x402c542b
#define TCSETSW2	0x402c542c
#define TCSETSF2	0x402c542d

/* The kernel's own; libc's is another. */
struct settings {
	unsigned int iflag, oflag, cflag, lflag;
	unsigned char line, cc[19];
	unsigned int ispeed, ospeed;	/* of TCGETS2 */
};

enum { ISIG_ = 1, ICANON_ = 2, ECHO_ = 8, ECHOE_ = 0x10, ECHOK_ = 0x20, ECHONL_ = 0x40, NOFLSH_ = 0x80,
       TOSTOP_ = 0x100, ECHOCTL_ = 0x200, ECHOPRT_ = 0x400, ECHOKE_ = 0x800, IEXTEN_ = 0x8000 };
enum { PARMRK_ = 8, ISTRIP_ = 0x20, INLCR_ = 0x40, IGNCR_ = 0x80, ICRNL_ = 0x100, IUCLC_ = 0x200, IXON_ = 0x400,
       IXANY_ = 0x800, IXOFF_ = 0x1000, IMAXBEL_ = 0x2000, IUTF8_ = 0x4000 };
enum { OPOST_ = 1, OLCUC_ = 2, ONLCR_ = 4, OCRNL_ = 8, ONOCR_ = 0x10, ONLRET_ = 0x20, XTABS_ = 0x1800 };
enum { VINTR_, VQUIT_, VERASE_, VKILL_, VEOF_, VTIME_, VMIN_, VSWTC_, VSTART_, VSTOP_, VSUSP_, VEOL_, VREPRINT_,
       VDISCARD_, VWERASE_, VLNEXT_, VEOL2_ };

#define LIKE_A_SHELL	(ISIG_ | ICANON_ | ECHO_ | ECHOE_ | ECHOK_ | ECHOCTL_ | ECHOKE_ | IEXTEN_)

static int master, slave;

static inline struct settings get_settings(int fd)
{
	struct settings s = { 0 };

	CHECK(sys(ioctl, fd, TCGETS, &s) == 0);
	return s;
}

static inline void set_settings(int fd, const struct settings *s)
{
	CHECK(sys(ioctl, fd, TCSETS, s) == 0);
}

/* Flags of the slave; the characters stay as they are. */
static inline void set_flags(unsigned int iflag, unsigned int oflag, unsigned int lflag)
{
	struct settings s = get_settings(slave);

	s.iflag = iflag;
	s.oflag = oflag;
	s.lflag = lflag;
	set_settings(slave, &s);
}

static inline void set_char(int index, int c)
{
	struct settings s = get_settings(slave);

	s.cc[index] = (unsigned char)c;
	set_settings(slave, &s);
}

/* A new pair, the slave open as no controlling terminal. */
__attribute__((unused))
static void open_pair(void)
{
	int unlocked = 0, n = -1;
	char path[32];

	master = (int)sys(open, "/dev/ptmx", O_RDWR | O_NOCTTY);
	CHECK(master >= 0);
	CHECK(sys(ioctl, master, TIOCSPTLCK, &unlocked) == 0);
	CHECK(sys(ioctl, master, TIOCGPTN, &n) == 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", n);
	slave = (int)sys(open, path, O_RDWR | O_NOCTTY);
	CHECK(slave >= 0);
}

__attribute__((unused))
static void close_pair(void)
{
	sys(close, slave);
	sys(close, master);
}

/* @n bytes as text: what cannot be seen as \n, \xNN. Lives until the next call but one. */
static inline const char *visible(const char *s, long n)
{
	static char bufs[2][700];
	static int turn;
	char *buf = bufs[turn ^= 1], *to = buf;

	*to++ = '"';
	for (long i = 0; i < n && i < 128; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n' || c == '\r' || c == '\t' || c == '\b')
			to += sprintf(to, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : 'b');
		else if (c < ' ' || c > '~')
			to += sprintf(to, "\\x%02x", c);
		else
			*to++ = (char)c;
	}
	strcpy(to, "\"");
	return buf;
}

/* Is there something to read within @ms? The bits of poll(). */
static inline int ready(int fd, int events, int ms)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	return sys(poll, &p, 1, ms) > 0 ? p.revents : 0;
}

/* Print what one read() of up to @size bytes says; it does not wait for long. */
__attribute__((unused))
static void tell_read(const char *what, int fd, size_t size)
{
	char buf[8192];
	long n;

	if (!ready(fd, POLLIN, 60)) {
		line("%s: nothing", what);
		return;
	}
	n = sys(read, fd, buf, size);
	line("%s: %s%s%s", what, n < 0 ? text(n) : "", n < 0 ? "" : visible(buf, n), n > 128 ? " ..." : "");
}

/* Print all that can be read from the master: what the terminal shows. */
__attribute__((unused))
static void tell_screen(const char *what)
{
	char buf[8192];
	long n = 0, got = 1;

	while (n < (long)sizeof(buf) && ready(master, POLLIN, 40) & POLLIN && got > 0) {
		got = sys(read, master, buf + n, sizeof(buf) - n);
		n += got > 0 ? got : 0;
	}
	line("%s: %s", what, visible(buf, n));
}

static inline void type_bytes(const char *s, size_t n)
{
	CHECK(sys(write, master, s, n) == (long)n);
}

#define type(s)	type_bytes(s, sizeof(s) - 1)

static inline int waiting(int fd)
{
	int n = -1;

	CHECK(sys(ioctl, fd, FIONREAD, &n) == 0);
	return n;
}

/* Forget all that was typed and shown. */
__attribute__((unused))
static void forget(void)
{
	char buf[4096];

	sys(ioctl, slave, TCFLSH, 2);
	while (ready(master, POLLIN, 20) & POLLIN && sys(read, master, buf, sizeof(buf)) > 0)
		;
}

#endif
