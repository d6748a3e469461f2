/*
 * kmalloc(): caches of powers of two, and whole pages above them. See slab.h for how to use it.
 * Also the cache of caches. Linux: mm/slab_common.c
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/slab_private.h"

#define KMALLOC_MIN_SHIFT 4
#define KMALLOC_MAX_SHIFT 13 /* 8 KiB; more comes straight from the page allocator */

/*
 * The word behind an allocated object holds its cache's address. That must not end in a zero byte,
 * or a string that is one NUL too long would go unnoticed: caches lie at addresses that end in 8.
 */
struct placed_cache {
	unsigned long unused;
	struct kmem_cache cache;
} __aligned(16);

static struct placed_cache cache_cache;
static struct placed_cache kmalloc_caches[KMALLOC_MAX_SHIFT - KMALLOC_MIN_SHIFT + 1];
static const char *const kmalloc_names[] = {
	"kmalloc-16",  "kmalloc-32",  "kmalloc-64", "kmalloc-128", "kmalloc-256",
	"kmalloc-512", "kmalloc-1k",  "kmalloc-2k", "kmalloc-4k",  "kmalloc-8k",
};

void kmem_cache_init(void)
{
	unsigned int i;

	__kmem_cache_create(&cache_cache.cache, "kmem_cache", sizeof(struct placed_cache), 0, 0,
			    NULL);
	for (i = 0; i < ARRAY_SIZE(kmalloc_caches); i++)
		__kmem_cache_create(&kmalloc_caches[i].cache, kmalloc_names[i],
				    1u << (KMALLOC_MIN_SHIFT + i), 0, 0, NULL);
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *))
{
	struct placed_cache *placed = kmem_cache_alloc(&cache_cache.cache, GFP_KERNEL);
	char *copy = kstrdup(name, GFP_KERNEL);

	if (placed && copy &&
	    __kmem_cache_create(&placed->cache, copy, size, align, flags, ctor))
		return &placed->cache;
	if (flags & SLAB_PANIC)
		panic("kmem_cache_create: slab cache %s could not be made", name);
	kfree(copy);
	if (placed)
		kmem_cache_free(&cache_cache.cache, placed);
	return NULL;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	unsigned long flags;

	if (!cache)
		return;
	if (kmem_cache_active(cache)) {
		pr_err("kmem_cache_destroy %s: Slab cache still has objects when called from %pS\n",
		       cache->name, __builtin_return_address(0));
		return;
	}
	kmem_cache_shrink(cache);
	local_irq_save(flags);
	list_del(&cache->list);
	local_irq_restore(flags);
	kfree(cache->name);
	kmem_cache_free(&cache_cache.cache, container_of(cache, struct placed_cache, cache));
}

static void *kmalloc_large(size_t size, gfp_t gfp)
{
	unsigned int order = 64 - __builtin_clzl((size - 1) >> PAGE_SHIFT);
	struct page *page = alloc_pages(gfp, order);

	if (!page)
		return NULL;
	page->flags = PG_slab;
	page->slab_cache = NULL;
	return page_address(page);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	unsigned int shift;

	if (!size)
		return ZERO_SIZE_PTR;
	if (size > PAGE_SIZE << MAX_ORDER)
		return NULL;
	if (size > 1 << KMALLOC_MAX_SHIFT)
		return kmalloc_large(size, gfp);
	shift = 64 - __builtin_clzl((size - 1) | ((1 << KMALLOC_MIN_SHIFT) - 1));
	return kmem_cache_alloc(&kmalloc_caches[shift - KMALLOC_MIN_SHIFT].cache, gfp);
}

void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc(bytes, gfp);
}

char *kstrdup(const char *s, gfp_t gfp)
{
	size_t size = strlen(s) + 1;
	char *copy = kmalloc(size, gfp);

	return copy ? memcpy(copy, s, size) : NULL;
}

/* Linux: lib/kasprintf.c */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = kmalloc((size_t)len + 1, gfp);
	if (text)
		vsnprintf(text, (size_t)len + 1, fmt, args);
	return text;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}

void kfree(const void *object)
{
	struct page *page;

	if (ZERO_OR_NULL_PTR(object))
		return;
	page = virt_to_page(object);
	if (unlikely(page->flags != PG_slab))
		panic("kfree(%p): not from kmalloc()", object);
	if (page->slab_cache)
		kmem_cache_free(page->slab_cache, (void *)object);
	else
		__free_pages(page, page->order);
}

size_t ksize(const void *object)
{
	const struct page *page;

	if (ZERO_OR_NULL_PTR(object))
		return 0;
	page = virt_to_page(object);
	return page->slab_cache ? page->slab_cache->object_size : (size_t)PAGE_SIZE << page->order;
}
