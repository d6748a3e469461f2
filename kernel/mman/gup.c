/*
 * Pages are brought in before they are used: MAP_POPULATE, mlock(), madvise(MADV_POPULATE_READ).
 * Linux: mm/gup.c, whose functions do this in passing when they look pages up.
 */
#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"

/* All pages of [@start, @end) in @vma, as if each were read or written. */
static long faultin_pages(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			  unsigned int flags)
{
	unsigned long addr;
	vm_fault_t fault;

	for (addr = start; addr < end; addr += PAGE_SIZE) {
		if (fatal_signal_pending(current))
			return -EINTR;
		fault = handle_mm_fault(vma, addr, flags);
		if (fault & VM_FAULT_ERROR)
			return fault & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
		cond_resched();
	}
	return (end - start) >> PAGE_SHIFT;
}

long populate_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	bool write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;

	if (vma->vm_flags & VM_LOCKONFAULT)
		return (end - start) >> PAGE_SHIFT;
	if (!(vma->vm_flags & VM_ACCESS))
		return -EFAULT;
	return faultin_pages(vma, start, end, write ? FAULT_FLAG_WRITE : 0);
}

long faultin_vma_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			    bool write)
{
	if (!(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -EINVAL;
	return faultin_pages(vma, start, end, write ? FAULT_FLAG_WRITE : 0);
}

int __mm_populate(unsigned long start, unsigned long len, bool ignore_errors)
{
	unsigned long end = start + ALIGN(len, PAGE_SIZE);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	long ret = 0;

	mmap_read_lock(mm);
	for (vma = find_vma_intersection(mm, start, end); vma && vma->vm_start < end; vma = next_vma(vma)) {
		ret = populate_vma_page_range(vma, max(start, vma->vm_start), min(end, vma->vm_end));
		if (ret == -EINTR || (ret < 0 && !ignore_errors))
			break;
		ret = 0;
	}
	mmap_read_unlock(mm);
	return ret;
}

void mm_populate(unsigned long start, unsigned long len)
{
	__mm_populate(start, len, true);
}

struct page *follow_page(struct vm_area_struct *vma, unsigned long addr)
{
	u64 *pte = walk_page_table(vma->vm_mm->pgd, addr, LEVEL_PT, NULL, 0);

	return pte && *pte & PTE_PRESENT ? phys_to_page(*pte & PTE_ADDR_MASK) : NULL;
}
