/*
 * /proc/meminfo. Linux: fs/proc/meminfo.c
 */
#include "kernel/fs/proc/internal.h"

static int meminfo_proc_show(struct seq_file *m, void *v __maybe_unused)
{
	seq_printf(m, "MemTotal:       %8lu kB\n", totalram_pages() * (PAGE_SIZE / 1024));
	seq_printf(m, "MemFree:        %8lu kB\n", nr_free_pages() * (PAGE_SIZE / 1024));
	return 0;
}

void proc_meminfo_init(void)
{
	if (!proc_create_single("meminfo", 0, NULL, meminfo_proc_show))
		panic("proc: no memory for meminfo");
}
