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
	struct wait_queue_head signalfd_wqh; /* those who read or poll a signalfd */
	struct k_sigaction action[_NSIG];
};

/* signal_struct.flags */
#define SIGNAL_STOP_STOPPED 0x01u   /* the group has stopped, by signal group_exit_code */
#define SIGNAL_STOP_CONTINUED 0x02u /* SIGCONT came, and nobody has waited for that yet */
#define SIGNAL_GROUP_EXIT 0x04u  /* the whole thread group is ending, with group_exit_code */
#define SIGNAL_CLD_STOPPED 0x10u    /* the parent has to be told: CLD_STOPPED */
#define SIGNAL_CLD_CONTINUED 0x20u  /* ... CLD_CONTINUED */
#define SIGNAL_CLD_MASK (SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED)
#define SIGNAL_UNKILLABLE 0x40u  /* PID 1: a signal with the default action does nothing */
#define SIGNAL_STOP_MASK (SIGNAL_CLD_MASK | SIGNAL_STOP_STOPPED | SIGNAL_STOP_CONTINUED)

struct process_timers;
struct tty_struct;

#define OOM_SCORE_ADJ_MIN (-1000) /* never */
#define OOM_SCORE_ADJ_MAX 1000    /* first of all */

/* What a thread group shares. */
struct signal_struct {
	refcount_t sigcnt;
	int nr_threads; /* tasks in the group, those that have ended and were not reaped too */
	int live;       /* those that have not begun to end */
	unsigned int flags; /* SIGNAL_* */
	int group_exit_code;
	int group_stop_count; /* tasks that have still to stop */
	bool leader;             /* of a session */
	struct tty_struct *tty;  /* its controlling terminal, or NULL: kernel/drivers/tty */
	struct pid *tty_old_pgrp; /* of a leader that lost it: who was in the foreground; referenced */
	bool is_child_subreaper; /* gets the children of its descendants that end */
	struct pid *pids[PIDTYPE_MAX]; /* but PIDTYPE_PID, which each task has for itself */
	struct task_struct *group_exec_task; /* the thread that starts another program, in de_thread() */
	int notify_count; /* how many it waits for; less than 0: for the leader to end */
	struct list_head thread_head; /* its tasks, by thread_node */
	struct wait_queue_head wait_chldexit; /* for wait4() */
	struct sigpending shared_pending;
	struct task_usage used; /* by all its threads, those that have ended too */
	struct prev_cputime prev_cputime;
	u64 cutime, cstime;      /* of children that were waited for, nanoseconds */
	struct task_usage cused; /* the rest of what they have used */
	unsigned long maxrss, cmaxrss; /* pages of memory at once: of earlier programs, of children */
	short oom_score_adj, oom_score_adj_min; /* -1000..1000: rather not, rather than others; /proc */
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

/*
 * May current send @sig to @task, as kill(2) says? 0, -EINVAL or -EPERM. A signal from the kernel
 * (SEND_SIG_PRIV, or si_code above 0) always may be sent.
 */
int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *task);

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
int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pid); /* with tasklist_lock */

/*
 * To current, for something it did just now. It cannot be ignored: if current blocks or ignores it,
 * the action is reset to the default, which ends the task. force_fatal_sig(): even if there is a
 * handler. force_sig_fault(): with si_code @code and si_addr @addr.
 */
int force_sig_info(struct kernel_siginfo *info);
void force_sig(int sig);
void force_fatal_sig(int sig);
int force_sig_fault(int sig, int code, void __user *addr);

/*
 * Make @task look at its pending signals. @fatal: the signal ends it, so wake it from
 * TASK_KILLABLE, too.
 */
void signal_wake_up(struct task_struct *task, bool fatal);

/*
 * Take the next signal that is not in @mask from the queues of @task, which is current; @info becomes
 * its siginfo. Returns its number, 0: there is none. @type: which queue it was in. With siglock.
 */
int dequeue_signal(struct task_struct *task, const sigset_t *mask, kernel_siginfo_t *info,
		   enum pid_type *type);

/* Set TIF_SIGPENDING of current if a signal is pending that is not blocked, else clear it. */
void recalc_sigpending(void);

/*
 * Current begins another program; current ends, @group_dead: as the last of its group. What becomes of
 * its timers is in kernel/time/itimer.c.
 */
void exec_timers(void);
void exit_timers(bool group_dead);

/* From dequeue_signal(): a timer's signal was taken, and the timer goes on. kernel/time */
void itimer_rearm(struct task_struct *task);
void posixtimer_rearm(kernel_siginfo_t *info);

void ignore_signals(struct task_struct *task); /* all of them, from now on */

/* Make all threads of @task's group except @task end. */
void zap_other_threads(struct task_struct *task);

/* Throw away what is queued; _mask: only the signals in @mask, with siglock. */
void flush_sigqueue(struct sigpending *pending);
void flush_sigqueue_mask(const sigset_t *mask, struct sigpending *pending);

/*
 * Tell the parent of @task, which has ended: by @sig, unless that is 0, and by waking it. Returns
 * true if the parent does not want to wait for it (it ignores SIGCHLD, or has SA_NOCLDWAIT): then the
 * task is to be reaped at once.
 */
bool do_notify_parent(struct task_struct *task, int sig);

/*
 * Take the signals of current until one has a handler: true, and @ksig says which. False: none is
 * left. Does not return when one ends the task.
 */
bool get_signal(struct ksignal *ksig);

/*
 * Current is about to return to ring 3: take its pending signals. One that has a handler changes
 * @regs so that ring 3 goes on there. An interrupted call that no handler has seen starts again.
 */
void arch_do_signal_or_restart(struct pt_regs *regs);

/* What the kernel puts at most on the stack of a signal handler, bytes. */
unsigned long get_sigframe_size(void);

/* Change what current blocks; the second leaves SIGKILL and SIGSTOP out of @set first. */
void __set_current_blocked(const sigset_t *set);
void set_current_blocked(sigset_t *set);
/* Linux: kernel/signal.c. @how: SIG_BLOCK and its kin. @oldset may be NULL. 0 or -EINVAL. */
int sigprocmask(int how, sigset_t *set, sigset_t *oldset);

/*
 * For calls such as ppoll() that have a mask of their own while they wait: block *@umask, of
 * @sigsetsize bytes, instead of what is blocked; a NULL @umask changes nothing. 0, -EINVAL, -EFAULT.
 * restore_saved_sigmask_unless(true) at the end of the call: a signal has interrupted the wait, so
 * the old mask comes back only after its handler. false: it comes back now.
 */
int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize);
void restore_saved_sigmask(void);

static inline void restore_saved_sigmask_unless(bool interrupted)
{
	if (!interrupted)
		restore_saved_sigmask();
}

/* Which fields a siginfo has. Linux: include/linux/signal.h */
enum siginfo_layout {
	SIL_KILL,  /* si_pid, si_uid */
	SIL_TIMER, /* where those two are: number of the timer, overruns; si_value */
	SIL_POLL,  /* si_band, si_fd */
	SIL_FAULT, /* si_addr */
	SIL_CHLD,  /* those of SIGCHLD */
	SIL_RT,    /* si_pid, si_uid, si_value */
};
enum siginfo_layout siginfo_layout(unsigned int sig, int code);

/* Copy a siginfo to ring 3, where it has 128 bytes. 0 or -EFAULT. */
int copy_siginfo_to_user(void __user *to, const kernel_siginfo_t *from);

/* A new program starts: no signal has a handler any more, and those ignored stay so. */
void flush_signal_handlers(struct task_struct *task, bool force_default);

/* Current is ending: it takes no signal any more, so that others of its group have to. */
void exit_signals(struct task_struct *task);

/* Clear @mask of @task's jobctl; without JOBCTL_STOP_PENDING its companions go as well. */
static inline void task_clear_jobctl_pending(struct task_struct *task, unsigned long mask)
{
	if (mask & JOBCTL_STOP_PENDING)
		mask |= JOBCTL_STOP_CONSUME | JOBCTL_STOP_DEQUEUED;
	task->jobctl &= ~mask;
}

/*
 * @task, a new thread of current's group, joins the stop that the group is in or about to enter. With
 * siglock.
 */
void task_join_group_stop(struct task_struct *task);

/*
 * @task is ending, or with @parent: its parent is. If that makes its process group an orphaned one
 * with stopped members, they are told by SIGHUP, and go on. With tasklist_lock.
 */
void kill_orphaned_pgrp(struct task_struct *task, struct task_struct *parent);
bool is_current_pgrp_orphaned(void);

/*
 * Current, if it leads a session, ends that session's use of its controlling terminal; @on_exit: it is
 * ending. kernel/drivers/tty
 */
void disassociate_ctty(bool on_exit);
/* The number of the terminal of a group, 0: it has none; and by reference the process group in the foreground. */
unsigned int signal_tty(const struct signal_struct *signal, pid_t *pgrp);

/* @task has no alternate stack any more. */
static inline void sas_ss_reset(struct task_struct *task)
{
	task->sas_ss_sp = 0;
	task->sas_ss_size = 0;
	task->sas_ss_flags = SS_DISABLE;
}

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

/* Is @task the only one of its group? */
static inline bool thread_group_empty(const struct task_struct *task)
{
	return task->signal->thread_head.next->next == &task->signal->thread_head;
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
