/*
 * exec_stop.c - a thread stops its process while another one is inside execve(), which ends that thread.
 *
 * The arguments are so many that the other thread runs while execve() reads them. Whether the stop or the
 * new program comes first is not certain; but a process that has stopped must be known to be.
 */
#include "handlers.h"

#include <pthread.h>
#include <sys/auxv.h>

#define ARGS	60000
#define ROUNDS	5

static void *stop(void *unused)
{
	long me = sys(gettid);

	(void)unused;
	sleep_ms(3);
	sys(tkill, me, SIGSTOP);
	for (;;)
		sys(pause);
	return NULL;
}

static void stop_in_exec(void)
{
	static char *args[ARGS + 1], *none[] = { NULL };
	pthread_t thread;

	for (int i = 0; i < ARGS; i++)
		args[i] = "an argument";
	CHECK(pthread_create(&thread, NULL, stop, NULL) == 0);
	sys(execve, getauxval(AT_EXECFN), args, none);
	sys(exit_group, 1);
}

/* Let @pid go on when it has stopped. Its exit status; -1: it has stopped, and nobody was told. */
static int end_of(long pid)
{
	int status;

	for (int i = 0; i < 500; i++) {
		if (sys(wait4, pid, &status, WNOHANG | WUNTRACED, 0) != pid)
			sleep_ms(10);
		else if (WIFSTOPPED(status))
			CHECK(sys(kill, pid, SIGCONT) == 0);
		else
			return status;
	}
	CHECK(sys(kill, pid, SIGKILL) == 0);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return -1;
}

int main(int argc, char **argv)
{
	int ends = 0;
	long pid;

	(void)argv;
	if (argc > 1)
		return 7;
	for (int i = 0; i < ROUNDS; i++) {
		pid = sys(fork);
		if (pid == 0)
			stop_in_exec();
		ends += end_of(pid) == 7 << 8;
	}
	line("%d rounds: the new program ends %d times", ROUNDS, ends);
	return verdict();
}
