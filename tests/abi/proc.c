/*
 * proc.c - fork, copy-on-write, exit codes, wait4, orphans, vfork.
 */
#include "abi.h"

#include <limits.h>
#include <sys/auxv.h>
#include <unistd.h>

static int global = 1;
static volatile int *shared;	/* one page that children and parent both see */

/* Wait, without spinning, until another process has made shared[@i] at least @value. */
static void wait_until(int i, int value)
{
	for (int ms = 0; shared[i] < value; ms++) {
		CHECK(ms < 10000);
		if (failures)
			sys(exit_group, 98);
		sleep_ms(1);
	}
}

static int leave(void *code)
{
	return (int)(intptr_t)code;
}

static int leave_by_exit(void *code)
{
	return (int)sys(exit, code);
}

static void exit_codes(void)
{
	static const int codes[] = { 0, 1, 42, 127, 255, 256, 257, -1, INT_MIN };

	line("[exit codes]");
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		line("exit_group(%d): %s", codes[i],
		     ending(in_child(leave, (void *)(intptr_t)codes[i])));
		line("exit(%d): %s", codes[i],
		     ending(in_child(leave_by_exit, (void *)(intptr_t)codes[i])));
	}
}

static int scribble(void *p)
{
	int *local = p;

	global = 2;
	*local = 2;
	*(int *)(shared + 100) = 2;
	return global + *local;
}

static int count_pages(void *p)
{
	char *pages = p;
	int wrong = 0;

	for (unsigned long i = 0; i < 256; i++)
		wrong += pages[i * PAGE] != (char)i;
	for (unsigned long i = 0; i < 256; i += 2)
		pages[i * PAGE] = 0;
	for (unsigned long i = 1; i < 256; i += 2)
		wrong += pages[i * PAGE] != (char)i;
	return wrong != 0;
}

static void copy_on_write(void)
{
	int local = 1;
	char *pages = new_pages(256, MAP_PRIVATE);

	line("[copy on write]");
	try("child writes data, stack and a shared page", scribble, &local);
	line("parent sees data %d, stack %d, shared %d", global, local, shared[100]);
	for (unsigned long i = 0; i < 256; i++)
		pages[i * PAGE] = (char)i;
	try("child checks and clears 128 of 256 pages", count_pages, pages);
	try("a second child does", count_pages, pages);
	for (unsigned long i = 0; i < 256; i++)
		CHECK(pages[i * PAGE] == (char)i);
	CHECK(sys(munmap, pages, 256 * PAGE) == 0);
}

static int until_told(void *code)
{
	wait_until(0, 1);
	return (int)(intptr_t)code;
}

static long start(int (*fn)(void *), intptr_t arg)
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, fn((void *)arg));
	CHECK(pid > 0);
	return pid;
}

static void wait_options(void)
{
	int status = -1;
	char usage[144];
	long pid, first, second;

	line("[wait4]");
	show(wait4, -1, &status, 0, 0);
	show(wait4, getpid(), &status, 0, 0);
	show(wait4, -1, &status, 0x100, 0);
	show(wait4, INT_MIN, &status, 0, 0);
	shared[0] = 0;
	pid = start(until_told, 5);
	show(wait4, -1, &status, WNOHANG, 0);
	show(wait4, pid, &status, WNOHANG | WUNTRACED | WCONTINUED, 0);
	show(wait4, pid + 1000000, &status, 0, 0);
	show(wait4, -1, &status, WNOHANG | __WCLONE, 0);
	shared[0] = 1;
	line("wait4(pid, &status, __WALL, usage) is the child: %d",
	     sys(wait4, pid, &status, __WALL, usage) == pid);
	line("  %s", ending(status));
	show(wait4, pid, &status, 0, 0);
	first = start(leave, 1);
	second = start(leave, 2);
	line("the second first: %d", sys(wait4, second, &status, 0, 0) == second);
	line("  %s", ending(status));
	line("then any: %d", sys(wait4, -1, 0, 0, 0) == first);
	pid = start(leave, 3);
	line("wait4(0) is the child: %d", sys(wait4, 0, &status, 0, 0) == pid);
	line("  %s", ending(status));
	show(wait4, -1, &status, WNOHANG, 0);
}

/* The grandchild looks at its parent before and after that has died. */
static int make_orphan(void *unused)
{
	long parent = sys(getpid);

	(void)unused;
	if (sys(fork) != 0) {
		wait_until(1, 1);
		return 7;
	}
	shared[1] = sys(getppid) == parent ? 1 : 2;
	while (sys(getppid) == parent)
		sleep_ms(1);
	shared[2] = sys(getppid) > 0 ? 1 : 2;
	return sys(exit_group, 0) != 0;
}

static void orphans(void)
{
	line("[orphans]");
	try("parent", make_orphan, NULL);
	wait_until(2, 1);
	line("grandchild saw its parent first: %d, another one later: %d", shared[1], shared[2]);
	show(wait4, -1, 0, WNOHANG, 0);
}

/* Children of a process that dies without waiting for them, dead or alive, harm nobody. */
static int leave_children(void *unused)
{
	(void)unused;
	for (int i = 0; i < 10; i++)
		start(leave, i);
	shared[0] = 0;
	start(until_told, 0);
	return 8;
}

static int vfork_and_exit(void)
{
	volatile int seen = 0;
	int status = -1;
	pid_t pid = vfork();

	if (pid == 0) {
		sleep_ms(20);
		seen = 1;
		global = 77;
		_exit(9);
	}
	line("vfork: parent resumed after the child: %d, memory shared: %d", seen, global);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  %s", ending(status));
	return 0;
}

/* What libc's fork() calls: the child's tid is stored in the child. */
static void clone_like_fork(void)
{
	static volatile int tid;
	int status = -1;
	long pid = sys(clone, 0x01200000 | SIGCHLD, 0, 0, &tid, 0);

	if (pid == 0) {
		int right = tid == sys(gettid) && tid == sys(getpid);

		sys(exit_group, right ? 0 : 1);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("clone with CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID: %s, tid in the parent: %d",
	     ending(status), tid);
}

/* CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID: the parent's copy is there before the child runs. */
static void clone_like_vfork(void)
{
	static char *stack;
	static volatile int tid, seen;
	int status = -1;
	long pid;

	stack = new_pages(4, MAP_PRIVATE) + 4 * PAGE;
	pid = sys(clone, 0x00104100 | SIGCHLD, stack, &tid, 0, 0);
	if (pid == 0) {
		seen = tid == sys(gettid);
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("clone with CLONE_PARENT_SETTID: seen by the child: %d, by the parent: %d", seen,
	     tid == pid);
}

/* execve() makes any child one that SIGCHLD tells of. */
static void execs_with_exit_signal(void)
{
	const char *const argv[] = { "proc", "end", NULL }, *const envp[] = { NULL };
	long pid = sys(clone, 0, 0, 0, 0, 0);

	if (pid == 0) {
		sys(execve, getauxval(AT_EXECFN), argv, envp);
		sys(exit_group, 1);
	}
	sleep_ms(100);
	line("exit signal 0, then execve()");
	show_ok(wait4, pid, 0, 0, 0);
}

/* Which wait4() finds a child depends on the signal that tells its end. */
static void exit_signals(void)
{
	static const int signals[] = { 0, SIGCHLD, SIGWINCH };
	const int clone_child = (int)__WCLONE; /* the options below are printed by name */

	line("[exit signals]");
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		long pid = sys(clone, signals[i], 0, 0, 0, 0);

		if (pid == 0)
			sys(exit_group, 0);
		line("exit signal %d", signals[i]);
		sleep_ms(20);
		show_ok(wait4, pid, 0, WNOHANG | (signals[i] == SIGCHLD ? clone_child : 0), 0);
		show_ok(wait4, pid, 0, signals[i] == SIGCHLD ? 0 : clone_child, 0);
		pid = sys(clone, signals[i], 0, 0, 0, 0);
		if (pid == 0)
			sys(exit_group, 0);
		show_ok(wait4, pid, 0, __WALL, 0);
	}
	execs_with_exit_signal();
	show(wait4, -1, 0, __WALL, 0);
	show(wait4, 0, 0, 0, 0);
	show(wait4, -sys(getpid), 0, 0, 0);
	show(wait4, -0x7fffffff, 0, 0, 0);
	show(wait4, INT_MIN, 0, 0, 0);
}

static int check_ids(void *parent)
{
	return sys(getppid) != (long)parent || sys(getpid) == (long)parent ||
	       sys(getpid) != sys(gettid);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) /* execs_with_exit_signal() */
		return 0;
	shared = (volatile int *)new_pages(1, MAP_SHARED);
	exit_codes();
	copy_on_write();
	wait_options();
	orphans();
	try("dies before its children", leave_children, NULL);
	shared[0] = 1;
	vfork_and_exit();
	clone_like_fork();
	clone_like_vfork();
	exit_signals();
	try("ids of a child", check_ids, (void *)sys(getpid));
	return verdict();
}
