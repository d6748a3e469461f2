/*
 * What each clock of POSIX can do, and the timers that programs make of it.
 * Linux: kernel/time/posix-timers.h, include/linux/posix-timers.h
 */
#ifndef KERNEL_TIME_POSIX_TIMERS_H
#define KERNEL_TIME_POSIX_TIMERS_H

#include <uapi/sigevent.h>

#include "kernel/lib/list.h"
#include "kernel/sched/sigqueue.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/itimerspec.h"

#define CPUCLOCK_PROF 0 /* ticks in ring 3 and in ring 0 */
#define CPUCLOCK_VIRT 1 /* ticks in ring 3 */
#define CPUCLOCK_SCHED 2 /* time on the CPU */
#define CPUCLOCK_MAX 3

/* A timer of CPU time. It is in the tree of those it is for while it is armed. */
struct cpu_timer {
	struct rb_node node;
	u64 expires;              /* nanoseconds of its clock; 0: it is not set, or has fired */
	struct rb_root_cached *head; /* the tree, or NULL */
	struct pid *pid;          /* whose time it is; with a reference */
};

/* The timers of a thread's CPU time, or of a group's: a tree for each clock. */
struct posix_cputimers {
	struct rb_root_cached bases[CPUCLOCK_MAX];
};

/* ITIMER_PROF and ITIMER_VIRTUAL, nanoseconds. */
struct cpu_itimer {
	u64 expires; /* 0: it is not set */
	u64 incr;
};

/* All timers of a thread group. Made with the first of them, and kept until the group ends. */
struct process_timers {
	struct hrtimer real_timer; /* ITIMER_REAL */
	ktime_t it_real_incr;
	struct pid *leader_pid;
	struct cpu_itimer it[2]; /* CPUCLOCK_PROF, CPUCLOCK_VIRT */
	struct posix_cputimers cpu;
	struct list_head posix_timers; /* struct k_itimer, by their list */
	int posix_timer_id;            /* the number that is tried next */
};

/* The timers of @task's group, made if there are none; NULL: no memory. itimer.c */
struct process_timers *get_process_timers(struct task_struct *task);

struct k_clock;

/* A timer of timer_create(). Interrupts are off where its fields are changed. */
struct k_itimer {
	struct list_head list;    /* in process_timers.posix_timers */
	struct hlist_node t_hash; /* in posix_timers_hashtable */
	const struct k_clock *kclock;
	clockid_t it_clock;
	int it_id;
	bool it_active;
	s64 it_overrun;      /* expirations since the last signal, less 1 */
	s64 it_overrun_last; /* the same when that signal was taken */
	int it_requeue_pending; /* odd: a signal is on its way that arms the timer again */
	int it_sigev_notify;    /* SIGEV_* */
	ktime_t it_interval;    /* 0: it expires once */
	struct signal_struct *it_signal; /* whose it is */
	union {
		struct pid *it_pid;             /* who gets the signal; with a reference */
		struct task_struct *it_process; /* of a sleep: who sleeps */
	};
	struct sigqueue *sigq; /* the signal; NULL: a sleep */
	union {
		struct hrtimer timer;
		struct cpu_timer cpu;
	} it;
};

#define REQUEUE_PENDING 1

/* An operation that is NULL is one that the clock does not have. 0 or -errno. */
struct k_clock {
	int (*clock_getres)(clockid_t which, struct timespec *tp);
	int (*clock_set)(clockid_t which, const struct timespec *tp);
	int (*clock_get)(clockid_t which, struct timespec *tp);
	/* Sleep as clock_nanosleep(2) does, until @rqtp, which is valid. @flags: TIMER_ABSTIME */
	int (*nsleep)(clockid_t which, int flags, const struct timespec *rqtp);
	/* Prepare the timer for its clock, it_clock. */
	int (*timer_create)(struct k_itimer *timer);
	/* Arm or, with it_value 0, disarm it. @old (or NULL) becomes what it was set to. */
	int (*timer_set)(struct k_itimer *timer, int flags, const struct itimerspec *new,
			 struct itimerspec *old);
	void (*timer_del)(struct k_itimer *timer); /* the end of it */
	/* @cur, which is all zeros, becomes what it is set to. */
	void (*timer_get)(struct k_itimer *timer, struct itimerspec *cur);
	void (*timer_rearm)(struct k_itimer *timer); /* its signal was taken: go on */
};

/* NULL: there is no clock @id. clocks.c */
const struct k_clock *clockid_to_kclock(clockid_t id);

/* posix-cpu-timers.c: CPU time of the current process, of the current thread, of any */
extern const struct k_clock clock_process, clock_thread, clock_posix_cpu;

/* posix-timers.c: the operations of clocks that high-resolution timers know */
int common_timer_create(struct k_itimer *timer);
int common_timer_set(struct k_itimer *timer, int flags, const struct itimerspec *new,
		     struct itimerspec *old);
void common_timer_del(struct k_itimer *timer);
void common_timer_get(struct k_itimer *timer, struct itimerspec *cur);
void common_hrtimer_rearm(struct k_itimer *timer);

/* ALARM clocks would wake a suspended machine, which this one never is: the same clock without. */
static inline clockid_t clock_of_alarm(clockid_t which)
{
	if (which == CLOCK_REALTIME_ALARM)
		return CLOCK_REALTIME;
	return which == CLOCK_BOOTTIME_ALARM ? CLOCK_BOOTTIME : which;
}

/*
 * Send the signal of @timer, with @si_private for the one who takes it. True: it was ignored, so nobody
 * will arm the timer again.
 */
bool posix_timer_event(struct k_itimer *timer, int si_private);

void exit_itimers(struct process_timers *timers); /* delete those of timer_create() */

/* CPUCLOCK_PROF or CPUCLOCK_VIRT of those that have used @used, nanoseconds. */
static inline u64 sample_ticks(const struct task_usage *used, int which)
{
	return (used->utime + (which == CPUCLOCK_VIRT ? 0 : used->stime)) * TICK_NSEC;
}

/* The timers of @cputimers can never fire again: take them out of the trees. */
void posix_cputimers_exit(struct posix_cputimers *cputimers);

#endif
