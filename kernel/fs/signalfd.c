/*
 * Signals as a file: reading it takes signals that are pending, without a handler. Linux: fs/signalfd.c
 *
 * The file holds only a set of signals. Whose signals are read depends on who reads: those of the
 * reading task, and of its thread group. So the wait queue is that of the reader's actions, too.
 */
#include <uapi/signalfd.h>

#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/poll.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

_Static_assert(sizeof(struct signalfd_siginfo) == 128, "struct signalfd_siginfo is not Linux's");

struct signalfd_ctx {
	sigset_t sigmask; /* those that are not read. Protected by the reader's siglock */
};

static int signalfd_release(struct inode *inode __maybe_unused, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static __poll_t signalfd_poll(struct file *file, poll_table *wait)
{
	const struct signalfd_ctx *ctx = file->private_data;
	unsigned long set;

	poll_wait(file, &current->sighand->signalfd_wqh, wait);
	spin_lock_irq(&current->sighand->siglock);
	set = current->pending.signal.sig[0] | current->signal->shared_pending.signal.sig[0];
	set &= ~ctx->sigmask.sig[0];
	spin_unlock_irq(&current->sighand->siglock);
	return set ? EPOLLIN : 0;
}

/* A siginfo in the form in which it is read, where each field has its own place. */
static int signalfd_copyinfo(struct signalfd_siginfo __user *uinfo, const kernel_siginfo_t *info)
{
	struct signalfd_siginfo new = {
		.ssi_signo = info->si_signo, .ssi_errno = info->si_errno, .ssi_code = info->si_code,
	};

	switch (siginfo_layout(info->si_signo, info->si_code)) {
	case SIL_FAULT:
		new.ssi_addr = (unsigned long)info->si_addr;
		break;
	case SIL_POLL:
		new.ssi_band = info->si_band;
		new.ssi_fd = info->si_fd;
		break;
	case SIL_TIMER:
		new.ssi_tid = info->si_pid;
		new.ssi_overrun = info->si_uid;
		new.ssi_ptr = (unsigned long)info->si_value.sival_ptr;
		new.ssi_int = info->si_value.sival_int;
		break;
	case SIL_CHLD:
		new.ssi_pid = info->si_pid;
		new.ssi_uid = info->si_uid;
		new.ssi_status = info->si_status;
		new.ssi_utime = info->si_utime;
		new.ssi_stime = info->si_stime;
		break;
	case SIL_RT:
		new.ssi_ptr = (unsigned long)info->si_value.sival_ptr;
		new.ssi_int = info->si_value.sival_int;
		/* fall through */
	case SIL_KILL:
		new.ssi_pid = info->si_pid;
		new.ssi_uid = info->si_uid;
		break;
	}
	return copy_to_user(uinfo, &new, sizeof(new)) ? -EFAULT : (int)sizeof(new);
}

/* The number of a signal that was taken; -EAGAIN; -ERESTARTSYS: another signal came. */
static int signalfd_dequeue(const struct signalfd_ctx *ctx, kernel_siginfo_t *info, bool nonblock)
{
	struct sighand_struct *sighand = current->sighand;
	DECLARE_WAITQUEUE(wait, current);
	enum pid_type type;
	int ret;

	add_wait_queue(&sighand->signalfd_wqh, &wait);
	spin_lock_irq(&sighand->siglock);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = dequeue_signal(current, &ctx->sigmask, info, &type);
		if (ret)
			break;
		ret = nonblock ? -EAGAIN : signal_pending(current) ? -ERESTARTSYS : 0;
		if (ret)
			break;
		spin_unlock_irq(&sighand->siglock);
		schedule();
		spin_lock_irq(&sighand->siglock);
	}
	spin_unlock_irq(&sighand->siglock);
	remove_wait_queue(&sighand->signalfd_wqh, &wait);
	__set_current_state(TASK_RUNNING);
	return ret;
}

/* Waits for the first signal only. */
static ssize_t signalfd_read(struct file *file, char __user *buf, size_t count,
			     loff_t *pos __maybe_unused)
{
	struct signalfd_siginfo __user *siginfo = (void __user *)buf;
	bool nonblock = file->f_flags & O_NONBLOCK;
	kernel_siginfo_t info;
	ssize_t total = 0;
	int ret = -EINVAL;

	for (count /= sizeof(*siginfo); count; count--) {
		ret = signalfd_dequeue(file->private_data, &info, nonblock);
		if (ret > 0)
			ret = signalfd_copyinfo(siginfo, &info);
		if (ret < 0)
			break;
		siginfo++;
		total += ret;
		nonblock = true;
	}
	return total ?: ret;
}

static const struct file_operations signalfd_fops = {
	.release = signalfd_release,
	.poll = signalfd_poll,
	.read = signalfd_read,
	.llseek = noop_llseek,
};

static int new_signalfd(const sigset_t *mask, int flags)
{
	struct signalfd_ctx *ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	int fd;

	if (!ctx)
		return -ENOMEM;
	ctx->sigmask = *mask;
	fd = anon_inode_getfd("[signalfd]", &signalfd_fops, ctx, O_RDWR | flags);
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* @ufd: the signalfd whose set is changed, which is returned, or -1: a new one. */
static int do_signalfd4(int ufd, sigset_t *mask, int flags)
{
	struct signalfd_ctx *ctx;
	struct fd f;

	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	sigdelsetmask(mask, SIG_KERNEL_ONLY_MASK);
	mask->sig[0] = ~mask->sig[0];
	if (ufd == -1)
		return new_signalfd(mask, flags);
	f = fdget(ufd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_op != &signalfd_fops) {
		fdput(f);
		return -EINVAL;
	}
	ctx = f.file->private_data;
	spin_lock_irq(&current->sighand->siglock);
	ctx->sigmask = *mask;
	spin_unlock_irq(&current->sighand->siglock);
	wake_up(&current->sighand->signalfd_wqh); /* other threads read it */
	fdput(f);
	return ufd;
}

static int signalfd(int ufd, const sigset_t __user *user_mask, size_t sizemask, int flags)
{
	sigset_t mask;

	if (sizemask != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, user_mask, sizeof(mask)))
		return -EFAULT;
	return do_signalfd4(ufd, &mask, flags);
}

SYSCALL_DEFINE4(signalfd4, int, ufd, const sigset_t __user *, user_mask, size_t, sizemask, int, flags)
{
	return signalfd(ufd, user_mask, sizemask, flags);
}

SYSCALL_DEFINE3(signalfd, int, ufd, const sigset_t __user *, user_mask, size_t, sizemask)
{
	return signalfd(ufd, user_mask, sizemask, 0);
}
