/*
 * Who is told before the machine is switched off. Linux: include/linux/reboot.h
 */
#ifndef KERNEL_PROCESS_REBOOT_H
#define KERNEL_PROCESS_REBOOT_H

#include <uapi/reboot.h>

#include "kernel/notifier.h"

/* The action that they are told. Restarting is not a call here. */
#define SYS_DOWN 0x0001
#define SYS_RESTART SYS_DOWN
#define SYS_HALT 0x0002
#define SYS_POWER_OFF 0x0003

/* 0, -EEXIST, -ENOENT. They may sleep. */
int register_reboot_notifier(struct notifier_block *nb);
int unregister_reboot_notifier(struct notifier_block *nb);

#endif
