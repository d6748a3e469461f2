/*
 * futex(2), and the calls for the list of robust locks. Linux: kernel/futex/syscalls.c
 */
#include "kernel/futex/internal.h"
#include "kernel/sched/ptrace.h"
#include "kernel/syscalls.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/time.h"

SYSCALL_DEFINE2(set_robust_list, struct robust_list_head __user *, head, size_t, len)
{
	if (len != sizeof(*head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

SYSCALL_DEFINE3(get_robust_list, int, pid, struct robust_list_head __user * __user *, head_ptr,
		size_t __user *, len_ptr)
{
	struct task_struct *task = pid ? find_task_by_vpid(pid) : current;
	struct robust_list_head __user *head;

	if (!task)
		return -ESRCH;
	if (!ptrace_may_access(task, PTRACE_MODE_READ_REALCREDS))
		return -EPERM;
	head = task->robust_list;
	if (put_user(sizeof(*head), len_ptr))
		return -EFAULT;
	return put_user(head, head_ptr);
}

static bool may_use_clockrt(int cmd)
{
	return cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_WAIT_REQUEUE_PI || cmd == FUTEX_LOCK_PI2;
}

/* The operations with priority inheritance are -ENOSYS, as on a Linux without CONFIG_FUTEX_PI. */
static long do_futex(u32 __user *uaddr, int op, u32 val, ktime_t *timeout, u32 __user *uaddr2,
		     u32 val2, u32 val3)
{
	unsigned int flags = op & FUTEX_PRIVATE_FLAG ? 0 : FLAGS_SHARED;
	int cmd = op & FUTEX_CMD_MASK;

	if (op & FUTEX_CLOCK_REALTIME) {
		flags |= FLAGS_CLOCKRT;
		if (!may_use_clockrt(cmd))
			return -ENOSYS;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, flags, val, timeout, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, flags, val, timeout, val3);
	case FUTEX_WAKE:
		return futex_wake(uaddr, flags, val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, flags, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(uaddr, flags, uaddr2, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(uaddr, flags, uaddr2, val, val2, val3);
	default:
		return -ENOSYS;
	}
}

static inline bool futex_cmd_has_timeout(int cmd)
{
	const unsigned int timed = BIT(FUTEX_WAIT) | BIT(FUTEX_LOCK_PI) | BIT(FUTEX_LOCK_PI2) |
				   BIT(FUTEX_WAIT_BITSET) | BIT(FUTEX_WAIT_REQUEUE_PI);

	return (unsigned int)cmd < 32 && timed >> cmd & 1;
}

/*
 * Read the time at which the wait ends: FUTEX_WAIT's is counted from now on. 0, -EFAULT, -EINVAL.
 * Linux: futex_init_timeout()
 */
static int futex_init_timeout(int cmd, const struct timespec __user *utime, ktime_t *t)
{
	struct timespec ts;

	if (get_timespec(&ts, utime))
		return -EFAULT;
	if (!timespec_valid(&ts))
		return -EINVAL;
	*t = timespec_to_ktime(ts);
	if (cmd == FUTEX_WAIT)
		*t = ktime_add_safe(ktime_get_ns(), *t);
	return 0;
}

static long futex_timed(u32 __user *uaddr, int op, u32 val, const struct timespec __user *utime,
			u32 val3)
{
	ktime_t t;
	int err = futex_init_timeout(op & FUTEX_CMD_MASK, utime, &t);

	return err ? err : do_futex(uaddr, op, val, &t, NULL, 0, val3);
}

/* By far the most frequent operation comes first: it finds nobody most of the time. */
SYSCALL_DEFINE6(futex, u32 __user *, uaddr, int, op, u32, val, const struct timespec __user *, utime,
		u32 __user *, uaddr2, u32, val3)
{
	if (likely(op == (FUTEX_WAKE | FUTEX_PRIVATE_FLAG)))
		return futex_wake(uaddr, 0, val, FUTEX_BITSET_MATCH_ANY);
	if (utime && futex_cmd_has_timeout(op & FUTEX_CMD_MASK))
		return futex_timed(uaddr, op, val, utime, val3);
	return do_futex(uaddr, op, val, NULL, uaddr2, (u32)(unsigned long)utime, val3);
}
