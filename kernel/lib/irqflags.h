/*
 * Switching interrupts off and on. Linux: include/linux/irqflags.h, arch/x86/include/asm/irqflags.h
 *
 * Data that interrupt handlers use too is accessed with interrupts off. Most of it has a spinlock,
 * which says which data it protects (spinlock.h).
 *
 * The functions are always inline: text_poke() and do_trap() use them, and no probe may be hit
 * there.
 */
#ifndef KERNEL_LIB_IRQFLAGS_H
#define KERNEL_LIB_IRQFLAGS_H

#include "kernel/lib/types.h"

#define X86_EFLAGS_IF BIT(9)

static __always_inline unsigned long local_save_flags(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	return flags;
}

static __always_inline void local_irq_enable(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static __always_inline void local_irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

#define irqs_disabled() (!(local_save_flags() & X86_EFLAGS_IF))

#define local_irq_save(flags)                   \
	do {                                    \
		(flags) = local_save_flags();   \
		local_irq_disable();            \
	} while (0)

static __always_inline void local_irq_restore(unsigned long flags)
{
	if (flags & X86_EFLAGS_IF)
		local_irq_enable();
}

#endif
