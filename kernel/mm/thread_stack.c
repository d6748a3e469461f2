/*
 * Kernel stacks: mapped page by page in the vmalloc area, each above a page that is never mapped. A
 * stack overflow therefore faults at once. The CPU cannot push the frame of that page fault onto
 * the full stack, so it raises a double fault, which has a stack of its own.
 *
 * Two stacks stay mapped when their tasks are gone: a program that starts and ends threads or processes
 * one after another gets the same ones again. To map four pages would be a quarter of what clone() costs.
 * Linux: CONFIG_VMAP_STACK, kernel/fork.c:alloc_thread_stack_node()
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/paging.h"

#define SLOT_SIZE (PAGE_SIZE + THREAD_SIZE)
#define NR_SLOTS ((VMALLOC_END - VMALLOC_START) / SLOT_SIZE)

static unsigned long slots[BITS_TO_LONGS(NR_SLOTS)];
static unsigned long next_slot; /* no free slot lies below */

#define NR_CACHED_STACKS 2
static void *cached_stacks[NR_CACHED_STACKS];
static unsigned int nr_cached_stacks;

/* Unmap the first @pages pages of @stack and free their frames. */
static void unmap_stack(unsigned long stack, unsigned int pages)
{
	while (pages--)
		put_page(phys_to_page(unmap_kernel_page(stack + pages * PAGE_SIZE)));
}

void *alloc_thread_stack(void)
{
	unsigned long slot, stack;
	unsigned int mapped;
	struct page *page;

	if (nr_cached_stacks)
		return memset(cached_stacks[--nr_cached_stacks], 0, THREAD_SIZE);
	slot = find_next_zero_bit(slots, NR_SLOTS, next_slot);
	stack = VMALLOC_START + slot * SLOT_SIZE + PAGE_SIZE;
	if (slot == NR_SLOTS)
		return NULL;
	for (mapped = 0; mapped < THREAD_SIZE / PAGE_SIZE; mapped++) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			goto out_unmap;
		if (map_kernel_page(stack + mapped * PAGE_SIZE, page_to_phys(page), PAGE_KERNEL))
			goto out_free_page;
	}
	__set_bit(slot, slots);
	next_slot = slot + 1;
	return (void *)stack;

out_free_page:
	put_page(page);
out_unmap:
	unmap_stack(stack, mapped);
	return NULL;
}

void free_thread_stack(void *stack)
{
	unsigned long slot = ((unsigned long)stack - VMALLOC_START) / SLOT_SIZE;

	if (nr_cached_stacks < NR_CACHED_STACKS) {
		cached_stacks[nr_cached_stacks++] = stack;
		return;
	}
	unmap_stack((unsigned long)stack, THREAD_SIZE / PAGE_SIZE);
	__clear_bit(slot, slots);
	next_slot = min(next_slot, slot);
}
