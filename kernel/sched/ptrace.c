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

/* Linux: kernel/ptrace.c:__ptrace_may_access(), security/commoncap.c:cap_ptrace_access_check() */
bool ptrace_may_access(struct task_struct *task, unsigned int mode)
{
	const struct cred *cred = current->cred;
	bool fscreds = mode & PTRACE_MODE_FSCREDS;
	kernel_cap_t caps = fscreds ? cred->cap_effective : cred->cap_permitted;

	if (task->signal == current->signal)
		return true;
	if ((fscreds ? same_ids(task->cred, cred->fsuid, cred->fsgid) :
		       same_ids(task->cred, cred->uid, cred->gid)) &&
	    (!task->mm || task->mm->dumpable) && !(task->cred->cap_permitted & ~caps))
		return true;
	return capable(CAP_SYS_PTRACE);
}
