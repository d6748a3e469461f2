/*
 * What programs ask the scheduler for: sched_yield(), sched_getaffinity() and others.
 * Linux: kernel/sched/core.c
 *
 * There is one CPU and one policy, SCHED_NORMAL: tasks take turns. The calls that choose another policy
 * do not exist.
 */
#include <uapi/sched.h>
#include <uapi/time.h>

#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

#define CPUMASK_SIZE sizeof(unsigned long) /* bytes: one CPU, rounded up as Linux does */
#define NR_CPUS 1
#define CPU_POSSIBLE 1ul                   /* CPU 0 */

SYSCALL_DEFINE0(sched_yield)
{
	schedule();
	return 0;
}

static struct task_struct *find_process_by_pid(pid_t pid)
{
	return pid ? find_task_by_vpid(pid) : current;
}

static bool check_same_owner(const struct task_struct *task)
{
	return uid_eq(current_euid(), task->cred->euid) || uid_eq(current_euid(), task->cred->uid);
}

/* Any mask with CPU 0 in it means what is true anyway. */
SYSCALL_DEFINE3(sched_setaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask)
{
	const struct task_struct *task;
	unsigned long mask = 0;

	if (copy_from_user(&mask, user_mask, min(len, (unsigned int)CPUMASK_SIZE)))
		return -EFAULT;
	task = find_process_by_pid(pid);
	if (!task)
		return -ESRCH;
	if (!check_same_owner(task) && !capable(CAP_SYS_NICE))
		return -EPERM;
	return mask & CPU_POSSIBLE ? 0 : -EINVAL;
}

/* Returns how many bytes of the mask were written. */
SYSCALL_DEFINE3(sched_getaffinity, pid_t, pid, unsigned int, len, unsigned long __user *, user_mask)
{
	unsigned long mask = CPU_POSSIBLE;

	if (len * 8 < NR_CPUS || len % sizeof(unsigned long))
		return -EINVAL;
	if (!find_process_by_pid(pid))
		return -ESRCH;
	return copy_to_user(user_mask, &mask, CPUMASK_SIZE) ? -EFAULT : (long)CPUMASK_SIZE;
}

SYSCALL_DEFINE1(sched_getscheduler, pid_t, pid)
{
	if (pid < 0)
		return -EINVAL;
	return find_process_by_pid(pid) ? SCHED_NORMAL : -ESRCH;
}

SYSCALL_DEFINE2(sched_getparam, pid_t, pid, struct sched_param __user *, param)
{
	const struct sched_param normal = { .sched_priority = 0 };

	if (!param || pid < 0)
		return -EINVAL;
	if (!find_process_by_pid(pid))
		return -ESRCH;
	return copy_to_user(param, &normal, sizeof(normal)) ? -EFAULT : 0;
}

/* The priorities that a policy has, @realtime if it is one for real time. */
static int priority_of_policy(int policy, int realtime)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return realtime;
	case SCHED_DEADLINE:
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE1(sched_get_priority_max, int, policy)
{
	return priority_of_policy(policy, MAX_RT_PRIO - 1);
}

SYSCALL_DEFINE1(sched_get_priority_min, int, policy)
{
	return priority_of_policy(policy, 1);
}

SYSCALL_DEFINE2(sched_rr_get_interval, pid_t, pid, struct timespec __user *, interval)
{
	const struct timespec slice = { .tv_nsec = TIME_SLICE * TICK_NSEC };

	if (pid < 0)
		return -EINVAL;
	if (!find_process_by_pid(pid))
		return -ESRCH;
	return copy_to_user(interval, &slice, sizeof(slice)) ? -EFAULT : 0;
}

SYSCALL_DEFINE3(getcpu, unsigned int __user *, cpu, unsigned int __user *, node,
		void __user *, unused __maybe_unused)
{
	if ((cpu && put_user(0u, cpu)) || (node && put_user(0u, node)))
		return -EFAULT;
	return 0;
}
