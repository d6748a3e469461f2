/*
 * What the machine's starter says to the guest: QEMU's -fw_cfg name=opt/ringwalk/NAME,string=TEXT.
 */
#ifndef KERNEL_DRIVERS_FW_CFG_H
#define KERNEL_DRIVERS_FW_CFG_H

#include "kernel/lib/lib.h"

/*
 * Up to @size bytes of the file @name: how many. -ENOENT: there is no such file, or no fw_cfg, as on a
 * PC. The file may be longer than @size. For tasks.
 */
int fw_cfg_read_file(const char *name, void *buf, size_t size);

#endif
