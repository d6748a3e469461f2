/*
 * Between the files of kernel/mm.
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

/*
 * [@start, @end) maps nothing any longer: free the tables on the way there that are needed by
 * nobody, which are those that lie in [@bottom, @top). @bottom: the end of the next area below or
 * 0; @top: the start of the next one above or USER_TABLES_END.
 */
void free_pgtables(struct mm_struct *mm, unsigned long start, unsigned long end,
		   unsigned long bottom, unsigned long top);
#define USER_TABLES_END (1ul << 47) /* the last table of the user half ends here */

/* memory.c. Who calls these flushes the TLB when all is done. */
void zap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void change_protection(struct vm_area_struct *vma);
int copy_page_range(struct mm_struct *dst, struct vm_area_struct *vma); /* 0 or -ENOMEM */

/* mm.c */
void flush_tlb_mm(const struct mm_struct *mm);

/* mmap.c */
void mmap_init(void); /* its cache */
void exit_mmap(struct mm_struct *mm); /* remove every area and every table but the top one */
struct vm_area_struct *vma_dup(struct mm_struct *mm, const struct vm_area_struct *vma);

#endif
