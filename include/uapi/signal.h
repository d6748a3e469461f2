/*
 * signal.h - signal numbers.
 *
 * Values: Linux on x86-64. Signals are 1..64; a program killed by one is seen by wait4(2) with
 * the number in the low seven bits of its status.
 */
#ifndef UAPI_SIGNAL_H
#define UAPI_SIGNAL_H

#define SIGHUP		1
#define SIGINT		2
#define SIGQUIT		3
#define SIGILL		4
#define SIGTRAP		5
#define SIGABRT		6
#define SIGIOT		SIGABRT
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGUSR1		10
#define SIGSEGV		11
#define SIGUSR2		12
#define SIGPIPE		13
#define SIGALRM		14
#define SIGTERM		15
#define SIGSTKFLT	16
#define SIGCHLD		17
#define SIGCONT		18
#define SIGSTOP		19
#define SIGTSTP		20
#define SIGTTIN		21
#define SIGTTOU		22
#define SIGURG		23
#define SIGXCPU		24
#define SIGXFSZ		25
#define SIGVTALRM	26
#define SIGPROF		27
#define SIGWINCH	28
#define SIGIO		29
#define SIGPOLL		SIGIO
#define SIGPWR		30
#define SIGSYS		31
#define SIGRTMIN	32
#define SIGRTMAX	64
#define _NSIG		64
#define _NSIG_BPW	64	/* bits of a word of a set */
#define _NSIG_WORDS	(_NSIG / _NSIG_BPW)

/* sigaction.sa_flags */
#define SA_NOCLDSTOP	0x00000001	/* of SIGCHLD: not when a child stops or goes on */
#define SA_NOCLDWAIT	0x00000002	/* of SIGCHLD: children leave no zombie */
#define SA_SIGINFO	0x00000004	/* the handler gets a siginfo_t and a ucontext_t */
#define SA_EXPOSE_TAGBITS	0x00000800
#define SA_RESTORER	0x04000000	/* sa_restorer is set, which x86-64 demands */
#define SA_ONSTACK	0x08000000	/* the handler runs on the stack of sigaltstack() */
#define SA_RESTART	0x10000000	/* the interrupted call starts again */
#define SA_NODEFER	0x40000000	/* the signal is not blocked in its own handler */
#define SA_RESETHAND	0x80000000	/* the action becomes SIG_DFL when the handler starts */

/* How rt_sigprocmask() changes the mask. */
#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

/* stack_t.ss_flags */
#define SS_ONSTACK	1
#define SS_DISABLE	2
#define SS_AUTODISARM	(1U << 31)	/* disable it while a handler runs */
#define SS_FLAG_BITS	SS_AUTODISARM
#define MINSIGSTKSZ	2048

#endif
