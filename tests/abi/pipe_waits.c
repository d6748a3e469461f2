/*
 * pipe_waits.c - pipes of which the other end is closed, or somebody else's: what is told, and who waits.
 */
#include "pipe.h"

static volatile int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

static void ends(void)
{
	struct sigaction act = { .sa_handler = on_signal };

	line("[the write end is closed]");
	new_pipe(0);
	put('a', 3);
	sys(close, p[1]);
	events("three bytes");
	take(2);
	take(2);
	take(2);
	take(0);
	events("nothing");
	close_pipe();

	line("[the read end is closed]");
	CHECK(sigaction(SIGPIPE, &act, NULL) == 0);
	new_pipe(0);
	put('a', 3);
	sys(close, p[0]);
	events("three bytes");
	put('b', 1);
	line("  %d signals", signals);
	put('b', 0);
	show(write, p[1], BAD, 1);
	show(write, p[1], (void *)-1, 1);
	line("  %d signals", signals);
	act.sa_handler = SIG_IGN;
	CHECK(sigaction(SIGPIPE, &act, NULL) == 0);
	put('c', 1);
	line("  %d signals", signals);
	close_pipe();

	line("[a copy keeps an end open]");
	new_pipe(O_NONBLOCK);
	CHECK(sys(dup, p[1]) == 5);
	sys(close, p[1]);
	events("one of two is closed");
	take(1);
	sys(close, 5);
	take(1);
	close_pipe();
}

static int die_of_sigpipe(void *unused)
{
	struct sigaction act = { .sa_handler = SIG_DFL };

	(void)unused;
	sigaction(SIGPIPE, &act, NULL);
	new_pipe(0);
	sys(close, p[0]);
	sys(write, p[1], "x", 1);
	return 1;
}

/* --- several processes ---------------------------------------------------------------------- */

static long later(void (*fn)(void))
{
	long pid = sys(fork);

	if (pid == 0) {
		sleep_ms(50);
		fn();
		sys(exit_group, 0);
	}
	CHECK(pid > 0);
	return pid;
}

static void write_3(void)
{
	sys(write, p[1], "abc", 3);
}

static void read_all(void)
{
	sys(read, p[0], buf, sizeof(buf));
}

static void read_pages(void)
{
	for (int i = 0; i < 2; i++) {
		sys(read, p[0], buf, PAGE);
		sleep_ms(50);
	}
}

static void interrupt(void)
{
	long parent = sys(getppid);

	sys(kill, parent, SIGUSR1);
}

static void reap(long pid)
{
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
}

static void waiting(void)
{
	struct sigaction act = { .sa_handler = on_signal };
	long pid;

	line("[waiting]");
	new_pipe(0);
	pid = later(write_3);
	take(10);
	reap(pid);
	pid = later(close_pipe);
	sys(close, p[1]);
	take(10);
	reap(pid);
	close_pipe();

	new_pipe(0);
	put('a', 65536);
	pid = later(read_all);
	put('b', 10);
	sys(close, p[1]);
	reap(pid);
	close_pipe();

	new_pipe(0);
	put('a', 65536);
	pid = later(read_pages);
	sys(close, p[0]);
	signals = 0;
	CHECK(sigaction(SIGPIPE, &act, NULL) == 0);
	put('b', 20000);
	line("  %d signals", signals);
	reap(pid);
	close_pipe();

}

static void interrupted(void)
{
	struct sigaction act = { .sa_handler = on_signal }, again = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	long pid;

	line("[interrupted]");
	new_pipe(0);
	CHECK(sigaction(SIGUSR1, &act, NULL) == 0);
	pid = later(interrupt);
	take(1);
	reap(pid);
	put('a', 65536);
	pid = later(interrupt);
	put('b', 1);
	reap(pid);
	take(4096);
	pid = later(interrupt);
	put('c', 5000);
	reap(pid);
	take(4096 * 2);
	CHECK(sigaction(SIGUSR1, &again, NULL) == 0);
	put('d', 8192);
	pid = later(interrupt);
	reap(later(read_pages));
	put('e', 4097);
	reap(pid);
	close_pipe();

}

static void restarted(void)
{
	long pid, writer;

	new_pipe(0);
	signals = 0;
	pid = later(interrupt);
	line("  read that begins again: a writer comes later");
	writer = sys(fork);
	if (writer == 0) {
		sleep_ms(150);
		write_3();
		sys(exit_group, 0);
	}
	take(10);
	reap(writer);
	reap(pid);
	line("  %d signals", signals);
	close_pipe();
}

/* Writers of PIPE_BUF bytes each: what is read is never a mixture. */
static void atomicity(void)
{
	int mixed = 0, pages = 0;

	line("[four writers]");
	new_pipe(0);
	for (int w = 0; w < 4; w++) {
		if (sys(fork) == 0) {
			fill('a' + w, PAGE);
			for (int i = 0; i < 50; i++)
				sys(write, p[1], buf, PAGE);
			sys(exit_group, 0);
		}
	}
	sys(close, p[1]);
	for (long got, have = 0; (got = sys(read, p[0], buf + have, PAGE - have)) > 0;) {
		have += got;
		if (have < (long)PAGE)
			continue;
		for (unsigned long i = 1; i < PAGE; i++)
			mixed += buf[i] != buf[0];
		pages++;
		have = 0;
	}
	line("  %d pages, %d bytes out of place", pages, mixed);
	for (int w = 0; w < 4; w++)
		CHECK(sys(wait4, -1, 0, 0, 0) > 0);
	close_pipe();

	line("[four readers]");
	new_pipe(0);
	for (int w = 0; w < 4; w++) {
		if (sys(fork) == 0) {
			long sum = 0, got;

			sys(close, p[1]);
			while ((got = sys(read, p[0], buf, 1000)) > 0)
				sum += got;
			sys(exit_group, got == 0 && sum > 0 ? 0 : 1);
		}
	}
	for (int i = 0; i < 100; i++) {
		CHECK(sys(write, p[1], buf, 3000) == 3000);
		sys(sched_yield);
	}
	close_pipe();
	for (int w = 0; w < 4; w++) {
		int status;

		CHECK(sys(wait4, -1, &status, 0, 0) > 0 && (WIFEXITED(status)));
	}
}

int main(void)
{
	close_inherited();
	ends();
	try("a child without a reader", die_of_sigpipe, NULL);
	waiting();
	interrupted();
	restarted();
	atomicity();
	return verdict();
}
