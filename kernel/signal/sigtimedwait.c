/*
 * rt_sigtimedwait(): take a signal without a handler. Linux: kernel/signal.c
 */
#include "kernel/signal/internal.h"

#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/time.h"

/*
 * Take a signal of @set, or wait for one until *@timeout ns are over (NULL: for ever). Its number, or
 * -EAGAIN, or -EINTR when another signal came.
 */
static int do_sigtimedwait(sigset_t set, kernel_siginfo_t *info, ktime_t *timeout)
{
	struct task_struct *task = current;
	sigset_t mask;
	enum pid_type type;
	int sig, ret = 0;

	sigdelsetmask(&set, SIG_KERNEL_ONLY_MASK);
	mask.sig[0] = ~set.sig[0];
	spin_lock_irq(&task->sighand->siglock);
	sig = dequeue_signal(task, &mask, info, &type);
	if (!sig && !(timeout && !*timeout)) {
		/* Unblock them, so that the sender wakes us; real_blocked keeps them from being lost. */
		task->real_blocked = task->blocked;
		task->blocked.sig[0] &= mask.sig[0];
		recalc_sigpending();
		spin_unlock_irq(&task->sighand->siglock);
		__set_current_state(TASK_INTERRUPTIBLE);
		ret = schedule_hrtimeout(timeout, HRTIMER_MODE_REL);
		spin_lock_irq(&task->sighand->siglock);
		__set_task_blocked(&task->real_blocked);
		sigemptyset(&task->real_blocked);
		sig = dequeue_signal(task, &mask, info, &type);
	}
	spin_unlock_irq(&task->sighand->siglock);
	if (sig)
		return sig;
	return ret ? -EINTR : -EAGAIN;
}

SYSCALL_DEFINE4(rt_sigtimedwait, const sigset_t __user *, uthese, void __user *, uinfo,
		const struct timespec __user *, uts, size_t, sigsetsize)
{
	struct timespec ts;
	kernel_siginfo_t info;
	ktime_t timeout;
	sigset_t these;
	int ret;

	if (sigsetsize != sizeof(these))
		return -EINVAL;
	if (copy_from_user(&these, uthese, sizeof(these)))
		return -EFAULT;
	if (uts) {
		if (get_timespec(&ts, uts))
			return -EFAULT;
		if (!timespec_valid(&ts))
			return -EINVAL;
		timeout = timespec_to_ktime(ts);
	}
	ret = do_sigtimedwait(these, &info, uts ? &timeout : NULL);
	if (ret > 0 && uinfo && copy_siginfo_to_user(uinfo, &info))
		return -EFAULT;
	return ret;
}
