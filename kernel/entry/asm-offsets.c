/*
 * Constants that nasm needs, computed by the C compiler: compiled to assembly, whose marked lines
 * the Makefile turns into build/gen/asm-offsets.inc. Nothing here is ever linked.
 * Linux: arch/x86/kernel/asm-offsets.c
 */
#include "boot/boot.h"
#include "kernel/mm/paging.h"
#include "kernel/sched/sched.h"

#define DEFINE_AS(name, val) __asm__ volatile("\n.ascii \"->" name " %0\"" : : "i"((long)(val)))
#define DEFINE(sym, val) DEFINE_AS(#sym, val)
#define OFFSET(sym, type, member) DEFINE_AS(#sym, offsetof(type, member))
#define CONSTANT(sym) DEFINE_AS(#sym, sym)

void asm_offsets(void);
void asm_offsets(void)
{
	CONSTANT(PAGE_SIZE);
	CONSTANT(PMD_SIZE);
	CONSTANT(PAGE_OFFSET);
	CONSTANT(__START_KERNEL_map);
	CONSTANT(TASK_SIZE_MAX);
	CONSTANT(THREAD_SIZE);
	DEFINE(PAGE_OFFSET_PML4, PAGE_OFFSET >> 39 & 511);
	CONSTANT(PTE_PRESENT);
	CONSTANT(PTE_WRITE);
	CONSTANT(PTE_HUGE);

	CONSTANT(__KERNEL_CS);
	CONSTANT(__KERNEL_DS);
	CONSTANT(__USER_DS);
	CONSTANT(__USER_CS);
	CONSTANT(MSR_EFER);
	CONSTANT(MSR_GS_BASE);
	CONSTANT(EFER_LME);
	CONSTANT(CR0_PG);
	CONSTANT(CR4_PAE);
	CONSTANT(X86_EFLAGS_TF);
	CONSTANT(X86_EFLAGS_RF);
	CONSTANT(HALT_PANIC);
	CONSTANT(ENOSYS);

	OFFSET(PERCPU_current_task, struct percpu, current_task);
	OFFSET(PERCPU_user_sp, struct percpu, user_sp);
	OFFSET(PERCPU_kernel_stack, struct percpu, kernel_stack);
	OFFSET(PERCPU_nr_sysret, struct percpu, nr_sysret);
	OFFSET(PERCPU_nr_iret, struct percpu, nr_iret);
	OFFSET(TASK_thread_flags, struct task_struct, thread_flags);
	OFFSET(TASK_thread_sp, struct task_struct, thread.sp);

	OFFSET(PT_R15, struct pt_regs, r15);
	OFFSET(PT_R14, struct pt_regs, r14);
	OFFSET(PT_R13, struct pt_regs, r13);
	OFFSET(PT_R12, struct pt_regs, r12);
	OFFSET(PT_RBP, struct pt_regs, bp);
	OFFSET(PT_RBX, struct pt_regs, bx);
	OFFSET(PT_R11, struct pt_regs, r11);
	OFFSET(PT_R10, struct pt_regs, r10);
	OFFSET(PT_R9, struct pt_regs, r9);
	OFFSET(PT_R8, struct pt_regs, r8);
	OFFSET(PT_RAX, struct pt_regs, ax);
	OFFSET(PT_RCX, struct pt_regs, cx);
	OFFSET(PT_RDX, struct pt_regs, dx);
	OFFSET(PT_RSI, struct pt_regs, si);
	OFFSET(PT_RDI, struct pt_regs, di);
	OFFSET(PT_ORIG_RAX, struct pt_regs, orig_ax);
	OFFSET(PT_RIP, struct pt_regs, ip);
	OFFSET(PT_CS, struct pt_regs, cs);
	OFFSET(PT_EFLAGS, struct pt_regs, flags);
	OFFSET(PT_RSP, struct pt_regs, sp);
	OFFSET(PT_SS, struct pt_regs, ss);
	DEFINE(PT_SIZE, sizeof(struct pt_regs));
}
