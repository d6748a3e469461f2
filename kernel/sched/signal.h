/*
 * Signals: what tasks share for them, and how to send one. The code is kernel/process/signal.c.
 * Included by sched.h. Linux: include/linux/sched/signal.h
 */
#ifndef KERNEL_SCHED_SIGNAL_H
#define KERNEL_SCHED_SIGNAL_H

#include <uapi/resource.h>
#include <uapi/signal.h>

#include "kernel/sched/sched.h"

/* Signal actions: all default until rt_sigaction exists. */
struct sighand_struct {
	refcount_t count;
};

/* What a thread group shares. Linux: include/linux/sched/signal.h */
struct signal_struct {
	refcount_t sigcnt;
	struct rlimit rlim[RLIM_NLIMITS];
};

/*
 * Queue signal @sig (1..64) for @task. Signals whose default is to be ignored are dropped, and PID
 * 1 only takes those from a fault. Linux: kernel/signal.c:send_sig()
 */
void send_sig(int sig, struct task_struct *task);

/* The same for a CPU fault of current: cannot be ignored by anybody. Linux: force_sig() */
void force_sig(int sig);

static inline bool signal_pending(const struct task_struct *task)
{
	return task->thread_flags & TIF_SIGPENDING;
}

/* Until there are handlers, a signal that is not ignored ends the task. */
static inline bool fatal_signal_pending(const struct task_struct *task)
{
	return signal_pending(task);
}

/* Does a signal end a wait of @task in @state? */
static inline bool signal_pending_state(unsigned int state, const struct task_struct *task)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) || !signal_pending(task))
		return false;
	return state & TASK_INTERRUPTIBLE || fatal_signal_pending(task);
}

/* SIGINT from the console: to every user task but PID 1. */
void signal_foreground(int sig);

static inline unsigned long rlimit(unsigned int limit)
{
	return current->signal->rlim[limit].rlim_cur;
}

#endif
