/*
 * signal_jobs.c - jobs: waiting for children that stop and go on, children that nobody waits for, process
 * groups that are orphaned, and the threads of a process that stops or gets a signal.
 */
#include "handlers.h"

#include <sched.h>

static volatile int *shared;	/* memory that children share: [0], [1] count, [2] a thread's handler ran in */

static int calls;

static void count(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	calls++;
}

static long sleeper(void)
{
	long pid;

	shared[0] = 0;
	pid = sys(fork);
	if (pid == 0) {
		set_action(SIGCHLD, SIG_DFL, 0, 0);
		set_blocked(0);
		shared[0] = 1;
		for (;;)
			sys(pause);
	}
	while (!shared[0])
		sleep_ms(1);
	return pid;
}

static void tell_wait(const char *what, long pid, int options)
{
	int status = 0x7777;
	long ret = sys(wait4, pid, &status, options, 0);

	line("%s: %s, status %#x", what, ret == pid ? "the child" : text(ret), status);
}

/* --- wait4 and waitid ----------------------------------------------------------------------- */

static void tell_waitid(const char *what, long pid, int options)
{
	struct info info = { .signo = 77 };
	long ret = sys(waitid, P_PID, pid, &info, options, 0);

	line("%s: %s, signal %d code %d status %d, %s", what, text(ret), info.signo, info.code, info.status,
	     info.pid == pid ? "the child" : info.pid ? "another" : "nobody");
}

static void waits(void)
{
	long pid = sleeper();

	tell_wait("it runs", pid, WNOHANG | WUNTRACED | WCONTINUED);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	sleep_ms(20);
	tell_wait("stopped, WNOHANG", pid, WNOHANG);
	tell_wait("stopped, WCONTINUED", pid, WNOHANG | WCONTINUED);
	tell_wait("stopped, WUNTRACED", pid, WUNTRACED);
	tell_wait("... a second time", pid, WNOHANG | WUNTRACED);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	sleep_ms(20);
	tell_wait("stopped while it is stopped", pid, WNOHANG | WUNTRACED);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	sleep_ms(20);
	tell_wait("goes on, WUNTRACED", pid, WNOHANG | WUNTRACED);
	tell_wait("goes on, WCONTINUED", pid, WCONTINUED);
	tell_wait("... a second time", pid, WNOHANG | WCONTINUED);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	sleep_ms(20);
	tell_waitid("waitid, WNOWAIT", pid, WSTOPPED | WNOWAIT);
	tell_waitid("waitid", pid, WSTOPPED);
	tell_waitid("... a second time", pid, WSTOPPED | WNOHANG);
	CHECK(sys(kill, pid, SIGCONT) == 0);
	sleep_ms(20);
	tell_waitid("waitid, WCONTINUED", pid, WCONTINUED);
	CHECK(sys(kill, pid, SIGSTOP) == 0);
	sleep_ms(20);
	CHECK(sys(kill, pid, SIGKILL) == 0);
	tell_waitid("stopped and killed", pid, WEXITED | WSTOPPED);
}

/* --- children that nobody waits for --------------------------------------------------------- */

static int exit_3(void *unused)
{
	(void)unused;
	return 3;
}

static void reaped(const char *what, void *handler, unsigned long flags)
{
	unsigned long set = bit(SIGCHLD);
	struct timespec none = { 0, 0 };
	long pid, ret;
	int status = 0;

	CHECK(set_action(SIGCHLD, handler, flags | SA_SIGINFO, 0) == 0);
	calls = 0;
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, exit_3(0));
	sleep_ms(30);
	ret = sys(wait4, -1, &status, 0, 0);
	line("%s: %s, status %#x, %d calls, kill %s", what, ret == pid ? "the child" : text(ret), status, calls,
	     text(sys(kill, pid, 0)));
	set_blocked(set);
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, exit_3(0));
	ret = sys(wait4, pid, &status, 0, 0);
	line("... blocked: %s, then SIGCHLD is %s", ret == pid ? "the child" : text(ret),
	     sys(rt_sigtimedwait, &set, 0, &none, 8) == SIGCHLD ? "pending" : "not pending");
	set_blocked(0);
}

static void nobody_waits(void)
{
	reaped("SIGCHLD default", SIG_DFL, 0);
	reaped("SIGCHLD default, SA_NOCLDWAIT", SIG_DFL, SA_NOCLDWAIT);
	reaped("SIGCHLD ignored", SIG_IGN, 0);
	reaped("a handler", count, 0);
	reaped("a handler, SA_NOCLDWAIT", count, SA_NOCLDWAIT);
	CHECK(set_action(SIGCHLD, SIG_DFL, 0, 0) == 0);
}

/* --- orphaned process groups ---------------------------------------------------------------- */

/* In a session of its own a process is alone: what a terminal causes does not stop it. */
static int alone(void *unused)
{
	static const int signals[] = { SIGTSTP, SIGTTIN, SIGTTOU };

	(void)unused;
	CHECK(sys(setsid) > 0);
	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
		raise_signal(signals[i]);
		line("orphaned: signal %d does not stop", signals[i]);
	}
	return failures;
}

/* A member of a group whose leader has its parent in the session: it is stopped by all of them. */
static int with_a_shell(void *unused)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

	(void)unused;
	CHECK(sys(setsid) > 0);
	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
		long pid = sleeper();

		CHECK(sys(setpgid, pid, pid) == 0);
		CHECK(sys(kill, pid, signals[i]) == 0);
		sleep_ms(20);
		tell_wait("a job", pid, WNOHANG | WUNTRACED);
		CHECK(sys(kill, pid, SIGKILL) == 0);
		CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	}
	return failures;
}

static void note_hangup(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)uc;
	shared[sig == SIGHUP ? 1 : 2] = info->code == SI_KERNEL ? 1 : 2;
}

/* The shell ends, and leaves a job of @stopped processes: SIGHUP and SIGCONT if one is stopped. */
static int shell_that_ends(void *stopped)
{
	long pid;

	CHECK(sys(setsid) > 0);
	shared[0] = 0;
	pid = sys(fork);
	if (pid == 0) {
		handle(SIGHUP, note_hangup, 0, 0);
		handle(SIGCONT, note_hangup, 0, 0);
		shared[0] = 1;
		sleep_ms(100);
		sys(exit_group, 0);
	}
	CHECK(sys(setpgid, pid, pid) == 0);
	while (!shared[0])
		sleep_ms(1);
	if (stopped)
		CHECK(sys(kill, pid, SIGSTOP) == 0);
	sleep_ms(20);
	return failures;
}

static void orphans(void)
{
	static const char *const said[] = { "no", "from the kernel", "from a process" };

	try("alone", alone, 0);
	try("with a shell", with_a_shell, 0);
	for (long stopped = 0; stopped < 2; stopped++) {
		shared[1] = shared[2] = 0;
		in_child(shell_that_ends, (void *)stopped);
		sleep_ms(60);
		line("the shell ends, its job is %s: SIGHUP %s, SIGCONT %s", stopped ? "stopped" : "running",
		     said[shared[1]], said[shared[2]]);
		sleep_ms(120);
	}
}

/* --- threads -------------------------------------------------------------------------------- */

static char thread_stack[2][16384] __attribute__((aligned(16)));

static void note_thread(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
	shared[2] = sys(gettid) == sys(getpid) ? 1 : 2;
}

/* A second thread, that runs @fn. Returns its number. */
static long thread(void (*fn)(void))
{
	long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, tid;
	void **sp = (void **)(thread_stack[0] + sizeof(thread_stack[0]) - 24);

	*sp = (void *)fn;
	asm volatile("xor %%r10, %%r10; xor %%r8, %%r8; xor %%edx, %%edx; syscall; test %%rax, %%rax; jnz 1f;"
		     "pop %%rax; call *%%rax; hlt; 1:"
		     : "=a" (tid) : "0" (SYS_clone), "D" (flags), "S" (sp)
		     : "rcx", "rdx", "r8", "r10", "r11", "memory");
	return tid;
}

static void count_for_ever(void)
{
	for (;;) {
		shared[1]++;
		sleep_ms(1);
	}
}

static void block_all_and_wait(void)
{
	set_blocked(~0ul);
	shared[0] = 1;
	count_for_ever();
}

static const char *moves(int which)
{
	int before;

	sleep_ms(10);
	before = shared[which];
	sleep_ms(30);
	return shared[which] != before ? "runs" : "is stopped";
}

static void stop_of_threads(void)
{
	long pid, tid;

	shared[0] = shared[1] = shared[2] = 0;
	pid = sys(fork);
	if (pid == 0) {
		shared[2] = thread(count_for_ever);
		for (;;) {
			shared[0]++;
			sleep_ms(1);
		}
	}
	while (!shared[0] || !shared[1])
		sleep_ms(1);
	tid = shared[2];
	CHECK(sys(tgkill, pid, tid, SIGSTOP) == 0);
	tell_wait("SIGSTOP to one thread", pid, WUNTRACED);
	line("the first %s", moves(0));
	line("the second %s", moves(1));
	CHECK(sys(kill, pid, SIGCONT) == 0);
	tell_wait("SIGCONT to the process", pid, WCONTINUED);
	line("the first %s", moves(0));
	line("the second %s", moves(1));
	CHECK(sys(tgkill, pid, tid, SIGTERM) == 0);
	tell_wait("SIGTERM to one thread", pid, 0);
}

/* Which thread takes a signal to the process: one that does not block it. */
static int choice(void *unused)
{
	long me = sys(getpid), tid;

	(void)unused;
	handle(SIGUSR1, note_thread, 0, 0);
	shared[0] = shared[2] = 0;
	tid = thread(block_all_and_wait);
	while (!shared[0])
		sleep_ms(1);
	CHECK(sys(kill, me, SIGUSR1) == 0);
	line("the second blocks it: taken by %d", shared[2]);
	shared[2] = 0;
	CHECK(sys(tkill, tid, SIGUSR1) == 0);
	sleep_ms(10);
	line("sent to the second: taken by %d, pending for the first %#lx", shared[2], pending());
	set_blocked(bit(SIGUSR2));
	CHECK(sys(kill, me, SIGUSR2) == 0);
	line("both block SIGUSR2: pending %#lx", pending());
	CHECK(set_action(SIGUSR2, SIG_IGN, 0, 0) == 0);
	line("ignored: pending %#lx", pending());
	return failures;
}

static void unblock_later(void)
{
	set_blocked(bit(SIGUSR1));
	shared[0] = 1;
	sleep_ms(40);
	set_blocked(0);
	count_for_ever();
}

static int later(void *unused)
{
	long me = sys(getpid);

	(void)unused;
	handle(SIGUSR1, note_thread, 0, 0);
	set_blocked(bit(SIGUSR1));
	shared[0] = shared[2] = 0;
	thread(unblock_later);
	while (!shared[0])
		sleep_ms(1);
	CHECK(sys(kill, me, SIGUSR1) == 0);
	line("both block it: taken by %d", shared[2]);
	while (!shared[2])
		sleep_ms(5);
	line("the second unblocks it: taken by %d", shared[2]);
	return failures;
}

int main(void)
{
	shared = (int *)new_pages(1, MAP_SHARED);
	waits();
	nobody_waits();
	orphans();
	stop_of_threads();
	try("which thread", choice, 0);
	try("which thread, later", later, 0);
	return verdict();
}
