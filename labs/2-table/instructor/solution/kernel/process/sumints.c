/*
 * sumints(2): the sum of integers in user memory, multiplied. Lab 2, step 4.
 */
#include "kernel/mm/uaccess.h"
#include "kernel/syscalls.h"

#define SUMINTS_MAX 1024

/* What the macro SYSCALL_DEFINE4 would write: (const int *values, unsigned count, long *sum, short scale). */
long __x64_sys_sumints(const struct pt_regs *regs);
long __x64_sys_sumints(const struct pt_regs *regs)
{
	const int __user *values = (const int __user *)regs->di;
	unsigned int count = (unsigned int)regs->si;
	long __user *sum = (long __user *)regs->dx;
	short scale = (short)regs->r10;
	long total = 0;
	int value;

	if (count > SUMINTS_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < count; i++) {
		if (get_user(value, &values[i]))
			return -EFAULT;
		total += value;
	}
	return put_user(total * scale, sum);
}
