/*
 * What to do about a trap. Linux: arch/x86/kernel/traps.c
 *
 * A fault of ring 3 is the program's own affair: it gets the signal Linux sends. A fault of ring 0
 * is a bug, unless the instruction is in the exception table. Page faults are in fault.c.
 */
#include "kernel/cpu/irq.h"
#include "kernel/entry/entry.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/mm/extable.h"
#include "kernel/mm/paging.h"
#include "kernel/process/process.h"
#include "kernel/debug/debug.h"

/* Name, and the signal for ring 3 (0: never its fault). */
static const struct trap_info {
	const char *name;
	int sig;
} trap_info[32] = {
	[TRAP_DE] = { "divide error", SIGFPE },
	[TRAP_DB] = { "debug", SIGTRAP },
	[TRAP_NMI] = { "NMI", 0 },
	[TRAP_BP] = { "int3", SIGTRAP },
	[TRAP_OF] = { "overflow", SIGSEGV },
	[TRAP_BR] = { "bounds", SIGSEGV },
	[TRAP_UD] = { "invalid opcode", SIGILL },
	[TRAP_NM] = { "device not available", SIGSEGV },
	[TRAP_DF] = { "double fault", 0 },
	[TRAP_TS] = { "invalid TSS", SIGSEGV },
	[TRAP_NP] = { "segment not present", SIGBUS },
	[TRAP_SS] = { "stack segment", SIGBUS },
	[TRAP_GP] = { "general protection fault", SIGSEGV },
	[TRAP_PF] = { "page fault", SIGSEGV },
	[TRAP_MF] = { "x87 floating-point exception", SIGFPE },
	[TRAP_AC] = { "alignment check", SIGBUS },
	[TRAP_MC] = { "machine check", 0 },
	[TRAP_XF] = { "SIMD floating-point exception", SIGFPE },
};

static const char *trap_name(unsigned int vector)
{
	return vector < 32 && trap_info[vector].name ? trap_info[vector].name : "unexpected trap";
}

/* Ring 0 did something it must not. Says what, where, and how it got there. */
static void __noreturn kernel_trap(struct pt_regs *regs, unsigned int vector, unsigned long addr)
{
	pr_emerg("%s in ring 0: vector %u, error code %lx, task %s[%d]\n", trap_name(vector), vector,
		 regs->orig_ax, current->comm, current->pid);
	if (vector == TRAP_PF)
		pr_emerg("BUG: unable to handle page fault for address %016lx: %s of %s page\n", addr,
			 regs->orig_ax & PF_INSTR ? "execution" :
			 regs->orig_ax & PF_WRITE ? "write" : "read",
			 regs->orig_ax & PF_PROT ? "a protected" : "an unmapped");
	show_regs(regs);
	panic("fatal %s in ring 0", trap_name(vector));
}

/* A double fault is what running into a stack's guard page becomes. */
static void __noreturn double_fault(struct pt_regs *regs)
{
	unsigned long cr2 = read_cr2(), stack = (unsigned long)current->stack;

	if (cr2 - (stack - PAGE_SIZE) < PAGE_SIZE)
		pr_emerg("kernel stack overflow of task %s[%d]\n", current->comm, current->pid);
	kernel_trap(regs, TRAP_DF, cr2);
}

void fix_up_or_die(struct pt_regs *regs, unsigned int vector, unsigned long addr)
{
	unsigned long fixup = search_exception_table(regs->ip);

	if (!fixup)
		kernel_trap(regs, vector, addr);
	regs->ip = fixup;
}

void user_fault_message(const struct pt_regs *regs, unsigned int vector, unsigned long addr)
{
	if (vector == TRAP_PF)
		pr_info("%s[%d]: segfault at %lx ip %016lx sp %016lx error %lx\n", current->comm,
			current->pid, addr, regs->ip, regs->sp, regs->orig_ax);
	else
		pr_info("traps: %s[%d] trap %s ip:%lx sp:%lx error:%lx\n", current->comm,
			current->pid, trap_name(vector), regs->ip, regs->sp, regs->orig_ax);
}

static void user_trap(struct pt_regs *regs, unsigned int vector)
{
	int sig = vector < 32 ? trap_info[vector].sig : SIGSEGV;

	if (vector == TRAP_DB)
		regs->flags &= ~X86_EFLAGS_TF;
	if (!sig)
		kernel_trap(regs, vector, 0);
	user_fault_message(regs, vector, 0);
	force_sig(sig);
}

/*
 * IRET refused to go back to ring 3 with the frame there was, and there is no other to try.
 * Called by trap.asm. Linux: fixup_bad_iret()
 */
noprobe void bad_iret(void)
{
	local_irq_enable();
	pr_info("traps: %s[%d] bad frame for IRET\n", current->comm, current->pid);
	do_exit(SIGSEGV);
}

/*
 * Every trap and interrupt. Interrupts are off on entry; a fault turns them on again when they were
 * on where it happened. Called by trap.asm.
 */
noprobe void do_trap(struct pt_regs *regs, unsigned int vector)
{
	unsigned long cr2 = vector == TRAP_PF ? read_cr2() : 0;

	if (vector - FIRST_EXTERNAL_VECTOR < NR_IRQS) {
		handle_irq(vector - FIRST_EXTERNAL_VECTOR, regs);
		return;
	}
	if (vector == TRAP_DF)
		double_fault(regs);
	if (vector == TRAP_BP && !user_mode(regs) && kprobe_int3_handler(regs))
		return;
	if (vector == TRAP_NMI) {
		pr_warn("NMI received: ignored\n");
		return;
	}
	if (regs->flags & X86_EFLAGS_IF)
		local_irq_enable();
	if (vector == TRAP_PF)
		exc_page_fault(regs, cr2);
	else if (user_mode(regs))
		user_trap(regs, vector);
	else
		fix_up_or_die(regs, vector, 0);
	local_irq_disable();
}
