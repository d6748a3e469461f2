/*
 * getpriority() and setpriority(): nice values. Linux: kernel/sys.c, kernel/sched/core.c:can_nice()
 *
 * The value is kept and told; the scheduler here gives all tasks time slices of one length.
 */
#include <uapi/resource.h>

#include "kernel/process/priority.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

#define MIN_NICE (-20)
#define MAX_NICE 19

/* One getpriority() or setpriority() over all tasks that it names. */
struct priority_call {
	bool set;
	int nice; /* to be set */
	int ret;  /* get: the highest priority, 1..40, or -ESRCH; set: 0 or the last error */
};

static bool can_nice(const struct task_struct *task, int nice)
{
	return (unsigned long)(MAX_NICE + 1 - nice) <= task_rlimit(task, RLIMIT_NICE) ||
	       capable(CAP_SYS_NICE);
}

static int set_one_prio(struct task_struct *task, int nice, int error)
{
	kuid_t euid = current_euid();

	if (!uid_eq(task->cred->uid, euid) && !uid_eq(task->cred->euid, euid) &&
	    !capable(CAP_SYS_NICE))
		return -EPERM;
	if (nice < task->nice && !can_nice(task, nice))
		return -EACCES;
	task->nice = nice;
	return error == -ESRCH ? 0 : error;
}

static bool do_one(void *arg, struct task_struct *task)
{
	struct priority_call *call = arg;

	if (call->set)
		call->ret = set_one_prio(task, call->nice, call->ret);
	else
		call->ret = max(call->ret, MAX_NICE + 1 - task->nice);
	return false;
}

void for_each_task_of_pgrp(struct pid *pgrp, bool (*fn)(void *arg, struct task_struct *task), void *arg)
{
	struct task_struct *leader, *task;

	read_lock(&tasklist_lock); /* interrupts stay on: the group may be large */
	do_each_pid_task(pgrp, PIDTYPE_PGID, leader) {
		for_each_thread(leader, task)
			if (fn(arg, task))
				goto out;
	} while_each_pid_task(pgrp, PIDTYPE_PGID, leader);
out:
	read_unlock(&tasklist_lock);
}

void for_each_task_of_user(kuid_t uid, bool (*fn)(void *arg, struct task_struct *task), void *arg)
{
	struct task_struct *task;

	for (pid_t nr = 1; nr < pid_max && !fatal_signal_pending(current); nr++) {
		task = find_task_by_vpid(nr);
		if (task && uid_eq(task->cred->uid, uid) && fn(arg, task))
			return;
		cond_resched();
	}
}

static int do_priority(int which, int who, struct priority_call *call)
{
	struct task_struct *task;

	switch (which) {
	case PRIO_PROCESS:
		task = who ? find_task_by_vpid(who) : current;
		if (task)
			do_one(call, task);
		break;
	case PRIO_PGRP:
		for_each_task_of_pgrp(who ? find_vpid(who) : task_pgrp(current), do_one, call);
		break;
	case PRIO_USER:
		for_each_task_of_user(who ? make_kuid(current_user_ns(), who) : current_uid(), do_one, call);
		break;
	default:
		return -EINVAL;
	}
	return call->ret;
}

/* Returns 1..40, because negative numbers are errors; libc makes nice values of it. */
SYSCALL_DEFINE2(getpriority, int, which, int, who)
{
	return do_priority(which, who, &(struct priority_call){ .ret = -ESRCH });
}

SYSCALL_DEFINE3(setpriority, int, which, int, who, int, nice)
{
	struct priority_call call = { .set = true, .ret = -ESRCH };

	call.nice = min(max(nice, MIN_NICE), MAX_NICE);
	return do_priority(which, who, &call);
}
