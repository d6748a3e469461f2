/*
 * ioprio_set() and ioprio_get(): whose requests a disk is to serve first. The value is kept and told; there is
 * no disk here. Linux: block/ioprio.c
 */
#include <uapi/ioprio.h>

#include "kernel/process/priority.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

/* One call over all tasks that it names. */
struct ioprio_call {
	bool set;
	int ioprio; /* to be set */
	int ret;    /* get: the best one so far, or -ESRCH; set: 0 or an error */
};

/* Does current have the right to ask for @ioprio, and is there such a one? 0, -EPERM, -EINVAL. */
static int ioprio_check_cap(int ioprio)
{
	switch (IOPRIO_PRIO_CLASS(ioprio)) {
	case IOPRIO_CLASS_RT:
		if (!capable(CAP_SYS_ADMIN) && !capable(CAP_SYS_NICE))
			return -EPERM;
		/* fall through */
	case IOPRIO_CLASS_BE:
		return 0;
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return IOPRIO_PRIO_LEVEL(ioprio) ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

static int set_task_ioprio(struct task_struct *task, int ioprio)
{
	if (!uid_eq(task->cred->uid, current_euid()) && !uid_eq(task->cred->uid, current_uid()) &&
	    !capable(CAP_SYS_NICE))
		return -EPERM;
	task->ioprio = ioprio;
	return 0;
}

/* What @task's requests get: a task without a priority of its own has that which its nice value stands for. */
static int get_task_ioprio(const struct task_struct *task)
{
	if (IOPRIO_PRIO_CLASS(task->ioprio) != IOPRIO_CLASS_NONE)
		return task->ioprio;
	return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, (task->nice + 20) / 5);
}

/* True: no more tasks. */
static bool do_one(void *arg, struct task_struct *task)
{
	struct ioprio_call *call = arg;

	if (call->set)
		call->ret = set_task_ioprio(task, call->ioprio);
	else
		call->ret = call->ret == -ESRCH ? get_task_ioprio(task) : min(call->ret, get_task_ioprio(task));
	return call->set && call->ret;
}

static int do_ioprio(int which, int who, struct ioprio_call *call)
{
	struct task_struct *task;

	switch (which) {
	case IOPRIO_WHO_PROCESS:
		task = who ? find_task_by_vpid(who) : current;
		if (task && !call->set)
			return task->ioprio;
		if (task)
			do_one(call, task);
		break;
	case IOPRIO_WHO_PGRP:
		for_each_task_of_pgrp(who ? find_vpid(who) : task_pgrp(current), do_one, call);
		break;
	case IOPRIO_WHO_USER:
		/* on Linux, too, 0 is root here, and not the caller */
		for_each_task_of_user(make_kuid(current_user_ns(), who), do_one, call);
		break;
	default:
		return -EINVAL;
	}
	return call->ret;
}

SYSCALL_DEFINE3(ioprio_set, int, which, int, who, int, ioprio)
{
	struct ioprio_call call = { .set = true, .ioprio = ioprio, .ret = -ESRCH };
	int error = ioprio_check_cap(ioprio);

	return error ? error : do_ioprio(which, who, &call);
}

SYSCALL_DEFINE2(ioprio_get, int, which, int, who)
{
	return do_ioprio(which, who, &(struct ioprio_call){ .ret = -ESRCH });
}
