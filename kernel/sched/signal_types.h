/*
 * What a signal is made of: sets of signals, siginfo, queues, actions. No task is known here, so
 * that struct task_struct can be built of these. Linux: include/linux/signal_types.h, signal.h
 */
#ifndef KERNEL_SCHED_SIGNAL_TYPES_H
#define KERNEL_SCHED_SIGNAL_TYPES_H

#include <uapi/siginfo.h>
#include <uapi/signal.h>

#include "kernel/lib/lib.h"

struct user_struct;

typedef struct {
	unsigned long sig[1]; /* bit n - 1: signal n */
} sigset_t;

#define sigmask(sig) BIT((sig) - 1)

static inline void sigemptyset(sigset_t *set)
{
	set->sig[0] = 0;
}

static inline void sigaddset(sigset_t *set, int sig)
{
	set->sig[0] |= sigmask(sig);
}

static inline void sigdelset(sigset_t *set, int sig)
{
	set->sig[0] &= ~sigmask(sig);
}

static inline void sigdelsetmask(sigset_t *set, unsigned long mask)
{
	set->sig[0] &= ~mask;
}

static inline bool sigismember(const sigset_t *set, int sig)
{
	return set->sig[0] & sigmask(sig);
}

/* Classes of signals: what each does when its action is the default. */
#define SIG_KERNEL_ONLY_MASK (sigmask(SIGKILL) | sigmask(SIGSTOP))
#define SIG_KERNEL_STOP_MASK                                                            \
	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define SIG_KERNEL_COREDUMP_MASK                                                        \
	(sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) |     \
	 sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) |       \
	 sigmask(SIGXCPU) | sigmask(SIGXFSZ))
#define SIG_KERNEL_IGNORE_MASK                                                          \
	(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
/* What an instruction of the task itself causes: delivered before all others. */
#define SYNCHRONOUS_MASK                                                                \
	(sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) |      \
	 sigmask(SIGFPE) | sigmask(SIGSYS))

#define sig_kernel_only(sig) (SIG_KERNEL_ONLY_MASK & sigmask(sig))
#define sig_kernel_stop(sig) (SIG_KERNEL_STOP_MASK & sigmask(sig))
#define sig_kernel_coredump(sig) (SIG_KERNEL_COREDUMP_MASK & sigmask(sig))
#define sig_kernel_ignore(sig) (SIG_KERNEL_IGNORE_MASK & sigmask(sig))

typedef union sigval {
	int sival_int;
	void __user *sival_ptr;
} sigval_t;

/* Laid out as the first bytes of ring 3's siginfo_t, which is 128 bytes long. */
typedef struct kernel_siginfo {
	int si_signo, si_errno, si_code;
	union {
		struct { /* kill(), sigqueue(), SIGCHLD: who did it */
			union {
				pid_t si_pid;
				int si_tid; /* a timer's number */
			};
			union {
				uid_t si_uid;
				int si_overrun; /* of a timer */
			};
			union {
				struct {
					sigval_t si_value; /* sigqueue(), timers */
					int si_sys_private; /* of a timer, not for ring 3 */
				};
				struct {           /* SIGCHLD */
					int si_status;     /* exit code or signal */
					long si_utime, si_stime; /* clock ticks, 1/100 s */
				};
			};
		};
		struct { /* a file: POLL* of poll(2), and the descriptor that asked for it */
			long si_band;
			int si_fd;
		};
		void __user *si_addr; /* faults: the instruction, or what it accessed */
	};
} kernel_siginfo_t;

_Static_assert(offsetof(kernel_siginfo_t, si_pid) == 16, "siginfo_t is not Linux's");
_Static_assert(offsetof(kernel_siginfo_t, si_addr) == 16, "siginfo_t is not Linux's");
_Static_assert(offsetof(kernel_siginfo_t, si_stime) == 40, "siginfo_t is not Linux's");

static inline void clear_siginfo(kernel_siginfo_t *info)
{
	memset(info, 0, sizeof(*info));
}

/* Pass one of these in place of a siginfo: SI_USER from current, or SI_KERNEL. */
#define SEND_SIG_NOINFO ((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV ((struct kernel_siginfo *)1)

/* sigqueue.flags */
#define SIGQUEUE_PREALLOC 1 /* a timer's, which uses it again and again */

/* One signal in a queue. */
struct sigqueue {
	struct list_head list;
	int flags; /* SIGQUEUE_* */
	kernel_siginfo_t info;
	struct user_struct *user; /* whose RLIMIT_SIGPENDING it counts against, with a reference */
};

/*
 * The pending signals of a task or a thread group. A signal may be in the set without an entry in
 * the list: SIGKILL always, others when there was no memory or the limit was reached.
 */
struct sigpending {
	struct list_head list; /* struct sigqueue, in order of arrival */
	sigset_t signal;
};

static inline void init_sigpending(struct sigpending *pending)
{
	INIT_LIST_HEAD(&pending->list);
	sigemptyset(&pending->signal);
}

static inline bool valid_signal(unsigned long sig)
{
	return sig <= _NSIG;
}

typedef void (*__sighandler_t)(int sig);

#define SIG_DFL ((__sighandler_t)0)
#define SIG_IGN ((__sighandler_t)1)

/* What to do about a signal. Laid out as ring 3's, in rt_sigaction(). */
struct sigaction {
	__sighandler_t sa_handler; /* an address in ring 3, or SIG_DFL or SIG_IGN */
	unsigned long sa_flags;
	void __user *sa_restorer;
	sigset_t sa_mask;
};

struct k_sigaction {
	struct sigaction sa;
};

/* A signal that was taken from a queue, and what is to be done about it. */
struct ksignal {
	struct k_sigaction ka;
	kernel_siginfo_t info;
	int sig;
};

#endif
