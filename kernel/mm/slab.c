/*
 * kmem_cache: caches of objects of one size. slab.h says how to use them. Linux: mm/slub.c
 *
 * A slab is a block of 2^order pages, aligned to its size:
 *
 *	struct slab | object | object | object ...
 *
 * and each object is followed by a word:
 *
 *	object (object_size, rounded up to 8) | word | padding to the alignment
 *
 * The word is the next free object while this one is free, and the cache's address while it is
 * allocated.
 *
 * One slab of a cache is the active one. The free objects hang in three places:
 *
 *	cache->freelist -> object -> object		of the active slab, for tasks
 *	cache->active -> slab: freelist -> object	of the active slab, freed by interrupt handlers
 *	cache->partial -> slab: freelist -> object	of the other slabs; the empty ones are last, so
 *		       -> slab: freelist -> object	that they are found at once when memory is short
 *
 * A full slab that is not active is in no list. It comes back when one of its objects is freed: the
 * object's address says where its slab begins.
 *
 * The usual allocation and free use cache->freelist alone. It belongs to the tasks, and no task is
 * preempted in here, so it needs no lock. Interrupt handlers and softirqs leave it alone: they
 * allocate from cache->partial and free into the slabs' own freelists. All that they use is changed
 * with interrupts off.
 */
#include "kernel/mm/slab_private.h"

#include "kernel/mm/mm.h"

#define POISON_WORD 0x6b6b6b6b6b6b6b6bul
#define SLAB_MIN_OBJECTS 8 /* a slab should have as many ... */
#define SLAB_GOOD_ORDER 3  /* ... as long as it is no larger than this */
#define SLAB_MAX_EMPTY 2   /* more empty slabs than this go back to the page allocator */
#define CACHE_LINE_SIZE 64u

struct slab {
	struct list_head list; /* in cache->partial, unless full or active */
	void *freelist;
	unsigned int inuse;    /* objects that are not in slab->freelist */
};

LIST_HEAD(slab_caches);
struct fault_attr failslab;

static inline unsigned long *trailing_word(const struct kmem_cache *cache, void *object)
{
	return (unsigned long *)object + cache->words;
}

static inline struct slab *slab_of(const struct kmem_cache *cache, const void *object)
{
	return (struct slab *)((unsigned long)object & cache->slab_mask);
}

/* Does the fault injector want this allocation to fail? */
static bool should_failslab(const struct kmem_cache *cache)
{
	unsigned long flags;
	bool fails = false;

	local_irq_save(flags);
	if (!failslab.times || (failslab.cache && failslab.cache != cache))
		goto out;
	fails = !failslab.skip;
	if (fails)
		failslab.times--;
	else
		failslab.skip--;
out:
	local_irq_restore(flags);
	return fails;
}

static unsigned int first_object(const struct kmem_cache *cache)
{
	return ALIGN((unsigned int)sizeof(struct slab), cache->align);
}

/* Small objects need not begin a cache line of their own, but none should lie in two. */
static unsigned int calculate_alignment(unsigned int size, unsigned int align, slab_flags_t flags)
{
	unsigned int line = CACHE_LINE_SIZE;

	if (flags & SLAB_HWCACHE_ALIGN) {
		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return max(align, 16u);
}

bool __kmem_cache_create(struct kmem_cache *cache, const char *name, unsigned int size,
			 unsigned int align, slab_flags_t flags, void (*ctor)(void *))
{
	unsigned long irq_flags;

	align = calculate_alignment(size, align, flags);
	*cache = (struct kmem_cache){
		.name = name,
		.object_size = size,
		.align = align,
		.size = ALIGN(ALIGN(size, 8) + 8, align),
		.words = DIV_ROUND_UP(size, 8),
		.flags = flags,
		.ctor = ctor,
	};
	INIT_LIST_HEAD(&cache->partial);
	for (;; cache->order++) {
		if (cache->order > MAX_ORDER)
			return false;
		cache->objects = ((PAGE_SIZE << cache->order) - first_object(cache)) / cache->size;
		if (cache->objects >= SLAB_MIN_OBJECTS ||
		    (cache->objects && cache->order >= SLAB_GOOD_ORDER))
			break;
	}
	cache->slab_mask = -(PAGE_SIZE << cache->order);
	local_irq_save(irq_flags);
	list_add_tail(&cache->list, &slab_caches);
	local_irq_restore(irq_flags);
	return true;
}

/* Inline, like hand_out() and take_back(): the usual allocation and free are made of these. */
static inline void *pop_object(const struct kmem_cache *cache, void **freelist)
{
	void *object = *freelist;

	*freelist = (void *)*trailing_word(cache, object);
	return object;
}

static inline void push_object(const struct kmem_cache *cache, void **freelist, void *object)
{
	*trailing_word(cache, object) = (unsigned long)*freelist;
	*freelist = object;
}

/* Make all objects of a new slab free. The first is made free last, so it is handed out first. */
static void init_objects(struct kmem_cache *cache, struct slab *slab)
{
	char *base = (char *)slab + first_object(cache);
	void *object;
	unsigned int i = cache->objects;

	while (i--) {
		object = base + i * cache->size;
		if (cache->ctor)
			cache->ctor(object);
		else
			memset64(object, POISON_WORD, cache->words);
		push_object(cache, &slab->freelist, object);
	}
}

/*
 * Add a slab to the cache. False: no memory. Interrupts are as the caller of kmem_cache_alloc() has
 * them; with GFP_KERNEL they are on.
 */
static bool grow_cache(struct kmem_cache *cache, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp & ~__GFP_ZERO, cache->order);
	struct slab *slab;
	unsigned long flags;
	unsigned int i;

	if (!page)
		return false;
	for (i = 0; i < BIT(cache->order); i++) {
		page[i].flags = PG_slab;
		page[i].slab_cache = cache;
	}
	slab = page_address(page);
	slab->freelist = NULL;
	slab->inuse = 0;
	init_objects(cache, slab);
	local_irq_save(flags);
	list_add(&slab->list, &cache->partial);
	cache->nr_slabs++;
	cache->nr_empty++;
	local_irq_restore(flags);
	return true;
}

/* Give an empty slab back. Interrupts are off. */
static void discard_slab(struct kmem_cache *cache, struct slab *slab)
{
	struct page *page = virt_to_page(slab);
	unsigned int i;

	list_del(&slab->list);
	cache->nr_slabs--;
	cache->nr_empty--;
	for (i = 0; i < BIT(cache->order); i++)
		page[i].flags = 0;
	__free_pages(page, cache->order);
}

/* A free object must still be full of poison; otherwise somebody wrote to it. */
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

/* @object is off the freelist: check it and make it ready for the caller. */
static inline void *hand_out(struct kmem_cache *cache, void *object, gfp_t gfp)
{
	*trailing_word(cache, object) = (unsigned long)cache;
	atomic_long_inc(&cache->nr_allocs);
	if (likely(!cache->ctor))
		check_poison(cache, object);
	if (gfp & __GFP_ZERO)
		memset64(object, 0, cache->words);
	return object;
}

/* The caller frees @object: count and poison it. Its word still says that it is allocated. */
static inline void take_back(struct kmem_cache *cache, void *object)
{
	atomic_long_inc(&cache->nr_frees);
	if (!cache->ctor)
		memset64(object, POISON_WORD, cache->words);
}

/* For an interrupt handler. Interrupts are off. */
static void *alloc_from_partial(struct kmem_cache *cache)
{
	struct slab *slab = list_first_entry_or_null(&cache->partial, struct slab, list);
	void *object;

	if (!slab)
		return NULL;
	object = pop_object(cache, &slab->freelist);
	if (!slab->freelist)
		list_del(&slab->list);
	if (!slab->inuse++)
		cache->nr_empty--;
	return object;
}

/*
 * The tasks' freelist is empty: fill it with what interrupt handlers freed of the active slab, or
 * make another slab the active one. False: there is none. Interrupts are off.
 */
static bool refill_freelist(struct kmem_cache *cache)
{
	struct slab *slab = cache->active;

	if (!slab || !slab->freelist) {
		slab = list_first_entry_or_null(&cache->partial, struct slab, list);
		if (!slab)
			return false;
		list_del(&slab->list);
		if (!slab->inuse)
			cache->nr_empty--;
		cache->active = slab;
	}
	cache->freelist = slab->freelist;
	slab->freelist = NULL;
	slab->inuse = cache->objects;
	return true;
}

/* An object of a slab that exists, or NULL. */
static void *alloc_from_slabs(struct kmem_cache *cache)
{
	void *object = NULL;
	unsigned long flags;

	local_irq_save(flags);
	if (in_interrupt() || failslab.times)
		object = alloc_from_partial(cache);
	else if (cache->freelist || refill_freelist(cache))
		object = pop_object(cache, &cache->freelist);
	local_irq_restore(flags);
	return object;
}

/*
 * There is no free object at hand, this is an interrupt handler, or the fault injector is on. An
 * interrupt handler may take all objects of a new slab before we look; then we need one more.
 */
static __cold void *slow_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	void *object;

	if (gfp & GFP_KERNEL)
		might_sleep();
	if (failslab.times && should_failslab(cache))
		return NULL;
	do {
		object = alloc_from_slabs(cache);
	} while (!object && grow_cache(cache, gfp));
	return object ? hand_out(cache, object, gfp) : NULL;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	if (unlikely(!cache->freelist || in_interrupt()))
		return slow_alloc(cache, gfp);
	return hand_out(cache, pop_object(cache, &cache->freelist), gfp);
}

/* For an object that is not of the active slab, for an interrupt handler, and for a wrong free. */
static void slow_free(struct kmem_cache *cache, struct slab *slab, void *object)
{
	unsigned long flags;

	if (*trailing_word(cache, object) != (unsigned long)cache)
		panic("slab %s: object %p freed twice, overrun, or not of this cache",
		      cache->name, object);
	take_back(cache, object);
	local_irq_save(flags);
	if (slab != cache->active && !slab->freelist)
		list_add(&slab->list, &cache->partial);
	push_object(cache, &slab->freelist, object);
	slab->inuse--;
	if (slab != cache->active && !slab->inuse) {
		list_move_tail(&slab->list, &cache->partial);
		if (++cache->nr_empty > SLAB_MAX_EMPTY)
			discard_slab(cache, slab);
	}
	local_irq_restore(flags);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct slab *slab = slab_of(cache, object);

	if (unlikely(*trailing_word(cache, object) != (unsigned long)cache ||
		     slab != cache->active || in_interrupt())) {
		slow_free(cache, slab, object);
		return;
	}
	take_back(cache, object);
	push_object(cache, &cache->freelist, object);
}

/* Put the active slab among the others: then none is active. For tasks only. Interrupts are off. */
static void deactivate_slab(struct kmem_cache *cache)
{
	struct slab *slab = cache->active;

	if (!slab)
		return;
	while (cache->freelist) {
		push_object(cache, &slab->freelist, pop_object(cache, &cache->freelist));
		slab->inuse--;
	}
	cache->active = NULL;
	if (!slab->inuse) {
		list_add_tail(&slab->list, &cache->partial);
		cache->nr_empty++;
	} else if (slab->freelist) {
		list_add(&slab->list, &cache->partial);
	}
}

/* Without an active slab each allocation takes the slow path, and stays there while this lasts. */
void failslab_arm(const struct kmem_cache *cache, unsigned int skip, unsigned int times)
{
	struct kmem_cache *each;
	unsigned long flags;

	local_irq_save(flags);
	failslab = (struct fault_attr){ .cache = cache, .skip = skip, .times = times };
	list_for_each_entry(each, &slab_caches, list)
		deactivate_slab(each);
	local_irq_restore(flags);
}

/* There are at most SLAB_MAX_EMPTY + 1 to give back. */
int kmem_cache_shrink(struct kmem_cache *cache)
{
	unsigned long flags;

	local_irq_save(flags);
	if (!in_interrupt())
		deactivate_slab(cache);
	while (cache->nr_empty)
		discard_slab(cache, list_last_entry(&cache->partial, struct slab, list));
	local_irq_restore(flags);
	return 0;
}

/*
 * What this does is bounded by the number of caches. Interrupts are on between two caches, unless
 * the caller has them off. The list needs no lock: only tasks change it, and no other one runs now.
 */
bool reclaim_empty_slabs(void)
{
	struct kmem_cache *cache;
	bool some = false;
	unsigned long slabs;

	list_for_each_entry(cache, &slab_caches, list) {
		slabs = cache->nr_slabs;
		kmem_cache_shrink(cache);
		some |= cache->nr_slabs < slabs;
	}
	return some;
}
