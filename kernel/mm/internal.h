/*
 * What the files about address spaces share, in kernel/mm and kernel/mman. Nobody else includes it.
 */
#ifndef KERNEL_MM_INTERNAL_H
#define KERNEL_MM_INTERNAL_H

#include "kernel/mm/mm.h"

/* pagewalk.c */
/*
 * Called with the entries of [@addr, @end), which lie in one page table, from @pte on. 0, or a
 * value that ends the walk and is its result.
 */
typedef int (*pte_range_fn)(u64 *pte, unsigned long addr, unsigned long end, void *arg);

/* Call @fn(@arg) for each page table that exists in [@start, @end), in order. */
int walk_pte_ranges(struct mm_struct *mm, unsigned long start, unsigned long end, pte_range_fn fn,
		    void *arg);

#define USER_TABLES_END (1ul << 47) /* the last table of the user half ends here */

/* memory.c */
/*
 * The page-table entry for @page in @vma. @write: make it writable if @vma is; only for a page that
 * nobody else uses, or that is shared on purpose.
 */
u64 make_pte(const struct vm_area_struct *vma, const struct page *page, bool write);
/* The slot for @addr at @level (LEVEL_*), with the tables on the way made; or NULL: no memory. */
u64 *user_table_slot(struct mm_struct *mm, unsigned long addr, int level);
/*
 * Drop the pages of [@start, @end), where nothing is to be mapped any longer, and the page tables that
 * no other area needs. These are the tables whose range lies within [@bottom, @top). @bottom: the end of
 * the next area below or 0; @top: the start of the next one above or USER_TABLES_END.
 */
void unmap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		      unsigned long bottom, unsigned long top);
/* Drop the pages of a range; copy an area's pages to @dst, 0 or -ENOMEM. Neither flushes the TLB. */
void zap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end);
int copy_page_range(struct mm_struct *dst, struct vm_area_struct *vma);

/* vma_tree.c */
struct vm_area_struct *next_vma(const struct vm_area_struct *vma); /* by address; NULL: none */
struct vm_area_struct *prev_vma(const struct vm_area_struct *vma);
struct vm_area_struct *last_vma(const struct mm_struct *mm);
/* Put @vma, which overlaps no other area, below @next; NULL: above all. */
void link_vma(struct mm_struct *mm, struct vm_area_struct *vma, struct vm_area_struct *next);
void unlink_vma(struct vm_area_struct *vma);
void update_gap(struct vm_area_struct *vma); /* after its start or the area below has changed */

#define STACK_GUARD_GAP (256 * PAGE_SIZE) /* kept free below an area that grows downwards */
/* Where @vma starts, or the gap below it. */
unsigned long vm_start_gap(const struct vm_area_struct *vma);

/* Where @length bytes may go: anywhere in [low_limit, high_limit). */
struct vm_unmapped_area_info {
	unsigned long length, low_limit, high_limit;
};

/* The highest or the lowest place within the limits, or -ENOMEM. */
unsigned long vm_unmapped_area(struct mm_struct *mm, bool topdown,
			       struct vm_unmapped_area_info *info);

/*
 * kernel/mman/interval_tree.c: an area with a file is found by the pages of the file that it shows;
 * without that file, it is not. After its end has changed, it has to be updated.
 */
void vma_interval_tree_insert(struct vm_area_struct *vma);
void vma_interval_tree_remove(struct vm_area_struct *vma);
void vma_interval_tree_update(struct vm_area_struct *vma);

/* mmap.c */
void mmap_init(void); /* make the slab cache of areas */
void exit_mmap(struct mm_struct *mm); /* remove every area and every table but the top one */
/*
 * For fork(): give the empty @mm the areas and pages of @old. 0, or -ENOMEM, and then it has only
 * some of them.
 */
int dup_mmap(struct mm_struct *mm, struct mm_struct *old);
/* Cut @vma in two at @addr, inside it. Returns the upper part, or NULL: no memory, too many. */
struct vm_area_struct *split_vma(struct vm_area_struct *vma, unsigned long addr);
/* A copy of @vma with its own reference on the file. It is not in the tree yet. NULL: no memory. */
struct vm_area_struct *vma_dup(const struct vm_area_struct *vma);
/* Count @pages more (or fewer: negative) in an area with @vm_flags. */
void vm_stat_account(struct mm_struct *mm, unsigned long vm_flags, long pages);
static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}
/* Merge @vma with the area below it if the two fit together. Returns the merged area, or @vma. */
struct vm_area_struct *vma_merge(struct vm_area_struct *vma);

#define MMAP_MIN_ADDR 0x10000 /* vm.mmap_min_addr: NULL plus an offset faults */

/* mm.c */
/*
 * Around changes of present entries. The CPU may have cached them; it has forgotten them when
 * tlb_finish_mmu() returns, and whenever another task runs in between. Linux: mm/mmu_gather.c
 */
void tlb_gather_mmu(struct mm_struct *mm);
void tlb_finish_mmu(struct mm_struct *mm);

#endif
