/*
 * tty_hangup.c - terminals that are hung up: by the end of the session, by the master's, by vhangup().
 */
#include "pty.h"

static volatile int *shared;
static char path[32];

static void count(int sig)
{
	shared[sig]++;
}

static void catch(int sig)
{
	struct sigaction action = { .sa_handler = count };

	CHECK(sigaction(sig, &action, NULL) == 0);
}

static void clear(void)
{
	for (int i = 0; i < 64; i++)
		shared[i] = 0;
}

static void start_session(void)
{
	int n;

	CHECK(sys(setsid) > 0);
	open_pair();
	CHECK(sys(ioctl, master, TIOCGPTN, &n) == 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", n);
	set_flags(ICRNL_ | IXON_, OPOST_ | ONLCR_, LIKE_A_SHELL);
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
}

static void tell_file(const char *what)
{
	struct settings s;
	char c;
	int n = 1;

	line(" %s", what);
	CHECK(sys(fcntl, slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	line("  poll: %#x", ready(slave, POLLIN | POLLOUT, 20));
	line("  read: %s", text(sys(read, slave, &c, 1)));
	line("  write: %s", text(sys(write, slave, "w", 1)));
	line("  TCGETS: %s", text(sys(ioctl, slave, TCGETS, &s)));
	line("  TIOCSPGRP: %s", text(sys(ioctl, slave, TIOCSPGRP, &n)));
}

static void tell_signals(const char *what)
{
	line("%s: SIGHUP %d SIGCONT %d", what, shared[SIGHUP], shared[SIGCONT]);
}

/* The leader of a session ends; the caller has the master, and a member of the foreground is left. */
static void leader_ends(void)
{
	long leader, pid;
	int status;

	line("[the leader ends]");
	clear();
	open_pair();
	leader = sys(fork);
	if (leader == 0) {
		CHECK(sys(setsid) > 0);
		CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
		pid = sys(fork);
		if (pid == 0) {
			catch(SIGHUP);
			catch(SIGCONT);
			shared[70] = 1;
			for (int i = 0; i < 200 && !shared[71]; i++)
				sleep_ms(5);
			tell_signals("who is left");
			line("/dev/tty: %s", text(sys(open, "/dev/tty", O_RDWR)));
			tell_file("the file is");
			sys(exit_group, failures);
		}
		while (!shared[70])
			sleep_ms(1);
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, leader, &status, 0, 0) == leader);
	shared[71] = 1;
	for (int i = 0; i < 3; i++)
		sleep_ms(40);
	line("the master: poll %#x", ready(master, POLLIN | POLLOUT, 0));
	type("x");
	tell_screen("shown");
	close_pair();
}

static int master_ends(void *unused)
{
	(void)unused;
	start_session();
	catch(SIGHUP);
	catch(SIGCONT);
	clear();
	sys(close, master);
	sleep_ms(20);
	tell_signals("the leader");
	tell_file("its file");
	show(open, "/dev/tty", O_RDWR);
	return failures;
}

/* The foreground is another group. */
static int master_ends_jobs(void *unused)
{
	int pgrp;
	long pid;

	(void)unused;
	start_session();
	clear();
	pid = sys(fork);
	if (pid == 0) {
		sys(setpgid, 0, 0);
		catch(SIGHUP);
		catch(SIGCONT);
		sys(close, master);
		shared[70] = 1;
		while (!shared[71])
			sleep_ms(1);
		tell_signals("the job");
		tell_file("its file");
		sys(exit_group, failures);
	}
	while (!shared[70])
		sleep_ms(1);
	pgrp = (int)pid;
	CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
	signal(SIGHUP, SIG_IGN);
	sys(close, master);
	sleep_ms(20);
	shared[71] = 1;
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	return failures;
}

static int by_call(void *unused)
{
	long fd;

	(void)unused;
	start_session();
	catch(SIGHUP);
	catch(SIGCONT);
	clear();
	CHECK(sys(write, slave, "before\n", 7) == 7);
	type("unread\n");
	sleep_ms(30);
	show(vhangup);
	tell_signals("the leader");
	tell_file("its file");
	tell_screen("the master reads");
	line("the master: poll %#x", ready(master, POLLIN | POLLOUT, 0));
	show(open, "/dev/tty", O_RDWR);
	fd = sys(open, path, O_RDWR | O_NOCTTY);
	line("opened again: %s", fd < 0 ? text(fd) : "open");
	CHECK(sys(write, fd, "after\n", 6) == 6);
	tell_screen("the master reads");
	show(read, slave, (char[1]){ 0 }, 1);
	sys(close, slave);
	slave = (int)fd;
	tell_file("the new file, nothing typed") ;
	return failures;
}

static int by_ioctl(void *unused)
{
	(void)unused;
	start_session();
	catch(SIGHUP);
	clear();
	show(ioctl, slave, TIOCVHANGUP, 0);
	tell_signals("the leader");
	tell_file("its file");
	show(ioctl, slave, TIOCVHANGUP, 0);
	return failures;
}

static int no_right(void *unused)
{
	(void)unused;
	show(vhangup);
	start_session();
	become_nobody();
	show(vhangup);
	show(ioctl, slave, TIOCVHANGUP, 0);
	return failures;
}

/* Somebody waits in read(), write() or poll() when it is hung up. */
static void waiting_in(const char *what, int how)
{
	static char many[20000];
	long pid, n;

	open_pair();
	set_flags(0, 0, 0);
	pid = sys(fork);
	if (pid == 0) {
		struct pollfd p = { slave, POLLIN, 0 };

		n = how == 0 ? sys(read, slave, many, 1) : how == 1 ? sys(write, slave, many, sizeof(many)) :
		    sys(poll, &p, 1, 5000);
		if (how == 1)
			line("%s: %s", what, n < 0 ? text(n) : "some");
		else
			line("%s: %s %#x", what, text(n), (unsigned short)p.revents);
		sys(exit_group, failures);
	}
	sleep_ms(60);
	CHECK(sys(ioctl, slave, TIOCVHANGUP, 0) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	close_pair();
}

static int lost_then_ends(void *unused)
{
	long leader;
	int pgrp;

	(void)unused;
	clear();
	leader = sys(fork);
	if (leader == 0) {
		long pid;

		start_session();
		signal(SIGHUP, SIG_IGN);
		pid = sys(fork);
		if (pid == 0) {
			sys(setpgid, 0, 0);
			catch(SIGHUP);
			catch(SIGCONT);
			shared[70] = 1;
			while (!shared[71])
				sleep_ms(1);
			sleep_ms(40);
			tell_signals("who was in the foreground");
			shared[72] = 1;
			sys(exit_group, failures);
		}
		while (!shared[70])
			sleep_ms(1);
		pgrp = (int)pid;
		CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
		CHECK(sys(ioctl, slave, TIOCVHANGUP, 0) == 0);
		shared[71] = 1;
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, leader, 0, 0, 0) == leader);
	for (int i = 0; i < 2000 && !shared[72]; i++)
		sleep_ms(1);
	return failures;
}

int main(void)
{
	close_inherited();
	shared = (volatile int *)new_pages(1, MAP_SHARED);
	leader_ends();
	line("[the master ends]");
	try("the leader is in the foreground", master_ends, NULL);
	try("another is", master_ends_jobs, NULL);
	line("[vhangup()]");
	try("it", by_call, NULL);
	line("[TIOCVHANGUP]");
	try("it", by_ioctl, NULL);
	line("[no right]");
	try("nobody", no_right, NULL);
	line("[while somebody waits]");
	waiting_in("read", 0);
	waiting_in("write", 1);
	waiting_in("poll", 2);
	line("[hung up first, then the leader ends]");
	try("it", lost_then_ends, NULL);
	return verdict();
}
