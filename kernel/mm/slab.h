/*
 * kmem_cache: named caches of equal objects, and kmalloc() on top of them.
 * Linux: include/linux/slab.h, mm/slub.c
 *
 * The free objects of a slab are chained last in, first out, through a word behind each object; while
 * the object is allocated that word holds the cache's address, so a double free, a free to the wrong
 * cache or a write past the end is caught at the free. Freed objects are filled with POISON_FREE,
 * which is checked when they are handed out again, unless the cache has a constructor: then, as in
 * Linux, an object keeps its contents from one use to the next (struct socket's stale `type`).
 *
 * A cache keeps two empty slabs; others go back to the page allocator at once, and these two when
 * memory is short. Allocating and freeing is allowed everywhere, in interrupt handlers too.
 */
#ifndef KERNEL_MM_SLAB_H
#define KERNEL_MM_SLAB_H

#include "kernel/lib/lib.h"

#define GFP_KERNEL 0x01u /* the caller is a task that could sleep: see might_sleep() */
#define GFP_ATOMIC 0x02u /* the caller cannot: an interrupt handler, or one who holds a spinlock */
#define __GFP_ZERO 0x100u

#define POISON_FREE 0x6b

/*
 * What to do with a cache. Poison, red zone and checks are always on; the others that change nothing
 * here are accepted. Linux: include/linux/slab.h
 */
typedef unsigned int slab_flags_t;
#define SLAB_CONSISTENCY_CHECKS 0x100u
#define SLAB_RED_ZONE 0x400u
#define SLAB_POISON 0x800u
#define SLAB_HWCACHE_ALIGN 0x2000u /* an object lies in as few cache lines as it can */
#define SLAB_STORE_USER 0x10000u
#define SLAB_RECLAIM_ACCOUNT 0x20000u
#define SLAB_PANIC 0x40000u /* kmem_cache_create() panics instead of returning NULL */
#define SLAB_TYPESAFE_BY_RCU 0x80000u
#define SLAB_MEM_SPREAD 0x100000u
#define SLAB_NOLEAKTRACE 0x800000u
#define SLAB_ACCOUNT 0x4000000u

struct slab;

struct kmem_cache {
	const char *name;
	unsigned int object_size; /* what the caller asked for, bytes */
	unsigned int size;        /* with the trailing word and alignment, bytes */
	unsigned int words;       /* object_size in 8-byte words: where the trailing word is */
	unsigned int align;       /* of an object, bytes */
	unsigned int order;       /* pages per slab = 1 << order */
	unsigned int objects;     /* per slab */
	slab_flags_t flags;
	unsigned long slab_mask;  /* an object's address, so masked, is its slab's */
	void (*ctor)(void *object); /* run once when a slab is made, not at each allocation */
	void *freelist;           /* free objects of the active slab: the tasks' */
	struct slab *active;
	struct list_head partial; /* other slabs with a free object */
	unsigned long nr_empty;   /* of these, the ones without an object in use */
	atomic_long_t nr_allocs; /* objects ever handed out */
	atomic_long_t nr_frees;  /* objects ever taken back */
	unsigned long nr_slabs;  /* slabs held from the page allocator */
	struct list_head list;   /* in slab_caches */
};

/* Every cache, in order of creation: for /proc/slabinfo and leak checks. */
extern struct list_head slab_caches;

/*
 * Make a cache of @size-byte objects (1 to almost 4 MiB) at @align (0 or a power of two up to 64).
 * @name: copied. @flags: SLAB_*. @ctor: may be NULL. NULL when there is no memory, or @size is too
 * large. Linux: mm/slab_common.c:kmem_cache_create()
 */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *));
#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), (flags), NULL)

/* Destroy a cache; NULL is allowed. A cache with objects in use is reported in the log and kept. */
void kmem_cache_destroy(struct kmem_cache *cache);

/* Give all empty slabs of @cache back. Always returns 0. */
int kmem_cache_shrink(struct kmem_cache *cache);

/* The same for all caches, when memory is short. Returns whether there were any. */
bool reclaim_empty_slabs(void);

/* What the caller asked for, bytes. */
static inline unsigned int kmem_cache_size(const struct kmem_cache *cache)
{
	return cache->object_size;
}

/* One object, owned by the caller; NULL: no memory, or the fault injector makes it fail. */
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* What kmalloc(0) gives: not NULL, and may not be dereferenced. */
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

/* @size bytes, aligned to 16 (0..4 MiB). kfree(NULL) is allowed. */
void *kmalloc(size_t size, gfp_t gfp);
void *kzalloc(size_t size, gfp_t gfp);
void *kcalloc(size_t n, size_t size, gfp_t gfp); /* NULL as well when n * size overflows */
char *kstrdup(const char *s, gfp_t gfp);
/* A text printed as by printf(), in memory that the caller frees; NULL: no memory. */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args) __printf(2, 0);
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3);
void kfree(const void *object);
size_t ksize(const void *object); /* bytes there really are; the caller may use all of them */

/* Objects of @cache in use now. */
static inline unsigned long kmem_cache_active(const struct kmem_cache *cache)
{
	return atomic_long_read(&cache->nr_allocs) - atomic_long_read(&cache->nr_frees);
}

/*
 * Fault injection: of the allocations from @cache (NULL: from any) the @times after the next @skip
 * fail. Used by the tests to walk every unwinding path. Linux: Documentation/fault-injection
 */
struct fault_attr {
	const struct kmem_cache *cache;
	unsigned int skip;
	unsigned int times; /* still to come; 0: off */
};
extern struct fault_attr failslab;
void failslab_arm(const struct kmem_cache *cache, unsigned int skip, unsigned int times);

void kmem_cache_init(void);

#endif
