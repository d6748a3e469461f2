/*
 * kmem_cache: contracts in slab.h. Linux: mm/slub.c
 *
 * A slab is 2^order pages cut into equal slots:
 *
 *      object (object_size, rounded up to 8)  | word | padding to the alignment
 *
 * The word is the next free object while the slot is free, and the cache's address while it is
 * allocated.
 */
#include "kernel/mm/slab_private.h"

#include "kernel/mm/mm.h"

#define POISON_WORD 0x6b6b6b6b6b6b6b6bul
#define SLAB_MIN_OBJECTS 8
#define SLAB_MAX_ORDER 3

LIST_HEAD(slab_caches);
struct fault_attr failslab;

static inline unsigned long *trailing_word(const struct kmem_cache *cache, void *object)
{
	return (unsigned long *)object + cache->words;
}

/* Does the fault injector want this allocation to fail? */
static bool should_failslab(const struct kmem_cache *cache)
{
	if (failslab.cache && failslab.cache != cache)
		return false;
	if (failslab.skip) {
		failslab.skip--;
		return false;
	}
	failslab.times--;
	return true;
}

void __kmem_cache_create(struct kmem_cache *cache, const char *name, unsigned int size,
			 unsigned int align, void (*ctor)(void *))
{
	align = max(align, 16u);
	*cache = (struct kmem_cache){
		.name = name,
		.object_size = size,
		.size = ALIGN(ALIGN(size, 8) + 8, align),
		.words = DIV_ROUND_UP(size, 8),
		.ctor = ctor,
	};
	while (cache->order < SLAB_MAX_ORDER &&
	       (PAGE_SIZE << cache->order) / cache->size < SLAB_MIN_OBJECTS)
		cache->order++;
	list_add_tail(&cache->list, &slab_caches);
}

/* Put a free object on the list, poisoned unless it keeps its contents. */
static inline void chain_free(struct kmem_cache *cache, void *object)
{
	if (!cache->ctor)
		memset64(object, POISON_WORD, cache->words);
	*trailing_word(cache, object) = (unsigned long)cache->freelist;
	cache->freelist = object;
}

/* One more slab, the lowest object first on the list. */
static bool grow_cache(struct kmem_cache *cache, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp & ~__GFP_ZERO, cache->order);
	unsigned int n = (PAGE_SIZE << cache->order) / cache->size, i;
	char *base;

	if (!page)
		return false;
	for (i = 0; i < BIT(cache->order); i++) {
		page[i].flags = PG_slab;
		page[i].slab_cache = cache;
	}
	base = page_address(page);
	while (n--) {
		if (cache->ctor)
			cache->ctor(base + n * cache->size);
		chain_free(cache, base + n * cache->size);
	}
	cache->nr_slabs++;
	return true;
}

/* Was a free object written to? Its poison must be whole. */
static inline void check_poison(const struct kmem_cache *cache, void *object)
{
	unsigned long words = cache->words;
	void *p = object;
	bool whole;

	__asm__ volatile("repe scasq"
			 : "=@cce"(whole), "+D"(p), "+c"(words)
			 : "a"(POISON_WORD)
			 : "memory");
	if (unlikely(!whole))
		panic("slab %s: free object %p was written to near offset %ld", cache->name,
		      object, (long)((char *)p - (char *)object) - 8);
}

/* The first free object, which there is. */
static inline void *take_object(struct kmem_cache *cache, gfp_t gfp)
{
	void *object = cache->freelist;
	unsigned long *word = trailing_word(cache, object);

	if (likely(!cache->ctor))
		check_poison(cache, object);
	cache->freelist = (void *)*word;
	*word = (unsigned long)cache;
	cache->nr_allocs++;
	if (gfp & __GFP_ZERO)
		memset64(object, 0, cache->words);
	return object;
}

/* The fault injector is on, or a new slab is needed. */
static __cold void *slow_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	if (failslab.times && should_failslab(cache))
		return NULL;
	if (!cache->freelist && !grow_cache(cache, gfp))
		return NULL;
	return take_object(cache, gfp);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	if (unlikely(failslab.times || !cache->freelist))
		return slow_alloc(cache, gfp);
	return take_object(cache, gfp);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	if (unlikely(*trailing_word(cache, object) != (unsigned long)cache))
		panic("slab %s: object %p freed twice, overrun, or not of this cache",
		      cache->name, object);
	cache->nr_frees++;
	chain_free(cache, object);
}
