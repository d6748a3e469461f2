/*
 * pty.c - pseudo-terminals: making one, its name, its lock, closing either side, packet mode.
 */
#include "pty.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char path[32];

static void name_slave(void)
{
	int n = -1;

	CHECK(sys(ioctl, master, TIOCGPTN, &n) == 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", n);
}

static void tell_stat(const char *what, const char *name)
{
	struct stat st;
	long ret = sys(stat, name, &st);

	if (ret < 0) {
		line("%s: %s", what, text(ret));
		return;
	}
	line("%s: mode %#o owner %d links %d device %d, size %ld", what, st.st_mode, (int)st.st_uid, (int)st.st_nlink,
	     (int)(st.st_rdev >> 8 & 0xfff), (long)st.st_size);
}

/* How many ptys there are, and their numbers. */
static void tell_names(const char *what)
{
	char buf[4096], *to = buf;
	DIR *dir = opendir("/dev/pts");
	struct dirent *entry;
	int seen[16] = { 0 }, ptmx = 0;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && atoi(entry->d_name) < 16)
			seen[atoi(entry->d_name)] = 1;
		ptmx |= !strcmp(entry->d_name, "ptmx");
	}
	closedir(dir);
	*to = '\0';
	for (int i = 0; i < 16; i++)
		if (seen[i])
			to += sprintf(to, " %d", i);
	line("%s:%s%s", what, buf, ptmx ? " and ptmx" : "");
}

static void making(void)
{
	int n = -1, on = 1, fds[4];

	line("[making one]");
	tell_stat("/dev/ptmx", "/dev/ptmx");
	tell_stat("/dev/tty", "/dev/tty");
	tell_stat("/dev/pts", "/dev/pts");
	tell_stat("/dev/pts/ptmx", "/dev/pts/ptmx");
	tell_names("none");
	master = (int)sys(open, "/dev/ptmx", O_RDWR | O_NOCTTY);
	CHECK(master == 3);
	show(ioctl, master, TIOCGPTN, &n);
	line("its number: %d", n);
	name_slave();
	tell_stat("its name", path);
	show(ioctl, master, TIOCGPTLCK, &n);
	line("locked: %d", n);
	show(open, path, O_RDWR | O_NOCTTY);
	n = 0;
	show(ioctl, master, TIOCSPTLCK, &n);
	show(ioctl, master, TIOCGPTLCK, &n);
	line("locked: %d", n);
	show(open, path, O_RDWR | O_NOCTTY);
	slave = 4;
	show(ioctl, master, TIOCSPTLCK, &on);
	show(open, path, O_RDWR | O_NOCTTY);
	show(write, slave, "x", 1);
	n = 0;
	show(ioctl, master, TIOCSPTLCK, &n);
	show(ioctl, slave, TIOCGPTN, &n);
	show(ioctl, slave, TIOCSPTLCK, &n);
	show(ioctl, slave, TIOCPKT, &n);
	for (int i = 0; i < 4; i++)
		fds[i] = (int)sys(open, "/dev/pts/ptmx", O_RDWR | O_NOCTTY);
	tell_names("five");
	sys(close, fds[1]);
	sys(close, fds[2]);
	tell_names("three");
	fds[1] = (int)sys(open, "/dev/ptmx", O_RDONLY | O_NOCTTY);
	show(ioctl, fds[1], TIOCGPTN, &n);
	line("the lowest free number: %d", n);
	show(open, "/dev/pts/2", O_RDWR | O_NOCTTY);
	show(unlink, path);
	show(mkdir, "/dev/pts/folder", 0700);
	show(open, "/dev/pts/file", O_RDWR | O_CREAT, 0600);
	for (int i = 0; i < 4; i++)
		sys(close, fds[i]);
	close_pair();
	tell_stat("closed", path);
	tell_names("none");
}

static void peer(void)
{
	long fd;
	int n = 0;

	line("[TIOCGPTPEER]");
	open_pair();
	name_slave();
	fd = sys(ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	line("the slave: %s, FD_CLOEXEC %ld", fd < 0 ? text(fd) : "open", sys(fcntl, fd, F_GETFD, 0));
	CHECK(sys(write, fd, "by it\n", 6) == 6);
	tell_screen("written by it");
	sys(close, fd);
	show(ioctl, slave, TIOCGPTPEER, O_RDWR);
	n = 1;
	CHECK(sys(ioctl, master, TIOCSPTLCK, &n) == 0);
	show(ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	close_pair();
}

static void before_the_slave(void)
{
	int n = 0;

	line("[nobody has opened the slave yet]");
	master = (int)sys(open, "/dev/ptmx", O_RDWR | O_NOCTTY);
	line("poll: %#x", ready(master, POLLIN | POLLOUT, 0));
	type("typed early\n");
	tell_screen("it is echoed");
	CHECK(sys(ioctl, master, TIOCSPTLCK, &n) == 0);
	name_slave();
	slave = (int)sys(open, path, O_RDWR | O_NOCTTY);
	tell_read("and can be read", slave, 100);
	close_pair();
}

static void closing(void)
{
	char c;
	long again;

	line("[the slave is closed]");
	open_pair();
	name_slave();
	CHECK(sys(write, slave, "last words\n", 11) == 11);
	again = sys(dup, slave);
	sys(close, slave);
	line("a duplicate is left: poll %#x", ready(master, POLLIN, 0));
	sys(close, again);
	line("poll: %#x", ready(master, POLLIN, 40));
	tell_read("they can be read", master, 100);
	line("poll: %#x", ready(master, POLLIN | POLLOUT, 40));
	show(read, master, &c, 1);
	CHECK(sys(write, master, "meanwhile\n", 10) == 10);
	slave = (int)sys(open, path, O_RDWR | O_NOCTTY);
	tell_read("opened again", slave, 100);
	tell_screen("echoed");
	line("poll: %#x", ready(master, POLLIN | POLLOUT, 0));
	line("[the master is closed]");
	type("unread\n");
	sleep_ms(30);
	sys(close, master);
	line("poll: %#x", ready(slave, POLLIN | POLLOUT, 0));
	show(read, slave, &c, 1);
	show(write, slave, &c, 1);
	show(ioctl, slave, TCGETS, &c);
	show(ioctl, slave, TIOCSPGRP, &c);
	show(ioctl, slave, FIONREAD, &c);
	show(open, path, O_RDWR | O_NOCTTY);
	show(fcntl, slave, F_GETFL, 0);
	sys(close, slave);
}

/* A child reads or writes while the other side is closed. */
static long sleeper(int reads, int fd, int other)
{
	static char many[20000];
	long pid = sys(fork), n;

	if (pid)
		return pid;
	sys(close, other);
	if (reads)
		n = sys(read, fd, many, 10);
	else
		while ((n = sys(write, fd, many, sizeof(many))) == sizeof(many))
			;
	line("  %s: %s", reads ? "read" : "write", reads ? text(n) : n < 0 ? text(n) : "less");
	sys(exit_group, failures);
	return 0;
}

static void waking(void)
{
	static const char *const cases[] = { "the slave writes", "the slave reads", "the master writes", "the master reads" };

	line("[closed while somebody waits]");
	for (int i = 0; i < 4; i++) {
		int fd, other, status;
		long pid;

		open_pair();
		set_flags(0, 0, 0);
		fd = i < 2 ? slave : master;
		other = i < 2 ? master : slave;
		line("%s", cases[i]);
		pid = sleeper(i & 1, fd, other);
		sleep_ms(60);
		if (i == 2) /* nothing wakes it, but a reader */
			CHECK(sys(kill, pid, SIGKILL) == 0);
		sys(close, other);
		CHECK(sys(wait4, pid, &status, 0, 0) == pid);
		line("  %s", ending(status));
		sys(close, fd);
	}
}

/* What changes of the settings the master is told of, and what is stopped by a call. */
static void settings_and_packets(void)
{
	struct settings s = get_settings(slave);

	s.iflag &= ~IXON_;
	set_settings(slave, &s);
	tell_read("no IXON", master, 100);
	s.iflag |= IXON_;
	set_settings(slave, &s);
	tell_read("IXON", master, 100);
	s.cc[VSTOP_] = 'x';
	set_settings(slave, &s);
	tell_read("another VSTOP", master, 100);
	CHECK(sys(ioctl, slave, TCXONC, 0) == 0);
	tell_read("TCOOFF", master, 100);
	CHECK(sys(ioctl, slave, TCXONC, 1) == 0);
	CHECK(sys(write, slave, "more", 4) == 4);
	tell_read("an event comes first", master, 100);
	tell_read("then data", master, 100);
}

static void packets(void)
{
	int on = 1, off = 0, n;

	line("[packet mode]");
	open_pair();
	set_flags(ICRNL_ | IXON_, OPOST_ | ONLCR_, ICANON_ | ISIG_);
	show(ioctl, master, TIOCGPKT, &n);
	line("at first: %d", n);
	show(ioctl, master, TIOCPKT, &on);
	show(ioctl, master, TIOCGPKT, &n);
	line("on: %d", n);
	line("poll: %#x", ready(master, POLLIN | POLLPRI, 0));
	CHECK(sys(write, slave, "data\n", 5) == 5);
	line("poll: %#x", ready(master, POLLIN | POLLPRI, 40));
	tell_read("data", master, 100);
	CHECK(sys(write, slave, "data\n", 5) == 5);
	sleep_ms(30);
	tell_read("three bytes", master, 3);
	tell_read("the rest", master, 100);
	type("\x13");
	sleep_ms(30);
	line("poll: %#x", ready(master, POLLIN | POLLPRI, 40));
	tell_read("stopped", master, 100);
	type("\x11");
	sleep_ms(30);
	tell_read("started", master, 100);
	type("\x13\x11");
	sleep_ms(30);
	tell_read("both", master, 100);
	CHECK(sys(ioctl, slave, TCFLSH, 0) == 0);
	tell_read("TCIFLUSH", master, 100);
	CHECK(sys(ioctl, slave, TCFLSH, 1) == 0);
	tell_read("TCOFLUSH", master, 100);
	CHECK(sys(ioctl, slave, TCFLSH, 2) == 0);
	tell_read("TCIOFLUSH", master, 100);
	type("\x03");
	sleep_ms(30);
	tell_read("^C", master, 100);
	settings_and_packets();
	show(ioctl, master, TIOCPKT, &off);
	CHECK(sys(write, slave, "plain", 5) == 5);
	tell_read("off", master, 100);
	show(ioctl, master, TIOCSIG, SIGTERM);
	show(ioctl, master, TIOCSIG, SIGINT);
	close_pair();
}

static void tell_file(const char *name)
{
	char buf[64];
	long fd = sys(open, name, O_RDONLY), n = sys(read, fd, buf, sizeof(buf));

	line("%s: %s", name, fd < 0 ? text(fd) : visible(buf, n));
	sys(close, fd);
}

static void limits(void)
{
	long fd = sys(open, "/proc/sys/kernel/pty/max", O_RDWR);
	int fds[8], n;

	line("[limits]");
	tell_file("/proc/sys/kernel/pty/max");
	tell_file("/proc/sys/kernel/pty/reserve");
	tell_file("/proc/sys/kernel/pty/nr");
	CHECK(sys(write, fd, "4\n", 2) == 2);
	for (n = 0; n < 8 && (fds[n] = (int)sys(open, "/dev/ptmx", O_RDWR | O_NOCTTY)) >= 0; n++)
		;
	line("with a limit of 4: %d, then %s", n, text(fds[n]));
	tell_file("/proc/sys/kernel/pty/nr");
	while (n--)
		sys(close, fds[n]);
	CHECK(sys(pwrite64, fd, "4096\n", 5, 0) == 5);
	tell_file("/proc/sys/kernel/pty/nr");
	show(write, fd, "-1\n", 3);
	sys(close, fd);
}

static int as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	open_pair();
	name_slave();
	tell_stat("nobody's", path);
	show(open, "/dev/pts/ptmx", O_RDWR);
	close_pair();
	return failures;
}

int main(void)
{
	close_inherited();
	making();
	peer();
	before_the_slave();
	closing();
	waking();
	packets();
	limits();
	try("nobody", as_nobody, NULL);
	return verdict();
}
