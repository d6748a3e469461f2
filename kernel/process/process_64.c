/*
 * What is particular to x86-64 tasks: the bases of FS and GS. Linux: arch/x86/kernel/process_64.c
 */
#include <uapi/prctl.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

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
