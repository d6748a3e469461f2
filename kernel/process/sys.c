/*
 * Small calls about the task and the machine. Linux: kernel/sys.c, kernel/reboot.c,
 * arch/x86/kernel/process_64.c, drivers/char/random.c
 */
#include <uapi/prctl.h>
#include <uapi/random.h>
#include <uapi/reboot.h>
#include <uapi/utsname.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

SYSCALL_DEFINE0(getpid)
{
	return current->tgid;
}

SYSCALL_DEFINE0(gettid)
{
	return current->pid;
}

SYSCALL_DEFINE0(getppid)
{
	return current->real_parent->tgid;
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return current->pid;
}

SYSCALL_DEFINE1(newuname, struct utsname __user *, name)
{
	/* "Linux" and a release of its time: what libraries and programs ask for. */
	static const struct utsname uts = {
		.sysname = "Linux",
		.nodename = "ringwalk",
		.release = "6.1.0-ringwalk",
		.version = "#1",
		.machine = "x86_64",
		.domainname = "(none)",
	};

	return copy_to_user(name, &uts, sizeof(uts)) ? -EFAULT : 0;
}

/* Linux: arch/x86/kernel/process_64.c:do_arch_prctl_64() */
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
		wrmsr(MSR_KERNEL_GS_BASE, arg); /* ours is in force: SWAPGS brings theirs back */
		return 0;
	case ARCH_GET_FS:
		return put_user(thread->fsbase, (unsigned long __user *)arg);
	case ARCH_GET_GS:
		return put_user(thread->gsbase, (unsigned long __user *)arg);
	default:
		return -EINVAL;
	}
}

SYSCALL_DEFINE3(getrandom, char __user *, buf, size_t, len, unsigned int, flags)
{
	u8 chunk[256];
	size_t done = 0, n, left;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	len = min(len, (size_t)INT32_MAX);
	while (done < len) {
		n = min(len - done, sizeof(chunk));
		get_random_bytes(chunk, n);
		left = copy_to_user(buf + done, chunk, n);
		done += n - left;
		if (left)
			return done ? (long)done : -EFAULT;
		if (signal_pending(current))
			break;
	}
	return done;
}

SYSCALL_DEFINE4(reboot, int, magic1, int, magic2, unsigned int, cmd, void __user *, arg __maybe_unused)
{
	if (!capable(CAP_SYS_BOOT))
		return -EPERM;
	if ((unsigned int)magic1 != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A &&
	     magic2 != LINUX_REBOOT_MAGIC2B && magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_POWER_OFF:
		pr_emerg("reboot: Power down\n");
		machine_halt(HALT_POWER_OFF);
	case LINUX_REBOOT_CMD_HALT:
		pr_emerg("reboot: System halted\n");
		machine_halt(HALT_POWER_OFF);
	default:
		return -EINVAL;
	}
}
