/*
 * Resource limits. Linux: kernel/sys.c:do_prlimit()
 */
#include "kernel/fs/fs.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

/*
 * Read and/or set limit @resource of @task; @new and @old may be NULL.
 * -EINVAL: no such limit, or soft above hard; -EPERM: raising the hard limit needs
 * CAP_SYS_RESOURCE.
 */
static int do_prlimit(struct task_struct *task, unsigned int resource, const struct rlimit *new,
		      struct rlimit *old)
{
	struct rlimit *rlim;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (new && resource == RLIMIT_NOFILE && new->rlim_max > SYSCTL_NR_OPEN)
		return -EPERM;
	rlim = &task->signal->rlim[resource];
	if (new && new->rlim_max > rlim->rlim_max && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (old)
		*old = *rlim;
	if (new)
		*rlim = *new;
	if (new && resource == RLIMIT_STACK && task->mm)
		task->mm->stack_limit = new->rlim_cur;
	return 0;
}

SYSCALL_DEFINE2(getrlimit, unsigned int, resource, struct rlimit __user *, rlim)
{
	struct rlimit value;
	int err = do_prlimit(current, resource, NULL, &value);

	if (err)
		return err;
	return copy_to_user(rlim, &value, sizeof(value)) ? -EFAULT : 0;
}

SYSCALL_DEFINE2(setrlimit, unsigned int, resource, const struct rlimit __user *, rlim)
{
	struct rlimit value;

	if (copy_from_user(&value, rlim, sizeof(value)))
		return -EFAULT;
	return do_prlimit(current, resource, &value, NULL);
}

/* May current look at and change @task's limits? Linux: check_prlimit_permission() */
static bool may_prlimit(const struct task_struct *task)
{
	const struct cred *c = current_cred(), *t = task->cred;

	return task == current || capable(CAP_SYS_RESOURCE) ||
	       (c->uid == t->euid && c->uid == t->suid && c->uid == t->uid &&
		c->gid == t->egid && c->gid == t->sgid && c->gid == t->gid);
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource, const struct rlimit __user *, new,
		struct rlimit __user *, old)
{
	struct rlimit new_value, old_value;
	struct task_struct *task;
	int err;

	if (new && copy_from_user(&new_value, new, sizeof(new_value)))
		return -EFAULT;
	task = pid ? find_task_by_pid(pid) : current;
	if (!task || !task->signal)
		return -ESRCH;
	if (!may_prlimit(task))
		return -EPERM;
	err = do_prlimit(task, resource, new ? &new_value : NULL, old ? &old_value : NULL);
	if (err)
		return err;
	return old && copy_to_user(old, &old_value, sizeof(old_value)) ? -EFAULT : 0;
}
