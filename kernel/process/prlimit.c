/*
 * prlimit64(): the resource limits of another task. Linux: kernel/sys.c
 */
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

/* May current look at and change @task's limits? Linux: check_prlimit_permission() */
static bool may_prlimit(const struct task_struct *task)
{
	const struct cred *c = current_cred(), *t = task->cred;

	return task == current || capable(CAP_SYS_RESOURCE) ||
	       (uid_eq(c->uid, t->euid) && uid_eq(c->uid, t->suid) && uid_eq(c->uid, t->uid) &&
		gid_eq(c->gid, t->egid) && gid_eq(c->gid, t->sgid) && gid_eq(c->gid, t->gid));
}

SYSCALL_DEFINE4(prlimit64, pid_t, pid, unsigned int, resource, const struct rlimit __user *, new,
		struct rlimit __user *, old)
{
	struct rlimit new_value, old_value;
	struct task_struct *task;
	int err;

	if (new && copy_from_user(&new_value, new, sizeof(new_value)))
		return -EFAULT;
	task = pid ? find_task_by_vpid(pid) : current;
	if (!task)
		return -ESRCH;
	if (!may_prlimit(task))
		return -EPERM;
	err = do_prlimit(task, resource, new ? &new_value : NULL, old ? &old_value : NULL);
	if (err)
		return err;
	return old && copy_to_user(old, &old_value, sizeof(old_value)) ? -EFAULT : 0;
}
