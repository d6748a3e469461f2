/*
 * Functions that are called at boot although start_kernel() does not name them.
 * Linux: include/linux/init.h
 */
#ifndef KERNEL_LIB_INIT_H
#define KERNEL_LIB_INIT_H

/*
 * Call @fn in PID 1, when the root file system is there and just before /init starts. Returns 0, or
 * -errno, which is reported.
 */
typedef int (*initcall_t)(void);
#define late_initcall(fn) \
	static const initcall_t __initcall_##fn __attribute__((used, section("initcalls"))) = (fn)

/* What the boot loader passed to the kernel. */
extern const char *const saved_command_line;

#endif
