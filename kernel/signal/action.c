/*
 * What a program decides about signals: actions, the mask of those that are blocked, the alternate
 * stack; and waiting for a signal. Linux: kernel/signal.c
 */
#include "kernel/signal/internal.h"

#include "kernel/signal/frame.h"
#include "kernel/syscalls.h"

#define UAPI_SA_FLAGS                                                                   \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART |           \
	 SA_NODEFER | SA_RESETHAND | SA_EXPOSE_TAGBITS | SA_RESTORER)

/* --- actions -------------------------------------------------------------------------------- */

void flush_signal_handlers(struct task_struct *task, bool force_default)
{
	for (int i = 0; i < _NSIG; i++) {
		struct k_sigaction *action = &task->sighand->action[i];

		if (force_default || action->sa.sa_handler != SIG_IGN)
			action->sa.sa_handler = SIG_DFL;
		action->sa.sa_flags = 0;
		action->sa.sa_restorer = NULL;
		sigemptyset(&action->sa.sa_mask);
	}
}

/* Forget @sig where it is pending, because its action is to ignore it. With siglock. */
static void drop_pending(int sig)
{
	sigset_t mask = { { sigmask(sig) } };
	struct task_struct *t;

	flush_sigqueue_mask(&mask, &current->signal->shared_pending);
	for_each_thread(current, t)
		flush_sigqueue_mask(&mask, &t->pending);
}

/*
 * Change the action of @sig to @act and store the old one in @oact; each may be NULL. Flags that are
 * not known are dropped, so that a program can see that they are not.
 */
static int do_sigaction(int sig, struct k_sigaction *act, struct k_sigaction *oact)
{
	struct k_sigaction *action;

	if (!valid_signal(sig) || sig < 1 || (act && sig_kernel_only(sig)))
		return -EINVAL;
	action = &current->sighand->action[sig - 1];
	spin_lock_irq(&current->sighand->siglock);
	if (oact)
		*oact = *action;
	if (act) {
		act->sa.sa_flags &= UAPI_SA_FLAGS;
		sigdelsetmask(&act->sa.sa_mask, SIG_KERNEL_ONLY_MASK);
		*action = *act;
		if (sig_handler_ignored(act->sa.sa_handler, sig))
			drop_pending(sig);
	}
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

SYSCALL_DEFINE4(rt_sigaction, int, sig, const struct sigaction __user *, act,
		struct sigaction __user *, oact, size_t, sigsetsize)
{
	struct k_sigaction new, old;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (act && copy_from_user(&new.sa, act, sizeof(new.sa)))
		return -EFAULT;
	ret = do_sigaction(sig, act ? &new : NULL, oact ? &old : NULL);
	if (ret)
		return ret;
	return oact && copy_to_user(oact, &old.sa, sizeof(old.sa)) ? -EFAULT : 0;
}

/* --- the mask ------------------------------------------------------------------------------- */

/*
 * The signals of @which were current's to take and are so no longer: wake other threads of its group
 * that can take those that wait. With siglock.
 */
static void retarget_shared_pending(sigset_t which)
{
	sigset_t retarget = {
		{ current->signal->shared_pending.signal.sig[0] & which.sig[0] }
	};
	struct task_struct *t;

	if (!retarget.sig[0])
		return;
	for_each_thread(current, t) {
		if (t == current || t->flags & PF_EXITING ||
		    !has_pending_signals(&retarget, &t->blocked))
			continue;
		retarget.sig[0] &= t->blocked.sig[0];
		if (!signal_pending(t))
			signal_wake_up(t, false);
		if (!retarget.sig[0])
			break;
	}
}

/* With siglock. */
void __set_task_blocked(const sigset_t *set)
{
	if (signal_pending(current) && !thread_group_empty(current))
		retarget_shared_pending((sigset_t){ { set->sig[0] & ~current->blocked.sig[0] } });
	current->blocked = *set;
	recalc_sigpending();
}

void __set_current_blocked(const sigset_t *set)
{
	if (current->blocked.sig[0] == set->sig[0])
		return;
	spin_lock_irq(&current->sighand->siglock);
	__set_task_blocked(set);
	spin_unlock_irq(&current->sighand->siglock);
}

void set_current_blocked(sigset_t *set)
{
	sigdelsetmask(set, SIG_KERNEL_ONLY_MASK);
	__set_current_blocked(set);
}

int sigprocmask(int how, sigset_t *set, sigset_t *oldset)
{
	sigset_t new = current->blocked;

	if (oldset)
		*oldset = current->blocked;
	switch (how) {
	case SIG_BLOCK:
		new.sig[0] |= set->sig[0];
		break;
	case SIG_UNBLOCK:
		new.sig[0] &= ~set->sig[0];
		break;
	case SIG_SETMASK:
		new = *set;
		break;
	default:
		return -EINVAL;
	}
	__set_current_blocked(&new);
	return 0;
}

SYSCALL_DEFINE4(rt_sigprocmask, int, how, const sigset_t __user *, nset, sigset_t __user *, oset,
		size_t, sigsetsize)
{
	sigset_t old = current->blocked, new;
	int ret;

	if (sigsetsize != sizeof(sigset_t))
		return -EINVAL;
	if (nset) {
		if (copy_from_user(&new, nset, sizeof(new)))
			return -EFAULT;
		sigdelsetmask(&new, SIG_KERNEL_ONLY_MASK);
		ret = sigprocmask(how, &new, NULL);
		if (ret)
			return ret;
	}
	return oset && copy_to_user(oset, &old, sizeof(old)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(rt_sigpending, sigset_t __user *, uset, size_t, sigsetsize)
{
	sigset_t set;

	if (sigsetsize > sizeof(set))
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	set.sig[0] = (current->pending.signal.sig[0] |
		      current->signal->shared_pending.signal.sig[0]) & current->blocked.sig[0];
	spin_unlock_irq(&current->sighand->siglock);
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

int set_user_sigmask(const sigset_t __user *umask, size_t sigsetsize)
{
	sigset_t set;

	if (!umask)
		return 0;
	if (sigsetsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, umask, sizeof(set)))
		return -EFAULT;
	current->restore_sigmask = true;
	current->saved_sigmask = current->blocked;
	set_current_blocked(&set);
	return 0;
}

void restore_saved_sigmask(void)
{
	if (!current->restore_sigmask)
		return;
	current->restore_sigmask = false;
	__set_current_blocked(&current->saved_sigmask);
}

void exit_signals(struct task_struct *task)
{
	bool stopped = false;

	if (thread_group_empty(task) || task->signal->flags & SIGNAL_GROUP_EXIT) {
		task->flags |= PF_EXITING;
		return;
	}
	spin_lock_irq(&task->sighand->siglock);
	task->flags |= PF_EXITING;
	if (signal_pending(task)) {
		retarget_shared_pending((sigset_t){ { ~task->blocked.sig[0] } });
		stopped = task->jobctl & JOBCTL_STOP_PENDING && task_participate_group_stop(task);
	}
	spin_unlock_irq(&task->sighand->siglock);
	if (stopped)
		do_notify_parent_cldstop(task, CLD_STOPPED);
}

/* --- waiting for a handler ------------------------------------------------------------------ */

static void wait_for_signal(void)
{
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

SYSCALL_DEFINE0(pause)
{
	wait_for_signal();
	return -ERESTARTNOHAND;
}

SYSCALL_DEFINE2(rt_sigsuspend, const sigset_t __user *, unewset, size_t, sigsetsize)
{
	sigset_t set;

	if (sigsetsize != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, unewset, sizeof(set)))
		return -EFAULT;
	current->saved_sigmask = current->blocked;
	set_current_blocked(&set);
	wait_for_signal();
	current->restore_sigmask = true; /* behind the handler */
	return -ERESTARTNOHAND;
}

/* What ring 3 is made to call when no handler has seen the signal. Linux: kernel/signal.c */
SYSCALL_DEFINE0(restart_syscall)
{
	return current->restart_block.fn(&current->restart_block);
}

/* --- the alternate stack -------------------------------------------------------------------- */

int do_sigaltstack(const stack_t *ss, stack_t *oss, unsigned long sp)
{
	unsigned int mode;

	if (oss)
		*oss = (stack_t){
			.ss_sp = (void __user *)current->sas_ss_sp,
			.ss_flags = sas_ss_flags(sp) | (current->sas_ss_flags & SS_FLAG_BITS),
			.ss_size = current->sas_ss_size,
		};
	if (!ss)
		return 0;
	if (on_sig_stack(sp))
		return -EPERM;
	mode = ss->ss_flags & ~SS_FLAG_BITS;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (current->sas_ss_sp == (unsigned long)ss->ss_sp &&
	    current->sas_ss_size == ss->ss_size && current->sas_ss_flags == (u32)ss->ss_flags)
		return 0; /* even if it is too small */
	if (mode != SS_DISABLE && ss->ss_size < MINSIGSTKSZ)
		return -ENOMEM;
	current->sas_ss_sp = mode == SS_DISABLE ? 0 : (unsigned long)ss->ss_sp;
	current->sas_ss_size = mode == SS_DISABLE ? 0 : ss->ss_size;
	current->sas_ss_flags = ss->ss_flags;
	return 0;
}

SYSCALL_DEFINE2(sigaltstack, const stack_t __user *, uss, stack_t __user *, uoss)
{
	stack_t new, old;
	int ret;

	if (uss && copy_from_user(&new, uss, sizeof(new)))
		return -EFAULT;
	ret = do_sigaltstack(uss ? &new : NULL, uoss ? &old : NULL, task_pt_regs(current)->sp);
	if (ret)
		return ret;
	return uoss && copy_to_user(uoss, &old, sizeof(old)) ? -EFAULT : 0;
}
