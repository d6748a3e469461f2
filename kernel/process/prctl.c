/*
 * prctl(): what a process sets for itself. Linux: kernel/sys.c
 *
 * What has to do with capabilities is in capability.c. Options that are not here are -EINVAL, as
 * unknown ones are on Linux; docs/differences.md lists them.
 */
#include <uapi/prctl.h>

#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

static long set_name(const char __user *name)
{
	char comm[TASK_COMM_LEN] = "";

	if (strncpy_from_user(comm, name, TASK_COMM_LEN - 1) < 0)
		return -EFAULT;
	memcpy(current->comm, comm, TASK_COMM_LEN);
	return 0;
}

/*
 * The signal comes when the parent ends, which for a thread means the thread that made it. See
 * exit.c:forget_children().
 */
static long set_pdeath_signal(unsigned long sig)
{
	if (sig > _NSIG)
		return -EINVAL;
	current->pdeath_signal = sig;
	return 0;
}

static long set_timer_slack(unsigned long slack)
{
	current->timer_slack_ns = slack ?: current->default_timer_slack_ns;
	return 0;
}

/* The options whose other arguments must be 0. */
static long strict_option(int option, unsigned long arg2, unsigned long rest)
{
	if (rest)
		return -EINVAL;
	if (option == PR_GET_NO_NEW_PRIVS)
		return arg2 ? -EINVAL : current->no_new_privs;
	if (arg2 != 1)
		return -EINVAL;
	current->no_new_privs = true;
	return 0;
}

/* The options that return what is set, and those that store it at @arg. */
static long get_option(int option, unsigned long arg)
{
	switch (option) {
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)arg);
	case PR_GET_DUMPABLE:
		return current->mm->dumpable;
	case PR_GET_TIMING:
		return PR_TIMING_STATISTICAL;
	case PR_GET_NAME:
		return copy_to_user((char __user *)arg, current->comm, TASK_COMM_LEN) ? -EFAULT : 0;
	case PR_GET_TIMERSLACK:
		return current->timer_slack_ns;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)current->signal->is_child_subreaper, (int __user *)arg);
	case PR_GET_TID_ADDRESS:
		return put_user(current->clear_child_tid, (int __user *__user *)arg);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE5(prctl, int, option, unsigned long, arg2, unsigned long, arg3, unsigned long, arg4,
		unsigned long, arg5)
{
	long ret = cap_task_prctl(option, arg2, arg3, arg4, arg5);

	if (ret != -ENOSYS)
		return ret;
	switch (option) {
	case PR_SET_PDEATHSIG:
		return set_pdeath_signal(arg2);
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		current->mm->dumpable = arg2;
		return 0;
	case PR_SET_TIMING:
		return arg2 == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
	case PR_SET_NAME:
		return set_name((const char __user *)arg2);
	case PR_SET_TIMERSLACK:
		return set_timer_slack(arg2);
	case PR_SET_CHILD_SUBREAPER:
		set_child_subreaper(arg2);
		return 0;
	case PR_SET_NO_NEW_PRIVS:
	case PR_GET_NO_NEW_PRIVS:
		return strict_option(option, arg2, arg3 | arg4 | arg5);
	default:
		return get_option(option, arg2);
	}
}
