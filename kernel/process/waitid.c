/*
 * waitid(), and children that have stopped or continued. Linux: kernel/exit.c
 */
#include <uapi/fcntl.h>
#include <uapi/wait.h>

#include "kernel/process/task.h"
#include "kernel/process/wait.h"
#include "kernel/syscalls.h"

#define SI_MAX_SIZE 128 /* of ring 3's siginfo_t */

static void fill_info(struct waitid_info *info, const struct task_struct *child, int cause,
		      int status)
{
	if (!info)
		return;
	info->pid = child->pid;
	info->uid = from_kuid_munged(current_user_ns(), child->cred->uid);
	info->cause = cause;
	info->status = status;
}

int wait_task_stopped(struct wait_opts *wo, struct task_struct *child)
{
	struct signal_struct *signal = child->signal;
	int code = signal->group_exit_code;

	if (!(wo->wo_flags & WUNTRACED) || !(signal->flags & SIGNAL_STOP_STOPPED) || !code)
		return 0;
	if (wo->wo_rusage)
		getrusage(child, RUSAGE_BOTH, wo->wo_rusage);
	if (!(wo->wo_flags & WNOWAIT))
		signal->group_exit_code = 0; /* it is told once */
	wo->wo_stat = code << 8 | 0x7f;
	fill_info(wo->wo_info, child, CLD_STOPPED, code);
	return child->pid;
}

int wait_task_continued(struct wait_opts *wo, struct task_struct *child)
{
	struct signal_struct *signal = child->signal;

	if (!(wo->wo_flags & WCONTINUED) || !(signal->flags & SIGNAL_STOP_CONTINUED))
		return 0;
	if (wo->wo_rusage)
		getrusage(child, RUSAGE_BOTH, wo->wo_rusage);
	if (!(wo->wo_flags & WNOWAIT))
		signal->flags &= ~SIGNAL_STOP_CONTINUED;
	wo->wo_stat = 0xffff;
	fill_info(wo->wo_info, child, CLD_CONTINUED, SIGCONT);
	return child->pid;
}

/* What @which and @upid mean, into @wo, with a reference on wo_pid. @f_flags: of a file. 0 or -errno. */
static int waitid_whom(struct wait_opts *wo, int which, pid_t upid, unsigned int *f_flags)
{
	wo->wo_type = PIDTYPE_MAX;
	switch (which) {
	case P_ALL:
		return 0;
	case P_PID:
		if (upid <= 0)
			return -EINVAL;
		wo->wo_type = PIDTYPE_PID;
		wo->wo_pid = find_get_pid(upid);
		return 0;
	case P_PGID:
		if (upid < 0)
			return -EINVAL;
		wo->wo_type = PIDTYPE_PGID;
		wo->wo_pid = upid ? find_get_pid(upid) : get_task_pid(current, PIDTYPE_PGID);
		return 0;
	case P_PIDFD:
		if (upid < 0)
			return -EINVAL;
		wo->wo_type = PIDTYPE_PID;
		wo->wo_pid = pidfd_get_pid(upid, f_flags);
		return IS_ERR(wo->wo_pid) ? (int)PTR_ERR(wo->wo_pid) : 0;
	default:
		return -EINVAL;
	}
}

static long kernel_waitid(int which, pid_t upid, struct waitid_info *info, int options,
			  struct rusage *ru)
{
	struct wait_opts wo = { .wo_info = info, .wo_flags = options, .wo_rusage = ru };
	unsigned int f_flags = 0;
	long ret;

	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD |
			__WCLONE | __WALL) ||
	    !(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	ret = waitid_whom(&wo, which, upid, &f_flags);
	if (ret)
		return ret;
	if (f_flags & O_NONBLOCK)
		wo.wo_flags |= WNOHANG;
	ret = do_wait(&wo);
	put_pid(wo.wo_pid);
	if (!ret && f_flags & O_NONBLOCK && !(options & WNOHANG))
		ret = -EAGAIN;
	return ret;
}

/* Also when there was nothing to wait for, or an error, @infop is written: with zeros. */
SYSCALL_DEFINE5(waitid, int, which, pid_t, upid, kernel_siginfo_t __user *, infop, int, options,
		struct rusage __user *, ru)
{
	struct waitid_info info = { 0 };
	struct rusage usage;
	long ret = kernel_waitid(which, upid, &info, options, ru ? &usage : NULL);
	int first[3] = { ret > 0 ? SIGCHLD : 0, 0, info.cause };

	if (ret > 0) {
		ret = 0;
		if (ru && copy_to_user(ru, &usage, sizeof(usage)))
			return -EFAULT;
	}
	if (!infop)
		return ret;
	if (!access_ok(infop, SI_MAX_SIZE) || copy_to_user(infop, first, sizeof(first)) ||
	    put_user(info.pid, &infop->si_pid) || put_user(info.uid, &infop->si_uid) ||
	    put_user(info.status, &infop->si_status))
		return -EFAULT;
	return ret;
}
