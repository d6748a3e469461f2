/*
 * What the kernel does at each trap. Linux: arch/x86/kernel/traps.c
 *
 * For a fault of ring 3 the program gets the signal that Linux sends. A fault of ring 0 is a bug,
 * unless the instruction is in the exception table. Page faults are in fault.c.
 */
#include "kernel/cpu/irq.h"
#include "kernel/entry/entry.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/mm/extable.h"
#include "kernel/mm/paging.h"
#include "kernel/process/process.h"
#include "kernel/debug/debug.h"

/*
 * Name, and the signal for ring 3 (0: a fault that ring 3 cannot cause), with its si_code (0:
 * SI_KERNEL, which tells no more) and, where @at_ip says so, the instruction as its si_addr.
 */
static const struct trap_info {
	const char *name;
	int sig, code;
	bool at_ip;
} trap_info[32] = {
	[TRAP_DE] = { "divide error", SIGFPE, FPE_INTDIV, true },
	[TRAP_DB] = { "debug", SIGTRAP, TRAP_BRKPT, true },
	[TRAP_NMI] = { "NMI", 0, 0, false },
	[TRAP_BP] = { "int3", SIGTRAP, 0, false },
	[TRAP_OF] = { "overflow", SIGSEGV, 0, false },
	[TRAP_BR] = { "bounds", SIGSEGV, 0, false },
	[TRAP_UD] = { "invalid opcode", SIGILL, ILL_ILLOPN, true },
	[TRAP_NM] = { "device not available", SIGSEGV, 0, false },
	[TRAP_DF] = { "double fault", 0, 0, false },
	[TRAP_TS] = { "invalid TSS", SIGSEGV, 0, false },
	[TRAP_NP] = { "segment not present", SIGBUS, 0, false },
	[TRAP_SS] = { "stack segment", SIGBUS, 0, false },
	[TRAP_GP] = { "general protection fault", SIGSEGV, 0, false },
	[TRAP_PF] = { "page fault", SIGSEGV, 0, false },
	[TRAP_MF] = { "x87 floating-point exception", SIGFPE, 0, true },
	[TRAP_AC] = { "alignment check", SIGBUS, BUS_ADRALN, false },
	[TRAP_MC] = { "machine check", 0, 0, false },
	[TRAP_XF] = { "SIMD floating-point exception", SIGFPE, 0, true },
};

static const char *trap_name(unsigned int vector)
{
	return vector < 32 && trap_info[vector].name ? trap_info[vector].name : "unexpected trap";
}

/* A stack overflow hits the guard page below the stack, and becomes a double fault. */
static void __noreturn double_fault(const struct pt_regs *regs)
{
	unsigned long cr2 = read_cr2(), stack = (unsigned long)current->stack;

	if (cr2 - (stack - PAGE_SIZE) < PAGE_SIZE) {
		pr_emerg("BUG: TASK stack guard page was hit at %016lx (stack is %016lx..%016lx)\n",
			 cr2, stack, stack + THREAD_SIZE - 1);
		die("stack guard page", regs, 0);
	}
	die("double fault", regs, regs->orig_ax);
}

void fix_up_or_die(struct pt_regs *regs, unsigned int vector, unsigned long addr)
{
	unsigned long fixup = search_exception_table(regs->ip);

	if (!fixup && vector == TRAP_PF)
		page_fault_oops(regs, addr);
	if (!fixup)
		die(trap_name(vector), regs, regs->orig_ax);
	regs->ip = fixup;
}

/* Linux: arch/x86/kernel/traps.c:show_signal() */
static void show_signal(const struct pt_regs *regs, unsigned int vector)
{
	pr_info("traps: %s[%d] %s%s ip:%lx sp:%lx error:%lx", current->comm, current->pid,
		vector == TRAP_GP ? "" : "trap ", trap_name(vector), regs->ip, regs->sp,
		regs->orig_ax);
	print_vma_addr(KERN_CONT " in ", regs->ip);
	pr_cont("\n");
}

/* Which condition of #DB it was. Intel SDM vol. 3 §18.2.3. Linux: get_si_code() */
static int debug_code(void)
{
	unsigned long dr6 = read_dr6();

	write_dr6(DR6_RESERVED);
	if (dr6 & DR_STEP)
		return TRAP_TRACE;
	return dr6 & DR_TRAP_BITS ? TRAP_HWBKPT : TRAP_BRKPT;
}

/* Which floating-point exception it was; 0: none is pending any more. Linux: fpu__exception_code() */
static int fpu_exception_code(unsigned int vector)
{
	unsigned int pending;

	fpu_save(&current->thread.fpu);
	pending = fpu_exceptions(&current->thread.fpu, vector == TRAP_XF);
	if (pending & FPU_INVALID)
		return FPE_FLTINV;
	if (pending & FPU_ZERO_DIVIDE)
		return FPE_FLTDIV;
	if (pending & FPU_OVERFLOW)
		return FPE_FLTOVF;
	if (pending & (FPU_DENORMAL | FPU_UNDERFLOW))
		return FPE_FLTUND;
	return pending & FPU_PRECISION ? FPE_FLTRES : 0;
}

/* A trap of ring 3 becomes a signal. Linux: arch/x86/kernel/traps.c:do_trap() */
static void user_trap(struct pt_regs *regs, unsigned int vector)
{
	static const struct trap_info unexpected = { .sig = SIGSEGV };
	const struct trap_info *info = vector < 32 ? &trap_info[vector] : &unexpected;
	int code = info->code;

	if (!info->sig)
		panic("%s in ring 3", trap_name(vector));
	current->thread.trap_nr = vector;
	current->thread.error_code = regs->orig_ax;
	if (vector == TRAP_DB) {
		code = debug_code();
	} else if (vector == TRAP_MF || vector == TRAP_XF) {
		code = fpu_exception_code(vector);
		if (!code)
			return;
	} else {
		show_signal(regs, vector);
	}
	if (code)
		force_sig_fault(info->sig, code, info->at_ip ? (void __user *)regs->ip : NULL);
	else
		force_sig(info->sig);
}

/*
 * IRET faulted because the CPU does not accept the frame, so the task cannot return to ring 3. It
 * ends as if by SIGSEGV. Called by trap.asm. Linux: fixup_bad_iret()
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
