/*
 * /proc/slabinfo: one line for each cache, in version 2.1 of the format. Only root may read it, as
 * on Linux: mm/slab_common.c
 */
#include "kernel/fs/proc/internal.h"
#include "kernel/lib/init.h"

static int slab_show(struct seq_file *m, void *v __maybe_unused)
{
	struct kmem_cache *cache;

	seq_printf(m, "slabinfo - version: 2.1\n");
	seq_printf(m, "# name            <active_objs> <num_objs> <objsize> <objperslab> ");
	seq_printf(m, "<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> ");
	seq_printf(m, ": slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	list_for_each_entry(cache, &slab_caches, list) {
		unsigned int pages = 1u << cache->order;
		unsigned int per_slab = cache->objects;

		seq_printf(m, "%-17s %6lu %6lu %6u %4u %4u", cache->name,
			   kmem_cache_active(cache), cache->nr_slabs * per_slab, cache->size,
			   per_slab, pages);
		seq_printf(m, " : tunables %4u %4u %4u", 0u, 0u, 0u);
		seq_printf(m, " : slabdata %6lu %6lu %6lu\n", cache->nr_slabs, cache->nr_slabs,
			   0ul);
	}
	return 0;
}

static int proc_slabinfo_init(void)
{
	if (!proc_create_single("slabinfo", 0400, NULL, slab_show))
		return -ENOMEM;
	return 0;
}
late_initcall(proc_slabinfo_init);
