/*
 * threads.c - clone() and clone3(): which combinations are refused, what threads share, how they end,
 * and who waits for whom. Run as root.
 */
#include "threads.h"

#include <limits.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>

static int just_return(void *code)
{
	return (long)code;
}

static int end_group(void *code)
{
	return sys(exit_group, code);
}

/* --- clone --- */

/* A call that is refused, or makes a child that ends at once. */
static void flags(const char *name, unsigned long flags)
{
	char *stack = new_pages(STACK / PAGE, MAP_PRIVATE);
	int tid = -1, status = -1;
	long pid = clone_call(flags, stack + STACK, just_return, (void *)3, &tid, &tid, 0);

	if (pid > 0 && !(flags & CLONE_THREAD)) {
		long seen = sys(wait4, pid, &status, __WALL, 0);

		line("clone(%s): a child, wait4: %s, %s", name, seen == pid ? "it" : text(seen),
		     seen == pid ? ending(status) : "-");
	} else {
		line("clone(%s): %s", name, pid > 0 ? "a thread" : text(pid));
	}
}
#define FLAGS(f)	flags(#f, f)

static void combinations(void)
{
	line("[combinations of flags]");
	FLAGS(0);
	FLAGS(SIGCHLD);
	FLAGS(255);
	FLAGS(CLONE_VM | SIGCHLD);
	FLAGS(CLONE_VM | CLONE_VFORK | SIGCHLD);
	FLAGS(CLONE_FS | SIGCHLD);
	FLAGS(CLONE_FILES | SIGCHLD);
	FLAGS(CLONE_SIGHAND | SIGCHLD);
	FLAGS(CLONE_THREAD | SIGCHLD);
	FLAGS(CLONE_THREAD | CLONE_VM);
	FLAGS(CLONE_THREAD | CLONE_SIGHAND);
	FLAGS(CLONE_VM | CLONE_SIGHAND | SIGCHLD);
	FLAGS(CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | SIGCHLD);
	FLAGS(CLONE_SYSVSEM | CLONE_DETACHED | SIGCHLD);
	FLAGS(CLONE_PARENT_SETTID | SIGCHLD);
	FLAGS(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD);
	FLAGS(CLONE_NEWNS | CLONE_FS | SIGCHLD);
	FLAGS(CLONE_NEWUSER | CLONE_FS | SIGCHLD);
	FLAGS(THREAD | CLONE_NEWUSER);
	FLAGS(THREAD | CLONE_NEWPID);
	FLAGS(CLONE_PIDFD | CLONE_DETACHED | SIGCHLD);
	FLAGS(CLONE_PARENT | SIGCHLD);
	FLAGS(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD);
	FLAGS(THREAD);
	FLAGS(THREAD | SIGCHLD);
}

static void tls(void)
{
	char *stack = new_pages(STACK / PAGE, MAP_PRIVATE);

	line("[thread-local storage]");
	line("clone with a base in the kernel's half: %s",
	     text(clone_call(CLONE_SETTLS | SIGCHLD, stack + STACK, just_return, 0, 0, 0, -4096ul)));
	line("clone with a base at the end of ring 3's: %s",
	     text(clone_call(CLONE_SETTLS | SIGCHLD, stack + STACK, just_return, 0, 0, 0, 0x7ffffffff000)));
}

static int see_base(void *result)
{
	return sys(arch_prctl, 0x1003 /* ARCH_GET_FS */, result) != 0;
}

static void own_base(void)
{
	static unsigned long seen;
	char *stack = new_pages(STACK / PAGE, MAP_PRIVATE);
	int tid = -1;
	long ret = clone_call(THREAD | CLONE_SETTLS | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID,
			      stack + STACK, see_base, &seen, &tid, &tid, 0x12345000);

	CHECK(ret > 0);
	join(&tid);
	line("a thread's base: %#lx", seen);
}

/* --- clone3 --- */

#define CLONE3(size, ...) \
	line("clone3({ " #__VA_ARGS__ " }, " #size "): %s", \
	     no_number(clone3_with((struct args){ __VA_ARGS__ }, size)))

static void clone3_calls(void)
{
	static int32_t tids[40], taken = 1, none = 0, huge = INT_MAX;
	uint64_t stack = (uint64_t)new_pages(4, MAP_PRIVATE);

	line("[clone3]");
	show(clone3, 0, 64);
	show(clone3, 1, 88);
	show(clone3, 0, 63);
	show(clone3, 0, 4097);
	show(clone3, -4096, 64);
	CLONE3(0, .exit_signal = SIGCHLD);
	CLONE3(63, .exit_signal = SIGCHLD);
	CLONE3(64, .exit_signal = SIGCHLD);
	CLONE3(72, .exit_signal = SIGCHLD);
	CLONE3(80, .exit_signal = SIGCHLD);
	CLONE3(88, .exit_signal = SIGCHLD);
	CLONE3(120, .exit_signal = SIGCHLD);
	CLONE3(120, .exit_signal = SIGCHLD, .more = { 0, 0, 0, 1 });
	CLONE3(88, .exit_signal = 64);
	CLONE3(88, .exit_signal = 65);
	CLONE3(88, .exit_signal = 256);
	CLONE3(88, .exit_signal = 1ul << 32);
	CLONE3(88, .exit_signal = 0);
	CLONE3(88, .flags = SIGCHLD);
	CLONE3(88, .flags = 0x7f);
	CLONE3(88, .flags = CLONE_DETACHED, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = 1ul << 34);
	CLONE3(88, .flags = 1ul << 63);
	CLONE3(88, .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM);
	CLONE3(88, .flags = CLONE_PARENT, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = THREAD, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = CLONE_THREAD);
	CLONE3(88, .flags = CLONE_SIGHAND);
	CLONE3(88, .stack = stack, .exit_signal = SIGCHLD);
	CLONE3(88, .stack_size = 4096, .exit_signal = SIGCHLD);
	CLONE3(88, .stack = -4096ul, .stack_size = 4096, .exit_signal = SIGCHLD);
	CLONE3(88, .stack = stack, .stack_size = 1ul << 48, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = CLONE_SETTLS, .tls = -4096ul, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)tids, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid_size = 1, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)tids, .set_tid_size = 33, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)tids, .set_tid_size = 2, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = 1, .set_tid_size = 1, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)&none, .set_tid_size = 1, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)&huge, .set_tid_size = 1, .exit_signal = SIGCHLD);
	CLONE3(88, .set_tid = (uint64_t)&taken, .set_tid_size = 1, .exit_signal = SIGCHLD);
	tids[0] = 31000;
	CLONE3(88, .set_tid = (uint64_t)tids, .set_tid_size = 1, .exit_signal = SIGCHLD);
	line("  its number: %ld", last_child);
	CLONE3(80, .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = CLONE_INTO_CGROUP, .cgroup = 1ul << 31, .exit_signal = SIGCHLD);
	CLONE3(88, .flags = CLONE_INTO_CGROUP, .cgroup = 99, .exit_signal = SIGCHLD);
}

static int not_for_nobody(void *unused)
{
	static int32_t tid = 31001;

	(void)unused;
	become_nobody();
	CLONE3(88, .set_tid = (uint64_t)&tid, .set_tid_size = 1, .exit_signal = SIGCHLD);
	tid = 0;
	CLONE3(88, .set_tid = (uint64_t)&tid, .set_tid_size = 1, .exit_signal = SIGCHLD);
	FLAGS(CLONE_NEWNS | SIGCHLD);
	FLAGS(CLONE_NEWPID | SIGCHLD);
	return 0;
}

/* --- what is shared --- */

struct seen {
	long pid, tid, ppid, fd, set_tid_address;
	char cwd[64];
};

static int look(void *arg)
{
	struct seen *seen = arg;

	seen->pid = sys(getpid);
	seen->tid = sys(gettid);
	seen->ppid = sys(getppid);
	seen->fd = sys(dup, 1);
	sys(chdir, "/proc");
	return 0;
}

static void shared(const char *what, unsigned long flags)
{
	static struct seen seen;
	char cwd[64] = "";
	int tid, status = 0;
	long ret = start_task(flags, look, &seen, &tid);

	if (!(flags & CLONE_THREAD))
		CHECK(sys(wait4, ret, &status, __WALL, 0) == ret);
	else
		join(&tid);
	CHECK(sys(getcwd, cwd, sizeof(cwd)) > 0);
	line("%s: same pid %d, own tid %d, its tid as clone() said %d, same parent %d", what,
	     seen.pid == sys(getpid), seen.tid != sys(gettid), seen.tid == ret,
	     seen.ppid == sys(getppid));
	line("  its descriptor is ours: %s, its directory is ours: %d", ok(sys(close, seen.fd)),
	     !strcmp(cwd, "/proc"));
	CHECK(sys(chdir, "/") == 0);
}

static void sharing(void)
{
	line("[what a task shares]");
	shared("a thread", THREAD);
	shared("a thread with its own descriptors", CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD);
	shared("a thread with its own directory", CLONE_VM | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD);
	shared("a process that shares all", CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD);
	shared("a process that shares memory", CLONE_VM | SIGCHLD);
}

/* --- ends --- */

static int sleep_long(void *unused)
{
	(void)unused;
	sleep_ms(100000);
	return 0;
}

static int a_thread_ends_the_group(void *unused)
{
	int tid, other;

	(void)unused;
	CHECK(start_task(THREAD, sleep_long, 0, &other) > 0);
	CHECK(start_task(THREAD, end_group, (void *)7, &tid) > 0);
	sleep_ms(100000);
	return 1;
}

static int the_leader_ends_first(void *unused)
{
	int tid;

	(void)unused;
	CHECK(start_task(THREAD, end_group, (void *)9, &tid) > 0);
	return sys(exit, 4);
}

static int late_exit(void *code)
{
	sleep_ms(50 * ((long)code - 19));
	return (long)code;
}

static int all_end_one_by_one(void *unused)
{
	static int tid[3];

	(void)unused;
	for (long i = 0; i < 3; i++)
		CHECK(start_task(THREAD, late_exit, (void *)(20 + i), &tid[i]) > 0);
	return sys(exit, 6);
}

static int a_thread_faults(void *unused)
{
	int tid;

	(void)unused;
	CHECK(start_task(THREAD, (int (*)(void *))8, 0, &tid) > 0);
	sleep_ms(100000);
	return 1;
}

static int a_thread_is_killed(void *unused)
{
	int tid;
	long thread = start_task(THREAD, sleep_long, 0, &tid);

	(void)unused;
	sys(tkill, thread, SIGTERM);
	sleep_ms(100000);
	return 1;
}

static int exec_in_thread(void *path)
{
	char *argv[] = { path, "pid", NULL }, *envp[] = { NULL };

	return sys(execve, path, argv, envp);
}

/* The new program prints whether it has the number that its process always had. */
static int a_thread_calls_execve(void *path)
{
	static int tid, others[3];

	for (int i = 0; i < 3; i++)
		CHECK(start_task(THREAD, i ? sleep_long : just_return, 0, &others[i]) > 0);
	CHECK(start_task(THREAD, exec_in_thread, path, &tid) > 0);
	sleep_ms(100000);
	return 1;
}

static int execve_after_the_leaders_end(void *path)
{
	int tid;

	sleep_ms(1);
	CHECK(start_task(THREAD, exec_in_thread, path, &tid) > 0);
	return sys(exit, 3);
}

static int leader_calls_execve(void *path)
{
	static int others[3];

	for (int i = 0; i < 3; i++)
		CHECK(start_task(THREAD, sleep_long, 0, &others[i]) > 0);
	return exec_in_thread(path);
}

static void ends(void)
{
	void *path = (void *)getauxval(AT_EXECFN);

	line("[how a group ends]");
	try("a thread calls exit_group", a_thread_ends_the_group, 0);
	try("the leader ends first, a thread calls exit_group", the_leader_ends_first, 0);
	try("all end one by one", all_end_one_by_one, 0);
	try("a thread faults", a_thread_faults, 0);
	try("a thread is sent SIGTERM", a_thread_is_killed, 0);
	try("a thread calls execve", a_thread_calls_execve, path);
	try("a thread calls execve when the leader has ended", execve_after_the_leaders_end, path);
	try("the leader calls execve", leader_calls_execve, path);
}

/* --- a zombie leader --- */

static int wait_for_go(void *shared)
{
	while (!*(volatile int *)shared)
		sleep_ms(1);
	return 0;
}

static void zombie_leader(void)
{
	int *shared = (int *)new_pages(1, MAP_SHARED), status = -1, tid;
	siginfo_t info;
	long pid = sys(fork), ret;

	line("[a leader that ends before its thread]");
	if (pid == 0) {
		CHECK(start_task(THREAD, wait_for_go, shared, &tid) > 0);
		shared[1] = 1;
		sys(exit, 8);
	}
	while (!((volatile int *)shared)[1])
		sleep_ms(1);
	sleep_ms(20);
	ret = sys(wait4, pid, &status, WNOHANG, 0);
	line("wait4(WNOHANG): %s", text(ret));
	memset(&info, -1, sizeof(info));
	ret = sys(waitid, P_PID, pid, &info, WEXITED | WNOHANG, 0);
	line("waitid(WEXITED | WNOHANG): %s, si_signo %d, si_pid %d", text(ret), info.si_signo, info.si_pid);
	line("kill(0): %s", text(sys(kill, pid, 0)));
	shared[0] = 1;
	ret = sys(wait4, pid, &status, 0, 0);
	line("wait4 when the thread has ended: %s, %s", ret == pid ? "it" : text(ret), ending(status));
	CHECK(sys(munmap, shared, PAGE) == 0);
}

/* --- children of threads --- */

static long child_of_thread;

static int fork_a_child(void *code)
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, code);
	child_of_thread = pid;
	return 0;
}

static int fork_and_stay(void *shared)
{
	fork_a_child((void *)11);
	((volatile int *)shared)[1] = 1;
	return wait_for_go(shared);
}

static void children_of_threads(void)
{
	int *shared = (int *)new_pages(1, MAP_SHARED), status = -1, tid;
	long ret;

	line("[a thread's child]");
	CHECK(start_task(THREAD, fork_and_stay, shared, &tid) > 0);
	while (!((volatile int *)shared)[1])
		sleep_ms(1);
	line("wait4(child, __WNOTHREAD): %s", text(sys(wait4, child_of_thread, &status, __WNOTHREAD, 0)));
	line("wait4(-1, __WNOTHREAD): %s", text(sys(wait4, -1, &status, __WNOTHREAD, 0)));
	ret = sys(wait4, child_of_thread, &status, 0, 0);
	line("wait4(child): %s, %s", ret == child_of_thread ? "it" : text(ret), ending(status));
	shared[0] = 1;
	join(&tid);
	CHECK(run_thread(fork_a_child, (void *)12) > 0);
	sleep_ms(20); /* its number is gone a moment before its children are ours */
	line("when the thread has ended, its child is ours");
	ret = sys(wait4, -1, &status, __WNOTHREAD, 0);
	line("wait4(-1, __WNOTHREAD): %s, %s", ret == child_of_thread ? "it" : text(ret), ending(status));
	shared[0] = 0;
	ret = start_task(THREAD, wait_for_go, shared, &tid);
	line("wait4 for a thread: %s", text(sys(wait4, ret, &status, __WALL, 0)));
	shared[0] = 1;
	join(&tid);
	CHECK(sys(munmap, shared, PAGE) == 0);
}

/* --- SIGCHLD ignored --- */

static void no_zombies(void)
{
	struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = {
		(void *)1, 0, 0, 0
	}, old;
	long pid;

	line("[SIGCHLD is ignored]");
	CHECK(sys(rt_sigaction, SIGCHLD, &action, &old, 8) == 0);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, 1);
	line("wait4 for a child: %s", text(sys(wait4, pid, 0, 0, 0)));
	line("wait4(-1): %s", text(sys(wait4, -1, 0, 0, 0)));
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, 1);
	line("waitid for a child: %s", text(sys(waitid, P_PID, pid, 0, WEXITED, 0)));
	CHECK(sys(rt_sigaction, SIGCHLD, &old, 0, 8) == 0);
}

/* --- RLIMIT_NPROC --- */

static int limited(void *unused)
{
	struct rlimit limit = { 3, 3 };
	static int tid[4];
	long made = 0, ret = 0;

	(void)unused;
	become_nobody();
	CHECK(sys(setrlimit, RLIMIT_NPROC, &limit) == 0);
	for (int i = 0; i < 4 && ret >= 0; i++) {
		ret = start_task(THREAD, sleep_long, 0, &tid[i]);
		made += ret > 0;
	}
	line("threads of a user who may have 3 tasks: %ld, then %s", made, text(ret));
	line("fork: %s", text(sys(fork)));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "pid")) {
		line("  the new program is the leader of its group: %d", sys(getpid) == sys(gettid));
		return 2;
	}
	close_inherited();
	ignore(64);
	combinations();
	tls();
	own_base();
	clone3_calls();
	try("clone3 by nobody", not_for_nobody, 0);
	sharing();
	ends();
	zombie_leader();
	children_of_threads();
	no_zombies();
	line("[limits]");
	try("nobody", limited, 0);
	return verdict();
}
