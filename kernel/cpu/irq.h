/*
 * Between the interrupt gate and irq.c.
 */
#ifndef KERNEL_CPU_IRQ_H
#define KERNEL_CPU_IRQ_H

#include "kernel/cpu/ptregs.h"

#define NR_IRQS 16
#define FIRST_EXTERNAL_VECTOR 0x20

/* Acknowledge line @irq and run its handler. @regs: what it interrupted. Interrupts are off. */
void handle_irq(unsigned int irq, const struct pt_regs *regs);

#endif
