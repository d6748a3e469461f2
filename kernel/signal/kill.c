/*
 * System calls that send a signal. Linux: kernel/signal.c
 */
#include "kernel/signal/internal.h"

#include "kernel/signal/frame.h"
#include "kernel/syscalls.h"

static kernel_siginfo_t siginfo_of_current(int sig, int code)
{
	return (kernel_siginfo_t){
		.si_signo = sig, .si_code = code, .si_pid = current->tgid,
		.si_uid = from_kuid_munged(current_user_ns(), current_uid()),
	};
}

/* --- kill ----------------------------------------------------------------------------------- */

/* To all processes that current may send to, but PID 1 and its own. With tasklist_lock. */
static int kill_all(int sig, struct kernel_siginfo *info)
{
	int ret = 0, count = 0, err;
	struct task_struct *p;

	for_each_process(p) {
		if (p->tgid <= 1 || p->signal == current->signal)
			continue;
		err = group_send_sig_info(sig, info, p, PIDTYPE_MAX);
		count++;
		if (err != -EPERM)
			ret = err;
	}
	return count ? ret : -ESRCH;
}

static int kill_something_info(int sig, struct kernel_siginfo *info, pid_t pid)
{
	int ret;

	if (pid > 0)
		return kill_pid_info(sig, info, find_vpid(pid));
	if (pid == INT32_MIN)
		return -ESRCH;
	read_lock(&tasklist_lock); /* interrupts stay on: there may be many */
	if (pid == -1)
		ret = kill_all(sig, info);
	else
		ret = __kill_pgrp_info(sig, info, pid ? find_vpid(-pid) : task_pgrp(current));
	read_unlock(&tasklist_lock);
	return ret;
}

SYSCALL_DEFINE2(kill, pid_t, pid, int, sig)
{
	return kill_something_info(sig, SEND_SIG_NOINFO, pid);
}

/* --- to one thread -------------------------------------------------------------------------- */

/* @tgid: the group that thread @pid must belong to; 0: any. */
static int do_send_specific(pid_t tgid, pid_t pid, int sig, struct kernel_siginfo *info)
{
	struct task_struct *t = find_task_by_vpid(pid);
	int err;

	if (!t || (tgid > 0 && t->tgid != tgid))
		return -ESRCH;
	err = check_kill_permission(sig, info, t);
	return err || !sig ? err : do_send_sig_info(sig, info, t, PIDTYPE_PID);
}

static int do_tkill(pid_t tgid, pid_t pid, int sig)
{
	kernel_siginfo_t info = siginfo_of_current(sig, SI_TKILL);

	return do_send_specific(tgid, pid, sig, &info);
}

SYSCALL_DEFINE2(tkill, pid_t, pid, int, sig)
{
	return pid <= 0 ? -EINVAL : do_tkill(0, pid, sig);
}

SYSCALL_DEFINE3(tgkill, pid_t, tgid, pid_t, pid, int, sig)
{
	return pid <= 0 || tgid <= 0 ? -EINVAL : do_tkill(tgid, pid, sig);
}

/* --- with a siginfo ------------------------------------------------------------------------- */

/* Signals for which a program may give si_code values above SI_USER, and up to which. */
static const u8 sig_sicodes[] = {
	[SIGILL] = 11, [SIGFPE] = 15, [SIGSEGV] = 9, [SIGBUS] = 5,
	[SIGTRAP] = 6, [SIGCHLD] = 6, [SIGIO] = 6, [SIGSYS] = 2,
};

/* Is it known that siginfos with this @code end with the fields that the kernel keeps? */
static bool known_siginfo_layout(unsigned int sig, int code)
{
	if (code == SI_KERNEL)
		return true;
	if (code > SI_USER) {
		if (sig < ARRAY_SIZE(sig_sicodes) && sig_sicodes[sig])
			return code <= sig_sicodes[sig];
		return code <= sig_sicodes[SIGIO];
	}
	return code >= SI_DETHREAD || code == SI_ASYNCNL;
}

enum siginfo_layout siginfo_layout(unsigned int sig, int code)
{
	if (code == SI_TIMER)
		return SIL_TIMER;
	if (code == SI_SIGIO)
		return SIL_POLL;
	if (code < 0)
		return SIL_RT;
	if (code == SI_USER || code >= SI_KERNEL)
		return SIL_KILL;
	if (sig == SIGIO || sig >= ARRAY_SIZE(sig_sicodes) || code > sig_sicodes[sig])
		return code <= sig_sicodes[SIGIO] ? SIL_POLL : SIL_KILL;
	return sig == SIGCHLD ? SIL_CHLD : SIL_FAULT;
}

int copy_siginfo_from_user(int sig, kernel_siginfo_t *to, const void __user *from)
{
	u8 rest[SIGINFO_SIZE - sizeof(*to)];

	if (copy_from_user(to, from, sizeof(*to)))
		return -EFAULT;
	if (sig >= 0)
		to->si_signo = sig;
	if (known_siginfo_layout(to->si_signo, to->si_code))
		return 0;
	if (copy_from_user(rest, (const u8 __user *)from + sizeof(*to), sizeof(rest)))
		return -EFAULT;
	return memchr_inv(rest, 0, sizeof(rest)) ? -E2BIG : 0;
}

/* Nobody can pretend to be the kernel, kill() or tkill(), but towards himself. */
static bool may_claim(const kernel_siginfo_t *info, pid_t pid)
{
	return (info->si_code < 0 && info->si_code != SI_TKILL) || pid == current->pid;
}

SYSCALL_DEFINE3(rt_sigqueueinfo, pid_t, pid, int, sig, const void __user *, uinfo)
{
	kernel_siginfo_t info;
	int err = copy_siginfo_from_user(sig, &info, uinfo);

	if (err)
		return err;
	if (!may_claim(&info, pid))
		return -EPERM;
	return kill_pid_info(sig, &info, find_vpid(pid));
}

SYSCALL_DEFINE4(pidfd_send_signal, int, pidfd, int, sig, const void __user *, uinfo, unsigned int,
		flags)
{
	kernel_siginfo_t info = siginfo_of_current(sig, SI_USER);
	unsigned int f_flags;
	struct pid *pid;
	int ret = 0;

	if (flags)
		return -EINVAL;
	pid = pidfd_get_pid(pidfd, &f_flags);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	if (uinfo) {
		ret = copy_siginfo_from_user(-1, &info, uinfo);
		if (!ret && info.si_signo != sig)
			ret = -EINVAL;
		if (!ret && !may_claim(&info, pid_vnr(pid)))
			ret = -EPERM;
	}
	if (!ret)
		ret = kill_pid_info(sig, &info, pid);
	put_pid(pid);
	return ret;
}

SYSCALL_DEFINE4(rt_tgsigqueueinfo, pid_t, tgid, pid_t, pid, int, sig, const void __user *, uinfo)
{
	kernel_siginfo_t info;
	int err = copy_siginfo_from_user(sig, &info, uinfo);

	if (err)
		return err;
	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	if (!may_claim(&info, pid))
		return -EPERM;
	return do_send_specific(tgid, pid, sig, &info);
}
