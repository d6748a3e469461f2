/*
 * Hardware interrupts through the two 8259A controllers of the PC. Intel 8259A data sheet. Lines
 * 0..15 arrive at vectors FIRST_EXTERNAL_VECTOR + line.
 */
#include "kernel/cpu/irq.h"

#include "kernel/cpu/cpu.h"
#include "kernel/interrupt.h"

#define PIC1 0x20
#define PIC2 0xa0
#define ICW1_INIT 0x11 /* edge triggered, cascaded, ICW4 follows */
#define ICW4_8086 0x01
#define CASCADE_IRQ 2
#define OCW2_EOI 0x20
#define OCW3_READ_ISR 0x0b

static void (*handlers[NR_IRQS])(void);
static const struct pt_regs *irq_regs;

const struct pt_regs *get_irq_regs(void)
{
	return irq_regs;
}

void irq_init(void)
{
	outb(ICW1_INIT, PIC1);
	outb(ICW1_INIT, PIC2);
	outb(FIRST_EXTERNAL_VECTOR, PIC1 + 1);
	outb(FIRST_EXTERNAL_VECTOR + 8, PIC2 + 1);
	outb(BIT(CASCADE_IRQ), PIC1 + 1);
	outb(CASCADE_IRQ, PIC2 + 1);
	outb(ICW4_8086, PIC1 + 1);
	outb(ICW4_8086, PIC2 + 1);
	outb(0xff & ~BIT(CASCADE_IRQ), PIC1 + 1);
	outb(0xff, PIC2 + 1);
}

void request_irq(unsigned int irq, void (*handler)(void))
{
	u16 mask = irq < 8 ? PIC1 + 1 : PIC2 + 1;

	handlers[irq] = handler;
	outb(inb(mask) & ~BIT(irq % 8), mask);
}

/* Lines 7 and 15 also fire for noise; only a real request is in the in-service register. */
static bool is_spurious(unsigned int irq)
{
	u16 pic = irq < 8 ? PIC1 : PIC2;

	if (irq % 8 != 7)
		return false;
	outb(OCW3_READ_ISR, pic);
	if (inb(pic) & 0x80)
		return false;
	if (irq == 15)
		outb(OCW2_EOI, PIC1); /* the cascade line itself was real */
	return true;
}

void handle_irq(unsigned int irq, const struct pt_regs *regs)
{
	const struct pt_regs *outer = irq_regs; /* an interrupt may come while a softirq runs */

	if (is_spurious(irq))
		return;
	if (irq >= 8)
		outb(OCW2_EOI, PIC2);
	outb(OCW2_EOI, PIC1);
	irq_enter();
	irq_regs = regs;
	if (handlers[irq])
		handlers[irq]();
	irq_regs = outer;
	irq_exit();
}
