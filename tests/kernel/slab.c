/*
 * Slab caches and kmalloc(): what objects look like, and that empty slabs go back.
 */
#include "kernel/interrupt.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/shrinker.h"
#include "net/net.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static unsigned int constructed;

static void ctor(void *object)
{
	*(u64 *)object = 42;
	constructed++;
}

KTAP_SUITE(slab_objects)
{
	struct kmem_cache *plain = kmem_cache_create("ktap_plain", 100, 64, 0, NULL);
	struct kmem_cache *keeps = kmem_cache_create("ktap_ctor", 24, 0, 0, ctor);
	u8 *a = kmem_cache_alloc(plain, GFP_KERNEL), *b = kmem_cache_alloc(plain, GFP_KERNEL);
	u64 *k;

	KTAP_EXPECT(a && b && a != b);
	KTAP_EXPECT_EQ((unsigned long)a % 64, 0);
	KTAP_EXPECT_EQ(kmem_cache_active(plain), 2);
	memset(a, 7, 100);
	kmem_cache_free(plain, a);
	KTAP_EXPECT(!memchr_inv(a, POISON_FREE, 100));
	KTAP_EXPECT_EQ(kmem_cache_alloc(plain, GFP_KERNEL | __GFP_ZERO), a); /* last in, first out */
	KTAP_EXPECT(!memchr_inv(a, 0, 100));
	kmem_cache_free(plain, a);
	kmem_cache_free(plain, b);
	KTAP_EXPECT_EQ(kmem_cache_active(plain), 0);
	kmem_cache_destroy(plain);

	k = kmem_cache_alloc(keeps, GFP_KERNEL);
	KTAP_EXPECT(constructed > 1);
	KTAP_EXPECT_EQ(*k, 42);
	k[1] = 0x1234;
	kmem_cache_free(keeps, k);
	KTAP_EXPECT_EQ(k[1], 0x1234); /* with a constructor contents survive: the stale type */
	KTAP_EXPECT_EQ(kmem_cache_alloc(keeps, GFP_KERNEL), k);
	kmem_cache_free(keeps, k);
	kmem_cache_destroy(keeps);
}

KTAP_SUITE(kmalloc_sizes)
{
	size_t size;
	void *p;

	for (size = 1; size <= 4 << 20; size = size * 3 / 2 + 1) {
		unsigned long before = nr_free_pages();

		p = kmalloc(size, GFP_KERNEL);
		KTAP_EXPECT(p);
		KTAP_EXPECT_EQ((unsigned long)p % 16, 0);
		KTAP_EXPECT(ksize(p) >= size);
		memset(p, 0xff, ksize(p));
		kfree(p);
		if (size > 8192)
			KTAP_EXPECT_EQ(nr_free_pages(), before);
	}
	KTAP_EXPECT_EQ(kmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	KTAP_EXPECT_EQ(ksize(NULL) + ksize(ZERO_SIZE_PTR), 0);
	KTAP_EXPECT(!kmalloc((4 << 20) + 1, GFP_KERNEL));
	KTAP_EXPECT(!kcalloc(1ul << 62, 8, GFP_KERNEL));
	kfree(NULL);
}

KTAP_SUITE(failslab_fails_the_nth)
{
	void *first, *second;

	failslab_arm(NULL, 1, 1);
	first = kmalloc(32, GFP_KERNEL);
	second = kmalloc(32, GFP_KERNEL);
	KTAP_EXPECT(first && !second);
	KTAP_EXPECT_EQ(failslab.times, 0);
	kfree(first);
}

#define NR_OBJECTS 500

static void *objects[NR_OBJECTS];

/* Allocate all objects, so that many slabs are full. */
static void fill(struct kmem_cache *cache)
{
	unsigned int i;

	for (i = 0; i < NR_OBJECTS; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KTAP_EXPECT(objects[i]);
	}
}

KTAP_SUITE(empty_slabs_go_back)
{
	struct kmem_cache *cache = kmem_cache_create("ktap_empty", 1000, 0, 0, NULL);
	unsigned long before = nr_free_pages(), per_slab = 1ul << cache->order, full;
	unsigned int i;

	fill(cache);
	full = DIV_ROUND_UP(NR_OBJECTS, cache->objects);
	KTAP_EXPECT_EQ(cache->nr_slabs, full);
	KTAP_EXPECT_EQ(before - nr_free_pages(), full * per_slab);
	for (i = 0; i < NR_OBJECTS; i += 2)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
	KTAP_EXPECT_EQ(cache->nr_slabs, full); /* each has an object in use */
	for (i = 1; i < NR_OBJECTS; i += 2)
		kmem_cache_free(cache, objects[i]);
	KTAP_EXPECT(cache->nr_slabs <= 3); /* two that are empty, and the active one */
	kmem_cache_shrink(cache);
	KTAP_EXPECT_EQ(cache->nr_slabs, 0);
	KTAP_EXPECT_EQ(nr_free_pages(), before);
	kmem_cache_destroy(cache);
}

KTAP_SUITE(slabs_give_way_when_memory_is_short)
{
	struct kmem_cache *cache = kmem_cache_create("ktap_short", 1000, 0, 0, NULL);
	struct page *page, *chain = NULL;

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	KTAP_EXPECT_EQ(cache->nr_slabs, 1);
	while ((page = alloc_page(GFP_KERNEL))) {
		*(struct page **)page_address(page) = chain;
		chain = page;
	}
	KTAP_EXPECT_EQ(cache->nr_slabs, 0);
	while (chain) {
		page = chain;
		chain = *(struct page **)page_address(page);
		put_page(page);
	}
	kmem_cache_destroy(cache);
}

static struct page *hoard; /* pages, each with the address of the next one */

static void release_one(void)
{
	struct page *page = hoard;

	hoard = *(struct page **)page_address(page);
	put_page(page);
}

static unsigned long count_hoard(struct shrinker *shrinker __maybe_unused,
				 struct shrink_control *sc __maybe_unused)
{
	return hoard ? 1 : 0;
}

static unsigned long scan_hoard(struct shrinker *shrinker __maybe_unused,
				struct shrink_control *sc __maybe_unused)
{
	release_one();
	return 1;
}

/* Only for GFP_KERNEL are the shrinkers asked when a cache needs one more slab. */
KTAP_SUITE(a_slab_is_allocated_as_the_caller_asks)
{
	struct kmem_cache *cache = kmem_cache_create("ktap_grow", 100, 0, 0, NULL);
	struct shrinker shrinker = { .count_objects = count_hoard, .scan_objects = scan_hoard };
	struct page *page;
	void *object;

	register_shrinker(&shrinker, "ktap");
	while ((page = alloc_page(GFP_ATOMIC))) {
		*(struct page **)page_address(page) = hoard;
		hoard = page;
	}
	KTAP_EXPECT(!kmem_cache_alloc(cache, GFP_ATOMIC));
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	KTAP_EXPECT(object);
	unregister_shrinker(&shrinker);
	while (hoard)
		release_one();
	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

/* What was freed in any order, by tasks and by softirqs, is handed out once each, and comes back. */
KTAP_SUITE(objects_of_all_slabs_are_found_again)
{
	struct kmem_cache *cache = kmem_cache_create("ktap_again", 200, 0, 0, NULL);
	unsigned int i, round;

	fill(cache);
	for (round = 0; round < 4; round++) {
		for (i = 0; i < NR_OBJECTS; i++) {
			unsigned int which = i * 7 % NR_OBJECTS;

			if (i % 3 == 0)
				local_bh_disable(); /* as a softirq would */
			kmem_cache_free(cache, objects[which]);
			if (i % 3 == 0)
				local_bh_enable();
		}
		KTAP_EXPECT_EQ(kmem_cache_active(cache), 0);
		local_bh_disable();
		for (i = 0; i < NR_OBJECTS / 2; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_ATOMIC);
		local_bh_enable();
		for (; i < NR_OBJECTS; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (i = 0; i < NR_OBJECTS; i++) {
			KTAP_EXPECT(objects[i] && !memchr_inv(objects[i], POISON_FREE, 200));
			memset(objects[i], i, 200);
		}
		for (i = 0; i < NR_OBJECTS; i++)
			KTAP_EXPECT(!memchr_inv(objects[i], (u8)i, 200));
	}
	for (i = 0; i < NR_OBJECTS; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
	KTAP_EXPECT_EQ(cache->nr_slabs, 0);
	kmem_cache_destroy(cache);
}

KTAP_SUITE(caches_are_made_and_destroyed)
{
	struct kmem_cache *cache, *large;
	char name[] = "ktap_named";
	struct leaks before;
	void *object;

	leaks_begin(&before);
	cache = kmem_cache_create(name, 24, 0, SLAB_HWCACHE_ALIGN, NULL);
	name[0] = 'x'; /* it has a copy */
	KTAP_EXPECT(find_cache("ktap_named") == cache);
	KTAP_EXPECT_EQ(kmem_cache_size(cache), 24);
	KTAP_EXPECT_EQ(cache->align, 32);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	KTAP_EXPECT_EQ(ksize(object), 24);
	kmem_cache_destroy(cache); /* refused: an object is in use */
	KTAP_EXPECT(find_cache("ktap_named") == cache);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KTAP_EXPECT(!find_cache("ktap_named"));
	KTAP_EXPECT(!kmem_cache_create("ktap_huge", 64 << 20, 0, 0, NULL));
	large = kmem_cache_create("ktap_large", 100000, 0, 0, NULL);
	object = kmem_cache_alloc(large, GFP_KERNEL | __GFP_ZERO);
	KTAP_EXPECT(object && !memchr_inv(object, 0, 100000));
	kmem_cache_free(large, object);
	kmem_cache_destroy(large);
	kmem_cache_destroy(NULL);
	KTAP_EXPECT(leaks_none(&before));
}

/* Ten thousand sockets at once leave no more behind than a few slabs. */
KTAP_SUITE(sockets_give_their_memory_back)
{
	static struct socket *socks[10000];
	unsigned long before, i;

	reclaim_empty_slabs();
	before = nr_free_pages();
	for (i = 0; i < ARRAY_SIZE(socks); i++) {
		if (sock_create_kern(&init_net, AF_INET, SOCK_STREAM, 0, &socks[i]))
			break;
	}
	KTAP_EXPECT_EQ(i, ARRAY_SIZE(socks));
	KTAP_EXPECT(before - nr_free_pages() > 1000);
	while (i--)
		sock_release(socks[i]);
	KTAP_EXPECT(before - nr_free_pages() <= 32);
	reclaim_empty_slabs();
	KTAP_EXPECT_EQ(nr_free_pages(), before);
}

/* A slab without an object in use is used last, so that it can go when memory is short. */
KTAP_SUITE(empty_slabs_are_used_last)
{
	struct kmem_cache *cache = kmem_cache_create("ktap_last", 500, 0, 0, NULL);
	unsigned int n = cache->objects, i;
	void *of[4 * 64], *object;

	BUG_ON(n > 64);
	for (i = 0; i < 4 * n; i++)
		of[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, of[0]); /* the first slab has one free object */
	for (i = n; i < 2 * n; i++)
		kmem_cache_free(cache, of[i]); /* the second has nothing else */
	KTAP_EXPECT_EQ(cache->nr_empty, 1);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	KTAP_EXPECT_EQ(object, of[0]);
	KTAP_EXPECT_EQ(cache->nr_empty, 1);
	kmem_cache_shrink(cache);
	KTAP_EXPECT_EQ(cache->nr_empty, 0);
	KTAP_EXPECT_EQ(cache->nr_slabs, 3);
	for (i = 0; i < 4 * n; i++) {
		if (i < n || i >= 2 * n)
			kmem_cache_free(cache, of[i]);
	}
	kmem_cache_destroy(cache);
	KTAP_EXPECT(!find_cache("ktap_last"));
}
