/*
 * Signals: sending, queueing and taking them. Linux: kernel/signal.c; the last function:
 * arch/x86/kernel/signal.c
 *
 * A sender puts a signal into a queue: that of a task (a fault, for example) or that of a thread
 * group. Signals below SIGRTMIN are in a queue at most once. The receiver takes them out on its way
 * to ring 3, in get_signal(). Until rt_sigaction() exists every action is the default, so a signal
 * is ignored when it is sent, or ends its receiver. Senders may be interrupt handlers.
 * sighand->siglock protects the queues.
 */
#include "kernel/process/process.h"
#include "kernel/process/task.h"

#define RT_SIGFRAME_SIZE 440 /* bytes: return address, ucontext, siginfo */
#define USER_HZ 100 /* of the times in a siginfo */

static struct kmem_cache *sigqueue_cachep;

void signals_init(void)
{
	sigqueue_cachep = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0, SLAB_PANIC,
					    NULL);
}

/* --- which signals matter ------------------------------------------------------------------- */

static __sighandler_t sig_handler(const struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].sa.sa_handler;
}

/* Tasks cannot be stopped yet, so the signals that would stop one are ignored, too. */
static bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN ||
	       (handler == SIG_DFL && (sig_kernel_ignore(sig) || sig_kernel_stop(sig)));
}

/* @force: the kernel sends it, and PID 1 has to take it as well. */
static bool sig_ignored(const struct task_struct *t, int sig, bool force)
{
	__sighandler_t handler = sig_handler(t, sig);

	if (sigismember(&t->blocked, sig) || sigismember(&t->real_blocked, sig))
		return false; /* the action may be another one when it is no longer blocked */
	if (t->signal->flags & SIGNAL_UNKILLABLE && handler == SIG_DFL &&
	    !(force && sig_kernel_only(sig)))
		return true;
	return sig_handler_ignored(handler, sig);
}

static bool has_pending_signals(const sigset_t *signal, const sigset_t *blocked)
{
	return signal->sig[0] & ~blocked->sig[0];
}

void recalc_sigpending(void)
{
	if (has_pending_signals(&current->pending.signal, &current->blocked) ||
	    has_pending_signals(&current->signal->shared_pending.signal, &current->blocked))
		current->thread_flags |= TIF_SIGPENDING;
	else
		current->thread_flags &= ~TIF_SIGPENDING;
}

void signal_wake_up(struct task_struct *t, bool fatal)
{
	t->thread_flags |= TIF_SIGPENDING;
	wake_up_state(t, TASK_INTERRUPTIBLE | (fatal ? TASK_WAKEKILL : 0));
}

/* --- the queues ----------------------------------------------------------------------------- */

/*
 * An entry that counts for the user of @t; NULL when the user has RLIMIT_SIGPENDING entries, which
 * @override_rlimit lets pass, or when there is no memory.
 */
static struct sigqueue *__sigqueue_alloc(struct task_struct *t, gfp_t gfp, bool override_rlimit)
{
	struct user_struct *user = t->cred->user;
	struct sigqueue *q;

	if (!override_rlimit && user->sigpending >= task_rlimit(t, RLIMIT_SIGPENDING))
		return NULL;
	q = kmem_cache_alloc(sigqueue_cachep, gfp);
	if (!q)
		return NULL;
	q->user = get_uid(user);
	user->sigpending++;
	return q;
}

static void __sigqueue_free(struct sigqueue *q)
{
	q->user->sigpending--;
	free_uid(q->user);
	kmem_cache_free(sigqueue_cachep, q);
}

void flush_sigqueue(struct sigpending *pending)
{
	struct sigqueue *q, *next;

	sigemptyset(&pending->signal);
	list_for_each_entry_safe(q, next, &pending->list, list) {
		list_del(&q->list);
		__sigqueue_free(q);
	}
}

void ignore_signals(struct task_struct *t)
{
	for (int i = 0; i < _NSIG; i++)
		t->sighand->action[i].sa.sa_handler = SIG_IGN;
	flush_sigqueue(&t->pending);
}

/*
 * Take the oldest @sig out of @pending. If it has no queue entry, @info is that of a signal from a
 * program.
 */
static void collect_signal(int sig, struct sigpending *pending, kernel_siginfo_t *info)
{
	struct sigqueue *q, *first = NULL;
	bool more = false;

	list_for_each_entry(q, &pending->list, list) {
		if (q->info.si_signo != sig)
			continue;
		more = first;
		if (more)
			break;
		first = q;
	}
	if (!more)
		sigdelset(&pending->signal, sig);
	if (!first) {
		clear_siginfo(info);
		info->si_signo = sig;
		info->si_code = SI_USER;
		return;
	}
	list_del(&first->list);
	*info = first->info;
	__sigqueue_free(first);
}

/*
 * The lowest number that is pending and not in @mask, but signals that the task itself caused come
 * first.
 */
static int next_signal(const struct sigpending *pending, const sigset_t *mask)
{
	unsigned long set = pending->signal.sig[0] & ~mask->sig[0];

	if (set & SYNCHRONOUS_MASK)
		set &= SYNCHRONOUS_MASK;
	return set ? __builtin_ctzl(set) + 1 : 0;
}

static int __dequeue_signal(struct sigpending *pending, const sigset_t *mask,
			    kernel_siginfo_t *info)
{
	int sig = next_signal(pending, mask);

	if (sig)
		collect_signal(sig, pending, info);
	return sig;
}

int dequeue_signal(struct task_struct *t, const sigset_t *mask, kernel_siginfo_t *info,
		   enum pid_type *type)
{
	unsigned long flags;
	int sig;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	*type = PIDTYPE_PID;
	sig = __dequeue_signal(&t->pending, mask, info);
	if (!sig) {
		*type = PIDTYPE_TGID;
		sig = __dequeue_signal(&t->signal->shared_pending, mask, info);
	}
	recalc_sigpending();
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return sig;
}

/* --- sending -------------------------------------------------------------------------------- */

static bool legacy_queue(const struct sigpending *signals, int sig)
{
	return sig < SIGRTMIN && sigismember(&signals->signal, sig);
}

/* Can @t take @sig out of the queue of its group now? */
static bool wants_signal(int sig, const struct task_struct *t)
{
	if (sigismember(&t->blocked, sig) || t->flags & PF_EXITING)
		return false;
	return sig == SIGKILL || t == current || !signal_pending(t);
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

	for_each_thread(p, t) {
		if (t != p) {
			sigaddset(&t->pending.signal, SIGKILL);
			signal_wake_up(t, true);
		}
	}
}

/*
 * @sig is in its queue: wake the task that takes it. A signal that certainly ends the thread group
 * sends SIGKILL to all of its tasks at once.
 */
static void complete_signal(int sig, struct task_struct *p, enum pid_type type)
{
	struct task_struct *t = choose_thread(sig, p, type);
	bool fatal;

	if (!t)
		return;
	fatal = !(p->signal->flags & SIGNAL_GROUP_EXIT) && !sig_kernel_coredump(sig) &&
		!sigismember(&t->real_blocked, sig) && sig_handler(p, sig) == SIG_DFL &&
		!sig_handler_ignored(SIG_DFL, sig);
	if (!fatal) {
		signal_wake_up(t, sig == SIGKILL);
		return;
	}
	p->signal->flags = SIGNAL_GROUP_EXIT;
	p->signal->group_exit_code = sig;
	for_each_thread(p, t) {
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

/* With siglock. */
static int __send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
				enum pid_type type, bool force)
{
	bool special = info == SEND_SIG_NOINFO || info == SEND_SIG_PRIV;
	struct sigpending *pending;
	struct sigqueue *q;

	if (t->signal->flags & SIGNAL_GROUP_EXIT || sig_ignored(t, sig, force))
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
	sigaddset(&pending->signal, sig);
	complete_signal(sig, t, type);
	return 0;
}

/* With siglock. */
static int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
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

/* May current send @sig to @t? A signal from the kernel is always allowed. */
static int check_kill_permission(struct kernel_siginfo *info, const struct task_struct *t)
{
	const struct cred *cred = current->cred, *target = t->cred;

	if (info == SEND_SIG_PRIV || (info != SEND_SIG_NOINFO && info->si_code > 0))
		return 0;
	if (current->signal == t->signal || uid_eq(cred->euid, target->suid) ||
	    uid_eq(cred->euid, target->uid) || uid_eq(cred->uid, target->suid) ||
	    uid_eq(cred->uid, target->uid))
		return 0;
	return capable(CAP_KILL) ? 0 : -EPERM;
}

int group_send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *t,
			enum pid_type type)
{
	int ret;

	if (sig < 0 || sig > _NSIG)
		return -EINVAL;
	ret = check_kill_permission(info, t);
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

int kill_pgrp(struct pid *pid, int sig, int priv)
{
	struct kernel_siginfo *info = priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
	int ret = -ESRCH, err;
	bool success = false;
	struct task_struct *t;

	read_lock(&tasklist_lock); /* interrupts stay on: the group may be large */
	do_each_pid_task(pid, PIDTYPE_PGID, t) {
		err = group_send_sig_info(sig, info, t, PIDTYPE_PGID);
		success |= !err;
		ret = err;
	} while_each_pid_task(pid, PIDTYPE_PGID, t);
	read_unlock(&tasklist_lock);
	return success ? 0 : ret;
}

int force_sig_info(struct kernel_siginfo *info)
{
	struct task_struct *t = current;
	int sig = info->si_signo, ret;
	struct k_sigaction *action = &t->sighand->action[sig - 1];
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	if (sigismember(&t->blocked, sig) || action->sa.sa_handler == SIG_IGN) {
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

void force_sig(int sig)
{
	force_sig_info(&(kernel_siginfo_t){ .si_signo = sig, .si_code = SI_KERNEL });
}

int force_sig_fault(int sig, int code, void __user *addr)
{
	return force_sig_info(
		&(kernel_siginfo_t){ .si_signo = sig, .si_code = code, .si_addr = addr });
}

void do_notify_parent(struct task_struct *t, int sig)
{
	kernel_siginfo_t info = {
		.si_signo = sig,
		.si_pid = t->pid,
		.si_uid = from_kuid_munged(current_user_ns(), t->cred->uid),
		.si_code = t->exit_code & 0x7f ? CLD_KILLED : CLD_EXITED,
		.si_status = t->exit_code & 0x7f ?: t->exit_code >> 8,
		.si_utime = t->signal->used.utime * USER_HZ / HZ,
		.si_stime = t->signal->used.stime * USER_HZ / HZ,
	};

	if (sig >= 1 && sig <= _NSIG)
		do_send_sig_info(sig, &info, t->parent, PIDTYPE_TGID);
	__wake_up_parent(t, t->parent);
}

/* --- taking --------------------------------------------------------------------------------- */

/*
 * Take the signals of current until one has a handler: true, and @ksig says which. False: none is
 * left. Does not return when one ends the task.
 */
static bool get_signal(struct ksignal *ksig)
{
	struct signal_struct *signal = current->signal;
	__sighandler_t handler;
	enum pid_type type;

	for (;;) {
		if (signal->flags & SIGNAL_GROUP_EXIT)
			do_group_exit(signal->group_exit_code);
		ksig->sig = dequeue_signal(current, &current->blocked, &ksig->info, &type);
		if (!ksig->sig)
			return false;
		handler = sig_handler(current, ksig->sig);
		if (sig_handler_ignored(handler, ksig->sig))
			continue;
		if (handler != SIG_DFL) {
			ksig->ka = current->sighand->action[ksig->sig - 1];
			return true;
		}
		if (signal->flags & SIGNAL_UNKILLABLE && !sig_kernel_only(ksig->sig))
			continue;
		do_group_exit(ksig->sig);
	}
}

/* A struct rt_sigframe and the FPU state, each at the worst alignment, in multiples of 16. */
unsigned long get_sigframe_size(void)
{
	return ALIGN(RT_SIGFRAME_SIZE + 15 + sizeof(struct fpu) + 63, 16);
}

void do_signal(struct pt_regs *regs __maybe_unused)
{
	struct ksignal ksig;

	BUG_ON(get_signal(&ksig)); /* nobody can have set a handler */
}
