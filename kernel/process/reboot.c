/*
 * Turning the machine off. Linux: kernel/reboot.c
 */
#include "kernel/process/reboot.h"

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

static BLOCKING_NOTIFIER_HEAD(reboot_notifier_list);

int register_reboot_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&reboot_notifier_list, nb);
}

int unregister_reboot_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&reboot_notifier_list, nb);
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
		blocking_notifier_call_chain(&reboot_notifier_list, SYS_POWER_OFF, NULL);
		pr_emerg("reboot: Power down\n");
		machine_halt(HALT_POWER_OFF);
	case LINUX_REBOOT_CMD_HALT:
		blocking_notifier_call_chain(&reboot_notifier_list, SYS_HALT, NULL);
		pr_emerg("reboot: System halted\n");
		machine_halt(HALT_POWER_OFF);
	default:
		return -EINVAL;
	}
}
