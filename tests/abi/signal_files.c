/*
 * signal_files.c - signals read from a file (signalfd), and processes as files (pidfd_open).
 */
#include "handlers.h"

#include <poll.h>
#include <sys/signalfd.h>

#define BAD	((void *)0x1000)
#define GIVEN	7777777	/* no process has this number */

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static int calls;

static void count(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	calls++;
}

/* --- signalfd ------------------------------------------------------------------------------- */

static void arguments(void)
{
	unsigned long set = bit(SIGUSR1);
	int fd = sys(open, "/", O_RDONLY, 0);

	show(signalfd4, -1, &set, 4, 0);
	show(signalfd4, -1, BAD, 4, -1);
	show(signalfd4, -1, BAD, 8, -1);
	show(signalfd4, -1, &set, 8, 1);
	show(signalfd4, 99, &set, 8, 1);
	show(signalfd4, 99, &set, 8, 0);
	show(signalfd4, -2, &set, 8, 0);
	show(signalfd4, fd, &set, 8, 0);
	show(signalfd, 99, &set, 8);
	show(signalfd, -1, &set, 16);
	CHECK(sys(close, fd) == 0);
	fd = sys(signalfd4, -1, &set, 8, SFD_CLOEXEC | SFD_NONBLOCK);
	line("flags of the file %#lx, of the descriptor %ld", sys(fcntl, fd, F_GETFL), sys(fcntl, fd, F_GETFD));
	show(write, fd, &set, 8);
	show(lseek, fd, 5, SEEK_SET);
	show(ioctl, fd, 0x5401, BAD);
	CHECK(sys(close, fd) == 0);
}

static void tell(const struct signalfd_siginfo *s)
{
	line("signal %u errno %d code %d pid %s uid %u status %d int %d ptr %#llx addr %#llx tid %u overrun %u fd %d",
	     s->ssi_signo, s->ssi_errno, s->ssi_code, s->ssi_pid == 0 ? "0" : s->ssi_pid == GIVEN ? "as given" : "of a process", s->ssi_uid, s->ssi_status, s->ssi_int,
	     (unsigned long long)s->ssi_ptr, (unsigned long long)s->ssi_addr, s->ssi_tid, s->ssi_overrun,
	     s->ssi_fd);
}

static int exit_7(void *unused)
{
	(void)unused;
	return 7;
}

static void reading(void)
{
	unsigned long set = bit(SIGUSR1) | bit(SIGCHLD) | bit(SIGSEGV) | bit(40) | bit(SIGKILL), more = ~0ul;
	struct signalfd_siginfo got[4];
	struct info info = { .code = SI_QUEUE, .pid = GIVEN, .uid = 88, .value = 0x123456789 };
	long me = sys(getpid), n;
	int fd = sys(signalfd4, -1, &set, 8, SFD_NONBLOCK);

	set_blocked(~0ul);
	show(read, fd, got, sizeof(got));
	show(read, fd, got, 127);
	show(read, fd, BAD, 0);
	show(read, fd, BAD, 128);
	raise_signal(SIGUSR1);
	raise_signal(SIGUSR2);
	CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	info.code = SEGV_MAPERR;
	info.addr = (void *)0x5678;
	CHECK(sys(rt_tgsigqueueinfo, me, me, SIGSEGV, &info) == 0);
	in_child(exit_7, 0);
	n = sys(read, fd, got, sizeof(got) + 5);
	line("four of five: %ld", n);
	for (int i = 0; i < n / 128; i++)
		tell(&got[i]);
	n = sys(read, fd, got, 128);
	line("the fifth: %ld", n);
	tell(&got[0]);
	show(read, fd, got, 128);
	line("pending: %#lx", pending());
	show(signalfd4, fd, &more, 8, 0);
	n = sys(read, fd, got, 256);
	line("of all signals now: %ld", n);
	tell(&got[0]);
	raise_signal(SIGUSR1);
	line("one that cannot be stored: %s", text(sys(read, fd, BAD, 128)));
	line("it is gone: %#lx", pending());
	set_blocked(0);
	CHECK(sys(close, fd) == 0);
}

/* A child has a signalfd of its parent's: it reads its own signals. */
static int child_reads(void *fd)
{
	struct signalfd_siginfo got;

	line("child: %s", text(sys(read, *(int *)fd, &got, sizeof(got))));
	raise_signal(SIGUSR1);
	line("child: %s", text(sys(read, *(int *)fd, &got, sizeof(got))));
	return failures;
}

static void waiting(void)
{
	unsigned long set = bit(SIGUSR1);
	struct signalfd_siginfo got;
	long me = sys(getpid), sender;
	int fd = sys(signalfd4, -1, &set, 8, 0), flags;

	set_blocked(set);
	sender = send_later(me, SIGUSR1, 30);
	line("read waits: %ld", sys(read, fd, &got, sizeof(got)));
	line("from the child: %d", got.ssi_pid == sender);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	handle(SIGUSR2, count, 0, 0);
	sender = send_later(me, SIGUSR2, 30);
	line("another signal: %s", text(sys(read, fd, &got, sizeof(got))));
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	handle(SIGUSR2, count, SA_RESTART, 0);
	sender = send_later(me, SIGUSR2, 30);
	long second = send_later(me, SIGUSR1, 60);
	line("another signal, SA_RESTART: %s, %d calls", text(sys(read, fd, &got, sizeof(got))), calls);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	CHECK(sys(wait4, second, 0, 0, 0) == second);
	flags = sys(fcntl, fd, F_GETFL);
	CHECK(sys(fcntl, fd, F_SETFL, flags | O_NONBLOCK) == 0);
	raise_signal(SIGUSR1);
	try("a child with the parent's file", child_reads, &fd);
	line("the parent: %ld", sys(read, fd, &got, sizeof(got)));
	set_blocked(0);
	CHECK(sys(close, fd) == 0);
}

/* What poll() says of @fd within @ms milliseconds. */
static void tell_poll(const char *what, int fd, int ms)
{
	struct pollfd entry = { fd, POLLIN | POLLOUT | POLLRDNORM, 0 };
	long ret = sys(poll, &entry, 1, ms);

	line("%s: poll %ld, events %#x", what, ret, entry.revents);
}

static void polling(void)
{
	unsigned long set = bit(SIGUSR1);
	struct signalfd_siginfo got;
	long me = sys(getpid), sender, tid = sys(gettid);
	int fd = sys(signalfd4, -1, &set, 8, 0);

	set_blocked(set | bit(SIGUSR2));
	tell_poll("signalfd, nothing", fd, 0);
	raise_signal(SIGUSR2);
	tell_poll("another signal", fd, 0);
	raise_signal(SIGUSR1);
	tell_poll("its signal", fd, 0);
	CHECK(sys(read, fd, &got, sizeof(got)) == sizeof(got));
	tell_poll("read", fd, 0);
	CHECK(sys(tkill, tid, SIGUSR1) == 0);
	tell_poll("its signal, to the thread", fd, 0);
	CHECK(sys(read, fd, &got, sizeof(got)) == sizeof(got));
	sender = send_later(me, SIGUSR1, 30);
	tell_poll("its signal, after a while", fd, 2000);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	CHECK(sys(read, fd, &got, sizeof(got)) == sizeof(got));
	CHECK(set_action(SIGUSR2, SIG_IGN, 0, 0) == 0);
	set_blocked(0);
	CHECK(sys(close, fd) == 0);
	sender = sys(fork);
	if (sender == 0) {
		sleep_ms(50);
		sys(exit_group, 0);
	}
	fd = sys(pidfd_open, sender, 0);
	tell_poll("pidfd, it runs", fd, 0);
	tell_poll("it ends after a while", fd, 2000);
	tell_poll("it is a zombie", fd, 0);
	CHECK(sys(wait4, sender, 0, 0, 0) == sender);
	tell_poll("it is gone", fd, 0);
	CHECK(sys(close, fd) == 0);
}

/* --- pidfd ---------------------------------------------------------------------------------- */

#ifndef P_PIDFD
#define P_PIDFD 3 /* older headers do not have it */
#endif

static long sleeper(void)
{
	long pid = sys(fork);

	while (pid == 0)
		sys(pause);
	return pid;
}

static void pidfds(void)
{
	long me = sys(getpid), child = sleeper(), gone = sleeper();
	struct info info = { .signo = SIGUSR1, .code = SI_QUEUE };
	int fd, status, self, other;

	CHECK(sys(kill, gone, SIGKILL) == 0);
	CHECK(sys(wait4, gone, 0, 0, 0) == gone);
	show(pidfd_open, 0, 0);
	show(pidfd_open, -1, 0);
	show(pidfd_open, gone, 0);
	show(pidfd_open, 0x7fffffff, 0);
	show(pidfd_open, me, 1);
	show(pidfd_open, gone, 1);
	fd = sys(pidfd_open, child, 0);
	self = sys(pidfd_open, me, O_NONBLOCK);
	other = sys(open, "/", O_RDONLY, 0);
	line("flags of the file %#lx and %#lx, of the descriptor %ld", sys(fcntl, fd, F_GETFL),
	     sys(fcntl, self, F_GETFL), sys(fcntl, fd, F_GETFD));
	show(read, fd, &info, 8);
	show(write, fd, &info, 8);
	show(pidfd_send_signal, fd, 0, 0, 0);
	show(pidfd_send_signal, fd, 0, 0, 0x80);
	show(pidfd_send_signal, 99, 65, BAD, 0x80);
	show(pidfd_send_signal, 99, 0, BAD, 0);
	show(pidfd_send_signal, other, 0, BAD, 0);
	show(pidfd_send_signal, fd, 0, BAD, 0);
	show(pidfd_send_signal, fd, 65, 0, 0);
	show(pidfd_send_signal, fd, SIGUSR2, &info, 0);
	info.code = SI_USER;
	show(pidfd_send_signal, fd, SIGUSR1, &info, 0);
	show(pidfd_send_signal, fd, SIGUSR2, &info, 0);
	set_blocked(bit(SIGUSR1));
	show(pidfd_send_signal, self, SIGUSR1, &info, 0);
	line("pending: %#lx", pending());
	CHECK(set_action(SIGUSR1, SIG_IGN, 0, 0) == 0);
	set_blocked(0);
	info.code = SI_QUEUE;
	show(pidfd_send_signal, fd, SIGUSR1, &info, 0);
	CHECK(sys(wait4, child, &status, 0, 0) == child);
	line("the child: %s", ending(status));
	show(pidfd_send_signal, fd, 0, 0, 0);
	show(pidfd_send_signal, fd, SIGTERM, 0, 0);
	CHECK(sys(close, fd) == 0 && sys(close, self) == 0 && sys(close, other) == 0);
}

static void wait_for(const char *what, int fd, int options)
{
	struct info info = { .signo = -1 };
	long ret = sys(waitid, P_PIDFD, fd, &info, options, 0);

	line("waitid(P_PIDFD, %s, %#x) = %s: signal %d code %d status %d", what, (unsigned)options, text(ret),
	     info.signo, info.code, info.status);
}

static void wait_for_pidfd(void)
{
	long me = sys(getpid), child = sleeper();
	int fd = sys(pidfd_open, child, 0), nonblock = sys(pidfd_open, child, O_NONBLOCK);
	int self = sys(pidfd_open, me, 0), other = sys(open, "/", O_RDONLY, 0);

	wait_for("-1", -1, WEXITED);
	wait_for("closed", 99, WEXITED);
	wait_for("a directory", other, WEXITED);
	wait_for("self", self, WEXITED);
	wait_for("a child", fd, WEXITED | WNOHANG);
	wait_for("a child, O_NONBLOCK", nonblock, WEXITED);
	wait_for("a child, O_NONBLOCK", nonblock, WEXITED | WNOHANG);
	CHECK(sys(kill, child, SIGTERM) == 0);
	wait_for("a child that ends", fd, WEXITED | WNOWAIT);
	wait_for("a child that has ended, O_NONBLOCK", nonblock, WEXITED);
	wait_for("it is gone", fd, WEXITED);
	CHECK(sys(close, fd) == 0 && sys(close, nonblock) == 0);
	CHECK(sys(close, self) == 0 && sys(close, other) == 0);
}

int main(void)
{
	close_inherited();
	arguments();
	reading();
	waiting();
	polling();
	pidfds();
	wait_for_pidfd();
	return verdict();
}
