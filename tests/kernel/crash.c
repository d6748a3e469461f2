/*
 * Bugs on purpose, one for each word after "crash=" on the command line of the test kernel: what
 * the kernel says of each is checked by tests/host/panic.t. And "backtrace": a probe that
 * logs a backtrace when socket_test makes its first socket.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/lib/init.h"
#include "kernel/mm/mm.h"
#include "kernel/panic_notifier.h"
#include "kernel/sched/sched.h"
#include "kernel/security/security.h"
#include "kernel/debug/debug.h"

static volatile bool forever = true; /* keeps the compiler from seeing what comes */

/* Told of each panic of the test kernel. */
static int told(struct notifier_block *nb __maybe_unused, unsigned long action,
		void *message)
{
	static int times;

	pr_emerg("told of a panic: %d, action %lu, '%s', interrupts %s\n", ++times, action,
		 (const char *)message, irqs_disabled() ? "off" : "on");
	return NOTIFY_DONE;
}

static struct notifier_block panic_nb = { .notifier_call = told };

static void crash_null(void)
{
	int *volatile null = NULL;

	null[2] = 1;
}

static void crash_exec(void)
{
	static u8 code[16] __section(".data") = { 0xc3 };

	((void (*)(void))code)();
}

static void crash_text(void)
{
	extern char _stext[];

	*(volatile char *)_stext = 0;
}

static void crash_ud(void)
{
	__asm__ volatile("ud2");
}

static void crash_divide(void)
{
	__asm__ volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" : : : "eax",
			 "ecx", "edx");
}

static int crash_stack_frame(volatile char *above)
{
	volatile char here[256];

	here[0] = above ? above[0] : 0;
	return forever ? crash_stack_frame(here) + here[0] : 0;
}

static void crash_stack(void)
{
	crash_stack_frame(NULL);
}

static void crash_doublefree(void)
{
	void *p = kmalloc(40, GFP_KERNEL);

	kfree(p);
	kfree(p);
}

static void crash_overrun(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	memset(p, 0, 65);
	kfree(p);
}

static void crash_uaf(void)
{
	char *p = kmalloc(40, GFP_KERNEL);

	kfree(p);
	*(volatile char *)(p + 16) = 1;
	kmalloc(40, GFP_KERNEL);
}

static void crash_bug(void)
{
	BUG_ON(current->pid == 1);
}

static DEFINE_SPINLOCK(crash_lock);

static void crash_deadlock(void)
{
	spin_lock(&crash_lock);
	spin_lock(&crash_lock);
}

static void crash_unlock(void)
{
	spin_unlock(&crash_lock);
}

static void crash_atomic(void)
{
	spin_lock(&crash_lock);
	schedule();
}

static void crash_newline(void)
{
	panic("a message that ends its line\n");
}

static void crash_init(void)
{
	force_sig(SIGSEGV); /* delivered on the way to ring 3: PID 1 dies */
}

static const struct crash {
	const char *name;
	void (*fn)(void);
} crashes[] = {
	{ "null", crash_null },		    { "exec", crash_exec },	  { "text", crash_text },
	{ "ud", crash_ud },		    { "divide", crash_divide },	  { "stack", crash_stack },
	{ "doublefree", crash_doublefree }, { "overrun", crash_overrun }, { "uaf", crash_uaf },
	{ "bug", crash_bug },		    { "init", crash_init },	  { "deadlock", crash_deadlock },
	{ "unlock", crash_unlock },	    { "atomic", crash_atomic },	  { "newline", crash_newline },
};

static int show_the_way(struct inode *inode __maybe_unused)
{
	static bool shown;

	if (!shown && !strcmp(current->comm, "socket_test")) {
		shown = true;
		dump_stack();
	}
	return 0;
}

static struct security_hook_list backtrace_hooks[] = {
	LSM_HOOK_INIT(inode_alloc_security, show_the_way),
};

static int crash_on_request(void)
{
	const char *wish = strstr(saved_command_line, "crash=");
	unsigned int i;

	if (strstr(saved_command_line, "backtrace"))
		security_add_hooks(backtrace_hooks, ARRAY_SIZE(backtrace_hooks), "backtrace", NULL);
	atomic_notifier_chain_register(&panic_notifier_list, &panic_nb);
	for (i = 0; wish && i < ARRAY_SIZE(crashes); i++) {
		if (!strncmp(wish + strlen("crash="), crashes[i].name, strlen(crashes[i].name)))
			crashes[i].fn();
	}
	return 0;
}
late_initcall(crash_on_request);
