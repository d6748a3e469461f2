/*
 * bombs.c - programs that make as many tasks as they can. Run on ringwalk as root: each ends with an errno
 * or a killed process, the kernel still answers, and every counter is where it was.
 */
#include <sys/resource.h>

#include "../abi/threads.h"
#include "counters.h"

#define NPROC	60

static int wait_for_ever(void *unused)
{
	(void)unused;
	for (;;)
		sys(pause);
	return 0;
}

static void limit_tasks(void)
{
	struct rlimit limit = { NPROC, NPROC };

	CHECK(sys(setrlimit, RLIMIT_NPROC, &limit) == 0);
	become_nobody();
}

/* Each child goes on forking, too, until nobody can; then the group is killed. */
static int fork_until_refused(void *unused)
{
	(void)unused;
	while (sys(fork) >= 0)
		;
	return wait_for_ever(0);
}

static int fork_bomb_of_nobody(void *unused)
{
	limit_tasks();
	CHECK(sys(setpgid, 0, 0) == 0);
	return fork_until_refused(unused);
}

static int fork_bomb_of_root(void *unused)
{
	CHECK(sys(setpgid, 0, 0) == 0);
	return fork_until_refused(unused);
}

static int thread_bomb(void *unused)
{
	static int tid[100000];
	long ret = 0;

	(void)unused;
	for (int i = 0; ret >= 0; i++)
		ret = start_task(THREAD, wait_for_ever, 0, &tid[i]);
	return ret == -EAGAIN || ret == -ENOMEM ? 0 : 1;
}

static int thread_bomb_of_nobody(void *unused)
{
	limit_tasks();
	return thread_bomb(unused);
}

static void bomb(int (*fn)(void *))
{
	long pid = sys(fork);
	int status;

	for (int i = 0; pid < 0 && i < 500; i++) { /* the tasks of the bomb before are still ending */
		sleep_ms(10);
		pid = sys(fork);
	}
	if (pid == 0)
		sys(exit_group, fn(0));
	sleep_ms(200);
	sys(kill, -pid, SIGKILL);
	sys(kill, pid, SIGKILL);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
}

static void forks(void)			{ bomb(fork_bomb_of_nobody); }
static void forks_of_root(void)		{ bomb(fork_bomb_of_root); }
static void threads_of_nobody(void)	{ CHECK(in_child(thread_bomb_of_nobody, 0) == 0); }
static void threads(void)		{ CHECK(in_child(thread_bomb, 0) == 0); }

static int one_thread(void *unused)
{
	(void)unused;
	return 0;
}

static int some_threads(void *unused)
{
	(void)unused;
	for (int i = 0; i < 5; i++)
		CHECK(run_thread(one_thread, 0) > 0);
	return failures;
}

static void thread_and_join(void)	{ CHECK(in_child(some_threads, 0) == 0); }

static const struct scenario scenarios[] = {
	{ "threads made and joined", thread_and_join, 100 },
	{ "fork bomb, RLIMIT_NPROC", forks, 5 },
	{ "thread bomb, RLIMIT_NPROC", threads_of_nobody, 10 },
	{ "thread bomb of root", threads, 2 },
	{ "fork bomb of root", forks_of_root, 2 },
};

int main(void)
{
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
