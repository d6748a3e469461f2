/*
 * kernel/entry: the SYSCALL entry, and the entries of traps and interrupts.
 */
#ifndef KERNEL_ENTRY_ENTRY_H
#define KERNEL_ENTRY_ENTRY_H

#include "kernel/cpu/ptregs.h"

/* Vectors. Intel SDM vol. 3 table 6-1 */
#define TRAP_DE 0
#define TRAP_DB 1
#define TRAP_NMI 2
#define TRAP_BP 3
#define TRAP_OF 4
#define TRAP_BR 5
#define TRAP_UD 6
#define TRAP_NM 7
#define TRAP_DF 8
#define TRAP_TS 10
#define TRAP_NP 11
#define TRAP_SS 12
#define TRAP_GP 13
#define TRAP_PF 14
#define TRAP_MF 16
#define TRAP_AC 17
#define TRAP_MC 18
#define TRAP_XF 19

void idt_init(void);

typedef long (*sys_call_ptr_t)(const struct pt_regs *);
extern const sys_call_ptr_t sys_call_table[];

/* Called by entry.asm and trap.asm only; contracts at the definitions. */
long do_syscall_64(struct pt_regs *regs, unsigned long nr);
void exit_to_user_mode(struct pt_regs *regs);
void do_trap(struct pt_regs *regs, unsigned int vector);
void __noreturn bad_iret(void);

/* fault.c: handle a page fault. @address: CR2. */
void exc_page_fault(struct pt_regs *regs, unsigned long address);
/*
 * traps.c: after a fault of ring 0, continue where the exception table says; if it has no entry,
 * oops.
 */
void fix_up_or_die(struct pt_regs *regs, unsigned int vector, unsigned long address);
/* Print @prefix and what is mapped at @ip, "a.out[400000+1000]". Linux: mm/memory.c */
void print_vma_addr(const char *prefix, unsigned long ip);

/* dumpstack.c: log an oops, then kill current with @sig, or panic. die(): both, with SIGSEGV. */
void show_oops(const char *what, const struct pt_regs *regs, unsigned long error_code);
void __noreturn oops_end(int sig);
void __noreturn die(const char *what, const struct pt_regs *regs, unsigned long error_code);
/* fault.c: the same for a page fault of ring 0 that nothing resolves. */
void __noreturn page_fault_oops(const struct pt_regs *regs, unsigned long address);

#endif
