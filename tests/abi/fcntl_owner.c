/*
 * fcntl_owner.c - who gets the signals of a file, and which: F_SETOWN, F_SETOWN_EX, F_SETSIG, O_ASYNC.
 */
#include "abi.h"

#include <sys/socket.h>

#ifndef F_SETOWN_EX
#define F_SETOWN_EX 15
#define F_GETOWN_EX 16
#endif

struct owner {
	int type, pid;
};

static long me;

/* A pid as it may be printed. */
static const char *who(long pid)
{
	return pid == me ? "me" : pid == -me ? "my group" : text(pid);
}

static void show_owner(const char *what, int fd)
{
	struct owner ex = { -1, -1 };
	long own = sys(fcntl, fd, F_GETOWN, 0), ret = sys(fcntl, fd, F_GETOWN_EX, &ex);
	char first[32], second[32];

	snprintf(first, sizeof(first), "%s", who(own));
	snprintf(second, sizeof(second), "%s", who(ex.pid));
	line("%s: %s; ex %s: type %d, %s", what, first, text(ret), ex.type, second);
}

static void owners(int fd)
{
	struct owner ex;
	int other = sys(dup, fd), status;
	long pid;

	line("[owner]");
	show_owner("nobody", fd);
	show(fcntl, 99, F_GETOWN, 0);
	show(fcntl, 99, F_SETOWN, 0);
	show(fcntl, fd, F_SETOWN, me);
	show_owner("me", fd);
	show_owner("a duplicate", other);
	show(fcntl, fd, F_SETOWN, -me);
	show_owner("group", fd);
	show(fcntl, fd, F_SETOWN, 0x7ffffff);
	show_owner("as before", fd);
	show(fcntl, fd, F_SETOWN, -0x7ffffff);
	show(fcntl, fd, F_SETOWN, 0x80000000);
	show(fcntl, fd, F_SETOWN, 0);
	show_owner("nobody", fd);
	line("[owner, extended]");
	show(fcntl, fd, F_SETOWN_EX, 1);
	show(fcntl, fd, F_GETOWN_EX, 1);
	ex = (struct owner){ 3, me };
	show(fcntl, fd, F_SETOWN_EX, &ex);
	ex = (struct owner){ -1, me };
	show(fcntl, fd, F_SETOWN_EX, &ex);
	for (int type = 0; type < 3; type++) {
		ex = (struct owner){ type, 0x7ffffff };
		show(fcntl, fd, F_SETOWN_EX, &ex);
		ex = (struct owner){ type, -me };
		show(fcntl, fd, F_SETOWN_EX, &ex);
		ex = (struct owner){ type, me };
		show(fcntl, fd, F_SETOWN_EX, &ex);
		show_owner("ex", fd);
	}
	ex = (struct owner){ 1, 0 };
	show(fcntl, fd, F_SETOWN_EX, &ex);
	show_owner("nobody again", fd);
	pid = sys(fork);
	if (!pid) {
		struct timespec ts = { 0, 20000000 };

		sys(nanosleep, &ts, 0);
		sys(exit_group, 0);
	}
	line("a child: %s", text(sys(fcntl, fd, F_SETOWN, pid)));
	line("it is: %d", sys(fcntl, fd, F_GETOWN, 0) == pid);
	sys(wait4, pid, &status, 0, 0);
	show_owner("the child is gone", fd);
	sys(close, other);
}

static void signals(int fd)
{
	line("[signal]");
	show(fcntl, fd, F_GETSIG, 0);
	show(fcntl, fd, F_SETSIG, 65);
	show(fcntl, fd, F_SETSIG, -1);
	show(fcntl, fd, F_SETSIG, 64);
	show(fcntl, fd, F_GETSIG, 0);
	show(fcntl, fd, F_SETSIG, SIGKILL);
	show(fcntl, fd, F_GETSIG, 0);
	show(fcntl, fd, F_SETSIG, 0);
	show(fcntl, fd, F_GETSIG, 0);
	show(fcntl, 99, F_SETSIG, 0);
}

static void async(int fd)
{
	line("[O_ASYNC]");
	line("%#lo", sys(fcntl, fd, F_GETFL, 0) & O_ASYNC);
	show(fcntl, fd, F_SETFL, O_ASYNC);
	show_octal(fcntl, fd, F_GETFL, 0);
	show(fcntl, fd, F_SETFL, 0);
	show_octal(fcntl, fd, F_GETFL, 0);
}

static void unknown(int fd)
{
	line("[commands that do not exist]");
	show(fcntl, fd, 12, 0);
	show(fcntl, fd, 18, 0);
	show(fcntl, fd, 39, 0);
	show(fcntl, fd, 1023, 0);
	show(fcntl, fd, -1, 0);
	show(fcntl, 99, -1, 0);
}

int main(void)
{
	int fd;

	me = sys(getpid);
	sys(setpgid, 0, 0);
	sys(mkdir, "/tmp", 0777);
	fd = sys(open, "/tmp/owner", O_RDWR | O_CREAT, 0600);
	owners(fd);
	signals(fd);
	async(fd);
	unknown(fd);
	sys(close, fd);
	sys(unlink, "/tmp/owner");
	line("[/dev/null]");
	fd = sys(open, "/dev/null", O_RDWR);
	show_owner("nobody", fd);
	show(fcntl, fd, F_SETOWN, me);
	show_owner("me", fd);
	async(fd);
	return verdict();
}
