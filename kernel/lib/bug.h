/*
 * What to do when an invariant is broken: say which, show the registers and the way here, stop.
 * Linux: include/linux/bug.h, panic.c
 */
#ifndef KERNEL_LIB_BUG_H
#define KERNEL_LIB_BUG_H

#include "kernel/lib/types.h"

/*
 * Print the message and a symbolised backtrace, tell the host through isa-debug-exit, and halt.
 * Never returns. Linux: kernel/panic.c:panic()
 */
void __noreturn __cold panic(const char *fmt, ...) __printf(1, 2);

/*
 * Report a broken expectation with a backtrace and go on. Linux: kernel/panic.c:warn_slowpath_fmt()
 */
void __cold warn_slowpath(const char *file, int line, const char *condition);

#define BUG() panic("kernel BUG at %s:%d", __FILE__, __LINE__)
#define BUG_ON(cond)                                                                    \
	do {                                                                            \
		if (unlikely(cond))                                                     \
			panic("kernel BUG at %s:%d: %s", __FILE__, __LINE__, #cond);    \
	} while (0)
#define WARN_ON(cond)                                                                   \
	({                                                                              \
		bool warn_cond = !!(cond);                                              \
		if (unlikely(warn_cond))                                                \
			warn_slowpath(__FILE__, __LINE__, #cond);                       \
		unlikely(warn_cond);                                                    \
	})

#endif
