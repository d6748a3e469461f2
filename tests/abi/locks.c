/*
 * locks.c - record locks of a process: ranges, conflicts, splitting and joining, waiting, deadlock, what
 * releases them; and the order of fcntl()'s checks.
 */
#include "abi.h"

#include <sys/socket.h>
#include <sys/time.h>

static struct flock lock_of(int type, int whence, long start, long len)
{
	return (struct flock){ .l_type = type, .l_whence = whence, .l_start = start, .l_len = len };
}

static long lock(int cmd, int fd, int type, long start, long len)
{
	struct flock fl = lock_of(type, SEEK_SET, start, len);

	return sys(fcntl, fd, cmd, &fl);
}

static void close_one(long fd)
{
	sys(close, fd);
}

/* What a process that has no lock finds in its way: all locks of the other, byte by byte range. */
static void show_locks(const char *what, int fd)
{
	int status;
	long pid, mypid = sys(getpid);

	pid = sys(fork);
	if (!pid) {
		char text_of[256] = "";
		long at = 0;

		for (;;) {
			struct flock fl = lock_of(F_WRLCK, SEEK_SET, at, 0);
			char one[64];

			if (sys(fcntl, fd, F_GETLK, &fl) || fl.l_type == F_UNLCK)
				break;
			snprintf(one, sizeof(one), " %c[%ld+%ld]%s", fl.l_type == F_RDLCK ? 'r' : 'w',
				 (long)fl.l_start, (long)fl.l_len, fl.l_pid == mypid ? "" : "?");
			strcat(text_of, one);
			if (!fl.l_len)
				break;
			at = fl.l_start + fl.l_len;
		}
		line("%s:%s", what, *text_of ? text_of : " none");
		sys(exit_group, 0);
	}
	sys(wait4, pid, &status, 0, 0);
}

static void checks(int fd)
{
	struct flock fl = lock_of(F_RDLCK, SEEK_SET, 0, 0);
	int ro = sys(open, "/tmp/locks", O_RDONLY), wo = sys(open, "/tmp/locks", O_WRONLY);

	line("[order of checks]");
	show(fcntl, 99, F_SETLK, 1);
	show(fcntl, fd, F_SETLK, 1);
	show(fcntl, fd, F_GETLK, 1);
	show(fcntl, fd, F_SETLKW, 0);
	fl.l_type = 7;
	show(fcntl, fd, F_SETLK, &fl);
	show(fcntl, fd, F_GETLK, &fl);
	fl.l_type = F_UNLCK;
	show(fcntl, fd, F_GETLK, &fl);
	fl = lock_of(F_RDLCK, 3, 0, 0);
	show(fcntl, fd, F_SETLK, &fl);
	show(fcntl, wo, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_SET, -1, 0);
	show(fcntl, fd, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_SET, 5, -6);
	show(fcntl, fd, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_SET, 0x7fffffffffffffff, 2);
	show(fcntl, fd, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_SET, 0x7fffffffffffffff, 1);
	show(fcntl, fd, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_END, 0x7fffffffffffffff, 1);
	show(fcntl, fd, F_SETLK, &fl);
	fl = lock_of(F_RDLCK, SEEK_SET, 0, 1);
	show(fcntl, wo, F_SETLK, &fl);
	show(fcntl, wo, F_GETLK, &fl);
	fl = lock_of(F_WRLCK, SEEK_SET, 0, 1);
	show(fcntl, ro, F_SETLK, &fl);
	fl = lock_of(F_UNLCK, SEEK_SET, 0, 1);
	show(fcntl, ro, F_SETLK, &fl);
	show(fcntl, wo, F_SETLK, &fl);
	fl = lock_of(9, SEEK_SET, -1, 1);
	show(fcntl, ro, F_SETLK, &fl);
	sys(close, ro);
	sys(close, wo);
	fl = lock_of(F_UNLCK, SEEK_SET, 0, 0);
	sys(fcntl, fd, F_SETLK, &fl);
}

static void ranges(int fd)
{
	struct flock fl;

	line("[ranges]");
	sys(lseek, fd, 10, SEEK_SET);
	fl = lock_of(F_WRLCK, SEEK_CUR, 5, 5);
	show(fcntl, fd, F_SETLK, &fl);
	show_locks("from the position", fd);
	fl = lock_of(F_WRLCK, SEEK_CUR, 0, -5);
	show(fcntl, fd, F_SETLK, &fl);
	show_locks("before the position", fd);
	fl = lock_of(F_RDLCK, SEEK_END, 0, 0);
	show(fcntl, fd, F_SETLK, &fl);
	show_locks("behind the end", fd);
	fl = lock_of(F_RDLCK, SEEK_END, -3, 2);
	show(fcntl, fd, F_SETLK, &fl);
	show_locks("before the end", fd);
	show(fcntl, fd, F_GETLK, &fl);
	line("own locks: type %d, start %ld, len %ld", fl.l_type, (long)fl.l_start, (long)fl.l_len);
	line("unlock: %s", text(lock(F_SETLK, fd, F_UNLCK, 0, 0)));
	show_locks("after it", fd);
}

static void split_and_join(int fd)
{
	line("[split and join]");
	lock(F_SETLK, fd, F_WRLCK, 0, 100);
	lock(F_SETLK, fd, F_UNLCK, 40, 20);
	show_locks("hole", fd);
	lock(F_SETLK, fd, F_RDLCK, 10, 10);
	show_locks("read lock inside", fd);
	lock(F_SETLK, fd, F_WRLCK, 40, 20);
	show_locks("joined", fd);
	lock(F_SETLK, fd, F_WRLCK, 10, 10);
	show_locks("and whole", fd);
	lock(F_SETLK, fd, F_RDLCK, 0, 10);
	lock(F_SETLK, fd, F_RDLCK, 90, 0);
	show_locks("both ends", fd);
	lock(F_SETLK, fd, F_UNLCK, 5, 10);
	show_locks("over an edge", fd);
	lock(F_SETLK, fd, F_RDLCK, 15, 75);
	show_locks("downgrade joins", fd);
	lock(F_SETLK, fd, F_WRLCK, 0, 0);
	show_locks("all", fd);
	lock(F_SETLK, fd, F_RDLCK, 200, 1);
	lock(F_SETLK, fd, F_RDLCK, 202, 1);
	lock(F_SETLK, fd, F_RDLCK, 204, 1);
	show_locks("three bytes", fd);
	lock(F_SETLK, fd, F_RDLCK, 201, 3);
	show_locks("five", fd);
	lock(F_SETLK, fd, F_UNLCK, 0, 203);
	show_locks("half gone", fd);
	lock(F_SETLK, fd, F_UNLCK, 0x7fffffffffffffff, 1);
	show_locks("without the last byte", fd);
	lock(F_SETLK, fd, F_UNLCK, 0, 0);
	show_locks("none", fd);
}

static void conflicts(int fd)
{
	int status;
	long pid;

	line("[conflicts]");
	lock(F_SETLK, fd, F_RDLCK, 0, 10);
	lock(F_SETLK, fd, F_WRLCK, 20, 10);
	pid = sys(fork);
	if (!pid) {
		line("read on read: %s", text(lock(F_SETLK, fd, F_RDLCK, 5, 2)));
		line("write on read: %s", text(lock(F_SETLK, fd, F_WRLCK, 5, 2)));
		line("read on write: %s", text(lock(F_SETLK, fd, F_RDLCK, 29, 1)));
		line("between: %s", text(lock(F_SETLK, fd, F_WRLCK, 10, 10)));
		line("over both: %s", text(lock(F_SETLK, fd, F_RDLCK, 0, 0)));
		line("behind: %s", text(lock(F_SETLK, fd, F_WRLCK, 30, 0)));
		line("unlock of another's: %s", text(lock(F_SETLK, fd, F_UNLCK, 0, 0)));
		sys(exit_group, 0);
	}
	sys(wait4, pid, &status, 0, 0);
	show_locks("the parent's", fd);
	line("[what releases]");
	close_one(sys(dup, fd));
	show_locks("close of a duplicate", fd);
	lock(F_SETLK, fd, F_WRLCK, 0, 1);
	close_one(sys(open, "/tmp/locks", O_RDONLY));
	show_locks("close of another open file", fd);
	lock(F_SETLK, fd, F_WRLCK, 0, 1);
	sys(dup2, fd, 50);
	sys(dup2, 0, 50);
	show_locks("dup2 over a duplicate", fd);
	sys(close, 50);
	pid = sys(fork);
	if (!pid) {
		lock(F_SETLK, fd, F_WRLCK, 7, 7);
		sys(exit_group, 0);
	}
	sys(wait4, pid, &status, 0, 0);
	show_locks("exit", fd);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void restorer(void)
{
	asm volatile("mov $15, %eax; syscall");
}

static void catch_alarm(unsigned long flags)
{
	struct { void (*handler)(int); unsigned long flags; void (*restorer)(void); unsigned long mask; }
		action = { on_alarm, flags | 0x04000000, restorer, 0 };

	sys(rt_sigaction, SIGALRM, &action, 0, 8);
}

static void nap(long ms)
{
	struct timespec ts = { 0, ms * 1000000 };

	sys(nanosleep, &ts, 0);
}

/* The child holds [0, 1), and gives it back after a while. */
static long holder(int fd, int type, int ms, volatile int *go)
{
	long pid;

	*go = 0;
	pid = sys(fork);
	if (!pid) {
		lock(F_SETLK, fd, type, 0, 1);
		*go = 1;
		nap(ms);
		line("child unlocks");
		lock(F_SETLK, fd, F_UNLCK, 0, 1);
		sys(exit_group, 0);
	}
	while (!*go)
		sys(sched_yield);
	return pid;
}

static void waiting(int fd)
{
	struct itimerval when = { .it_value = { 0, 50000 } };
	int *go = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), status;
	long pid;

	line("[waiting]");
	pid = holder(fd, F_WRLCK, 60, go);
	line("at once: %s", text(lock(F_SETLK, fd, F_RDLCK, 0, 1)));
	line("waited: %s", text(lock(F_SETLKW, fd, F_RDLCK, 0, 1)));
	sys(wait4, pid, &status, 0, 0);
	show_locks("mine", fd);
	lock(F_SETLK, fd, F_UNLCK, 0, 0);

	pid = holder(fd, F_WRLCK, 150, go);
	catch_alarm(0);
	sys(setitimer, ITIMER_REAL, &when, 0);
	line("interrupted: %s", text(lock(F_SETLKW, fd, F_WRLCK, 0, 1)));
	catch_alarm(SA_RESTART);
	sys(setitimer, ITIMER_REAL, &when, 0);
	line("restarted: %s", text(lock(F_SETLKW, fd, F_WRLCK, 0, 1)));
	sys(wait4, pid, &status, 0, 0);
	lock(F_SETLK, fd, F_UNLCK, 0, 0);
}

static void deadlock(int fd)
{
	int status;
	long pid;

	line("[deadlock]");
	lock(F_SETLK, fd, F_WRLCK, 0, 1);
	pid = sys(fork);
	if (!pid) {
		lock(F_SETLK, fd, F_WRLCK, 1, 1);
		line("child waits: %s", text(lock(F_SETLKW, fd, F_WRLCK, 0, 1)));
		sys(exit_group, 0);
	}
	nap(50);
	line("parent: %s", text(lock(F_SETLKW, fd, F_WRLCK, 1, 1)));
	line("parent, not waiting: %s", text(lock(F_SETLK, fd, F_WRLCK, 1, 1)));
	line("parent unlocks");
	CHECK(!lock(F_SETLK, fd, F_UNLCK, 0, 1));
	sys(wait4, pid, &status, 0, 0);
	line("child: %s", ending(status));
	lock(F_SETLK, fd, F_UNLCK, 0, 0);
}

/* Two wait to write: each gets it in turn; then two readers get it at once. */
static void queue(int fd)
{
	int status;

	line("[several wait]");
	lock(F_SETLK, fd, F_WRLCK, 0, 1);
	for (int i = 0; i < 4; i++) {
		if (!sys(fork)) {
			line("%d waits", i);
			lock(F_SETLKW, fd, i < 2 ? F_WRLCK : F_RDLCK, 0, 1);
			nap(i == 3 ? 40 : 0); /* 2 says so first */
			line("%d has it", i);
			if (i < 2)
				nap(30);
			else
				nap(i * 50 - 80); /* both have it by now */
			line("%d ends", i);
			sys(exit_group, 0);
		}
		nap(20);
	}
	lock(F_SETLK, fd, F_UNLCK, 0, 0);
	for (int i = 0; i < 4; i++)
		sys(wait4, -1, &status, 0, 0);
	show_locks("all done", fd);
}

static void other_files(void)
{
	struct flock fl = lock_of(F_WRLCK, SEEK_SET, 0, 0);
	int fd = sys(socket, AF_INET, SOCK_STREAM, 0), dir;

	line("[other files]");
	show(fcntl, fd, F_SETLK, &fl);
	show_locks("a socket", fd);
	close_one(sys(dup, fd));
	show_locks("after close", fd);
	sys(close, fd);
	dir = sys(open, "/tmp", O_RDONLY | O_DIRECTORY);
	show(fcntl, dir, F_SETLK, &fl);
	fl.l_type = F_RDLCK;
	show(fcntl, dir, F_SETLK, &fl);
	show_locks("a directory", dir);
	sys(close, dir);
}

int main(void)
{
	int fd;

	sys(mkdir, "/tmp", 0777);
	fd = sys(open, "/tmp/locks", O_RDWR | O_CREAT | O_TRUNC, 0600);
	sys(write, fd, "0123456789abcdefghijklmnopqrst", 30);
	checks(fd);
	ranges(fd);
	split_and_join(fd);
	conflicts(fd);
	waiting(fd);
	deadlock(fd);
	queue(fd);
	other_files();
	show(close, fd);
	show(unlink, "/tmp/locks");
	return verdict();
}
