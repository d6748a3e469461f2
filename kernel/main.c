/*
 * start_kernel(): the boot order, readable as a table of contents. It calls every layer, and no
 * layer calls it. Linux: init/main.c
 */
#include "boot/boot.h"
#include "kernel/drivers/drivers.h"
#include "kernel/entry/entry.h"
#include "kernel/fs/fs.h"
#include "kernel/interrupt.h"
#include "kernel/kthread.h"
#include "kernel/lib/init.h"
#include "kernel/mm/memblock.h"
#include "kernel/mm/paging.h"
#include "kernel/module/module.h"
#include "kernel/process/process.h"
#include "kernel/security/security.h"
#include "kernel/time/hrtimer.h"
#include "net/net.h"

#define POLICY_FILE "/etc/apparmor.d/ringwalk"

extern char _stext[], _end[];

void start_kernel(u32 magic, phys_addr_t info);

const char *const saved_command_line = boot_params.cmdline;

/* The log goes to the serial port, or with console=debugcon to QEMU's port 0xe9. */
static void choose_console(void)
{
	early_serial_init();
	if (strstr(saved_command_line, "console=debugcon"))
		register_console(&debugcon_console);
	else
		register_console(&serial_console);
}

static void setup_memory(void)
{
	unsigned int i;

	for (i = 0; i < boot_params.nr_regions; i++)
		memblock_add(boot_params.ram[i].base, boot_params.ram[i].size);
	memblock_reserve(__pa_symbol(_stext), _end - _stext);
	if (boot_params.initrd_size)
		memblock_reserve(boot_params.initrd, boot_params.initrd_size);
	paging_init();
	page_alloc_init();
	kmem_cache_init();
	mm_init();
	pr_info("Memory: %lu KiB available of %lu KiB\n", nr_free_pages() * 4, max_pfn * 4);
}

/* Unpack the initramfs and give its memory back. */
static void populate_rootfs(void)
{
	phys_addr_t start = boot_params.initrd, end = start + boot_params.initrd_size;

	if (!boot_params.initrd_size)
		panic("no initramfs: give one with -initrd (PVH) or module2 (Multiboot2)");
	if (unpack_to_rootfs(__va(start), boot_params.initrd_size))
		panic("the initramfs could not be unpacked");
	free_reserved_area(ALIGN_DOWN(start, PAGE_SIZE), ALIGN(end, PAGE_SIZE));
}

static void load_policy(void)
{
	struct file *file = filp_open(POLICY_FILE, O_RDONLY, 0);
	loff_t pos = 0;
	char *text;
	ssize_t n;

	if (IS_ERR(file))
		return;
	text = kzalloc(file->f_inode->i_size + 1, GFP_KERNEL);
	n = text ? kernel_read(file, text, file->f_inode->i_size, &pos) : -ENOMEM;
	if (n >= 0)
		aa_load_policy(POLICY_FILE, text);
	else
		pr_err("AppArmor: %s: cannot be read (%ld)\n", POLICY_FILE, (long)n);
	kfree(text);
	fput(file);
}

extern const initcall_t __start_initcalls[], __stop_initcalls[];

static void do_initcalls(void)
{
	const initcall_t *fn;
	int err;

	for (fn = __start_initcalls; fn < __stop_initcalls; fn++) {
		err = (*fn)();
		if (err)
			pr_err("initcall %pS failed: %d\n", (void *)*fn, err);
	}
}

/* PID 1 runs this before it goes to ring 3. */
static int kernel_init(void *unused __maybe_unused)
{
	static const char *const argv[] = { "/init", NULL };
	static const char *const envp[] = { "HOME=/", "TERM=linux", NULL };
	int err;

	spawn_ksoftirqd();
	load_policy();
	do_initcalls();
	err = kernel_execve(argv[0], argv, envp);
	if (err)
		panic("cannot run %s from the initramfs: error %d", argv[0], err);
	pr_info("Run %s as init process, %llu TSC cycles after kernel entry\n", argv[0],
		(unsigned long long)(rdtsc() - boot_tsc));
	return 0;
}

/*
 * For /proc: how many returns to ring 3 since boot were by SYSRET and how many by IRET. They are those
 * of all tasks; between two looks with the same number of switches they are the reader's own.
 */
static int show_gate(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "sysret %lu\niret %lu\nswitches %llu\n", percpu.nr_sysret, percpu.nr_iret,
		   nr_context_switches());
	return 0;
}

static int show_cmdline(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "%s\n", boot_params.cmdline);
	return 0;
}

void start_kernel(u32 magic, phys_addr_t info)
{
	const char *problem = boot_params_init(magic, info);

	gdt_init();
	sched_init();
	idt_init();
	choose_console();
	pr_info("ringwalk: booted by %s\n", boot_params.loader ?: "?");
	if (problem)
		panic("%s", problem);
	cpu_detect();
	pr_info("cpu: %s\n", cpu_features.model);
	apply_smap_alternatives();
	syscall_init();
	cpu_protect();
	setup_memory();
	irq_init();
	time_init();
	tick_init();

	uid_cache_init();
	cred_init();
	pid_idr_init();
	fork_init();
	signals_init();
	security_init();
	vfs_init();
	drivers_init();
	proc_create_single("cmdline", 0, NULL, show_cmdline);
	proc_create_single("gate", 0, NULL, show_gate);
	modules_init();
	sock_init();
	inet_init();
	populate_rootfs();
	if (user_mode_thread(kernel_init, NULL) != 1)
		panic("PID 1 could not be made: out of memory");
	if (kernel_thread(kthreadd, NULL))
		panic("kthreadd could not be made: out of memory");
	local_irq_enable();
	cpu_idle();
}
