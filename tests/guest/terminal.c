/*
 * terminal.c - what tests/host/terminal.t lets run on the serial line while it types.
 *
 * Its argument says what to do: see main().
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *s)
{
	if (write(1, s, strlen(s)) < 0)
		exit(9);
}

static void handler(int sig)
{
	say(sig == SIGINT ? "[SIGINT]\n" : sig == SIGQUIT ? "[SIGQUIT]\n" : "[SIGTSTP]\n");
}

/* Tell each read until the end of the file. */
static int lines(void)
{
	char buf[256];
	ssize_t n;

	say("ready\n");
	while ((n = read(0, buf, sizeof(buf) - 1)) > 0) {
		buf[n] = '\0';
		printf("<%zd:%.*s>\n", n, (int)strcspn(buf, "\n"), buf);
		fflush(stdout);
	}
	say("end\n");
	return n < 0;
}

/* Whatever is pasted meanwhile is read later. */
static int slow(void)
{
	unsigned long total = 0, sum = 0;
	char buf[100];
	ssize_t n;

	say("ready\n");
	sleep(2);
	while ((n = read(0, buf, sizeof(buf))) > 0 && buf[0] != '.') {
		for (ssize_t i = 0; i < n; i++)
			sum = sum * 31 + (unsigned char)buf[i];
		total += (unsigned long)n;
	}
	printf("%lu bytes, sum %lx\n", total, sum);
	return 0;
}

/* Each byte as it is. */
static int raw(void)
{
	struct termios before, t;
	unsigned char c = 0;

	tcgetattr(0, &before);
	t = before;
	cfmakeraw(&t);
	tcsetattr(0, TCSAFLUSH, &t);
	say("ready\r\n");
	while (c != 'q' && read(0, &c, 1) == 1) {
		printf("%02x ", c);
		fflush(stdout);
	}
	tcsetattr(0, TCSAFLUSH, &before);
	return 0;
}

static int signals(void)
{
	signal(SIGINT, handler);
	signal(SIGQUIT, handler);
	signal(SIGTSTP, handler);
	return lines();
}

/* Write for hours. */
static int flood(void)
{
	for (unsigned long i = 0; i < 1000000000; i++)
		printf("line %lu of many that are written as fast as the line takes them\n", i);
	return 1;
}

/* A child in the foreground of its own group is stopped and goes on; the parent says so. */
static int jobs(void)
{
	int status;
	pid_t pid = fork();

	signal(SIGTTOU, SIG_IGN);
	if (pid == 0) {
		setpgid(0, 0);
		tcsetpgrp(0, getpid());
		signal(SIGTTOU, SIG_DFL);
		return lines();
	}
	waitpid(pid, &status, WUNTRACED);
	tcsetpgrp(0, getpgrp());
	printf("stopped by %d\n", WIFSTOPPED(status) ? WSTOPSIG(status) : -1);
	fflush(stdout);
	tcsetpgrp(0, pid);
	kill(-pid, SIGCONT);
	waitpid(pid, &status, 0);
	tcsetpgrp(0, getpgrp());
	printf("ended by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : -1);
	return 0;
}

static int open_master(void)
{
	int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY), off = 0;

	if (fd < 0 || ioctl(fd, TIOCSPTLCK, &off))
		exit(8);
	return fd;
}

static unsigned long long now(void)
{
	return __builtin_ia32_rdtsc();
}

/* What a pty costs, in instructions, while there are @others. The second round counts: caches are filled. */
static void tell_cost(int others)
{
	unsigned long long start, making = 0, moving = 0;
	int master, slave;
	char c;

	for (int round = 0; round < 2; round++) {
		start = now();
		master = open_master();
		slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
		making = now() - start;
		start = now();
		if (write(slave, "a", 1) != 1 || read(master, &c, 1) != 1 || write(master, "b\n", 2) != 2 ||
		    read(slave, &c, 1) != 1)
			exit(7);
		moving = now() - start;
		start = now();
		close(slave);
		close(master);
		making += now() - start;
	}
	printf("among %d: made and closed %llu, moved %llu\n", others, making, moving);
}

static int cost(void)
{
	for (int n = 0; n <= 1000; n++) {
		if (n == 10 || n == 1000)
			tell_cost(n);
		open_master();
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	return !strcmp(what, "lines") ? lines() : !strcmp(what, "slow") ? slow() : !strcmp(what, "raw") ? raw() :
	       !strcmp(what, "signals") ? signals() : !strcmp(what, "flood") ? flood() :
	       !strcmp(what, "jobs") ? jobs() : !strcmp(what, "cost") ? cost() : 9;
}
