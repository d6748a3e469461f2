/*
 * The interrupt descriptor table: 256 interrupt gates to trap.asm. Intel SDM vol. 3 §6.11, §6.14.1
 */
#include "kernel/cpu/cpu.h"
#include "kernel/entry/entry.h"

struct idt_gate {
	u16 offset_low, selector;
	u8 ist, type;
	u16 offset_mid;
	u32 offset_high, reserved;
};

struct idt_pointer {
	u16 limit;
	u64 base;
} __packed;

#define GATE_INTERRUPT 0x8e /* present, DPL 0, 64-bit interrupt gate: clears IF */
#define GATE_DPL3 0x60      /* INT n is allowed from ring 3 */

static struct idt_gate idt[256] __aligned(16);

extern const u64 trap_gates[256];

static u8 ist_of(unsigned int vector)
{
	switch (vector) {
	case TRAP_DF:
		return IST_DF;
	case TRAP_NMI:
		return IST_NMI;
	case TRAP_DB:
		return IST_DB;
	case TRAP_MC:
		return IST_MC;
	default:
		return 0; /* #BP, too: a nested #BP would overwrite the frame on an IST stack */
	}
}

void idt_init(void)
{
	struct idt_pointer pointer = { sizeof(idt) - 1, (u64)idt };
	unsigned int v;

	for (v = 0; v < 256; v++) {
		bool user = v == TRAP_BP || v == TRAP_OF;

		idt[v] = (struct idt_gate){
			.offset_low = trap_gates[v],
			.offset_mid = trap_gates[v] >> 16,
			.offset_high = trap_gates[v] >> 32,
			.selector = __KERNEL_CS,
			.ist = ist_of(v),
			.type = GATE_INTERRUPT | (user ? GATE_DPL3 : 0),
		};
	}
	__asm__ volatile("lidt %0" : : "m"(pointer));
}
