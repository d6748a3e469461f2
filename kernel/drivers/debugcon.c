/*
 * The console "debugcon": QEMU's isa-debugcon, a port that takes bytes and reads as its own number.
 *
 * Called by printk. QEMU: hw/char/debugcon.c
 */
#include "kernel/cpu/cpu.h"
#include "kernel/drivers/drivers.h"

#define DEBUGCON_PORT 0xe9
#define DEBUGCON_READBACK 0xe9

bool debugcon_present(u16 port)
{
	return inb(port) == DEBUGCON_READBACK;
}

static void debugcon_write(const char *s, size_t len)
{
	outsb(DEBUGCON_PORT, s, len);
}

struct console debugcon_console = { .name = "debugcon", .write = debugcon_write };
