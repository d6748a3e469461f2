/*
 * signal_calls.c - the system calls about signals, one after the other, without a handler: arguments
 * and the order in which they are checked; the mask; what is pending; who may be sent to.
 */
#include "handlers.h"

#include <sys/resource.h>

#define BAD		((void *)0x1000)	/* nothing is mapped there */
#define KERNEL_HALF	((void *)-4096L)

static void block_all(void)
{
	unsigned long all = ~0ul;

	CHECK(sys(rt_sigprocmask, SIG_SETMASK, &all, 0, 8) == 0);
}

static void unblock_all(void)
{
	unsigned long none = 0;

	CHECK(sys(rt_sigprocmask, SIG_SETMASK, &none, 0, 8) == 0);
}

/* --- rt_sigaction --------------------------------------------------------------------------- */

static void actions(void)
{
	struct action act = { SIG_IGN, 0, 0, 0 }, old;
	static const int numbers[] = { 0, -1, 1, SIGKILL, SIGSTOP, SIGCONT, 31, 32, 64, 65, 1 << 30 };

	for (unsigned i = 0; i < ARRAY_SIZE(numbers); i++) {
		line("rt_sigaction(%d, SIG_IGN): %s", numbers[i],
		     text(sys(rt_sigaction, numbers[i], &act, 0, 8)));
		line("rt_sigaction(%d, 0): %s", numbers[i],
		     text(sys(rt_sigaction, numbers[i], 0, 0, 8)));
		act.handler = SIG_DFL;
		sys(rt_sigaction, numbers[i], &act, 0, 8);
		act.handler = SIG_IGN;
	}
	show(rt_sigaction, SIGUSR1, &act, 0, 4);
	show(rt_sigaction, SIGUSR1, &act, 0, 16);
	show(rt_sigaction, SIGKILL, BAD, 0, 4);
	show(rt_sigaction, SIGKILL, BAD, 0, 8);
	show(rt_sigaction, SIGUSR1, BAD, 0, 8);
	show(rt_sigaction, SIGUSR1, KERNEL_HALF, 0, 8);
	show(rt_sigaction, SIGKILL, 0, BAD, 8);
	show(rt_sigaction, 65, 0, BAD, 8);
	show(rt_sigaction, SIGKILL, 0, &old, 8);
	line("SIGKILL has %s", old.handler == SIG_DFL ? "SIG_DFL" : "another action");

	act = (struct action){ (void *)0x1234, ~0ul, (void *)0x5678, ~0ul };
	show(rt_sigaction, SIGUSR1, &act, BAD, 8);
	show(rt_sigaction, SIGUSR1, 0, &old, 8);
	line("stored, although the old one could not be: handler %p flags %#lx restorer %p mask %#lx",
	     old.handler, old.flags, old.restorer, old.mask);
	for (int i = 0; i < 64; i += 8) {
		CHECK(set_action(SIGUSR1, SIG_IGN, 0xfful << i, 0) == 0);
		CHECK(sys(rt_sigaction, SIGUSR1, 0, &old, 8) == 0);
		line("flags %#lx: %#lx stay", 0xfful << i, old.flags);
	}
	CHECK(set_action(SIGUSR1, SIG_DFL, 0, 0) == 0);
}

/* --- the mask ------------------------------------------------------------------------------- */

static void masks(void)
{
	unsigned long set = ~0ul, old = 0;

	show(rt_sigprocmask, SIG_BLOCK, 0, 0, 8);
	show(rt_sigprocmask, 77, 0, 0, 8);
	show(rt_sigprocmask, 77, &set, 0, 8);
	show(rt_sigprocmask, -1, &set, 0, 8);
	show(rt_sigprocmask, SIG_BLOCK, 0, 0, 4);
	show(rt_sigprocmask, 77, BAD, 0, 4);
	show(rt_sigprocmask, 77, BAD, 0, 8);
	show(rt_sigprocmask, SIG_BLOCK, BAD, 0, 8);
	show(rt_sigprocmask, SIG_BLOCK, 0, BAD, 8);
	show(rt_sigprocmask, SIG_SETMASK, &set, 0, 8);
	line("all blocked: %#lx", blocked());
	set = bit(SIGUSR1) | bit(40);
	show(rt_sigprocmask, SIG_UNBLOCK, &set, &old, 8);
	line("before: %#lx, now: %#lx", old, blocked());
	set = bit(SIGUSR1);
	show(rt_sigprocmask, SIG_BLOCK, &set, BAD, 8);
	line("blocked, although the old mask could not be stored: %#lx", blocked());
	set = bit(SIGHUP) | bit(64);
	show(rt_sigprocmask, SIG_SETMASK, &set, &set, 8);
	line("before: %#lx, now: %#lx", set, blocked());
	unblock_all();
	line("none: %#lx", blocked());
}

/* --- what is pending ------------------------------------------------------------------------ */

static long to_self(int sig)
{
	long me = sys(getpid);

	return sys(kill, me, sig);
}

static void pending_signals(void)
{
	unsigned long set;
	long me = sys(gettid);

	show(rt_sigpending, &set, 9);
	show(rt_sigpending, BAD, 8);
	show(rt_sigpending, BAD, 0);
	set = ~0ul;
	show(rt_sigpending, &set, 4);
	line("only half of it was written: %#lx", set);
	block_all();
	line("nothing yet: %#lx", pending());
	CHECK(to_self(SIGUSR1) == 0 && to_self(SIGUSR1) == 0 && to_self(SIGTERM) == 0);
	line("SIGUSR1, SIGTERM: %#lx", pending());
	CHECK(sys(tkill, me, SIGUSR2) == 0);
	line("and SIGUSR2, to the thread: %#lx", pending());
	CHECK(set_action(SIGUSR2, SIG_IGN, 0, 0) == 0);
	line("SIGUSR2 is ignored: %#lx", pending());
	CHECK(to_self(SIGUSR2) == 0);
	line("sent while it is ignored and blocked: %#lx", pending());
	CHECK(set_action(SIGUSR2, SIG_DFL, 0, 0) == 0);
	line("default again: %#lx", pending());
	CHECK(set_action(SIGUSR2, SIG_IGN, 0, 0) == 0);
	CHECK(to_self(SIGCHLD) == 0);
	line("SIGCHLD, blocked, default: %#lx", pending());
	CHECK(set_action(SIGCHLD, SIG_DFL, 0, 0) == 0);
	line("the default is set anew: %#lx", pending());
	CHECK(to_self(SIGTSTP) == 0 && to_self(SIGTTIN) == 0);
	line("SIGTSTP, SIGTTIN: %#lx", pending());
	CHECK(to_self(SIGCONT) == 0);
	line("SIGCONT takes them back: %#lx", pending());
	CHECK(to_self(SIGTTOU) == 0);
	line("SIGTTOU takes SIGCONT back: %#lx", pending());
	CHECK(set_action(SIGTTOU, SIG_IGN, 0, 0) == 0);
	CHECK(set_action(SIGTERM, SIG_IGN, 0, 0) == 0);
	CHECK(set_action(SIGUSR1, SIG_IGN, 0, 0) == 0);
	line("all of them ignored: %#lx", pending());
	unblock_all();
	CHECK(to_self(SIGUSR1) == 0);
	line("ignored, not blocked: %#lx", pending());
	CHECK(set_action(SIGUSR1, SIG_DFL, 0, 0) == 0);
	CHECK(set_action(SIGTTOU, SIG_DFL, 0, 0) == 0);
	CHECK(set_action(SIGTERM, SIG_DFL, 0, 0) == 0);
	CHECK(set_action(SIGUSR2, SIG_DFL, 0, 0) == 0);
}

/* A child inherits what is blocked and ignored, not what is pending. */
static int child_of_blocker(void *unused)
{
	struct action old;

	(void)unused;
	line("child: blocked %#lx, pending %#lx", blocked(), pending());
	CHECK(sys(rt_sigaction, SIGUSR2, 0, &old, 8) == 0);
	line("child: SIGUSR2 is %s", old.handler == SIG_IGN ? "ignored" : "not ignored");
	return failures;
}

static void inherited(void)
{
	unsigned long set = bit(SIGUSR1) | bit(50);

	CHECK(set_action(SIGUSR2, SIG_IGN, SA_RESTART, 0) == 0);
	CHECK(sys(rt_sigprocmask, SIG_SETMASK, &set, 0, 8) == 0);
	CHECK(to_self(SIGUSR1) == 0);
	line("parent: blocked %#lx, pending %#lx", blocked(), pending());
	try("the child", child_of_blocker, 0);
	CHECK(set_action(SIGUSR1, SIG_IGN, 0, 0) == 0);
	CHECK(set_action(SIGUSR1, SIG_DFL, 0, 0) == 0);
	CHECK(set_action(SIGUSR2, SIG_DFL, 0, 0) == 0);
	unblock_all();
}

/* --- sending -------------------------------------------------------------------------------- */

static int sleeper(void *unused)
{
	(void)unused;
	for (;;)
		sys(pause);
	return 0;
}

static long start(int (*fn)(void *))
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, fn(0));
	return pid;
}

static const char *end_of(long pid)
{
	int status = 0;

	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return ending(status);
}

static long nobody_there;	/* a number that no process has */

static void kill_arguments(void)
{
	long me = sys(getpid), tid = sys(gettid);

	nobody_there = start(sleeper);
	CHECK(sys(kill, nobody_there, SIGKILL) == 0);
	end_of(nobody_there);
	show(kill, me, 0);
	show(kill, me, 65);
	show(kill, me, -1);
	show(kill, nobody_there, 0);
	show(kill, nobody_there, 65);
	show(kill, 0x7fffffff, SIGTERM);
	show(kill, -0x7fffffff, SIGTERM);
	show(kill, 0x80000000, 0);
	show(kill, -nobody_there, 0);
	show(tkill, tid, 0);
	show(tkill, tid, 65);
	show(tkill, nobody_there, 65);
	show(tkill, nobody_there, 0);
	show(tkill, 0, 65);
	show(tkill, -1, 0);
	show(tgkill, me, tid, 0);
	show(tgkill, me, tid, 65);
	show(tgkill, me, 0, 0);
	show(tgkill, 0, tid, 0);
	show(tgkill, -1, tid, 0);
	show(tgkill, 1, tid, 0);
	show(tgkill, nobody_there, tid, 65);
	show(tgkill, nobody_there, nobody_there, 0);
}

static void queue_arguments(void)
{
	long me = sys(getpid), tid = sys(gettid), pid = start(sleeper);
	struct info info = { .code = SI_QUEUE };
	static const int codes[] = {
		SI_QUEUE, SI_USER, SI_TKILL, SI_KERNEL, SI_TIMER, SI_MESGQ, SI_ASYNCIO, SI_SIGIO, 1, -7,
		-8, -60, -61, 0x7fffffff, 7,
	};

	for (unsigned i = 0; i < ARRAY_SIZE(codes); i++) {
		info.code = codes[i];
		line("rt_sigqueueinfo(child, 0, code %d): %s", codes[i],
		     text(sys(rt_sigqueueinfo, pid, 0, &info)));
		line("rt_sigqueueinfo(self, 0, code %d): %s", codes[i],
		     text(sys(rt_sigqueueinfo, me, 0, &info)));
	}
	info.code = -8;
	info.words[27] = 1;
	line("an unknown code with more behind it: %s", text(sys(rt_sigqueueinfo, me, 0, &info)));
	info.code = SI_QUEUE;
	line("a known code with more behind it: %s", text(sys(rt_sigqueueinfo, me, 0, &info)));
	show(rt_sigqueueinfo, me, SIGUSR1, BAD);
	show(rt_sigqueueinfo, nobody_there, 65, BAD);
	show(rt_sigqueueinfo, nobody_there, 65, &info);
	show(rt_sigqueueinfo, 0, 0, &info);
	show(rt_sigqueueinfo, -1, 0, &info);
	show(rt_sigqueueinfo, pid, 65, &info);
	show(rt_sigqueueinfo, pid, -1, &info);
	info.code = SI_USER;
	show(rt_sigqueueinfo, nobody_there, 65, &info);
	show(rt_tgsigqueueinfo, pid, pid, 0, &info);
	show(rt_tgsigqueueinfo, pid, 0, 0, &info);
	show(rt_tgsigqueueinfo, me, tid, 0, &info);
	info.code = SI_QUEUE;
	show(rt_tgsigqueueinfo, pid, pid, 0, &info);
	show(rt_tgsigqueueinfo, pid, pid, 65, &info);
	show(rt_tgsigqueueinfo, me, pid, 0, &info);
	show(rt_tgsigqueueinfo, -1, pid, 0, &info);
	show(rt_tgsigqueueinfo, pid, -1, 0, BAD);
	CHECK(sys(rt_sigqueueinfo, pid, SIGTERM, &info) == 0);
	line("the child: %s", end_of(pid));
}

/* To whom a process without privileges may send. */
static int without_privileges(void *arg)
{
	long root = *(long *)arg, mine;
	struct info info = { .code = SI_QUEUE };

	become_nobody();
	show(kill, root, 0);
	show(kill, root, SIGTERM);
	show(kill, root, 65);
	show(tkill, root, 0);
	show(tgkill, root, root, SIGTERM);
	show(rt_sigqueueinfo, root, SIGTERM, &info);
	show(rt_tgsigqueueinfo, root, root, SIGTERM, &info);
	mine = start(sleeper);
	show(kill, mine, 0);
	show(kill, mine, SIGTERM);
	line("its own child: %s", end_of(mine));
	return failures;
}

static void permission(void)
{
	long root = start(sleeper);

	try("without privileges", without_privileges, &root);
	CHECK(sys(kill, root, SIGKILL) == 0);
	line("the child of root: %s", end_of(root));
}

/* --- limits --------------------------------------------------------------------------------- */

static int over_the_limit(void *unused)
{
	struct rlimit limit = { 3, 3 };
	struct info info = { .code = SI_QUEUE };
	long me = sys(getpid);

	(void)unused;
	become_nobody(); /* for whom nothing is pending yet */
	block_all();
	CHECK(sys(setrlimit, RLIMIT_SIGPENDING, &limit) == 0);
	for (int i = 0; i < 4; i++)
		line("real-time signal %d: %s", i + 1, text(sys(rt_sigqueueinfo, me, 40, &info)));
	line("another one by kill(): %s", text(sys(kill, me, 41)));
	line("a standard one by rt_sigqueueinfo(): %s", text(sys(rt_sigqueueinfo, me, SIGUSR1, &info)));
	line("pending: %#lx", pending());
	return failures;
}

/* --- rt_sigtimedwait ------------------------------------------------------------------------ */

static void timed_wait(void)
{
	unsigned long set = bit(SIGUSR1) | bit(SIGUSR2) | bit(40);
	struct timespec none = { 0, 0 }, ms = { 0, 1000000 }, bad = { 0, 1000000000 },
			negative = { -1, 0 };
	struct info info;
	long me = sys(getpid);

	show(rt_sigtimedwait, &set, 0, &none, 4);
	show(rt_sigtimedwait, BAD, 0, &none, 8);
	show(rt_sigtimedwait, BAD, 0, BAD, 8);
	show(rt_sigtimedwait, &set, 0, BAD, 8);
	show(rt_sigtimedwait, &set, 0, &bad, 8);
	show(rt_sigtimedwait, &set, 0, &negative, 8);
	show(rt_sigtimedwait, &set, 0, &none, 8);
	show(rt_sigtimedwait, &set, 0, &ms, 8);
	block_all();
	CHECK(to_self(SIGUSR2) == 0 && to_self(SIGUSR1) == 0 && to_self(SIGTERM) == 0);
	show(rt_sigtimedwait, &set, &info, &none, 8);
	line("siginfo: signal %d code %d uid %d, from %s", info.signo, info.code, info.uid,
	     info.pid == me ? "this process" : "another");
	show(rt_sigtimedwait, &set, BAD, 0, 8);
	show(rt_sigtimedwait, &set, 0, &none, 8);
	for (int i = 0; i < 3; i++) {
		info = (struct info){ .code = SI_QUEUE, .pid = 11 + i, .uid = 22, .value = 33 + i };
		CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	}
	for (int i = 0; i < 4; i++) {
		memset(&info, 0x5a, sizeof(info));
		show(rt_sigtimedwait, &set, &info, &none, 8);
		line("siginfo: signal %d code %d pid %d uid %d value %ld, rest %s", info.signo, info.code,
		     info.pid, info.uid, info.value, info.words[27] ? "untouched" : "zero");
	}
	set = ~0ul;
	show(rt_sigtimedwait, &set, 0, &none, 8);
	show(rt_sigtimedwait, &set, 0, &none, 8);
	unblock_all();
}

/* --- the alternate stack -------------------------------------------------------------------- */

static void alternate_stack(void)
{
	static char memory[16384];
	stack_t stack = { memory, 0, sizeof(memory) }, old = { 0 };

	show(sigaltstack, 0, 0);
	show(sigaltstack, 0, &old);
	line("at the start: sp %s flags %#x size %ld", old.ss_sp ? "set" : "0", old.ss_flags, old.ss_size);
	show(sigaltstack, BAD, 0);
	show(sigaltstack, BAD, BAD);
	show(sigaltstack, 0, BAD);
	stack.ss_flags = 3;
	show(sigaltstack, &stack, 0);
	stack.ss_flags = 4;
	show(sigaltstack, &stack, BAD);
	stack.ss_flags = SS_ONSTACK;
	stack.ss_size = 2047;
	show(sigaltstack, &stack, 0);
	stack.ss_flags = 4;
	show(sigaltstack, &stack, 0);
	stack = (stack_t){ 0, SS_DISABLE, 0 };
	show(sigaltstack, &stack, 0);
	stack.ss_flags = 0;
	show(sigaltstack, &stack, 0);
	stack = (stack_t){ memory, 0, 0 };
	show(sigaltstack, &stack, 0);
	stack.ss_size = 2048;
	show(sigaltstack, &stack, 0);
	show(sigaltstack, 0, &old);
	line("set: flags %#x size %ld", old.ss_flags, old.ss_size);
	stack.ss_flags = 1 << 31;
	show(sigaltstack, &stack, &old);
	show(sigaltstack, 0, &old);
	line("SS_AUTODISARM: flags %#x size %ld", (unsigned)old.ss_flags, old.ss_size);
	stack.ss_flags = SS_ONSTACK;
	show(sigaltstack, &stack, BAD);
	show(sigaltstack, 0, &old);
	line("SS_ONSTACK: flags %#x size %ld", old.ss_flags, old.ss_size);
	stack.ss_flags = SS_DISABLE;
	show(sigaltstack, &stack, &old);
	show(sigaltstack, 0, &old);
	line("SS_DISABLE: sp %s flags %#x size %ld", old.ss_sp ? "set" : "0", old.ss_flags, old.ss_size);
}

/* --- what each signal does by default ------------------------------------------------------- */

static int kill_self(void *arg)
{
	set_action(*(int *)arg, SIG_DFL, 0, 0); /* whoever started this program may ignore it */
	CHECK(to_self(*(int *)arg) == 0);
	return 42;
}

static void defaults(void)
{
	char what[32];

	for (int sig = 1; sig <= 34; sig++) {
		if (sig >= SIGSTOP && sig <= SIGTTOU)
			continue; /* which stop: see signal_stop.c */
		snprintf(what, sizeof(what), "signal %d", sig);
		try(what, kill_self, &sig);
	}
}

int main(void)
{
	actions();
	masks();
	pending_signals();
	inherited();
	kill_arguments();
	queue_arguments();
	permission();
	try("RLIMIT_SIGPENDING of 3", over_the_limit, 0);
	timed_wait();
	alternate_stack();
	defaults();
	show(rt_sigsuspend, BAD, 8);
	show(rt_sigsuspend, BAD, 4);
	show(restart_syscall);
	return verdict();
}
