/*
 * Changes one byte of kernel text when a probe is registered or unregistered.
 * Linux: arch/x86/kernel/alternative.c
 */
#include "kernel/cpu/cpu.h"
#include "kernel/kprobes/internal.h"

static noprobe void serialize(void)
{
	u32 a = 0, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d) : : "memory");
}

noprobe void text_poke(void *addr, u8 byte)
{
	unsigned long flags;

	local_irq_save(flags);
	write_cr0(read_cr0() & ~(u64)CR0_WP);
	*(volatile u8 *)addr = byte;
	write_cr0(read_cr0() | CR0_WP);
	serialize();
	local_irq_restore(flags);
}
