/*
 * Which tasks clone() can make, clone3(), and set_tid_address(). Linux: kernel/fork.c
 *
 * fork.c makes what is asked for here: processes, threads (CLONE_THREAD), and what lies between.
 */
#include <uapi/sched.h>

#include "kernel/process/task.h"
#include "kernel/syscalls.h"

#define MAX_PID_NS_LEVEL 32 /* Linux's namespaces can be nested so deep; here there is one */

/* Does @flags have both? */
static bool both(u64 flags, u64 a, u64 b)
{
	return flags & a && flags & b;
}

/* The order is Linux's. There is one namespace of each kind. */
int check_clone_args(const struct kernel_clone_args *args)
{
	u64 flags = args->flags;

	/* Both would be written to one place. */
	if (flags & CLONE_PIDFD && flags & CLONE_PARENT_SETTID && args->pidfd == args->parent_tid)
		return -EINVAL;
	if (both(flags, CLONE_NEWNS | CLONE_NEWUSER, CLONE_FS))
		return -EINVAL;
	if (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if (flags & CLONE_SIGHAND && !(flags & CLONE_VM))
		return -EINVAL;
	/* Children of PID 1 have no other parent to be given to. */
	if (flags & CLONE_PARENT && current->signal->flags & SIGNAL_UNKILLABLE)
		return -EINVAL;
	if (both(flags, CLONE_THREAD, CLONE_NEWUSER | CLONE_NEWPID))
		return -EINVAL;
	return both(flags, CLONE_PIDFD, CLONE_DETACHED | CLONE_THREAD) ? -EINVAL : 0;
}

int copy_namespaces(u64 flags)
{
	const u64 new = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET |
			CLONE_NEWCGROUP | CLONE_NEWTIME;

	if (flags & CLONE_NEWUSER)
		return -EINVAL;
	if (flags & new)
		return capable(CAP_SYS_ADMIN) ? -EINVAL : -EPERM;
	return flags & CLONE_INTO_CGROUP ? -EBADF : 0; /* no file is a control group */
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return current->pid;
}

/* --- clone3 --------------------------------------------------------------------------------- */

/* The arguments of clone3(2). Later kernels have made it longer. */
struct clone_args {
	u64 flags;
	u64 pidfd;
	u64 child_tid;
	u64 parent_tid;
	u64 exit_signal;
	u64 stack;		/* its lowest byte */
	u64 stack_size;
	u64 tls;
	u64 set_tid;		/* where set_tid_size numbers are */
	u64 set_tid_size;
	u64 cgroup;
};
#define CLONE_ARGS_SIZE_VER0	64
#define CLONE_ARGS_SIZE_VER1	80
#define CLONE_ARGS_SIZE_VER2	88

static bool clone_args_valid(const struct clone_args *args, size_t usize)
{
	if (args->set_tid_size > MAX_PID_NS_LEVEL || !args->set_tid != !args->set_tid_size)
		return false;
	if (args->exit_signal & ~(u64)CSIGNAL || !valid_signal(args->exit_signal))
		return false;
	return !(args->flags & CLONE_INTO_CGROUP) ||
	       (args->cgroup <= INT32_MAX && usize >= CLONE_ARGS_SIZE_VER2);
}

static bool clone3_stack_valid(const struct clone_args *args)
{
	if (!args->stack)
		return !args->stack_size;
	return args->stack_size && access_ok((void __user *)args->stack, args->stack_size);
}

static bool clone3_args_valid(const struct clone_args *args)
{
	const u64 known = 0xffffffff | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP;
	const u64 refused = CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME);

	if (args->flags & ~known || args->flags & refused)
		return false;
	if (both(args->flags, CLONE_SIGHAND, CLONE_CLEAR_SIGHAND))
		return false;
	if (args->flags & (CLONE_THREAD | CLONE_PARENT) && args->exit_signal)
		return false;
	return clone3_stack_valid(args);
}

/* Read and check the arguments. 0, -EINVAL, -E2BIG or -EFAULT. */
static int copy_clone_args_from_user(struct clone_args *args, const void __user *uargs, size_t usize,
				     pid_t *set_tid)
{
	pid_t tids[MAX_PID_NS_LEVEL];
	int err;

	if (usize > PAGE_SIZE)
		return -E2BIG;
	if (usize < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(args, sizeof(*args), uargs, usize);
	if (err)
		return err;
	if (!clone_args_valid(args, usize))
		return -EINVAL;
	if (copy_from_user(tids, (void __user *)args->set_tid, args->set_tid_size * sizeof(pid_t)))
		return -EFAULT;
	*set_tid = args->set_tid_size == 1 ? tids[0] : 0;
	if (args->set_tid_size > 1 || (args->set_tid_size && (*set_tid < 1 || *set_tid >= pid_max)))
		return -EINVAL;
	return clone3_args_valid(args) ? 0 : -EINVAL;
}

SYSCALL_DEFINE2(clone3, struct clone_args __user *, uargs, size_t, size)
{
	struct clone_args args;
	pid_t set_tid;
	int err = copy_clone_args_from_user(&args, uargs, size, &set_tid);

	if (err)
		return err;
	if (set_tid && !capable(CAP_SYS_ADMIN) && !capable(CAP_CHECKPOINT_RESTORE))
		return -EPERM;
	return kernel_clone(&(struct kernel_clone_args){
		.flags = args.flags, .exit_signal = args.exit_signal,
		.stack = args.stack, .stack_size = args.stack_size,
		.parent_tid = (int __user *)args.parent_tid,
		.child_tid = (int __user *)args.child_tid, .pidfd = (int __user *)args.pidfd,
		.tls = args.tls, .set_tid = set_tid,
	});
}

SYSCALL_DEFINE5(clone, unsigned long, flags, unsigned long, stack, int __user *, parent_tid,
		int __user *, child_tid, unsigned long, tls)
{
	return kernel_clone(&(struct kernel_clone_args){
		.flags = (u32)flags & ~CSIGNAL, .exit_signal = flags & CSIGNAL, .stack = stack,
		.parent_tid = parent_tid, .child_tid = child_tid, .pidfd = parent_tid, .tls = tls,
	});
}
