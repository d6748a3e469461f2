/*
 * Sending signals: into which queue one goes, who is woken, and who may send. Linux: kernel/signal.c
 */
#include "kernel/process/task.h"
#include "kernel/signal/internal.h"

#define USER_HZ 100 /* of the times in a siginfo */

/* What is true without handlers and without stopped tasks, when action.c and stop.c are left out. */
void __weak noprobe prepare_stop_or_continue(int sig __maybe_unused,
					     struct task_struct *t __maybe_unused)
{
}

void __weak noprobe flush_signal_handlers(struct task_struct *task __maybe_unused,
				  bool force_default __maybe_unused)
{
}

void __weak noprobe exit_signals(struct task_struct *task)
{
	task->flags |= PF_EXITING;
}

static bool legacy_queue(const struct sigpending *signals, int sig)
{
	return sig < SIGRTMIN && sigismember(&signals->signal, sig);
}

/* Can @t take @sig out of the queue of its group now? */
static bool wants_signal(int sig, const struct task_struct *t)
{
	if (sigismember(&t->blocked, sig) || t->flags & PF_EXITING)
		return false;
	if (sig == SIGKILL)
		return true;
	return !task_is_stopped(t) && (t == current || !signal_pending(t));
}

/*
 * A thread of @p's group that takes @sig: @p if possible. NULL: none can take it now; one will find
 * it later.
 */
static struct task_struct *choose_thread(int sig, struct task_struct *p, enum pid_type type)
{
	struct task_struct *t;

	if (wants_signal(sig, p))
		return p;
	if (type == PIDTYPE_PID)
		return NULL;
	for_each_thread(p, t) {
		if (wants_signal(sig, t))
			return t;
	}
	return NULL;
}

void zap_other_threads(struct task_struct *p)
{
	struct task_struct *t;

	p->signal->group_stop_count = 0;
	for_each_thread(p, t) {
		if (t != p) {
			task_clear_jobctl_pending(t, JOBCTL_PENDING_MASK);
			sigaddset(&t->pending.signal, SIGKILL);
			signal_wake_up(t, true);
		}
	}
}

/* A signal that certainly ends the thread group sends SIGKILL to all of its tasks at once. */
void complete_signal(int sig, struct task_struct *p, enum pid_type type)
{
	struct task_struct *t = choose_thread(sig, p, type);
	bool fatal;

	if (!t)
		return;
	fatal = !(p->signal->flags & SIGNAL_GROUP_EXIT) && !sig_kernel_coredump(sig) &&
		!sigismember(&t->real_blocked, sig) && sig_handler(p, sig) == SIG_DFL &&
		!sig_kernel_ignore(sig) && !sig_kernel_stop(sig);
	if (!fatal) {
		signal_wake_up(t, sig == SIGKILL);
		return;
	}
	p->signal->flags = SIGNAL_GROUP_EXIT;
	p->signal->group_exit_code = sig;
	p->signal->group_stop_count = 0;
	for_each_thread(p, t) {
		task_clear_jobctl_pending(t, JOBCTL_PENDING_MASK);
		sigaddset(&t->pending.signal, SIGKILL);
		signal_wake_up(t, true);
	}
}

static void fill_siginfo(kernel_siginfo_t *to, int sig, const struct kernel_siginfo *info)
{
	if (info != SEND_SIG_NOINFO && info != SEND_SIG_PRIV) {
		*to = *info;
		return;
	}
	clear_siginfo(to);
	to->si_signo = sig;
	if (info == SEND_SIG_PRIV) {
		to->si_code = SI_KERNEL;
		return;
	}
	to->si_code = SI_USER;
	to->si_pid = current->tgid;
	to->si_uid = from_kuid_munged(current_user_ns(), current_uid());
}

bool prepare_signal(int sig, struct task_struct *t, bool force)
{
	if (t->signal->flags & SIGNAL_GROUP_EXIT)
		return false;
	if (sig_kernel_stop(sig) || sig == SIGCONT)
		prepare_stop_or_continue(sig, t);
	return !sig_ignored(t, sig, force);
}

/* With siglock. */
static int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
				enum pid_type type, bool force)
{
	bool special = info == SEND_SIG_NOINFO || info == SEND_SIG_PRIV;
	struct sigpending *pending;
	struct sigqueue *q;

	if (!prepare_signal(sig, t, force))
		return 0;
	pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
	if (legacy_queue(pending, sig))
		return 0;
	if (sig != SIGKILL) { /* which needs no siginfo */
		q = __sigqueue_alloc(t, GFP_ATOMIC,
				     sig < SIGRTMIN && (special || info->si_code >= 0));
		if (q) {
			fill_siginfo(&q->info, sig, info);
			list_add_tail(&q->list, &pending->list);
		} else if (!special && sig >= SIGRTMIN && info->si_code != SI_USER) {
			return -EAGAIN;
		}
	}
	if (waitqueue_active(&t->sighand->signalfd_wqh))
		wake_up(&t->sighand->signalfd_wqh);
	sigaddset(&pending->signal, sig);
	complete_signal(sig, t, type);
	return 0;
}

int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
		       enum pid_type type)
{
	return __send_signal_locked(sig, info, t, type, info == SEND_SIG_PRIV);
}

int do_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *t,
		     enum pid_type type)
{
	unsigned long flags;
	int ret;

	if (!t->sighand) /* it has been reaped */
		return -ESRCH;
	spin_lock_irqsave(&t->sighand->siglock, flags);
	ret = send_signal_locked(sig, info, t, type);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return ret;
}

int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *t)
{
	if (sig < 1 || sig > _NSIG)
		return -EINVAL;
	return do_send_sig_info(sig, info, t, PIDTYPE_PID);
}

int send_sig(int sig, struct task_struct *t, int priv)
{
	return send_sig_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, t);
}

/* Do the credentials of current allow it to send a signal to @t? */
static bool kill_ok_by_cred(const struct task_struct *t)
{
	const struct cred *cred = current->cred, *target = t->cred;

	return uid_eq(cred->euid, target->suid) || uid_eq(cred->euid, target->uid) ||
	       uid_eq(cred->uid, target->suid) || uid_eq(cred->uid, target->uid) ||
	       capable(CAP_KILL);
}

int check_kill_permission(int sig, struct kernel_siginfo *info, struct task_struct *t)
{
	if (!valid_signal(sig))
		return -EINVAL;
	if (info == SEND_SIG_PRIV || (info != SEND_SIG_NOINFO && info->si_code > 0))
		return 0;
	if (current->signal == t->signal || kill_ok_by_cred(t))
		return 0;
	/* A shell may let go on whatever belongs to its session. */
	return sig == SIGCONT && task_session(t) == task_session(current) ? 0 : -EPERM;
}

int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *t,
			enum pid_type type)
{
	int ret = check_kill_permission(sig, info, t);

	return ret || !sig ? ret : do_send_sig_info(sig, info, t, type);
}

int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *t = pid_task(pid, PIDTYPE_PID);

	return t ? group_send_sig_info(sig, info, t, PIDTYPE_TGID) : -ESRCH;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
}

int __kill_pgrp_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	int ret = -ESRCH, err;
	bool success = false;
	struct task_struct *t;

	do_each_pid_task(pid, PIDTYPE_PGID, t) {
		err = group_send_sig_info(sig, info, t, PIDTYPE_PGID);
		success |= !err;
		ret = err;
	} while_each_pid_task(pid, PIDTYPE_PGID, t);
	return success ? 0 : ret;
}

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	int ret;

	read_lock(&tasklist_lock); /* interrupts stay on: the group may be large */
	ret = __kill_pgrp_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
	read_unlock(&tasklist_lock);
	return ret;
}

/* @fatal: even if current has a handler. */
static int force_sig_info_to_task(struct kernel_siginfo *info, bool fatal)
{
	struct task_struct *t = current;
	int sig = info->si_signo, ret;
	struct k_sigaction *action = &t->sighand->action[sig - 1];
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	if (fatal || sigismember(&t->blocked, sig) || action->sa.sa_handler == SIG_IGN) {
		action->sa.sa_handler = SIG_DFL;
		sigdelset(&t->blocked, sig);
		recalc_sigpending();
	}
	if (action->sa.sa_handler == SIG_DFL)
		t->signal->flags &= ~SIGNAL_UNKILLABLE;
	ret = send_signal_locked(sig, info, t, PIDTYPE_PID);
	/*
	 * The signal may have been pending before, and then nobody was woken; the task must take it
	 * now.
	 */
	if (!signal_pending(t))
		signal_wake_up(t, false);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return ret;
}

int force_sig_info(struct kernel_siginfo *info)
{
	return force_sig_info_to_task(info, false);
}

void force_sig(int sig)
{
	force_sig_info(&(kernel_siginfo_t){ .si_signo = sig, .si_code = SI_KERNEL });
}

void force_fatal_sig(int sig)
{
	force_sig_info_to_task(&(kernel_siginfo_t){ .si_signo = sig, .si_code = SI_KERNEL }, true);
}

int force_sig_fault(int sig, int code, void __user *addr)
{
	return force_sig_info(
		&(kernel_siginfo_t){ .si_signo = sig, .si_code = code, .si_addr = addr });
}

void siginfo_set_times(kernel_siginfo_t *info, const struct task_struct *t)
{
	info->si_utime = t->signal->used.utime * USER_HZ / HZ;
	info->si_stime = t->signal->used.stime * USER_HZ / HZ;
}

bool do_notify_parent(struct task_struct *t, int sig)
{
	struct sighand_struct *sighand = t->parent->sighand;
	struct k_sigaction *action = &sighand->action[SIGCHLD - 1];
	kernel_siginfo_t info = {
		.si_signo = sig,
		.si_pid = t->pid,
		.si_uid = from_kuid_munged(current_user_ns(), t->cred->uid),
		.si_code = t->exit_code & 0x7f ? CLD_KILLED : CLD_EXITED,
		.si_status = t->exit_code & 0x7f ?: t->exit_code >> 8,
	};
	bool autoreap = false;
	unsigned long flags;

	if (waitqueue_active(&t->thread_pid->wait_pidfd))
		wake_up_all(&t->thread_pid->wait_pidfd);
	siginfo_set_times(&info, t);
	spin_lock_irqsave(&sighand->siglock, flags);
	if (sig == SIGCHLD && (action->sa.sa_handler == SIG_IGN ||
			       action->sa.sa_flags & SA_NOCLDWAIT)) {
		autoreap = true;
		if (action->sa.sa_handler == SIG_IGN)
			sig = 0;
	}
	if (sig >= 1 && valid_signal(sig))
		send_signal_locked(sig, &info, t->parent, PIDTYPE_TGID);
	__wake_up_parent(t, t->parent);
	spin_unlock_irqrestore(&sighand->siglock, flags);
	return autoreap;
}
