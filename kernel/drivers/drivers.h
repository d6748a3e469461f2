/*
 * kernel/drivers: the serial ports, the byte channels to the host, the memory devices.
 */
#ifndef KERNEL_DRIVERS_DRIVERS_H
#define KERNEL_DRIVERS_DRIVERS_H

#include "kernel/lib/lib.h"

/* Where the kernel log can go: "ttyS0", the first serial port, and "debugcon", port 0xe9. */
extern struct console serial_console;
extern struct console debugcon_console;

/* Set COM1 to 115200 8N1. Needs nothing: the first thing start_kernel() may do. */
void early_serial_init(void);

/* Does a byte written to @port (QEMU -device isa-debugcon) reach the host? */
bool debugcon_present(u16 port);

/*
 * Make the nodes in /dev and listen to the ports' interrupts. After vfs_init() and irq_init().
 * Panics when there is no memory.
 */
void drivers_init(void);

#endif
