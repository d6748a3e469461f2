/*
 * signal_exec.c - what a new program finds of the old one's signals: actions, mask, what is pending, the
 * alternate stack.
 */
#include "handlers.h"

#include <sys/auxv.h>

static void handler(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
}

static void tell(const char *who)
{
	static const int signals[] = { SIGUSR1, SIGUSR2, SIGCHLD, SIGPIPE, 40, 50 };
	struct action old;
	stack_t stack;

	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++) {
		CHECK(sys(rt_sigaction, signals[i], 0, &old, 8) == 0);
		line("%s: signal %d is %s, flags %#lx mask %#lx restorer %s", who, signals[i],
		     old.handler == SIG_DFL ? "default" : old.handler == SIG_IGN ? "ignored" : "handled",
		     old.flags & ~(unsigned long)SA_RESTORER, old.mask, old.restorer ? "set" : "0");
	}
	CHECK(sys(sigaltstack, 0, &stack) == 0);
	line("%s: blocked %#lx, pending %#lx, alternate stack %s flags %#x size %ld", who, blocked(), pending(),
	     stack.ss_sp ? "set" : "0", (unsigned)stack.ss_flags, (long)stack.ss_size);
}

int main(int argc, char **argv)
{
	static char memory[16384];
	stack_t stack = { memory, 0, sizeof(memory) };
	char *again[] = { argv[0], "again", NULL }, *none[] = { NULL };
	struct info info = { .code = SI_QUEUE };
	long me = sys(getpid);

	if (argc > 1) {
		tell("after");
		return verdict();
	}
	handle(SIGUSR1, handler, SA_RESTART | SA_ONSTACK, 0xf0000000);
	handle(50, handler, SA_NODEFER, 0);
	CHECK(set_action(SIGUSR2, SIG_IGN, SA_RESTART, 0xf) == 0);
	CHECK(set_action(SIGCHLD, SIG_IGN, SA_NOCLDWAIT, 0) == 0);
	CHECK(set_action(40, SIG_DFL, SA_SIGINFO, ~0ul) == 0);
	CHECK(sys(sigaltstack, &stack, 0) == 0);
	set_blocked(bit(SIGUSR1) | bit(SIGUSR2) | bit(40) | bit(SIGTERM));
	raise_signal(SIGUSR1);
	CHECK(sys(tkill, me, SIGTERM) == 0);
	CHECK(sys(rt_sigqueueinfo, me, 40, &info) == 0);
	tell("before");
	line("execve: %s", text(sys(execve, getauxval(AT_EXECFN), again, none)));
	return 1;
}
