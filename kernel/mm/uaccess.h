/*
 * Copies between kernel and user memory. Linux: include/linux/uaccess.h
 *
 * Only these functions may dereference a user pointer. Each runs between STAC and CLAC, and each of
 * its accesses has an entry in the exception table, so that any bad pointer comes back as an error.
 */
#ifndef KERNEL_MM_UACCESS_H
#define KERNEL_MM_UACCESS_H

#include <uapi/errno.h>

#include "kernel/lib/string.h"
#include "kernel/lib/types.h"
#include "kernel/mm/memlayout.h"

/* Is [addr, addr + size) inside the user half? Says nothing about what is mapped there. */
static inline bool access_ok(const void __user *addr, unsigned long size)
{
	return size <= TASK_SIZE_MAX && (unsigned long)addr <= TASK_SIZE_MAX - size;
}

/* Both return the number of bytes NOT copied: 0 is success. */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);

/* Bytes NOT cleared. */
unsigned long clear_user(void __user *to, unsigned long n);

/*
 * Copy a NUL-terminated string of at most @count bytes, NUL included.
 * Returns its length without the NUL, @count when no NUL was found, or -EFAULT.
 */
long strncpy_from_user(char *dst, const char __user *src, long count);

/*
 * For probe handlers: copy what is in memory now, and bring nothing in. 0 or -EFAULT; the kernel's
 * also -ERANGE when @from is no kernel address. Linux: mm/maccess.c
 */
long copy_from_user_nofault(void *to, const void __user *from, size_t n);
long copy_from_kernel_nofault(void *to, const void *from, size_t n);
#define get_kernel_nofault(x, ptr) copy_from_kernel_nofault(&(x), ptr, sizeof(x))

/* While non-zero, a fault of a user copy is an error, even if the page could be made present. */
extern unsigned int pagefault_disabled;

/* One scalar, of the size of @ptr's target. 0 or -EFAULT; then get_user() leaves @x zero. */
#define get_user(x, ptr)                                                                \
	({                                                                              \
		__typeof__(x) gu_val = 0;                                               \
		_Static_assert(sizeof(gu_val) == sizeof(*(ptr)), "get_user: sizes");    \
		int gu_err = copy_from_user(&gu_val, ptr, sizeof(gu_val)) ? -EFAULT : 0; \
		(x) = gu_val;                                                           \
		gu_err;                                                                 \
	})
#define put_user(x, ptr)                                                                \
	({                                                                              \
		__typeof__(*(ptr)) pu_val = (x);                                        \
		copy_to_user(ptr, &pu_val, sizeof(pu_val)) ? -EFAULT : 0;               \
	})

/*
 * Copy a structure that may be longer or shorter than ours: what ring 3's does not have is 0, and what
 * ours does not have must be 0. 0, -E2BIG or -EFAULT. Linux: include/linux/uaccess.h
 */
static inline int copy_struct_from_user(void *dst, size_t ksize, const char __user *src, size_t usize)
{
	size_t size = min(ksize, usize);
	u8 byte;

	for (size_t at = ksize; at < usize; at++) {
		if (copy_from_user(&byte, src + at, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	memset((char *)dst + size, 0, ksize - size);
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}

#endif
