/*
 * Signals: queueing and taking them. Linux: kernel/signal.c; the last function:
 * arch/x86/kernel/signal.c
 *
 * A sender puts a signal into a queue: that of a task (a fault, for example) or that of a thread
 * group. Signals below SIGRTMIN are in a queue at most once. The receiver takes them out on its way
 * to ring 3, in get_signal(). Until rt_sigaction() exists every action is the default, so a signal
 * is ignored when it is sent, or ends its receiver. Senders may be interrupt handlers.
 * sighand->siglock protects the queues.
 */
#include "kernel/process/process.h"
#include "kernel/signal/internal.h"

#define RT_SIGFRAME_SIZE 440 /* bytes: return address, ucontext, siginfo */

static struct kmem_cache *sigqueue_cachep;

void signals_init(void)
{
	sigqueue_cachep = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0, SLAB_PANIC,
					    NULL);
}

/* --- which signals matter ------------------------------------------------------------------- */

/* Tasks cannot be stopped yet, so the signals that would stop one are ignored, too. */
bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN ||
	       (handler == SIG_DFL && (sig_kernel_ignore(sig) || sig_kernel_stop(sig)));
}

bool sig_ignored(const struct task_struct *t, int sig, bool force)
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

struct sigqueue *__sigqueue_alloc(struct task_struct *t, gfp_t gfp, bool override_rlimit)
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
