/*
 * kernel/mman: the calls about memory beyond mmap, munmap and brk. Linux: mm/internal.h, mm/mmap.c
 */
#ifndef KERNEL_MMAN_MMAN_H
#define KERNEL_MMAN_MMAN_H

#include "kernel/mm/internal.h"

/*
 * mprotect(). -EINVAL: wrong arguments; -ENOMEM at a page that is not mapped, -EACCES at an area
 * that must not become writable: the pages before it are changed all the same.
 */
int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot);

/*
 * Give [@start, @end), which lies in @vma, @newflags: it is cut out of its area, and merged with its
 * neighbours if they have the same flags now. Returns the area that it is part of, or ERR_PTR(-ENOMEM).
 * With mmap_lock for writing. In limits.c.
 */
struct vm_area_struct *vma_modify_flags(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, unsigned long newflags);

/* May @mm get @pages more in areas with @vm_flags? limits.c */
bool may_expand_vm(const struct mm_struct *mm, unsigned long vm_flags, unsigned long pages);

/* The areas below @root that show a page of [@first, @last], in order; NULL: no more. */
struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root *root, unsigned long first,
						    unsigned long last);
struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *vma, unsigned long first,
						   unsigned long last);

/*
 * Make the pages of [@start, @end) present, which lies in @vma; a private writable page becomes a
 * copy of its own. With mmap_lock. Returns how many pages there are, or -EFAULT: nobody may access
 * them, or there is no such page; -ENOMEM; -EINTR: a signal is about to end current.
 */
long populate_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);

/*
 * The same for a read or a write (@write) that @vma must allow: -EINVAL when it does not.
 */
long faultin_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			    bool write);

/*
 * populate_vma_page_range() for all areas in [@start, @start + @len) of current->mm. Takes mmap_lock.
 * 0, or the first error, which @ignore_errors passes over.
 */
int __mm_populate(unsigned long start, unsigned long len, bool ignore_errors);

#endif
