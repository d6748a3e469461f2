/*
 * Page frames: one struct page for each, and the buddy allocator that hands them out.
 * Linux: include/linux/mm_types.h (struct page), mm/page_alloc.c
 */
#ifndef KERNEL_MM_PAGE_H
#define KERNEL_MM_PAGE_H

#include "kernel/lib/lib.h"
#include "kernel/mm/memlayout.h"

#define MAX_ORDER 10 /* the largest block is 2^10 pages, 4 MiB */

struct kmem_cache;

struct page {
	u8 flags;             /* PG_* */
	u8 order;             /* of the block this page heads */
	atomic_t _refcount;   /* 0: free; see page_count() */
	union {
		struct list_head lru;          /* free: in free_area[order] */
		struct kmem_cache *slab_cache; /* PG_slab: the cache, for kfree() */
	};
};

#define PG_reserved 0x01 /* never ours to hand out: firmware, kernel image, holes */
#define PG_buddy 0x02    /* heads a free block */
#define PG_slab 0x04     /* part of a slab or of a large kmalloc() */
#define PG_owner_priv_1 0x08 /* for whoever has the page; of a file: its file system */

extern struct page *mem_map;
extern unsigned long max_pfn; /* one past the last frame of RAM */

static inline void *__va(phys_addr_t phys)
{
	return (void *)(phys + PAGE_OFFSET);
}

/* Physical address of a direct-map pointer. */
static inline phys_addr_t __pa(const void *virt)
{
	return (phys_addr_t)virt - PAGE_OFFSET;
}

/* Physical address of something inside the kernel image. */
static inline phys_addr_t __pa_symbol(const void *virt)
{
	return (phys_addr_t)virt - __START_KERNEL_map;
}

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return mem_map + pfn;
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return page - mem_map;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return (phys_addr_t)page_to_pfn(page) << PAGE_SHIFT;
}

static inline void *page_address(const struct page *page)
{
	return __va(page_to_phys(page));
}

static inline struct page *phys_to_page(phys_addr_t phys)
{
	return pfn_to_page(phys >> PAGE_SHIFT);
}

static inline struct page *virt_to_page(const void *virt)
{
	return phys_to_page(__pa(virt));
}

/*
 * 2^@order contiguous frames (0..MAX_ORDER) with one reference, contents undefined unless
 * __GFP_ZERO. NULL when there is no such block even after the slab caches have freed their empty
 * slabs. May be called from anywhere.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
void __free_pages(struct page *page, unsigned int order);

static inline struct page *alloc_page(gfp_t gfp)
{
	return alloc_pages(gfp, 0);
}

/* References to @page. */
static inline int page_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}

static inline void get_page(struct page *page)
{
	BUG_ON(page_count(page) <= 0);
	atomic_inc(&page->_refcount);
}

/* Drop one reference; the last one frees the page (order 0 only). */
void put_page(struct page *page);

/* Hand the frames of [start, end), reserved until now, to the allocator. Physical, page aligned. */
void free_reserved_area(phys_addr_t start, phys_addr_t end);

unsigned long nr_free_pages(void);
extern unsigned long min_free_pages; /* not for ring 3, but for the kernel's own needs */
/* Give back what caches do not need, until more than @pages are free. False: there is not enough. */
bool shrink_caches(unsigned long pages);
unsigned long totalram_pages(void);

void page_alloc_init(void);

#endif
