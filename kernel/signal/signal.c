/*
 * Signals: which of them matter, the queues, and taking them. Linux: kernel/signal.c
 *
 * A sender puts a signal into a queue: that of a task (a fault, for example) or that of a thread
 * group. Signals below SIGRTMIN are in a queue at most once. The receiver takes them out on its way
 * to ring 3, in get_signal(): what has no handler is ignored there, or stops or ends the receiver.
 * Senders may be interrupt handlers. sighand->siglock protects the queues.
 *
 * The weak functions are those of a kernel without handlers and without stopped tasks: its stop
 * signals do nothing.
 */
#include "kernel/process/process.h"
#include "kernel/signal/internal.h"

static struct kmem_cache *sigqueue_cachep;

void signals_init(void)
{
	sigqueue_cachep = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0, SLAB_PANIC,
					    NULL);
}

/* --- which signals matter ------------------------------------------------------------------- */

bool sig_handler_ignored(__sighandler_t handler, int sig)
{
	return handler == SIG_IGN || (handler == SIG_DFL && sig_kernel_ignore(sig));
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

void recalc_sigpending(void)
{
	if (current->jobctl & JOBCTL_PENDING_MASK ||
	    has_pending_signals(&current->pending.signal, &current->blocked) ||
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
	INIT_LIST_HEAD(&q->list);
	q->flags = 0;
	q->user = get_uid(user);
	user->sigpending++;
	return q;
}

void __sigqueue_free(struct sigqueue *q)
{
	if (q->flags & SIGQUEUE_PREALLOC)
		return; /* it is its timer's */
	q->user->sigpending--;
	free_uid(q->user);
	kmem_cache_free(sigqueue_cachep, q);
}

void flush_sigqueue_mask(const sigset_t *mask, struct sigpending *pending)
{
	struct sigqueue *q, *next;

	if (!(pending->signal.sig[0] & mask->sig[0]))
		return;
	sigdelsetmask(&pending->signal, mask->sig[0]);
	list_for_each_entry_safe(q, next, &pending->list, list) {
		if (sigismember(mask, q->info.si_signo)) {
			list_del_init(&q->list);
			__sigqueue_free(q);
		}
	}
}

void flush_sigqueue(struct sigpending *pending)
{
	flush_sigqueue_mask(&(sigset_t){ { ~0ul } }, pending);
}

void ignore_signals(struct task_struct *t)
{
	for (int i = 0; i < _NSIG; i++)
		t->sighand->action[i].sa.sa_handler = SIG_IGN;
	flush_sigqueue(&t->pending);
}

/*
 * Take the oldest @sig out of @pending. If it has no queue entry, @info is that of a signal from a
 * program. *@resched_timer: a timer sent it, and goes on now.
 */
static void collect_signal(int sig, struct sigpending *pending, kernel_siginfo_t *info,
			   bool *resched_timer)
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
		if (sig < SIGRTMIN)
			break; /* which is in the queue once */
	}
	if (!more)
		sigdelset(&pending->signal, sig);
	if (!first) {
		clear_siginfo(info);
		info->si_signo = sig;
		info->si_code = SI_USER;
		return;
	}
	list_del_init(&first->list);
	*info = first->info;
	*resched_timer = first->flags & SIGQUEUE_PREALLOC && info->si_code == SI_TIMER &&
			 info->si_sys_private;
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
			    kernel_siginfo_t *info, bool *resched_timer)
{
	int sig = next_signal(pending, mask);

	if (sig)
		collect_signal(sig, pending, info, resched_timer);
	return sig;
}

/* Without itimer.c and posix-timers.c there are no timers. */
void __weak noprobe itimer_rearm(struct task_struct *task __maybe_unused)
{
}

void __weak noprobe posixtimer_rearm(kernel_siginfo_t *info __maybe_unused)
{
}

int dequeue_signal(struct task_struct *t, const sigset_t *mask, kernel_siginfo_t *info,
		   enum pid_type *type)
{
	bool resched_timer = false;
	int sig;

	*type = PIDTYPE_PID;
	sig = __dequeue_signal(&t->pending, mask, info, &resched_timer);
	if (!sig) {
		*type = PIDTYPE_TGID;
		sig = __dequeue_signal(&t->signal->shared_pending, mask, info, &resched_timer);
		if (sig == SIGALRM)
			itimer_rearm(t);
	}
	recalc_sigpending();
	if (sig && sig_kernel_stop(sig))
		t->jobctl |= JOBCTL_STOP_DEQUEUED;
	if (resched_timer) {
		posixtimer_rearm(info);
		info->si_sys_private = 0; /* is not for ring 3 */
	}
	return sig;
}

/* --- taking --------------------------------------------------------------------------------- */

long do_no_restart_syscall(struct restart_block *restart __maybe_unused)
{
	return -EINTR;
}

bool __weak noprobe do_signal_stop(int sig __maybe_unused)
{
	return false;
}

void __weak noprobe notify_group_stop(void)
{
}

bool get_signal(struct ksignal *ksig)
{
	struct signal_struct *signal = current->signal;
	struct sighand_struct *sighand = current->sighand;
	struct k_sigaction *action;
	enum pid_type type;
	int sig;

again:
	spin_lock_irq(&sighand->siglock);
	if (unlikely(signal->flags & SIGNAL_CLD_MASK)) {
		notify_group_stop(); /* it releases the lock, as do_signal_stop() does */
		goto again;
	}
	for (;;) {
		sig = SIGKILL;
		if (signal->flags & SIGNAL_GROUP_EXIT || signal->group_exec_task)
			break; /* the end has come already, whatever is pending */
		if (current->jobctl & JOBCTL_STOP_PENDING && do_signal_stop(0))
			goto again;
		sig = dequeue_signal(current, &current->blocked, &ksig->info, &type);
		if (!sig)
			break;
		action = &sighand->action[sig - 1];
		if (sig_handler_ignored(action->sa.sa_handler, sig))
			continue;
		if (action->sa.sa_handler != SIG_DFL) {
			ksig->ka = *action;
			if (action->sa.sa_flags & SA_RESETHAND)
				action->sa.sa_handler = SIG_DFL;
			spin_unlock_irq(&sighand->siglock);
			ksig->sig = sig;
			return true;
		}
		if (signal->flags & SIGNAL_UNKILLABLE && !sig_kernel_only(sig))
			continue;
		if (!sig_kernel_stop(sig))
			break;
		if (do_signal_stop(sig))
			goto again;
	}
	spin_unlock_irq(&sighand->siglock);
	if (sig)
		do_group_exit(sig);
	return false;
}

unsigned long get_sigframe_size(void)
{
	return ALIGN(RT_SIGFRAME_SIZE + 15 + sizeof(struct fpu) + 63, 16);
}

/* Nobody can have set a handler. Linux: arch/x86/kernel/signal.c */
void __weak noprobe arch_do_signal_or_restart(struct pt_regs *regs __maybe_unused)
{
	struct ksignal ksig;

	BUG_ON(get_signal(&ksig));
}
