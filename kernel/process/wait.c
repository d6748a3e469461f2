/*
 * A parent that waits for its children. Linux: kernel/exit.c
 *
 * Any thread of a group may wait for the children of all its threads. do_wait() looks at them once, and
 * then each time when one has ended, stopped or continued.
 */
#include <uapi/wait.h>

#include "kernel/process/task.h"
#include "kernel/process/wait.h"
#include "kernel/syscalls.h"

static bool eligible_pid(const struct wait_opts *wo, const struct task_struct *child)
{
	return wo->wo_type == PIDTYPE_MAX || task_pid_type(child, wo->wo_type) == wo->wo_pid;
}

/* A child that ends with another signal than SIGCHLD for its parent is a "clone child". */
static bool eligible_child(const struct wait_opts *wo, const struct task_struct *child)
{
	if (!eligible_pid(wo, child))
		return false;
	return wo->wo_flags & __WALL ||
	       (child->exit_signal != SIGCHLD) == !!(wo->wo_flags & (int)__WCLONE);
}

/* Without rusage.c and cputime.c nobody asks what a child has used; without waitid.c none stops. */
__weak noprobe void getrusage(struct task_struct *task __maybe_unused, int who __maybe_unused,
			      struct rusage *ru)
{
	memset(ru, 0, sizeof(*ru));
}

__weak noprobe void account_waited_child(struct task_struct *child __maybe_unused)
{
}

__weak noprobe int wait_task_stopped(struct wait_opts *wo __maybe_unused,
				     struct task_struct *child __maybe_unused)
{
	return 0;
}

__weak noprobe int wait_task_continued(struct wait_opts *wo __maybe_unused,
				       struct task_struct *child __maybe_unused)
{
	return 0;
}

/* @child has ended. Its number, and it is gone unless WNOWAIT says not to; 0: not waited for. */
static int wait_task_zombie(struct wait_opts *wo, struct task_struct *child)
{
	struct waitid_info *info = wo->wo_info;
	pid_t pid = child->pid;
	int status = child->signal->flags & SIGNAL_GROUP_EXIT ? child->signal->group_exit_code
							      : child->exit_code;

	if (!(wo->wo_flags & WEXITED))
		return 0;
	wo->wo_stat = status;
	if (info) {
		info->pid = pid;
		info->uid = from_kuid_munged(current_user_ns(), child->cred->uid);
		info->cause = !(status & 0x7f) ? CLD_EXITED : status & 0x80 ? CLD_DUMPED : CLD_KILLED;
		info->status = status & 0x7f ?: status >> 8;
	}
	if (wo->wo_rusage)
		getrusage(child, RUSAGE_BOTH, wo->wo_rusage);
	if (wo->wo_flags & WNOWAIT)
		return pid;
	account_waited_child(child);
	release_task(child);
	return pid;
}

/* Has @child done what is waited for? Its number, else 0. */
static int wait_consider_task(struct wait_opts *wo, struct task_struct *child)
{
	int ret;

	if (child->exit_state == EXIT_DEAD || !eligible_child(wo, child))
		return 0;
	if (child->exit_state == EXIT_ZOMBIE && !delay_group_leader(child))
		return wait_task_zombie(wo, child);
	wo->notask_error = 0;
	ret = wait_task_stopped(wo, child);
	return ret ?: wait_task_continued(wo, child);
}

/* One look, however many children there are. */
static int do_wait_pid(struct wait_opts *wo)
{
	struct task_struct *child = pid_task(wo->wo_pid, PIDTYPE_TGID);

	if (!child)
		return 0;
	if (child->real_parent == current ||
	    (!(wo->wo_flags & __WNOTHREAD) && child->real_parent->signal == current->signal))
		return wait_consider_task(wo, child);
	return 0;
}

static int do_wait_thread(struct wait_opts *wo, struct task_struct *parent)
{
	struct task_struct *child;
	int ret;

	list_for_each_entry(child, &parent->children, sibling) {
		ret = wait_consider_task(wo, child);
		if (ret)
			return ret;
	}
	return 0;
}

/* Look at all children once. The number of one that has done what is waited for; 0: none has. */
static int look_at_children(struct wait_opts *wo)
{
	struct task_struct *t;
	int ret;

	wo->notask_error = -ECHILD;
	if (wo->wo_type == PIDTYPE_PID)
		return do_wait_pid(wo);
	if (wo->wo_flags & __WNOTHREAD)
		return do_wait_thread(wo, current);
	ret = do_wait_thread(wo, current);
	if (ret || thread_group_empty(current))
		return ret;
	for_each_thread(current, t) {
		ret = t == current ? 0 : do_wait_thread(wo, t);
		if (ret)
			return ret;
	}
	return 0;
}

/* A child has done something: wake the task only if it waits for this child. */
static int child_wait_callback(struct wait_queue_entry *wait, unsigned int mode, int flags,
			       void *child)
{
	const struct wait_opts *wo = container_of(wait, struct wait_opts, child_wait);
	const struct task_struct *p = child;

	if (!eligible_pid(wo, p) || (wo->wo_flags & __WNOTHREAD && wait->private != p->parent))
		return 0;
	return default_wake_function(wait, mode, flags, child);
}

void __wake_up_parent(struct task_struct *task, struct task_struct *parent)
{
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 1, task);
}

/* No lock while looking: only tasks change who is whose child, and none runs before this one sleeps. */
long do_wait(struct wait_opts *wo)
{
	long ret;

	init_waitqueue_func_entry(&wo->child_wait, child_wait_callback);
	wo->child_wait.private = current;
	add_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		ret = look_at_children(wo);
		if (ret)
			break;
		ret = wo->notask_error;
		if (ret || wo->wo_flags & WNOHANG)
			break;
		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	return ret;
}

/* Linux: kernel_wait4() */
SYSCALL_DEFINE4(wait4, pid_t, upid, int __user *, stat_addr, int, options, struct rusage __user *, ru)
{
	struct rusage usage;
	struct wait_opts wo = {
		.wo_type = PIDTYPE_PGID, .wo_flags = options | WEXITED,
		.wo_rusage = ru ? &usage : NULL,
	};
	long ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (upid == INT32_MIN)
		return -ESRCH;
	if (upid == -1)
		wo.wo_type = PIDTYPE_MAX;
	else if (upid < 0)
		wo.wo_pid = find_get_pid(-upid);
	else if (upid == 0)
		wo.wo_pid = get_task_pid(current, PIDTYPE_PGID);
	else {
		wo.wo_type = PIDTYPE_PID;
		wo.wo_pid = find_get_pid(upid);
	}
	ret = do_wait(&wo);
	put_pid(wo.wo_pid);
	if (ret > 0 && stat_addr && put_user(wo.wo_stat, stat_addr))
		return -EFAULT;
	if (ret > 0 && ru && copy_to_user(ru, &usage, sizeof(usage)))
		return -EFAULT;
	return ret;
}
