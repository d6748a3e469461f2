// SPDX-License-Identifier: MIT
/* memory.c - slab caches, kmalloc() and its relatives. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct record {
	u64 key;
	char text[40];
};

static unsigned int constructed;

static void construct(void *object)
{
	((struct record *)object)->key = 7;
	constructed++;
}

static DEFINE_PER_CPU(unsigned long, hits);

static void caches(void)
{
	struct kmem_cache *cache = kmem_cache_create("names_record", sizeof(struct record), 0,
						     SLAB_HWCACHE_ALIGN, construct);
	struct kmem_cache *plain = KMEM_CACHE(record, 0);
	struct record *r;

	if (!cache || !plain) {
		pr_err("no cache\n");
		return;
	}
	r = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("constructed %d, key %llu\n", constructed > 0, r->key);
	kmem_cache_free(cache, r);
	r = kmem_cache_zalloc(plain, GFP_KERNEL);
	pr_info("zeroed key %llu\n", r->key);
	kmem_cache_free(plain, r);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(plain);
}

static int __init memory_init(void)
{
	char *text = kasprintf(GFP_KERNEL, "%d and %s", 3, "four"), *copy, *part;
	int cpu;

	caches();
	copy = kmemdup(text, 5, GFP_KERNEL);
	part = kstrndup(text, 3, GFP_KERNEL);
	pr_info("'%s' %.5s '%s', at least %d bytes\n", text, copy, part, ksize(part) >= 4);
	kfree(copy);
	kfree(part);
	kfree(text);
	copy = vzalloc(10000);
	pr_info("vzalloc: page aligned %d, zero %d\n", IS_ALIGNED((unsigned long)copy, PAGE_SIZE),
		copy[9999] == 0);
	vfree(copy);
	pr_info("kmalloc_array overflow: %d\n", !kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL | __GFP_NOWARN));
	for_each_possible_cpu(cpu)
		per_cpu(hits, cpu) = 0;
	this_cpu_inc(hits);
	this_cpu_add(hits, 4);
	get_cpu_var(hits)++;
	put_cpu_var(hits);
	pr_info("hits %lu\n", this_cpu_read(hits));
	return 0;
}

static void __exit memory_exit(void)
{
}

module_init(memory_init);
module_exit(memory_exit);
MODULE_DESCRIPTION("names for memory");
MODULE_LICENSE("Dual MIT/GPL");
