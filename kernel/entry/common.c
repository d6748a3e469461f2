/*
 * From the gate into the table, and the way out. Linux: arch/x86/entry/common.c, kernel/entry/common.c
 */
#include "kernel/entry/entry.h"

#include <generated/unistd.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

/* Holes and calls we do not have. Linux: kernel/sys_ni.c */
SYSCALL_DEFINE0(ni_syscall)
{
	return -ENOSYS;
}

#define __SYSCALL(nr, sym) long __x64_##sym(const struct pt_regs *regs);
#include <generated/syscalls.h>
#undef __SYSCALL

/*
 * A power of two, so that masking a checked number also holds under speculation.
 * Linux: array_index_nospec()
 */
#define SYSCALL_TABLE_SIZE 512
_Static_assert(NR_syscalls <= SYSCALL_TABLE_SIZE, "sys_call_table is too small");

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
const sys_call_ptr_t sys_call_table[SYSCALL_TABLE_SIZE] = {
	[0 ... SYSCALL_TABLE_SIZE - 1] = __x64_sys_ni_syscall,
#define __SYSCALL(nr, sym) [nr] = __x64_##sym,
#include <generated/syscalls.h>
#undef __SYSCALL
};
#pragma GCC diagnostic pop

/*
 * Work that waits for a task on its way to ring 3: give up the CPU, die of a signal.
 * Interrupts are off on entry and on return, so nothing new can have come up since the last look.
 */
static noprobe void exit_to_user_mode_loop(struct pt_regs *regs)
{
	while (current->thread_flags) {
		local_irq_enable();
		if (current->thread_flags & TIF_NEED_RESCHED)
			schedule();
		if (current->thread_flags & TIF_SIGPENDING)
			do_signal(regs);
		local_irq_disable();
	}
}

/* The end of every trap from ring 3 and of a new task's start. Leaves interrupts off. */
noprobe void exit_to_user_mode(struct pt_regs *regs)
{
	local_irq_disable();
	if (unlikely(current->thread_flags))
		exit_to_user_mode_loop(regs);
}

/*
 * One system call. @nr: the 32-bit number, as an int; compared unsigned, so negatives are out of
 * range. The result goes into regs->ax, which the gate set to -ENOSYS.
 * Linux: arch/x86/entry/common.c:do_syscall_64()
 */
noprobe void do_syscall_64(struct pt_regs *regs, int nr)
{
	unsigned int unr = nr;

	local_irq_enable();
	if (likely(unr < NR_syscalls))
		regs->ax = sys_call_table[unr & (SYSCALL_TABLE_SIZE - 1)](regs);
	local_irq_disable();
	if (unlikely(current->thread_flags))
		exit_to_user_mode_loop(regs);
}
