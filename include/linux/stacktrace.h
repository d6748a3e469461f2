/*
 * Backtraces.
 */
#ifndef INCLUDE_LINUX_STACKTRACE_H
#define INCLUDE_LINUX_STACKTRACE_H

#include "kernel/lib/lib.h"
#include "kernel/debug/debug.h"

static inline void stack_trace_print(const unsigned long *entries, unsigned int count, int spaces)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		printk("%*c%pS\n", 1 + spaces, ' ', (void *)entries[i]);
}

#endif
