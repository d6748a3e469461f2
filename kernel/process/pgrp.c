/*
 * Process groups and sessions: setpgid(), setsid() and the calls that ask for them. Linux: kernel/sys.c
 *
 * A session consists of process groups, a group of processes. The number of a group or session is the
 * PID of the process that made it, its leader; it stays in use as long as a member lives.
 */
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

/*
 * May current put @p into another group? @p is current itself, or a child of its session that has not
 * called execve() yet, and does not lead a session.
 */
static int may_change_pgrp(const struct task_struct *p)
{
	const struct task_struct *leader = current->group_leader;

	if (!thread_group_leader(p))
		return -EINVAL;
	if (p->real_parent->signal == leader->signal) {
		if (task_session(p) != task_session(leader))
			return -EPERM;
		if (!(p->flags & PF_FORKNOEXEC))
			return -EACCES;
	} else if (p != leader) {
		return -ESRCH;
	}
	return p->signal->leader ? -EPERM : 0;
}

/* The group @pgid, in which @p may be: its own, or one that exists in the session. NULL: neither. */
static struct pid *pgrp_for(struct task_struct *p, pid_t pgid)
{
	struct pid *pgrp = find_vpid(pgid);
	struct task_struct *member;

	if (pgrp == task_pid(p))
		return pgrp;
	member = pid_task(pgrp, PIDTYPE_PGID);
	return member && task_session(member) == task_session(current) ? pgrp : NULL;
}

static void move_to(struct task_struct *p, enum pid_type type, struct pid *pid)
{
	unsigned long flags;

	if (task_pid_type(p, type) == pid)
		return;
	write_lock_irqsave(&tasklist_lock, flags);
	change_pid(p, type, pid);
	write_unlock_irqrestore(&tasklist_lock, flags);
}

SYSCALL_DEFINE2(setpgid, pid_t, pid, pid_t, pgid)
{
	struct task_struct *p;
	struct pid *pgrp;
	int err;

	if (!pid)
		pid = current->tgid;
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	p = find_task_by_vpid(pid);
	if (!p)
		return -ESRCH;
	err = may_change_pgrp(p);
	if (err)
		return err;
	pgrp = pgrp_for(p, pgid);
	if (!pgrp)
		return -EPERM;
	move_to(p, PIDTYPE_PGID, pgrp);
	return 0;
}

/* The number that process @pid (0: current) has as @type. */
static long number_of(pid_t pid, enum pid_type type)
{
	struct task_struct *p = pid ? find_task_by_vpid(pid) : current;

	return p ? pid_vnr(task_pid_type(p, type)) : -ESRCH;
}

SYSCALL_DEFINE1(getpgid, pid_t, pid)
{
	return number_of(pid, PIDTYPE_PGID);
}

SYSCALL_DEFINE0(getpgrp)
{
	return number_of(0, PIDTYPE_PGID);
}

SYSCALL_DEFINE1(getsid, pid_t, pid)
{
	return number_of(pid, PIDTYPE_SID);
}

/* Current begins a session, with one group; it must not lead a group that may have other members. */
SYSCALL_DEFINE0(setsid)
{
	struct task_struct *leader = current->group_leader;
	struct pid *sid = task_pid(leader);

	if (leader->signal->leader || pid_task(sid, PIDTYPE_PGID))
		return -EPERM;
	leader->signal->leader = true;
	leader->signal->tty = NULL;
	move_to(leader, PIDTYPE_SID, sid);
	move_to(leader, PIDTYPE_PGID, sid);
	return pid_vnr(sid);
}
