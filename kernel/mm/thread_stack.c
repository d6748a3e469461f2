/*
 * Kernel stacks: mapped page by page in the vmalloc area, each above a page that is never mapped. A
 * stack overflow therefore faults at once. The CPU cannot push the frame of that page fault onto
 * the full stack, so it raises a double fault, which has a stack of its own.
 * Linux: CONFIG_VMAP_STACK, kernel/fork.c:alloc_thread_stack_node()
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/paging.h"

#define SLOT_SIZE (PAGE_SIZE + THREAD_SIZE)
#define NR_SLOTS ((VMALLOC_END - VMALLOC_START) / SLOT_SIZE)

static unsigned long slots[BITS_TO_LONGS(NR_SLOTS)];
static unsigned long next_slot; /* no free slot lies below */

/* Unmap the first @pages pages of @stack and free their frames. */
static void unmap_stack(unsigned long stack, unsigned int pages)
{
	while (pages--)
		put_page(phys_to_page(unmap_kernel_page(stack + pages * PAGE_SIZE)));
}

void *alloc_thread_stack(void)
{
	unsigned long slot = find_next_zero_bit(slots, NR_SLOTS, next_slot);
	unsigned long stack = VMALLOC_START + slot * SLOT_SIZE + PAGE_SIZE;
	unsigned int mapped;
	struct page *page;

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

	unmap_stack((unsigned long)stack, THREAD_SIZE / PAGE_SIZE);
	__clear_bit(slot, slots);
	next_slot = min(next_slot, slot);
}
