/*
 * Between the files of kernel/mm.
 */
#ifndef KERNEL_MM_INTERNAL_H
#define KERNEL_MM_INTERNAL_H

#include "kernel/mm/mm.h"

/* memory.c */
void zap_page_range(struct mm_struct *mm, unsigned long start, unsigned long end);
void change_protection(struct mm_struct *mm, struct vm_area_struct *vma);
int copy_page_range(struct mm_struct *dst, struct mm_struct *src, struct vm_area_struct *vma);
void free_pgtables(struct mm_struct *mm);

/* mmap.c */
void mmap_init(void); /* its cache */
struct vm_area_struct *vma_dup(struct mm_struct *mm, const struct vm_area_struct *vma);

#endif
