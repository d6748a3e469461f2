/*
 * Ring-3 code inside the kernel's tests: a child that has nothing but one page.
 */
#ifndef TESTS_KERNEL_USER_H
#define TESTS_KERNEL_USER_H

#include "kernel/process/process.h"

#define USER_PAGE 0x400000ul /* where the page is; its end is the top of the stack */

/* What such a child starts with: @len bytes of code, and its registers, which @setup may change. */
struct user_code {
	const char *bytes;
	size_t len;
	unsigned long page; /* 0: USER_PAGE */
	unsigned long ip;   /* 0: the start of the page */
};

/* Run @code in a child, readable, writable and executable. Returns its wait status. */
int run_user_code(const struct user_code *code);

#endif
