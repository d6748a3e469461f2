/*
 * The page-frame allocator: binary buddies. page.h says how to use it. Linux: mm/page_alloc.c
 *
 * Free blocks of 2^n frames, aligned to their size, hang in free_area[n]. A freed block whose buddy
 * (the other half of the next larger block) is free as well merges with it, and so on upwards.
 */
#include "kernel/mm/memblock.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/shrinker.h"

struct page *mem_map;
unsigned long max_pfn, min_free_pages;

static DEFINE_SPINLOCK(zone_lock); /* protects the free blocks; taken by interrupt handlers */
static struct list_head free_area[MAX_ORDER + 1];
static unsigned long free_pages, total_pages;

unsigned long nr_free_pages(void)
{
	return free_pages;
}

unsigned long totalram_pages(void)
{
	return total_pages;
}

static void add_free_block(struct page *page, unsigned int order)
{
	page->flags = PG_buddy;
	page->order = order;
	list_add(&page->lru, &free_area[order]);
}

static void del_free_block(struct page *page)
{
	page->flags = 0;
	list_del(&page->lru);
}

/* The buddy of @page, if it is a free block of just @order; else NULL. */
static struct page *free_buddy(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page) ^ BIT(order);
	struct page *buddy;

	if (pfn >= max_pfn)
		return NULL;
	buddy = pfn_to_page(pfn);
	return buddy->flags == PG_buddy && buddy->order == order ? buddy : NULL;
}

static void free_block(struct page *page, unsigned int order)
{
	struct page *buddy;

	free_pages += BIT(order);
	while (order < MAX_ORDER && (buddy = free_buddy(page, order))) {
		del_free_block(buddy);
		page = min(page, buddy);
		order++;
	}
	add_free_block(page, order);
}

/* The smallest block that is large enough, cut to size; or NULL. */
static struct page *take_block(unsigned int order)
{
	struct page *page = NULL;
	unsigned int o = order;
	unsigned long flags;

	spin_lock_irqsave(&zone_lock, flags);
	while (o <= MAX_ORDER && list_empty(&free_area[o]))
		o++;
	if (o <= MAX_ORDER) {
		page = list_first_entry(&free_area[o], struct page, lru);
		del_free_block(page);
		while (o > order) {
			o--;
			add_free_block(page + BIT(o), o);
		}
		free_pages -= BIT(order);
	}
	spin_unlock_irqrestore(&zone_lock, flags);
	return page;
}

/* Without vmscan.c there are no caches to ask. */
unsigned long __weak noprobe shrink_slab(gfp_t gfp_mask __maybe_unused)
{
	return 0;
}

bool shrink_caches(unsigned long pages)
{
	reclaim_empty_slabs();
	while (free_pages <= pages && shrink_slab(GFP_KERNEL))
		reclaim_empty_slabs();
	return free_pages > pages;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (gfp & GFP_KERNEL)
		might_sleep();
	page = take_block(order);
	if (!page && order <= MAX_ORDER && reclaim_empty_slabs())
		page = take_block(order);
	while (!page && order <= MAX_ORDER && (gfp & GFP_KERNEL) && shrink_slab(gfp)) {
		reclaim_empty_slabs();
		page = take_block(order);
	}
	if (!page)
		return NULL;
	page->order = order;
	atomic_set(&page->_refcount, 1);
	if (gfp & __GFP_ZERO)
		memset64(page_address(page), 0, PAGE_SIZE / 8 << order);
	return page;
}

/* Called when the last reference is dropped. */
static void free_unused(struct page *page, unsigned int order)
{
	unsigned long flags;

	BUG_ON(page->flags & (PG_reserved | PG_buddy));
	spin_lock_irqsave(&zone_lock, flags);
	page->flags = 0;
	free_block(page, order);
	spin_unlock_irqrestore(&zone_lock, flags);
}

void __free_pages(struct page *page, unsigned int order)
{
	BUG_ON(page_count(page) != 1);
	atomic_set(&page->_refcount, 0);
	free_unused(page, order);
}

void put_page(struct page *page)
{
	BUG_ON(page_count(page) <= 0);
	if (atomic_dec_and_test(&page->_refcount))
		free_unused(page, 0);
}

void free_reserved_area(phys_addr_t start, phys_addr_t end)
{
	unsigned long pfn = start >> PAGE_SHIFT, last = end >> PAGE_SHIFT;

	for (; pfn < last; pfn++) {
		struct page *page = pfn_to_page(pfn);

		BUG_ON(page->flags != PG_reserved);
		page->flags = 0;
		total_pages++;
		free_block(page, 0);
	}
}

/* Hand [pfn, end) over in the largest aligned blocks: one step a block, not one a page. */
static void release_range(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = pfn ? min(__builtin_ctzl(pfn), MAX_ORDER) : MAX_ORDER;

		while (pfn + BIT(order) > end)
			order--;
		pfn_to_page(pfn)->flags = 0;
		total_pages += BIT(order);
		free_block(pfn_to_page(pfn), order);
		pfn += BIT(order);
	}
}

/* Hand over the parts of @r that are not reserved. */
static void release_region(const struct memblock_region *r)
{
	phys_addr_t base = max(r->base, (phys_addr_t)PAGE_SIZE), end;
	unsigned int i;

	while (base < r->end) {
		phys_addr_t next = 0;

		end = r->end;
		for (i = 0; i < memblock_reserved.cnt; i++) {
			const struct memblock_region *taken = &memblock_reserved.regions[i];

			if (taken->base <= base && base < taken->end)
				next = max(next, taken->end);
			else if (taken->base > base)
				end = min(end, taken->base);
		}
		if (!next) {
			release_range(base >> PAGE_SHIFT, end >> PAGE_SHIFT);
			next = end;
		}
		base = next;
	}
}

void page_alloc_init(void)
{
	unsigned long size;
	unsigned int i;

	max_pfn = memblock_end_of_DRAM() >> PAGE_SHIFT;
	size = max_pfn * sizeof(struct page);
	mem_map = __va(memblock_alloc(size, PAGE_SIZE)); /* zeroed: flags 0, refcount 0 */
	for (i = 0; i <= MAX_ORDER; i++)
		INIT_LIST_HEAD(&free_area[i]);
	for (i = 0; i < memblock_reserved.cnt; i++) {
		unsigned long pfn = memblock_reserved.regions[i].base >> PAGE_SHIFT;
		unsigned long end = memblock_reserved.regions[i].end >> PAGE_SHIFT;

		for (; pfn < min(end, max_pfn); pfn++)
			pfn_to_page(pfn)->flags = PG_reserved;
	}
	for (i = 0; i < memblock_memory.cnt; i++)
		release_region(&memblock_memory.regions[i]);
	min_free_pages = total_pages / 64;
}
