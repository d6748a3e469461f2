/*
 * panic(), which stops the machine, and WARN_ON(), which only logs. Linux: kernel/panic.c
 */
#include "kernel/cpu/cpu.h"
#include "kernel/lib/lib.h"
#include "kernel/debug/debug.h"

void panic(const char *fmt, ...)
{
	static bool panicking;
	va_list args;

	local_irq_disable();
	if (panicking) /* a fault while saying why: what is out is out */
		machine_halt(HALT_PANIC);
	panicking = true;
	pr_emerg("Kernel panic - not syncing: ");
	va_start(args, fmt);
	vprintk(fmt, args);
	va_end(args);
	pr_cont("\n");
	dump_stack();
	pr_emerg("---[ end Kernel panic ]---\n");
	machine_halt(HALT_PANIC);
}

void warn_slowpath(const char *file, int line, const char *condition)
{
	pr_warn("WARNING: %s:%d: %s\n", file, line, condition);
	dump_stack();
}
