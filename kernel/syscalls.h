/*
 * SYSCALL_DEFINEn: defines the function of a system call, with typed arguments.
 * Linux: include/linux/syscalls.h, arch/x86/include/asm/syscall_wrapper.h
 *
 *   SYSCALL_DEFINE3(socket, int, family, int, type, int, protocol) { ... }
 *
 * makes __x64_sys_socket(const struct pt_regs *), which takes each argument from the saved register
 * (rdi rsi rdx r10 r8 r9), cuts it to its C type, calls the body, and widens the result to 64 bits.
 */
#ifndef KERNEL_SYSCALLS_H
#define KERNEL_SYSCALLS_H

#include "kernel/cpu/ptregs.h"
#include "kernel/lib/types.h"

#define SYSCALL_DEFINE0(name)                                                           \
	long __x64_sys_##name(const struct pt_regs *regs);                              \
	long __x64_sys_##name(const struct pt_regs *regs __maybe_unused)

#define SYSCALL_BODY(name, params, args)                                                \
	static __always_inline long __do_sys_##name params;                             \
	long __x64_sys_##name(const struct pt_regs *regs);                              \
	long __x64_sys_##name(const struct pt_regs *regs)                               \
	{                                                                               \
		return __do_sys_##name args;                                            \
	}                                                                               \
	static __always_inline long __do_sys_##name params

#define SYSCALL_DEFINE1(name, t1, a1)                                                   \
	SYSCALL_BODY(name, (t1 a1), ((t1)regs->di))
#define SYSCALL_DEFINE2(name, t1, a1, t2, a2)                                           \
	SYSCALL_BODY(name, (t1 a1, t2 a2), ((t1)regs->di, (t2)regs->si))
#define SYSCALL_DEFINE3(name, t1, a1, t2, a2, t3, a3)                                   \
	SYSCALL_BODY(name, (t1 a1, t2 a2, t3 a3), ((t1)regs->di, (t2)regs->si, (t3)regs->dx))
#define SYSCALL_DEFINE4(name, t1, a1, t2, a2, t3, a3, t4, a4)                           \
	SYSCALL_BODY(name, (t1 a1, t2 a2, t3 a3, t4 a4),                                \
		     ((t1)regs->di, (t2)regs->si, (t3)regs->dx,                         \
		      (t4)regs->r10))
#define SYSCALL_DEFINE5(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5)                   \
	SYSCALL_BODY(name, (t1 a1, t2 a2, t3 a3, t4 a4, t5 a5),                         \
		     ((t1)regs->di, (t2)regs->si, (t3)regs->dx,                         \
		      (t4)regs->r10, (t5)regs->r8))
#define SYSCALL_DEFINE6(name, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6)           \
	SYSCALL_BODY(name, (t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6),                  \
		     ((t1)regs->di, (t2)regs->si, (t3)regs->dx,                         \
		      (t4)regs->r10, (t5)regs->r8, (t6)regs->r9))

#endif
