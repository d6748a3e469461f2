/*
 * handlers.h - what the signal programs of tests/abi share: actions by the kernel's own struct, with a
 * restorer of our own, and the frame that a handler finds on its stack.
 */
#ifndef HANDLERS_H
#define HANDLERS_H

#include "abi.h"

#include <sys/time.h>

#include <stddef.h>

#ifndef SA_RESTORER
#define SA_RESTORER 0x04000000
#endif
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

/* The kernel's struct sigaction. */
struct action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

/* The kernel's siginfo_t, as far as it is used here. */
struct info {
	int signo, error, code, pad;
	union {
		struct {
			int pid, uid;
			union {
				long value;
				struct {
					int status;
					long utime, stime;
				};
			};
		};
		void *addr;
		int words[28];
	};
};

struct context { /* struct sigcontext */
	unsigned long r8, r9, r10, r11, r12, r13, r14, r15, di, si, bp, bx, dx, ax, cx, sp, ip, flags;
	unsigned short cs, gs, fs, ss;
	unsigned long err, trapno, oldmask, cr2;
	unsigned char *fpstate;
	unsigned long reserved[8];
};

struct ucontext_of_kernel {
	unsigned long flags;
	void *link;
	stack_t stack;
	struct context regs;
	unsigned long mask;
};

typedef void handler_t(int sig, struct info *info, struct ucontext_of_kernel *uc);

/* Where the handler's RET goes. */
void restorer(void);
asm(".globl restorer\nrestorer:\n\tmov $15, %eax\n\tsyscall\n\thlt\n");

static inline unsigned long bit(int sig)
{
	return 1ul << (sig - 1);
}

__attribute__((unused))
static long set_action(int sig, void *handler, unsigned long flags, unsigned long mask)
{
	struct action action = { handler, flags | SA_RESTORER, restorer, mask };

	return sys(rt_sigaction, sig, &action, 0, 8);
}

__attribute__((unused))
static void handle(int sig, handler_t *handler, unsigned long flags, unsigned long mask)
{
	CHECK(set_action(sig, handler, flags | SA_SIGINFO, mask) == 0);
}

__attribute__((unused))
static unsigned long blocked(void)
{
	unsigned long mask = 0;

	CHECK(sys(rt_sigprocmask, SIG_BLOCK, 0, &mask, 8) == 0);
	return mask;
}

__attribute__((unused))
static void set_blocked(unsigned long mask)
{
	CHECK(sys(rt_sigprocmask, SIG_SETMASK, &mask, 0, 8) == 0);
}

__attribute__((unused))
static unsigned long pending(void)
{
	unsigned long set = 0;

	CHECK(sys(rt_sigpending, &set, 8) == 0);
	return set;
}

__attribute__((unused))
static void raise_signal(int sig)
{
	long me = sys(getpid);

	CHECK(sys(kill, me, sig) == 0);
}

/* A process that is stopped or killed by @sig after @ms milliseconds; from a child of its own. */
__attribute__((unused))
static long send_later(long pid, int sig, long ms)
{
	long child = sys(fork);

	if (child == 0) {
		sleep_ms(ms);
		sys(kill, pid, sig);
		sys(exit_group, 0);
	}
	return child;
}

/* A handler whose only effect is that the call it interrupts ends. */
__attribute__((unused))
static void do_nothing(int sig, struct info *info, struct ucontext_of_kernel *uc)
{
	(void)sig;
	(void)info;
	(void)uc;
}

/* SIGALRM in @usec microseconds. */
__attribute__((unused))
static void alarm_in(long usec)
{
	struct itimerval soon = { { 0, 0 }, { 0, usec } };

	sys(setitimer, ITIMER_REAL, &soon, 0);
}

#endif
