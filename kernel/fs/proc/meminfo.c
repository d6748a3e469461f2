/*
 * /proc/meminfo. Linux: fs/proc/meminfo.c
 */
#include "kernel/fs/proc/internal.h"
#include "kernel/lib/init.h"

static int meminfo_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "MemTotal:       %8lu kB\n", totalram_pages() * (PAGE_SIZE / 1024));
	seq_printf(m, "MemFree:        %8lu kB\n", nr_free_pages() * (PAGE_SIZE / 1024));
	return 0;
}

static int proc_meminfo_init(void)
{
	if (!proc_create_single("meminfo", 0, NULL, meminfo_proc_show))
		return -ENOMEM;
	return 0;
}
late_initcall(proc_meminfo_init);
