/*
 * Copies between kernel and user memory, and the table of what to do when they fault.
 * uaccess.h says how to call each function. Linux: lib/usercopy.c, arch/x86/mm/extable.c
 */
#include "kernel/mm/extable.h"
#include "kernel/mm/mm.h"

unsigned long __copy_user(void *to, const void *from, unsigned long n);
unsigned long __copy_kernel(void *to, const void *from, unsigned long n);
unsigned long __clear_user(void *to, unsigned long n);
long __strncpy_user(char *to, const char *from, long count);

unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	return access_ok(from, n) ? __copy_user(to, from, n) : n;
}

unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	return access_ok(to, n) ? __copy_user(to, from, n) : n;
}

unsigned long clear_user(void __user *to, unsigned long n)
{
	return access_ok(to, n) ? __clear_user(to, n) : n;
}

long strncpy_from_user(char *dst, const char __user *src, long count)
{
	unsigned long addr = (unsigned long)src;
	long room, len;

	if (count <= 0)
		return 0;
	if (addr >= TASK_SIZE_MAX)
		return -EFAULT;
	room = min((unsigned long)count, TASK_SIZE_MAX - addr);
	len = __strncpy_user(dst, src, room);
	if (len < 0 || (len == room && room < count))
		return -EFAULT;
	return len;
}

unsigned int pagefault_disabled;

long copy_from_user_nofault(void *to, const void __user *from, size_t n)
{
	unsigned long left;

	pagefault_disabled++;
	left = copy_from_user(to, from, n);
	pagefault_disabled--;
	return left ? -EFAULT : 0;
}

long copy_from_kernel_nofault(void *to, const void *from, size_t n)
{
	unsigned long addr = (unsigned long)from;

	if (addr < -1ul << 47) /* in ring 3's half, or not canonical, which is #GP */
		return -ERANGE;
	return __copy_kernel(to, from, n) ? -EFAULT : 0;
}

struct exception_table_entry {
	unsigned long insn, fixup;
};
extern const struct exception_table_entry __start___ex_table[], __stop___ex_table[];

unsigned long search_exception_table(unsigned long ip)
{
	const struct exception_table_entry *e;

	for (e = __start___ex_table; e < __stop___ex_table; e++) {
		if (e->insn == ip)
			return e->fixup;
	}
	return 0;
}
