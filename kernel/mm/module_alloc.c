/*
 * Memory for modules: whole pages in an area that lies near enough to the kernel for 32-bit
 * relocations. A module is loaded in three steps: module_alloc() maps pages that can be written to,
 * the loader fills them, and module_seal() makes code executable and constants read-only.
 * Linux: arch/x86/kernel/module.c, mm/vmalloc.c
 *
 * No page is both writable and executable in any mapping. Sealing a page therefore also makes it
 * read-only in the direct map, whose 2 MiB page may have to be split into 4 KiB pages first.
 */
#include "kernel/mm/module_alloc.h"

#include "kernel/cpu/cpu.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/paging.h"

#define MODULE_PAGES 8192 /* 32 MiB for all modules */

static unsigned long used[BITS_TO_LONGS(MODULE_PAGES)];

static unsigned long page_addr(unsigned long index)
{
	return MODULES_VADDR + index * PAGE_SIZE;
}

/* The first @n free pages in a row, or MODULE_PAGES. */
static unsigned long find_run(unsigned long n)
{
	unsigned long start = 0, i = 0;

	while (i < n && start + n <= MODULE_PAGES) {
		if (test_bit(start + i, used)) {
			start += i + 1;
			i = 0;
		} else {
			i++;
		}
	}
	return i == n ? start : MODULE_PAGES;
}

static void unmap_pages(unsigned long first, unsigned long n)
{
	while (n--) {
		phys_addr_t phys = unmap_kernel_page(page_addr(first + n));

		set_direct_map_writable(phys, true);
		put_page(phys_to_page(phys));
		__clear_bit(first + n, used);
	}
}

void *module_alloc(unsigned long pages)
{
	unsigned long first = find_run(pages + 1), i; /* one more: the page behind stays unmapped */
	struct page *page;

	if (first == MODULE_PAGES)
		return NULL;
	for (i = 0; i < pages; i++) {
		page = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!page)
			goto out_unmap;
		if (map_kernel_page(page_addr(first + i), page_to_phys(page), PAGE_KERNEL)) {
			put_page(page);
			goto out_unmap;
		}
		__set_bit(first + i, used);
	}
	__set_bit(first + pages, used);
	return (void *)page_addr(first);

out_unmap:
	unmap_pages(first, i);
	return NULL;
}

void module_memfree(void *addr, unsigned long pages)
{
	unsigned long first = ((unsigned long)addr - MODULES_VADDR) / PAGE_SIZE;

	unmap_pages(first, pages);
	__clear_bit(first + pages, used);
}

int module_seal(void *addr, unsigned long pages, bool executable)
{
	unsigned long virt = (unsigned long)addr;
	u64 *pte;
	int err;

	for (; pages--; virt += PAGE_SIZE) {
		pte = walk_page_table(kernel_pgd, virt, LEVEL_PT, NULL, 0);
		err = set_direct_map_writable(*pte & PTE_ADDR_MASK, false);
		if (err)
			return err;
		*pte = (*pte & PTE_ADDR_MASK) | (executable ? PAGE_KERNEL_RX : PAGE_KERNEL_RO);
		invlpg(virt);
	}
	return 0;
}
