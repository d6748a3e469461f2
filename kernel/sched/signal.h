/*
 * Signals: what tasks share for them, and how to send one. The code is in kernel/signal.
 * Included by sched.h. Linux: include/linux/sched/signal.h
 */
#ifndef KERNEL_SCHED_SIGNAL_H
#define KERNEL_SCHED_SIGNAL_H

#include <uapi/resource.h>

#include "kernel/sched/pid.h"
#include "kernel/sched/sched.h"
#include "kernel/sched/signal_types.h"

/* Signal actions, which tasks may share. */
struct sighand_struct {
	refcount_t count;
	spinlock_t siglock; /* protects the actions, and the pending signals of those who share them */
	struct k_sigaction action[_NSIG];
};

/* signal_struct.flags */
#define SIGNAL_GROUP_EXIT 0x04u  /* the whole thread group is ending, with group_exit_code */
#define SIGNAL_UNKILLABLE 0x40u  /* PID 1: a signal with the default action does nothing */

struct process_timers;

/* What a thread group shares. */
struct signal_struct {
	refcount_t sigcnt;
	unsigned int flags; /* SIGNAL_* */
	int group_exit_code;
	struct pid *pids[PIDTYPE_MAX]; /* but PIDTYPE_PID, which each task has for itself */
	struct list_head thread_head; /* its tasks, by thread_node */
	struct wait_queue_head wait_chldexit; /* for wait4() */
	struct sigpending shared_pending;
	struct task_usage used; /* by all its threads, those that have ended too */
	struct prev_cputime prev_cputime;
	u64 cutime, cstime;      /* of children that were waited for, nanoseconds */
	struct task_usage cused; /* the rest of what they have used */
	struct process_timers *timers; /* NULL: it never had one */
	struct rlimit rlim[RLIM_NLIMITS];
};

#define for_each_process(p) list_for_each_entry(p, &init_task.tasks, tasks)
#define for_each_thread(task, t) \
	list_for_each_entry(t, &(task)->signal->thread_head, thread_node)

/*
 * Send signal @sig (1..64) with @info, which may be SEND_SIG_NOINFO or SEND_SIG_PRIV, to @task:
 * to the task itself (PIDTYPE_PID) or to its thread group (any other @type). 0, also when the
 * signal is ignored; -EAGAIN: a real-time signal did not fit into the queue; -ESRCH: @task is dead.
 */
int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *task,
		     enum pid_type type);
int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *task);

/*
 * The same to a task, without a siginfo. @priv: 1 when the kernel is the sender, 0 when current is.
 */
int send_sig(int sig, struct task_struct *task, int priv);

/* The same to the thread group of @task. @sig 0 sends nothing. Permission: as kill(2), -EPERM. */
int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *task,
			enum pid_type type);

/*
 * To the process with number @pid, or to each process of group @pid. @priv, and whom it may be sent
 * to: as above. 0 when one got it, -ESRCH: there is none.
 */
int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);
int kill_pid(struct pid *pid, int sig, int priv);
int kill_pgrp(struct pid *pid, int sig, int priv);

/*
 * To current, for something it did just now. It cannot be ignored: if current blocks or ignores it,
 * the action is reset to the default, which ends the task. force_sig_fault(): with si_code @code
 * and si_addr @addr.
 */
int force_sig_info(struct kernel_siginfo *info);
void force_sig(int sig);
int force_sig_fault(int sig, int code, void __user *addr);

/*
 * Make @task look at its pending signals. @fatal: the signal ends it, so wake it from
 * TASK_KILLABLE, too.
 */
void signal_wake_up(struct task_struct *task, bool fatal);

/*
 * Take the next signal that is not in @mask from the queues of @task; @info becomes its siginfo.
 * Returns its number, 0: there is none. @type: which queue it was in.
 */
int dequeue_signal(struct task_struct *task, const sigset_t *mask, kernel_siginfo_t *info,
		   enum pid_type *type);

/* Set TIF_SIGPENDING of current if a signal is pending that is not blocked, else clear it. */
void recalc_sigpending(void);

void ignore_signals(struct task_struct *task); /* all of them, from now on */

/* Make all threads of @task's group except @task end. */
void zap_other_threads(struct task_struct *task);

/* Throw away what is queued. */
void flush_sigqueue(struct sigpending *pending);

/* Tell the parent of @task, which has ended: by @sig, unless that is 0, and by waking it. */
void do_notify_parent(struct task_struct *task, int sig);

void signals_init(void);

static inline struct pid *task_pid(const struct task_struct *task)
{
	return task->thread_pid;
}

static inline struct pid *task_pgrp(const struct task_struct *task)
{
	return task->signal->pids[PIDTYPE_PGID];
}

static inline struct pid *task_session(const struct task_struct *task)
{
	return task->signal->pids[PIDTYPE_SID];
}

static inline bool thread_group_leader(const struct task_struct *task)
{
	return task->exit_signal >= 0;
}

static inline bool signal_pending(const struct task_struct *task)
{
	return task->thread_flags & TIF_SIGPENDING;
}

/* Is @task about to be ended by a signal? Then a long loop in the kernel may stop. */
static inline bool fatal_signal_pending(const struct task_struct *task)
{
	return signal_pending(task) && sigismember(&task->pending.signal, SIGKILL);
}

/* May a task that is about to sleep in @state not sleep, because of a signal? */
static inline bool signal_pending_state(unsigned int state, const struct task_struct *task)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(task))
		return false;
	return state & TASK_INTERRUPTIBLE || fatal_signal_pending(task);
}

static inline unsigned long task_rlimit(const struct task_struct *task, unsigned int limit)
{
	return task->signal->rlim[limit].rlim_cur;
}

static inline unsigned long rlimit(unsigned int limit)
{
	return task_rlimit(current, limit);
}

#endif
