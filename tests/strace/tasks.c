/*
 * For host/strace.t: children that end, are killed and become other programs; threads; signals. Each waits for
 * what it made, so that the lines of each task are always the same.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALL(name, ...) syscall(SYS_##name __VA_OPT__(,) __VA_ARGS__)

static volatile int *volatile nowhere = (int *)8;

static void *thread(void *unused)
{
	CALL(getuid);
	return unused;
}

static int child(void)
{
	return (int)CALL(fork);
}

static void await(int options)
{
	int status;

	CALL(wait4, -1, &status, options, 0);
}

int main(int argc, char **argv)
{
	pthread_t made;
	int pid;

	if (argc > 1) {
		CALL(getppid);
		CALL(exit_group, 5);
	}
	pthread_create(&made, 0, thread, 0);
	pthread_join(made, 0);
	if (!child())
		CALL(exit_group, 3);
	await(0);
	if (!child()) {
		CALL(kill, CALL(getpid), SIGTERM);
		CALL(exit_group, 1);
	}
	await(0);
	if (!child()) {
		*nowhere = 1;
		CALL(exit_group, 1);
	}
	await(0);
	if (!child()) {
		CALL(execve, argv[0], (char *[]){ argv[0], "again", 0 }, (char *[]){ "A=1", "B=2", 0 });
		CALL(exit_group, 1);
	}
	await(0);
	pid = child();
	if (!pid) {
		CALL(pause);
		CALL(exit_group, 1);
	}
	usleep(100000);
	CALL(kill, pid, SIGKILL);
	await(0);
	await(WNOHANG);
	CALL(tgkill, CALL(getpid), CALL(gettid), SIGWINCH);
	CALL(tgkill, CALL(getpid), CALL(gettid), SIGABRT);
	return 0;
}
