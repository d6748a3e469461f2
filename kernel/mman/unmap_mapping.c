/*
 * Pages that leave a file leave the address spaces that map them: what is behind the new end of a file
 * is SIGBUS from then on, and a hole shows zeros. Linux: mm/memory.c:unmap_mapping_pages(), mm/truncate.c
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"

struct unmap {
	const struct vm_area_struct *vma;
	struct address_space *mapping;
	bool even_cows;
};

/* Is @page the file's, and not a private copy? */
static bool is_cache_page(const struct unmap *unmap, const struct page *page, unsigned long addr)
{
	unsigned long index = unmap->vma->vm_pgoff + ((addr - unmap->vma->vm_start) >> PAGE_SHIFT);
	struct page *cached = find_get_page(unmap->mapping, index);

	if (cached)
		put_page(cached);
	return cached == page;
}

static int unmap_pte_range(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	const struct unmap *unmap = arg;

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		struct page *page = phys_to_page(*pte & PTE_ADDR_MASK);

		if (!(*pte & PTE_MAPPED) || (!unmap->even_cows && !is_cache_page(unmap, page, addr)))
			continue;
		*pte = 0;
		put_page(page);
		unmap->vma->vm_mm->rss--;
	}
	return 0;
}

/* The pages [@first, @last] of the file, as far as @vma shows them. With its mmap_lock. */
static void unmap_vma(struct unmap *unmap, unsigned long first, unsigned long last)
{
	const struct vm_area_struct *vma = unmap->vma;
	unsigned long from = max(first, vma->vm_pgoff) - vma->vm_pgoff;
	unsigned long to = min(last - vma->vm_pgoff, vma_pages(vma) - 1) + 1;

	tlb_gather_mmu(vma->vm_mm);
	walk_pte_ranges(vma->vm_mm, vma->vm_start + (from << PAGE_SHIFT), vma->vm_start + (to << PAGE_SHIFT),
			unmap_pte_range, unmap);
	tlb_finish_mmu(vma->vm_mm);
}

static void unlock_and_put(struct mm_struct *mm)
{
	if (mm) {
		mmap_read_unlock(mm);
		mmput(mm);
	}
}

/*
 * Unmap the pages [@first, @last] wherever they are mapped. One address space after the other is locked,
 * so that the area at which we are stays, and with it our place in the tree. Returns the address space
 * whose lock somebody else has, with a reference; NULL: all is done.
 */
static struct mm_struct *unmap_all(struct unmap *unmap, unsigned long first, unsigned long last)
{
	struct rb_root *root = &unmap->mapping->i_mmap;
	struct mm_struct *mm = NULL, *busy = NULL;
	struct vm_area_struct *vma;

	for (vma = vma_interval_tree_iter_first(root, first, last); vma;
	     vma = vma_interval_tree_iter_next(vma, first, last)) {
		struct mm_struct *next = vma->vm_mm;

		if (!refcount_read(&next->mm_users)) /* it is being taken apart */
			continue;
		if (next != mm) {
			refcount_inc(&next->mm_users);
			if (!mmap_read_trylock(next)) {
				busy = next;
				break;
			}
			unlock_and_put(mm);
			mm = next;
		}
		unmap->vma = vma;
		unmap_vma(unmap, first, last);
	}
	unlock_and_put(mm);
	return busy;
}

void unmap_mapping_pages(struct address_space *mapping, unsigned long first, unsigned long nr, bool even_cows)
{
	struct unmap unmap = { .mapping = mapping, .even_cows = even_cows };
	unsigned long last = nr ? first + nr - 1 : -1ul;
	struct mm_struct *busy;

	/* To wait for a lock while we hold another could be for ever. What is unmapped already costs little again. */
	while ((busy = unmap_all(&unmap, first, last))) {
		mmap_read_lock(busy);
		unlock_and_put(busy);
	}
}

void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	unmap_mapping_pages(inode->i_mapping, lstart >> PAGE_SHIFT, (lend - lstart + 1) >> PAGE_SHIFT, false);
	truncate_inode_pages_range(inode->i_mapping, lstart, lend);
}

bool mapping_writably_mapped(struct address_space *mapping)
{
	struct vm_area_struct *vma;

	for (vma = vma_interval_tree_iter_first(&mapping->i_mmap, 0, -1ul); vma;
	     vma = vma_interval_tree_iter_next(vma, 0, -1ul)) {
		if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
			return true;
	}
	return false;
}
