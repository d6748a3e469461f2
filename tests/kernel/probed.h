/*
 * Functions made to be probed; they are in kprobes.c.
 */
#ifndef TESTS_KERNEL_PROBED_H
#define TESTS_KERNEL_PROBED_H

long probed_leaf(long a, long b);    /* 10 a + b */
long probed_caller(long n);          /* probed_leaf(n, 1) + 1 */
long probed_recursion(long depth);   /* depth, by calling itself so often */

#endif
