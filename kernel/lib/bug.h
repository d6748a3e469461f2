/*
 * What the kernel does when an invariant is broken: it logs which one, the registers and a
 * backtrace, and stops.
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

/* What has gone wrong since boot; the log has a letter for each. Linux: include/linux/panic.h */
#define TAINT_DIE 7  /* D: an oops */
#define TAINT_WARN 9 /* W: a WARN_ON() */
void add_taint(unsigned int flag);
const char *print_tainted(void); /* "Not tainted", or "Tainted: G      D W" */

/*
 * An invariant is broken, and the task that noticed cannot go on: it is killed, as by an oops. The
 * machine goes on, unless there is no task to kill.
 */
void __noreturn __cold bug_at(const char *file, int line, const char *condition);

#define BUG() bug_at(__FILE__, __LINE__, "BUG()")
#define BUG_ON(cond)                                                                    \
	do {                                                                            \
		if (unlikely(cond))                                                     \
			bug_at(__FILE__, __LINE__, #cond);                              \
	} while (0)
#define WARN_ON(cond)                                                                   \
	({                                                                              \
		bool warn_cond = !!(cond);                                              \
		if (unlikely(warn_cond))                                                \
			warn_slowpath(__FILE__, __LINE__, #cond);                       \
		unlikely(warn_cond);                                                    \
	})
/* The same with a message. For files that include kernel/printk/printk.h */
#define WARN(cond, ...)                                                                 \
	({                                                                              \
		bool warn_told = WARN_ON(cond);                                         \
		if (warn_told)                                                          \
			printk(KERN_WARNING __VA_ARGS__);                               \
		unlikely(warn_told);                                                    \
	})

#endif
