/* sys/reboot.h - switch the machine off */
#ifndef _SYS_REBOOT_H
#define _SYS_REBOOT_H

#include <uapi/reboot.h>

#define RB_AUTOBOOT	((int)LINUX_REBOOT_CMD_RESTART)
#define RB_HALT_SYSTEM	((int)LINUX_REBOOT_CMD_HALT)
#define RB_POWER_OFF	((int)LINUX_REBOOT_CMD_POWER_OFF)

int reboot(int cmd);

#endif
