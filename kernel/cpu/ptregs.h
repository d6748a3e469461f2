/*
 * struct pt_regs: the registers of the interrupted code, exactly as the entry points of system
 * calls and of traps push them.
 * Linux: arch/x86/include/asm/ptrace.h (names and order are part of what probe modules see)
 *
 *      high   ss        pushed by the CPU (trap) or by entry_SYSCALL_64 (constant 0x2b)
 *             sp            "                "  (the parked user RSP)
 *             flags         "                "  (R11)
 *             cs            "                "  (constant 0x33)
 *             ip            "                "  (RCX)
 *             orig_ax   syscall number; CPU error code or 0 at a trap
 *             di si dx cx ax r8 r9 r10 r11
 *      low    bx bp r12 r13 r14 r15            pushed by our code, r15 last: rsp points at it
 */
#ifndef KERNEL_CPU_PTREGS_H
#define KERNEL_CPU_PTREGS_H

#include "kernel/lib/types.h"

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax;
	unsigned long ip, cs, flags, sp, ss;
};

/* Always inline: do_trap() asks this before it looks for a probe, so it must not carry one. */
static __always_inline bool user_mode(const struct pt_regs *regs)
{
	return (regs->cs & 3) == 3;
}

static inline unsigned long instruction_pointer(const struct pt_regs *regs)
{
	return regs->ip;
}

static inline unsigned long regs_return_value(const struct pt_regs *regs)
{
	return regs->ax;
}

static inline unsigned long kernel_stack_pointer(const struct pt_regs *regs)
{
	return regs->sp;
}

static inline void regs_set_return_value(struct pt_regs *regs, unsigned long value)
{
	regs->ax = value;
}

static inline void instruction_pointer_set(struct pt_regs *regs, unsigned long ip)
{
	regs->ip = ip;
}

/* Argument @n (0..5) of the kernel function at whose entry @regs were taken; 0 beyond that. */
static inline unsigned long regs_get_kernel_argument(const struct pt_regs *regs, unsigned int n)
{
	const unsigned long args[] = { regs->di, regs->si, regs->dx, regs->cx, regs->r8, regs->r9 };

	return n < sizeof(args) / sizeof(args[0]) ? args[n] : 0;
}

#endif
