/*
 * From the number of a system call to its function, and what is done before the return to ring 3.
 * Linux: arch/x86/entry/common.c, kernel/entry/common.c
 */
#include "kernel/entry/entry.h"

#include <generated/unistd.h>

#include "kernel/process/process.h"
#include "kernel/syscalls.h"

long __x64_sys_ni_syscall(const struct pt_regs *regs);

#define __SYSCALL(nr, sym) long __x64_##sym(const struct pt_regs *regs);
#include <generated/syscalls.h>
#undef __SYSCALL

#define SYSCALL_TABLE_SIZE 512 /* a power of two, for array_index_mask() */
_Static_assert(NR_syscalls <= SYSCALL_TABLE_SIZE, "sys_call_table is too small");

/*
 * The CPU may speculate past the check of @nr. Returns @nr masked, so that it stays inside the
 * table even then. The asm statement hides its value from the compiler, which would otherwise see
 * that the mask changes nothing, and leave it out. Linux: array_index_nospec()
 */
static inline unsigned long array_index_mask(unsigned long nr)
{
	__asm__("" : "+r"(nr));
	return nr & (SYSCALL_TABLE_SIZE - 1);
}

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
 * Work that is due before a task returns to ring 3: giving up the CPU, taking signals. Interrupts are
 * off on entry and on return, so no new work can have been added after the last look.
 */
static noprobe void exit_to_user_mode_loop(struct pt_regs *regs)
{
	while (current->thread_flags) {
		local_irq_enable();
		if (current->thread_flags & TIF_NEED_RESCHED)
			schedule();
		if (current->thread_flags & TIF_SIGPENDING)
			arch_do_signal_or_restart(regs);
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
 * What exit_to_user_mode() does, after a system call that returned @ret. That is stored in pt_regs
 * first, because signal handling reads it there.
 */
static noprobe long syscall_exit_work(long ret)
{
	struct pt_regs *regs = task_pt_regs(current);

	regs->ax = ret;
	exit_to_user_mode_loop(regs);
	return regs->ax;
}

/*
 * One system call. @nr: the low 32 bits of ring 3's rax, zero-extended: negative numbers are out of
 * range. Returns what goes into rax. Linux: arch/x86/entry/common.c:do_syscall_64()
 */
noprobe long do_syscall_64(struct pt_regs *regs, unsigned long nr)
{
	long ret = -ENOSYS;

	local_irq_enable();
	if (likely(nr < NR_syscalls))
		ret = sys_call_table[array_index_mask(nr)](regs);
	local_irq_disable();
	if (unlikely(current->thread_flags))
		ret = syscall_exit_work(ret);
	return ret;
}
