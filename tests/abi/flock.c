/*
 * flock.c - locks that belong to the open file: flock(), and fcntl()'s F_OFD_ commands.
 */
#include "abi.h"

#include <sys/file.h>

static int open_it(int flags)
{
	return sys(open, "/tmp/flock", flags);
}

static long ofd(int cmd, int fd, int type, long start, long len)
{
	struct flock fl = { .l_type = type, .l_start = start, .l_len = len };

	return sys(fcntl, fd, cmd, &fl);
}

static void nap(long ms)
{
	struct timespec ts = { 0, ms * 1000000 };

	sys(nanosleep, &ts, 0);
}

static void whole_files(void)
{
	int a = open_it(O_RDWR), b = open_it(O_RDONLY), c, status;

	line("[flock: checks]");
	show(flock, 99, LOCK_SH);
	show(flock, 99, 3);
	show(flock, a, 0);
	show(flock, a, LOCK_SH | LOCK_EX);
	show(flock, a, LOCK_NB);
	show(flock, 99, LOCK_UN | 32);
	show(flock, a, 64);
	show(flock, a, LOCK_UN);
	line("[flock: conflicts]");
	show(flock, a, LOCK_SH);
	show(flock, b, LOCK_SH | LOCK_NB);
	show(flock, b, LOCK_EX | LOCK_NB);
	show(flock, a, LOCK_UN);
	show(flock, b, LOCK_EX | LOCK_NB);
	show(flock, a, LOCK_SH | LOCK_NB);
	show(flock, b, LOCK_EX);
	show(flock, b, LOCK_SH | LOCK_NB);
	show(flock, a, LOCK_SH | LOCK_NB);
	line("an upgrade that fails loses the lock");
	show(flock, a, LOCK_EX | LOCK_NB);
	show(flock, b, LOCK_EX | LOCK_NB);
	line("[flock: what releases]");
	c = sys(dup, b);
	show(close, b);
	show(flock, a, LOCK_EX | LOCK_NB);
	show(close, c);
	show(flock, a, LOCK_EX | LOCK_NB);
	b = open_it(O_RDONLY);
	if (!sys(fork)) {
		line("child: %s", text(sys(flock, a, LOCK_SH | LOCK_NB)));
		line("child unlocks: %s", text(sys(flock, a, LOCK_UN)));
		sys(exit_group, 0);
	}
	sys(wait4, -1, &status, 0, 0);
	show(flock, b, LOCK_EX | LOCK_NB);
	if (!sys(fork)) {
		nap(40);
		line("child unlocks");
		sys(flock, b, LOCK_UN);
		sys(exit_group, 0);
	}
	show(flock, a, LOCK_EX);
	sys(wait4, -1, &status, 0, 0);
	line("record locks do not see it: %s", text(ofd(F_SETLK, b, F_RDLCK, 0, 0)));
	sys(close, a);
	sys(close, b);
}

static void other_files(void)
{
	int fd = sys(open, "/tmp", O_RDONLY | O_DIRECTORY), other = sys(open, "/tmp", O_RDONLY);

	line("[flock: other files]");
	show(flock, fd, LOCK_EX | LOCK_NB);
	show(flock, other, LOCK_EX | LOCK_NB);
	sys(close, fd);
	show(flock, other, LOCK_EX | LOCK_NB);
	sys(close, other);
	fd = sys(open, "/dev/null", O_RDONLY);
	show(flock, fd, LOCK_SH);
	sys(close, fd);
}

static void of_open_files(void)
{
	struct flock fl = { .l_type = F_RDLCK, .l_pid = 1 };
	int a = open_it(O_RDWR), b = open_it(O_RDWR), c, status;

	line("[F_OFD: checks]");
	show(fcntl, a, F_OFD_SETLK, 1);
	show(fcntl, a, F_OFD_SETLK, &fl);
	show(fcntl, a, F_OFD_SETLKW, &fl);
	show(fcntl, a, F_OFD_GETLK, &fl);
	c = open_it(O_WRONLY);
	show(fcntl, c, F_OFD_SETLK, &fl);
	fl.l_pid = 0;
	show(fcntl, c, F_OFD_SETLK, &fl);
	sys(close, c);
	line("[F_OFD: conflicts]");
	line("a writes: %s", text(ofd(F_OFD_SETLK, a, F_WRLCK, 0, 10)));
	line("a again: %s", text(ofd(F_OFD_SETLK, a, F_RDLCK, 5, 5)));
	line("b reads: %s", text(ofd(F_OFD_SETLK, b, F_RDLCK, 0, 1)));
	line("b reads what a reads: %s", text(ofd(F_OFD_SETLK, b, F_RDLCK, 5, 5)));
	line("b writes: %s", text(ofd(F_OFD_SETLK, b, F_WRLCK, 5, 5)));
	line("the process writes: %s", text(ofd(F_SETLK, a, F_WRLCK, 0, 1)));
	line("the process elsewhere: %s", text(ofd(F_SETLK, a, F_WRLCK, 20, 1)));
	line("a where the process is: %s", text(ofd(F_OFD_SETLK, a, F_WRLCK, 20, 1)));
	fl = (struct flock){ .l_type = F_WRLCK };
	show(fcntl, b, F_OFD_GETLK, &fl);
	line("type %d, start %ld, len %ld, pid %d", fl.l_type, (long)fl.l_start, (long)fl.l_len, fl.l_pid);
	fl = (struct flock){ .l_type = F_WRLCK, .l_start = 20 };
	show(fcntl, b, F_OFD_GETLK, &fl);
	line("type %d, start %ld, len %ld, mine %d", fl.l_type, (long)fl.l_start, (long)fl.l_len,
	     fl.l_pid == sys(getpid));
	line("[F_OFD: what releases]");
	c = sys(dup, a);
	sys(close, c);
	line("close of a duplicate; b reads: %s", text(ofd(F_OFD_SETLK, b, F_RDLCK, 0, 1)));
	if (!sys(fork))
		sys(exit_group, ofd(F_OFD_SETLK, a, F_WRLCK, 0, 1) ? 1 : 0);
	sys(wait4, -1, &status, 0, 0);
	line("a child has it, too: %s", ending(status));
	line("b reads: %s", text(ofd(F_OFD_SETLK, b, F_RDLCK, 0, 1)));
	if (!sys(fork)) {
		nap(40);
		line("child closes");
		sys(exit_group, 0);
	}
	sys(close, a);
	line("b waits: %s", text(ofd(F_OFD_SETLKW, b, F_WRLCK, 0, 0)));
	sys(wait4, -1, &status, 0, 0);
	sys(close, b);
}

int main(void)
{
	sys(mkdir, "/tmp", 0777);
	sys(close, sys_args(SYS_open, "/tmp/flock", O_CREAT | O_RDWR, 0600, 0, 0, 0));
	whole_files();
	other_files();
	of_open_files();
	show(unlink, "/tmp/flock");
	return verdict();
}
