/*
 * siginfo.h - why a signal came: the values of si_code. Linux: include/uapi/asm-generic/siginfo.h
 *
 * Codes above zero come from the kernel, the others from a program. Those from 1 on mean something
 * different for each signal.
 */
#ifndef UAPI_SIGINFO_H
#define UAPI_SIGINFO_H

#define SI_USER		0	/* kill() */
#define SI_KERNEL	0x80	/* the kernel, which has no more to say */
#define SI_QUEUE	-1	/* sigqueue() */
#define SI_TIMER	-2	/* a timer of timer_create() */
#define SI_SIGIO	-5	/* a file, whose queue was full */
#define SI_TKILL	-6	/* tkill() */
#define SI_DETHREAD	-7
#define SI_ASYNCNL	-60

/* SIGILL */
#define ILL_ILLOPC	1	/* unknown opcode */
#define ILL_ILLOPN	2	/* wrong operand; on x86, every invalid instruction */

/* SIGFPE */
#define FPE_INTDIV	1	/* integer division by zero, or the quotient is too large */
#define FPE_INTOVF	2
#define FPE_FLTDIV	3
#define FPE_FLTOVF	4
#define FPE_FLTUND	5
#define FPE_FLTRES	6	/* inexact result */
#define FPE_FLTINV	7

/* SIGSEGV */
#define SEGV_MAPERR	1	/* nothing is mapped there */
#define SEGV_ACCERR	2	/* something is, but not for this access */

/* SIGBUS */
#define BUS_ADRALN	1	/* alignment */
#define BUS_ADRERR	2	/* no memory or file behind the address */

/* SIGTRAP */
#define TRAP_BRKPT	1	/* breakpoint */
#define TRAP_TRACE	2	/* single step */
#define TRAP_HWBKPT	4	/* debug register */

/* SIGCHLD */
#define CLD_EXITED	1
#define CLD_KILLED	2
#define CLD_DUMPED	3	/* killed, and a core was written */
#define CLD_STOPPED	5
#define CLD_CONTINUED	6

/* SIGIO, and what F_SETSIG asked for instead */
#define POLL_IN		1	/* there is something to read */
#define POLL_OUT	2	/* one can write */
#define POLL_MSG	3
#define POLL_ERR	4
#define POLL_PRI	5
#define POLL_HUP	6

#endif
