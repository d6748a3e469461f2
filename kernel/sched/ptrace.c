/*
 * Which tasks a task may look into. Linux: kernel/ptrace.c
 */
#include "kernel/sched/ptrace.h"

/* Has @target no id but these? A set-user-ID program that its caller has started has another one. */
static bool same_ids(const struct cred *target, kuid_t uid, kgid_t gid)
{
	return uid_eq(uid, target->euid) && uid_eq(uid, target->suid) && uid_eq(uid, target->uid) &&
	       gid_eq(gid, target->egid) && gid_eq(gid, target->sgid) && gid_eq(gid, target->gid);
}

bool ptrace_may_access(struct task_struct *task, unsigned int mode)
{
	const struct cred *cred = current->cred;

	if (task->signal == current->signal)
		return true;
	if (mode & PTRACE_MODE_FSCREDS ? same_ids(task->cred, cred->fsuid, cred->fsgid)
				       : same_ids(task->cred, cred->uid, cred->gid))
		return true;
	return capable(CAP_SYS_PTRACE);
}
