/*
 * kmem_cache: named caches of equal objects, and kmalloc() on top of them.
 * Linux: include/linux/slab.h, mm/slub.c
 *
 * Free objects are chained last in, first out, through a word behind each object; while the object
 * is allocated that word holds the cache's address, so a double free, a free to the wrong cache or
 * a write past the end is caught at the free. Freed objects are filled with POISON_FREE, unless the
 * cache has a constructor: then, as in Linux, an object keeps its contents from one use to the next
 * (struct socket's stale `type`).
 */
#ifndef KERNEL_MM_SLAB_H
#define KERNEL_MM_SLAB_H

#include "kernel/lib/lib.h"

#define GFP_KERNEL 0x01u
#define GFP_ATOMIC 0x02u
#define __GFP_ZERO 0x100u

#define POISON_FREE 0x6b

struct kmem_cache {
	const char *name;
	unsigned int object_size; /* what the caller asked for, bytes */
	unsigned int size;        /* with the trailing word and alignment, bytes */
	unsigned int words;       /* object_size in 8-byte words: where the trailing word is */
	unsigned int order;       /* pages per slab = 1 << order */
	void (*ctor)(void *object); /* run once when a slab is made, not at each allocation */
	void *freelist;
	unsigned long nr_allocs; /* objects ever handed out */
	unsigned long nr_frees;  /* objects ever taken back */
	unsigned long nr_slabs;  /* slabs held from the page allocator */
	struct list_head list;   /* in slab_caches */
};

/* Every cache, in order of creation: for /proc/slabinfo and leak checks. */
extern struct list_head slab_caches;

/*
 * Make a cache of @size-byte objects (1..16384) at @align (0 or a power of two up to 64).
 * @name: kept by reference. @ctor: may be NULL. Called at boot and by module init only;
 * panics when there is no memory. Linux: mm/slab_common.c:kmem_cache_create()
 */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     void (*ctor)(void *));

/* One object, owned by the caller; NULL when memory (or the fault injector) says no. */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* @size bytes, aligned to 16 (0..4 MiB; 0 gives NULL). kfree(NULL) is allowed. */
void *kmalloc(size_t size, gfp_t gfp);
void *kzalloc(size_t size, gfp_t gfp);
void *kcalloc(size_t n, size_t size, gfp_t gfp); /* NULL as well when n * size overflows */
char *kstrdup(const char *s, gfp_t gfp);
void kfree(const void *object);

/* Objects of @cache in use now. */
static inline unsigned long kmem_cache_active(const struct kmem_cache *cache)
{
	return cache->nr_allocs - cache->nr_frees;
}

/*
 * Fault injection: the @times allocations after the next @skip ones fail. Used by the tests to walk
 * every unwinding path. Linux: Documentation/fault-injection (failslab)
 */
struct fault_attr {
	const struct kmem_cache *cache; /* only this cache, or NULL for all */
	unsigned int skip;
	unsigned int times; /* 0: off */
};
extern struct fault_attr failslab;

void kmem_cache_init(void);

#endif
