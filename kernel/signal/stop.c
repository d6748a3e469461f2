/*
 * Group stop: a stop signal stops all threads of a group, and SIGCONT lets them go on.
 * Linux: kernel/signal.c, kernel/exit.c
 *
 *   Step 1   one thread takes the stop signal, and marks the others: they have to stop as well
 *   Step 2   each of them stops on its way to ring 3; the last one tells the parent
 *   Step 3   SIGCONT wakes all of them when it is sent, whether or not it will be taken; the first
 *            thread that runs tells the parent
 */
#include "kernel/process/task.h"
#include "kernel/signal/internal.h"

/* --- orphaned process groups ---------------------------------------------------------------- */

/*
 * A process group is orphaned when no member has a parent outside of the group, but in the session:
 * nobody is left who would let it go on. @ignored: a task that counts as gone already, or NULL.
 */
static bool will_become_orphaned_pgrp(struct pid *pgrp, const struct task_struct *ignored)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p == ignored || (p->exit_state && thread_group_empty(p)) ||
		    is_global_init(p->real_parent))
			continue;
		if (task_pgrp(p->real_parent) != pgrp &&
		    task_session(p->real_parent) == task_session(p))
			return false;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return true;
}

bool is_current_pgrp_orphaned(void)
{
	bool orphaned;

	read_lock(&tasklist_lock);
	orphaned = will_become_orphaned_pgrp(task_pgrp(current), NULL);
	read_unlock(&tasklist_lock);
	return orphaned;
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *p;

	do_each_pid_task(pgrp, PIDTYPE_PGID, p) {
		if (p->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, p);
	return false;
}

void kill_orphaned_pgrp(struct task_struct *task, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(task);
	struct task_struct *ignored = task;

	if (!parent) { /* @task itself is ending */
		parent = task->real_parent;
	} else { /* its parent is: @task stays in the group */
		ignored = NULL;
	}
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(task) &&
	    will_become_orphaned_pgrp(pgrp, ignored) && has_stopped_jobs(pgrp)) {
		__kill_pgrp_info(SIGHUP, SEND_SIG_PRIV, pgrp);
		__kill_pgrp_info(SIGCONT, SEND_SIG_PRIV, pgrp);
	}
}

/* --- stop and continue ---------------------------------------------------------------------- */

/* A task that is ending does not stop. True: @task will. With siglock. */
static bool task_set_jobctl_pending(struct task_struct *task, unsigned long mask)
{
	if (fatal_signal_pending(task) || task->flags & PF_EXITING)
		return false;
	task->jobctl &= ~JOBCTL_STOP_SIGMASK;
	task->jobctl |= mask;
	return true;
}

static void signal_set_stop_flags(struct signal_struct *signal, unsigned int flags)
{
	signal->flags = (signal->flags & ~SIGNAL_STOP_MASK) | flags;
}

bool task_participate_group_stop(struct task_struct *task)
{
	bool counted = task->jobctl & JOBCTL_STOP_CONSUME;
	struct signal_struct *signal = task->signal;

	task_clear_jobctl_pending(task, JOBCTL_STOP_PENDING);
	if (!counted)
		return false;
	if (signal->group_stop_count) /* not if de_thread() has ended those who were to stop, too */
		signal->group_stop_count--;
	if (signal->group_stop_count || signal->flags & SIGNAL_STOP_STOPPED)
		return false;
	signal_set_stop_flags(signal, SIGNAL_STOP_STOPPED);
	return true;
}

void task_join_group_stop(struct task_struct *task)
{
	unsigned long mask = current->jobctl & JOBCTL_STOP_SIGMASK;
	struct signal_struct *signal = current->signal;

	if (signal->group_stop_count) {
		signal->group_stop_count++;
		mask |= JOBCTL_STOP_CONSUME;
	} else if (!(signal->flags & SIGNAL_STOP_STOPPED)) {
		return;
	}
	if (task_set_jobctl_pending(task, mask | JOBCTL_STOP_PENDING))
		task->thread_flags |= TIF_SIGPENDING; /* it has to look before it is in ring 3 */
}

void prepare_stop_or_continue(int sig, struct task_struct *p)
{
	sigset_t opposite = { { sig == SIGCONT ? SIG_KERNEL_STOP_MASK : sigmask(SIGCONT) } };
	struct signal_struct *signal = p->signal;
	unsigned int why = 0;
	struct task_struct *t;

	flush_sigqueue_mask(&opposite, &signal->shared_pending);
	for_each_thread(p, t)
		flush_sigqueue_mask(&opposite, &t->pending);
	if (sig != SIGCONT)
		return;
	for_each_thread(p, t) {
		task_clear_jobctl_pending(t, JOBCTL_STOP_PENDING);
		wake_up_state(t, __TASK_STOPPED);
	}
	if (signal->flags & SIGNAL_STOP_STOPPED)
		why = SIGNAL_CLD_CONTINUED;
	else if (signal->group_stop_count)
		why = SIGNAL_CLD_STOPPED;
	if (!why)
		return;
	signal_set_stop_flags(signal, why | SIGNAL_STOP_CONTINUED);
	signal->group_stop_count = 0;
	signal->group_exit_code = 0;
}

/* Mark all threads: they have to stop. False: there is no reason to any more. With siglock. */
static bool begin_group_stop(int sig)
{
	unsigned long mark = sig | JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME;
	struct signal_struct *signal = current->signal;
	struct task_struct *t;

	if (!(current->jobctl & JOBCTL_STOP_DEQUEUED) || signal->flags & SIGNAL_GROUP_EXIT)
		return false; /* SIGCONT or SIGKILL came after the signal was taken */
	if (!(signal->flags & SIGNAL_STOP_STOPPED))
		signal->group_exit_code = sig;
	signal->group_stop_count = 0;
	for_each_thread(current, t) {
		if ((t != current && task_is_stopped(t)) || !task_set_jobctl_pending(t, mark))
			continue;
		signal->group_stop_count++;
		if (t != current)
			signal_wake_up(t, false);
	}
	return true;
}

bool do_signal_stop(int sig)
{
	bool last;

	if (sig && sig != SIGSTOP) { /* what a terminal causes means nothing to an orphaned group */
		spin_unlock_irq(&current->sighand->siglock);
		if (is_current_pgrp_orphaned())
			return true;
		spin_lock_irq(&current->sighand->siglock);
	}
	if (!(current->jobctl & JOBCTL_STOP_PENDING) && !begin_group_stop(sig))
		return false;
	last = task_participate_group_stop(current);
	current->__state = TASK_STOPPED; /* with siglock: SIGCONT comes before this, or wakes us */
	spin_unlock_irq(&current->sighand->siglock);
	if (last)
		do_notify_parent_cldstop(current, CLD_STOPPED);
	schedule();
	return true;
}

/* --- what the parent is told ---------------------------------------------------------------- */

void do_notify_parent_cldstop(struct task_struct *task, int why)
{
	struct task_struct *leader = task->group_leader, *parent;
	struct sighand_struct *sighand;
	struct k_sigaction *action;
	kernel_siginfo_t info = {
		.si_signo = SIGCHLD,
		.si_code = why,
		.si_pid = leader->pid,
		.si_status = why == CLD_CONTINUED ? SIGCONT : leader->signal->group_exit_code & 0x7f,
	};
	unsigned long flags;

	read_lock(&tasklist_lock);
	parent = leader->real_parent;
	sighand = parent->sighand;
	info.si_uid = from_kuid_munged(current_user_ns(), leader->cred->uid);
	siginfo_set_times(&info, leader);
	action = &sighand->action[SIGCHLD - 1];
	spin_lock_irqsave(&sighand->siglock, flags);
	if (action->sa.sa_handler != SIG_IGN && !(action->sa.sa_flags & SA_NOCLDSTOP))
		send_signal_locked(SIGCHLD, &info, parent, PIDTYPE_TGID);
	__wake_up_parent(leader, parent); /* who waits with WUNTRACED or WCONTINUED */
	spin_unlock_irqrestore(&sighand->siglock, flags);
	read_unlock(&tasklist_lock);
}

void notify_group_stop(void)
{
	struct signal_struct *signal = current->signal;
	int why = signal->flags & SIGNAL_CLD_CONTINUED ? CLD_CONTINUED : CLD_STOPPED;

	signal->flags &= ~SIGNAL_CLD_MASK;
	spin_unlock_irq(&current->sighand->siglock);
	do_notify_parent_cldstop(current, why);
}
