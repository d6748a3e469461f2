/*
 * An oops: ring 0 caused a fault that nothing can resolve. The log gets the registers and a
 * backtrace, and the current task is killed; what it had locked stays locked. The machine goes on,
 * unless there is no task to blame (an interrupt handler, the idle task), the task is PID 1, or
 * panic_on_oops asks for a panic.
 * Linux: arch/x86/kernel/dumpstack.c
 */
#include "kernel/debug/debug.h"
#include "kernel/entry/entry.h"
#include "kernel/fs/proc.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/lib/init.h"
#include "kernel/lib/utsrelease.h"
#include "kernel/process/process.h"

static unsigned long panic_on_oops; /* /proc/sys/kernel/panic_on_oops, or oops=panic */
static unsigned int die_counter;

/* @what happened at @regs, with the CPU's @error_code. Linux: __die() */
void show_oops(const char *what, const struct pt_regs *regs, unsigned long error_code)
{
	pr_emerg("%s: %04lx [#%u]\n", what, error_code & 0xffff, ++die_counter);
	pr_emerg("CPU: 0 PID: %d Comm: %s %s %s\n", current->pid, current->comm, print_tainted(),
		 UTS_RELEASE);
	show_regs(regs);
	print_modules();
	add_taint(TAINT_DIE);
}

/*
 * End current with @sig, on an empty stack: its own may be full, and this may be the stack of the
 * double fault. The registers of ring 3 at the top stay. Linux: rewind_stack_and_make_dead()
 */
static void __noreturn rewind_stack_and_make_dead(long sig)
{
	unsigned long top = (unsigned long)current->stack + THREAD_SIZE - sizeof(struct pt_regs);

	__asm__ volatile("mov %0, %%rsp; xor %%ebp, %%ebp; call make_task_dead"
			 : : "r"(top), "D"(sig) : "memory");
	__builtin_unreachable();
}

void oops_end(int sig)
{
	pr_emerg("---[ end trace 0000000000000000 ]---\n");
	if (in_interrupt())
		panic("Fatal exception in interrupt");
	if (current == &init_task)
		panic("Attempted to kill the idle task!");
	if (panic_on_oops)
		panic("Fatal exception");
	reset_current_kprobe();
	rewind_stack_and_make_dead(sig);
}

void die(const char *what, const struct pt_regs *regs, unsigned long error_code)
{
	show_oops(what, regs, error_code);
	oops_end(SIGSEGV);
}

static int oops_setup(void)
{
	panic_on_oops = strstr(saved_command_line, "oops=panic") != NULL;
	return proc_sysctl("/proc/sys/kernel/panic_on_oops", &panic_on_oops, 1, 0, INT32_MAX);
}
late_initcall(oops_setup);
