/*
 * How the trap code (kernel/entry/traps.c) passes a hardware interrupt to irq.c.
 */
#ifndef KERNEL_CPU_IRQ_H
#define KERNEL_CPU_IRQ_H

#include "kernel/cpu/ptregs.h"

#define NR_IRQS 16
#define FIRST_EXTERNAL_VECTOR 0x20

/*
 * Acknowledge line @irq, run its handler, then pending softirqs. @regs: of the interrupted code.
 * Interrupts are off on entry and on return.
 */
void handle_irq(unsigned int irq, const struct pt_regs *regs);

#endif
