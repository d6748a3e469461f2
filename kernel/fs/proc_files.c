/*
 * The entries of /proc that tell about memory and open files, in Linux's formats.
 *
 * Stands on proc.c. Linux: mm/slab_common.c, fs/proc/meminfo.c, fs/file_table.c
 */
#include "kernel/fs/internal.h"

/* One line for each cache, in version 2.1 of the format. Linux: mm/slab_common.c:slab_show() */
static void slabinfo_show(struct seq_buf *seq)
{
	struct kmem_cache *cache;

	seq_printf(seq, "slabinfo - version: 2.1\n");
	seq_printf(seq, "# name            <active_objs> <num_objs> <objsize> <objperslab> ");
	seq_printf(seq, "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> ");
	seq_printf(seq, ": slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	list_for_each_entry(cache, &slab_caches, list) {
		unsigned int pages = 1u << cache->order;
		unsigned int per_slab = cache->objects;

		seq_printf(seq, "%-17s %6lu %6lu %6u %4u %4u", cache->name,
			   kmem_cache_active(cache), cache->nr_slabs * per_slab, cache->size,
			   per_slab, pages);
		seq_printf(seq, " : tunables %4u %4u %4u", 0u, 0u, 0u);
		seq_printf(seq, " : slabdata %6lu %6lu %6lu\n", cache->nr_slabs, cache->nr_slabs,
			   0ul);
	}
}

/* Linux: fs/proc/meminfo.c:meminfo_proc_show() */
static void meminfo_show(struct seq_buf *seq)
{
	seq_printf(seq, "MemTotal:       %8lu kB\n", totalram_pages() * (PAGE_SIZE / 1024));
	seq_printf(seq, "MemFree:        %8lu kB\n", nr_free_pages() * (PAGE_SIZE / 1024));
}

/* Open files, free ones (none are kept), the limit. Linux: fs/file_table.c:proc_nr_files() */
static void file_nr_show(struct seq_buf *seq)
{
	seq_printf(seq, "%lu\t%lu\t%lu\n", get_nr_files(), 0ul, sysctl_file_max);
}

void proc_init(void)
{
	if (proc_create("/proc/slabinfo", slabinfo_show) ||
	    proc_create("/proc/meminfo", meminfo_show) ||
	    proc_create("/proc/sys/fs/file-nr", file_nr_show) ||
	    proc_sysctl("/proc/sys/vm/max_map_count", &sysctl_max_map_count, 1, 0, INT32_MAX) ||
	    proc_sysctl("/proc/sys/fs/file-max", &sysctl_file_max, 1, 0, ~0ul >> 1))
		panic("proc: no memory for its entries");
}
