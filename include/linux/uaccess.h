/*
 * Memory of ring 3.
 */
#ifndef INCLUDE_LINUX_UACCESS_H
#define INCLUDE_LINUX_UACCESS_H

#include "kernel/lib/lib.h"
#include "kernel/mm/slab.h"
#include "kernel/mm/uaccess.h"

#define __get_user(x, ptr) get_user(x, ptr)
#define __put_user(x, ptr) put_user(x, ptr)
#define __copy_from_user(to, from, n) copy_from_user(to, from, n)
#define __copy_to_user(to, from, n) copy_to_user(to, from, n)

/* Length with the NUL, or more than @n, or 0: a fault. */
static inline long strnlen_user(const char __user *s, long n)
{
	long len;
	char c;

	for (len = 0; len < n; len++) {
		if (copy_from_user(&c, s + len, 1))
			return 0;
		if (!c)
			break;
	}
	return len + 1;
}

/* @n bytes of ring 3 in memory that the caller frees, or ERR_PTR. */
static inline void *memdup_user(const void __user *from, size_t n)
{
	void *to = kmalloc(n, GFP_KERNEL);

	if (!to)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(to, from, n))
		return to;
	kfree(to);
	return ERR_PTR(-EFAULT);
}

/* The same with a NUL behind them. */
static inline char *memdup_user_nul(const void __user *from, size_t n)
{
	char *to = kmalloc(n + 1, GFP_KERNEL);

	if (!to)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(to, from, n)) {
		to[n] = '\0';
		return to;
	}
	kfree(to);
	return ERR_PTR(-EFAULT);
}

#endif
