/*
 * kernel/debug: names for addresses, and backtraces.
 * Linux: include/linux/kallsyms.h, arch/x86/kernel/unwind_frame.c
 */
#ifndef KERNEL_DEBUG_DEBUG_H
#define KERNEL_DEBUG_DEBUG_H

#include "kernel/cpu/ptregs.h"
#include "kernel/lib/kallsyms.h"
#include "kernel/lib/types.h"

/*
 * Store up to @max return addresses, innermost first, from frame pointer @bp on. Crosses trap
 * frames and ends at the entry from ring 3. Returns how many were stored.
 * Linux: kernel/stacktrace.c
 */
unsigned int stack_trace_save_bp(unsigned long *entries, unsigned int max, unsigned long bp);

/*
 * The same from the caller of this function on, without the first @skip.
 * Linux: kernel/stacktrace.c:stack_trace_save()
 */
unsigned int stack_trace_save(unsigned long *entries, unsigned int max, unsigned int skip);

/*
 * The real return address in the stack slot @slot, which holds @addr: a return probe may have put
 * the address of its trampoline there. Implemented by kernel/kprobes.
 * Linux: arch/x86/include/asm/unwind.h
 */
unsigned long unwind_recover_ret_addr(unsigned long addr, const unsigned long *slot);

/* Print the backtrace of the caller. Linux: lib/dump_stack.c */
void dump_stack(void);

/* Print the registers, and the backtrace that starts in them. Linux: arch/x86/kernel/dumpstack.c */
void show_regs(const struct pt_regs *regs);

/* Print the names of the loaded modules. Implemented by kernel/module. */
void print_modules(void);

#endif
