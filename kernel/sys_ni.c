/*
 * System calls that do not exist. Linux: kernel/sys_ni.c
 *
 * __x64_sys_ni_syscall() answers for the numbers that have no entry point in kernel/syscall_64.tbl.
 * Each entry point of the table is also a weak name of this function, as Linux's COND_SYSCALL() makes
 * it: the linker takes the file that defines the call if it is linked, and else this one. So a kernel
 * linked without some files (kernel/walk.mk) returns -ENOSYS for their calls.
 */
#include <uapi/errno.h>

#include "kernel/syscalls.h"

SYSCALL_DEFINE0(ni_syscall)
{
	return -ENOSYS;
}

#define __SYSCALL(nr, sym)                                                              \
	long __x64_##sym(const struct pt_regs *regs)                                    \
		__attribute__((weak, alias("__x64_sys_ni_syscall")));
#include <generated/syscalls.h>
