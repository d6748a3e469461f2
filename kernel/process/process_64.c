/*
 * What is particular to x86-64 tasks: how a new one starts, and the bases of FS and GS.
 * Linux: arch/x86/kernel/process.c, process_64.c
 */
#include <uapi/arch_prctl.h>
#include <uapi/sched.h>

#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

void ret_from_fork(void);

/* What __switch_to_asm pops for a task that never ran. */
struct fork_frame {
	unsigned long r15, r14, r13, r12, bx, bp;
	unsigned long ret_addr;
	struct pt_regs regs;
};

/* The first switch to @task leads to ret_from_fork, which calls args->fn first if there is one. */
int copy_thread(struct task_struct *task, const struct kernel_clone_args *args)
{
	struct pt_regs *regs = task_pt_regs(task);
	struct fork_frame *frame = container_of(regs, struct fork_frame, regs);

	memset(frame, 0, sizeof(*frame));
	frame->ret_addr = (unsigned long)ret_from_fork;
	frame->bx = (unsigned long)args->fn;
	frame->r12 = (unsigned long)args->fn_arg;
	task->thread.sp = (unsigned long)frame;
	if (args->fn) {
		fpu_init_state(&task->thread.fpu);
		return 0;
	}
	*regs = *task_pt_regs(current);
	regs->ax = 0;
	if (args->stack)
		regs->sp = args->stack + args->stack_size;
	if (args->flags & CLONE_SETTLS) {
		if (args->tls >= TASK_SIZE_MAX)
			return -EPERM;
		task->thread.fsbase = args->tls;
		task->thread.fsindex = 0;
	}
	return 0;
}

/* Linux: do_arch_prctl_64() */
SYSCALL_DEFINE2(arch_prctl, int, option, unsigned long, arg)
{
	struct thread_struct *thread = &current->thread;

	save_user_segments(thread);
	switch (option) {
	case ARCH_SET_FS:
		if (arg >= TASK_SIZE_MAX)
			return -EPERM;
		__asm__ volatile("mov %w0, %%fs" : : "r"(0));
		thread->fsbase = arg;
		wrmsr(MSR_FS_BASE, arg);
		return 0;
	case ARCH_SET_GS:
		if (arg >= TASK_SIZE_MAX)
			return -EPERM;
		local_irq_disable();
		load_gs_index(0);
		local_irq_enable();
		thread->gsbase = arg;
		wrmsr(MSR_KERNEL_GS_BASE, arg); /* SWAPGS makes it active in ring 3 */
		return 0;
	case ARCH_GET_FS:
		return put_user(thread->fsbase, (unsigned long __user *)arg);
	case ARCH_GET_GS:
		return put_user(thread->gsbase, (unsigned long __user *)arg);
	default:
		return -EINVAL;
	}
}
