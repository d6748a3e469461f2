/*
 * panic(), which stops the machine; BUG(), which kills the task; WARN_ON(), which only logs.
 * Linux: kernel/panic.c
 */
#include "kernel/cpu/cpu.h"
#include "kernel/lib/lib.h"
#include "kernel/debug/debug.h"
#include "kernel/panic_notifier.h"

ATOMIC_NOTIFIER_HEAD(panic_notifier_list);

void panic(const char *fmt, ...)
{
	static bool panicking;
	static char buf[1024];
	va_list args;
	size_t len;

	local_irq_disable();
	if (panicking) /* a fault inside panic(): do not print again */
		machine_halt(HALT_PANIC);
	panicking = true;
	va_start(args, fmt);
	vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	len = strlen(buf);
	if (len && buf[len - 1] == '\n')
		buf[len - 1] = '\0';
	pr_emerg("Kernel panic - not syncing: %s\n", buf);
	dump_stack();
	atomic_notifier_call_chain(&panic_notifier_list, 0, buf);
	pr_emerg("---[ end Kernel panic ]---\n");
	machine_halt(HALT_PANIC);
}

static unsigned long tainted;

void add_taint(unsigned int flag)
{
	tainted |= BIT(flag);
}

/* Each flag has a letter at a fixed position. G: all loaded modules have a GPL licence. */
const char *print_tainted(void)
{
	static char text[] = "Tainted: G         ";
	static const struct {
		unsigned int flag;
		char letter;
	} letters[] = { { TAINT_DIE, 'D' }, { TAINT_WARN, 'W' } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(letters); i++) {
		if (tainted & BIT(letters[i].flag))
			text[strlen("Tainted: ") + letters[i].flag] = letters[i].letter;
	}
	return tainted ? text : "Not tainted";
}

/* The invalid instruction traps, and kernel/entry/traps.c logs the registers and a backtrace. */
void bug_at(const char *file, int line, const char *condition)
{
	pr_emerg("kernel BUG at %s:%d: %s\n", file, line, condition);
	__asm__ volatile("ud2");
	__builtin_unreachable();
}

void warn_slowpath(const char *file, int line, const char *condition)
{
	add_taint(TAINT_WARN);
	pr_warn("WARNING: %s:%d: %s\n", file, line, condition);
	dump_stack();
}
