/*
 * tty_jobs.c - job control: the controlling terminal, who is in the foreground, and the signals of keys.
 */
#include "pty.h"

static volatile int *shared;
static char path[32];

/* In a child that leads a session of its own, with a new pty. */
static void session(const char *what, int (*fn)(void *))
{
	line("[%s]", what);
	try("the leader ends", fn, NULL);
}

static void start_session(void)
{
	int n;

	CHECK(sys(setsid) > 0);
	open_pair();
	CHECK(sys(ioctl, master, TIOCGPTN, &n) == 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", n);
	set_flags(ICRNL_ | IXON_, OPOST_ | ONLCR_, LIKE_A_SHELL);
}

static const char *whose(long pid)
{
	return pid == sys(getpid) ? "mine" : pid == sys(getpgid, 0) ? "my group" : pid == 0 ? "none" : "another";
}

static void tell_tty(void)
{
	int sid = -7, pgrp = -7;
	long a = sys(ioctl, slave, TIOCGSID, &sid), b = sys(ioctl, slave, TIOCGPGRP, &pgrp), fd;

	line("  slave: session %s", a ? text(a) : whose(sid));
	line("  slave: foreground %s", b ? text(b) : whose(pgrp));
	pgrp = sid = -7;
	a = sys(ioctl, master, TIOCGSID, &sid);
	line("  master: session %s", a ? text(a) : whose(sid));
	b = sys(ioctl, master, TIOCGPGRP, &pgrp);
	line("  master: foreground %s", b ? text(b) : whose(pgrp));
	fd = sys(open, "/dev/tty", O_RDWR);
	line("  /dev/tty: %s", fd < 0 ? text(fd) : "open");
	sys(close, fd);
}

static int getting(void *unused)
{
	(void)unused;
	show(ioctl, 0, TIOCSCTTY, 0);
	CHECK(sys(setsid) > 0);
	open_pair();
	sys(setsid);
	tell_tty();
	show(ioctl, slave, TIOCNOTTY, 0);
	show(ioctl, slave, TIOCSCTTY, 0);
	tell_tty();
	show(ioctl, slave, TIOCSCTTY, 0);
	return failures;
}

/* By open() alone. */
static int by_open(void *unused)
{
	long fd;

	(void)unused;
	start_session();
	fd = sys(open, path, O_RDWR | O_NOCTTY);
	tell_tty();
	sys(close, fd);
	fd = sys(open, path, O_WRONLY);
	line(" opened for writing only");
	tell_tty();
	sys(close, fd);
	fd = sys(open, path, O_RDONLY);
	line(" opened for reading");
	tell_tty();
	return failures;
}

static int not_a_leader(void *unused)
{
	long fd = sys(open, path, O_RDWR);

	(void)unused;
	line(" a child opens it");
	sys(ioctl, fd, TIOCGPGRP, 0);
	tell_tty();
	show(ioctl, slave, TIOCSCTTY, 0);
	return failures;
}

static int members(void *unused)
{
	(void)unused;
	start_session();
	in_child(not_a_leader, NULL);
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	line(" now the leader has it");
	in_child(not_a_leader, NULL);
	return failures;
}

static int thief(void *how)
{
	CHECK(sys(setsid) > 0);
	if (how)
		become_nobody();
	show(ioctl, slave, TIOCSCTTY, 0);
	show(ioctl, slave, TIOCSCTTY, 1);
	tell_tty();
	return failures;
}

static int stealing(void *unused)
{
	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	line(" nobody");
	in_child(thief, "nobody");
	line(" root");
	in_child(thief, NULL);
	line(" who had it");
	tell_tty();
	return failures;
}

static int giving_up_child(void *unused)
{
	(void)unused;
	show(ioctl, slave, TIOCNOTTY, 0);
	tell_tty();
	return failures;
}

static int counted[65];

static void count(int sig)
{
	counted[sig]++;
}

static void catch(int sig)
{
	struct sigaction action = { .sa_handler = count };

	CHECK(sigaction(sig, &action, NULL) == 0);
}

static int giving_up(void *unused)
{
	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	line(" a child");
	in_child(giving_up_child, NULL);
	line(" the leader still has it");
	tell_tty();
	catch(SIGHUP);
	catch(SIGCONT);
	show(ioctl, slave, TIOCNOTTY, 0);
	line("SIGHUP %d SIGCONT %d", counted[SIGHUP], counted[SIGCONT]);
	tell_tty();
	return failures;
}

/* --- foreground and background -------------------------------------------------------------- */

/* A child in a group of its own; it runs @fn when it may. */
static long job(int (*fn)(void), int foreground)
{
	long pid;
	int pgrp;

	shared[0] = shared[1] = 0;
	pid = sys(fork);
	if (pid == 0) {
		sys(setpgid, 0, 0);
		shared[0] = 1;
		while (!shared[1])
			sleep_ms(1);
		sys(exit_group, fn());
	}
	while (!shared[0])
		sleep_ms(1);
	pgrp = (int)pid;
	if (foreground)
		CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
	shared[1] = 1;
	return pid;
}

static void tell_job(const char *what, long pid)
{
	int status = 0;
	long ret = 0;

	for (int i = 0; i < 100 && !ret; i++) {
		ret = sys(wait4, pid, &status, WNOHANG | WUNTRACED, 0);
		sleep_ms(2);
	}
	if (!ret)
		line("%s: runs", what);
	else if (WIFSTOPPED(status))
		line("%s: stopped by %d", what, WSTOPSIG(status));
	else
		line("%s: %s", what, ending(status));
}

static void end_job(long pid)
{
	sys(kill, pid, SIGKILL);
	sys(wait4, pid, 0, 0, 0);
}

static int reads(void)
{
	char buf[10];
	long n = sys(read, slave, buf, sizeof(buf));

	line("  read: %s", n < 0 ? text(n) : visible(buf, n));
	return 3;
}

static int writes(void)
{
	line("  write: %s", text(sys(write, slave, "w", 1)));
	return 4;
}

static int sets(void)
{
	struct settings s = get_settings(slave);

	line("  TCSETS: %s", text(sys(ioctl, slave, TCSETS, &s)));
	return 5;
}

static int takes(void)
{
	int pgrp = (int)sys(getpgid, 0);

	line("  TIOCSPGRP: %s", text(sys(ioctl, slave, TIOCSPGRP, &pgrp)));
	return 6;
}

static int flushes(void)
{
	line("  TCFLSH: %s", text(sys(ioctl, slave, TCFLSH, 0)));
	line("  TCXONC: %s", text(sys(ioctl, slave, TCXONC, 1)));
	line("  TCSBRK: %s", text(sys(ioctl, slave, TCSBRK, 1)));
	return 7;
}

static int resizes(void)
{
	struct winsize ws = { 3, 4, 0, 0 };

	line("  TIOCSWINSZ: %s", text(sys(ioctl, slave, TIOCSWINSZ, &ws)));
	return 8;
}

static int (*with_signal)(void);
static int signal_to_change;

static int ignoring(void)
{
	signal(signal_to_change, SIG_IGN);
	return with_signal();
}

static int blocking(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal_to_change);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return with_signal();
}

static void in_background(const char *what, int (*fn)(void), int sig)
{
	static int (*const ways[])(void) = { ignoring, blocking };
	static const char *const names[] = { "ignores the signal", "blocks the signal" };
	long pid = job(fn, 0);
	int pgrp;

	line(" %s", what);
	tell_job("in the background", pid);
	pgrp = (int)pid;
	CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0 || sig == 0);
	type("x\n");
	CHECK(sys(kill, -pid, SIGCONT) == 0 || sig == 0);
	tell_job("in the foreground", pid);
	end_job(pid);
	pgrp = (int)sys(getpgid, 0);
	signal(SIGTTOU, SIG_IGN);
	CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
	signal(SIGTTOU, SIG_DFL);
	with_signal = fn;
	signal_to_change = sig;
	for (int i = 0; i < 2 && sig; i++) {
		pid = job(ways[i], 0);
		tell_job(names[i], pid);
		end_job(pid);
		signal(SIGTTOU, SIG_IGN);
		CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
		signal(SIGTTOU, SIG_DFL);
	}
	forget();
}

static int background(void *unused)
{
	struct settings s;

	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	in_background("reads", reads, SIGTTIN);
	in_background("sets", sets, SIGTTOU);
	in_background("takes the foreground", takes, SIGTTOU);
	in_background("flushes", flushes, SIGTTOU);
	in_background("resizes", resizes, 0);
	in_background("writes", writes, 0);
	s = get_settings(slave);
	s.lflag |= TOSTOP_;
	set_settings(slave, &s);
	in_background("writes, TOSTOP", writes, SIGTTOU);
	return failures;
}

static int foreground(void *unused)
{
	int pgrp;
	long pid;

	(void)unused;
	start_session();
	pgrp = (int)sys(getpgid, 0);
	show(ioctl, slave, TIOCSPGRP, &pgrp);
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	pgrp = -1;
	show(ioctl, slave, TIOCSPGRP, &pgrp);
	pgrp = 0;
	show(ioctl, slave, TIOCSPGRP, &pgrp);
	pgrp = 32767;
	show(ioctl, slave, TIOCSPGRP, &pgrp);
	pgrp = 1;
	show(ioctl, slave, TIOCSPGRP, &pgrp);
	show(ioctl, slave, TIOCSPGRP, (void *)8);
	pid = job(reads, 1);
	tell_tty();
	end_job(pid);
	line(" that group is gone");
	tell_tty();
	return failures;
}

/* --- keys ----------------------------------------------------------------------------------- */

static int spins(void)
{
	for (;;)
		sys(pause);
	return 0;
}

static void key(const char *what, const char *s, size_t n)
{
	long pid = job(spins, 1), other = sys(fork);
	int pgrp = (int)sys(getpgid, 0);

	if (other == 0) {
		sys(setpgid, 0, 0);
		spins();
	}
	type_bytes("half", 4);
	sleep_ms(40);
	type_bytes(s, n);
	line(" %s", what);
	tell_job("in the foreground", pid);
	tell_job("in the background", other);
	end_job(pid);
	end_job(other);
	signal(SIGTTOU, SIG_IGN);
	CHECK(sys(ioctl, slave, TIOCSPGRP, &pgrp) == 0);
	signal(SIGTTOU, SIG_DFL);
	type("\n");
	tell_read("left", slave, 20);
	tell_screen("shown");
	forget();
}

static int keys(void *unused)
{
	struct settings s;

	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	key("^C", "\x03", 1);
	key("^\\", "\x1c", 1);
	key("^Z", "\x1a", 1);
	key("a letter", "c", 1);
	s = get_settings(slave);
	s.lflag |= NOFLSH_;
	set_settings(slave, &s);
	key("^C, NOFLSH", "\x03", 1);
	s.lflag &= ~ISIG_;
	set_settings(slave, &s);
	key("^C, no ISIG", "\x03", 1);
	s.lflag = LIKE_A_SHELL;
	s.cc[VINTR_] = 'i';
	set_settings(slave, &s);
	key("i is VINTR", "i", 1);
	return failures;
}

static int window(void *unused)
{
	struct winsize ws = { 24, 80, 0, 0 };

	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	catch(SIGWINCH);
	show(ioctl, master, TIOCSWINSZ, &ws);
	line("SIGWINCH %d", counted[SIGWINCH]);
	show(ioctl, master, TIOCSWINSZ, &ws);
	line("the same size: SIGWINCH %d", counted[SIGWINCH]);
	ws.ws_col = 81;
	show(ioctl, slave, TIOCSWINSZ, &ws);
	line("another: SIGWINCH %d", counted[SIGWINCH]);
	catch(SIGINT);
	show(ioctl, master, TIOCSIG, SIGINT);
	line("TIOCSIG: SIGINT %d", counted[SIGINT]);
	return failures;
}

/* Nobody outside its group is left in the session: the group is orphaned. */
static int orphan(void *unused)
{
	int pgrp = (int)sys(getpgid, 0);
	long pid;

	(void)unused;
	start_session();
	CHECK(sys(ioctl, slave, TIOCSCTTY, 0) == 0);
	pgrp = (int)sys(getpgid, 0);
	pid = sys(fork);
	if (pid == 0) {
		struct settings s = get_settings(slave);
		char c;

		sys(setpgid, 0, 0);
		pid = sys(fork);
		if (pid)
			sys(exit_group, 0);
		sleep_ms(60);
		show(read, slave, &c, 1);
		show(ioctl, slave, TCSETS, &s);
		show(ioctl, slave, TIOCSPGRP, &pgrp);
		shared[2] = 1;
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	for (int i = 0; i < 2000 && !shared[2]; i++)
		sleep_ms(1);
	return failures;
}

int main(void)
{
	close_inherited();
	shared = (volatile int *)new_pages(1, MAP_SHARED);
	session("asking for it", getting);
	session("opening it", by_open);
	session("members of the session", members);
	session("taking it from others", stealing);
	session("giving it up", giving_up);
	session("the foreground", foreground);
	session("the background", background);
	session("keys", keys);
	session("the window", window);
	session("orphaned", orphan);
	return verdict();
}
