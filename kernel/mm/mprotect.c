/*
 * mprotect(): changes which accesses to a range of pages are allowed. Linux: mm/mprotect.c
 */
#include <uapi/mman.h>

#include "kernel/mm/internal.h"
#include "kernel/mm/paging.h"

static int change_pte_range(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	const struct vm_area_struct *vma = arg;

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		/*
		 * A private page stays read-only until a write faults: the fault finds out who else
		 * uses it.
		 */
		if (*pte & PTE_MAPPED)
			*pte = make_pte(vma, phys_to_page(*pte & PTE_ADDR_MASK),
					vma->vm_flags & VM_SHARED);
	}
	return 0;
}

/*
 * Give [@start, @end), which lies in @vma, the flags @newflags. Returns the area it is part of
 * then, or ERR_PTR(-ENOMEM).
 */
static struct vm_area_struct *mprotect_fixup(struct vm_area_struct *vma, unsigned long start,
					     unsigned long end, unsigned long newflags)
{
	struct vm_area_struct *next;

	if (newflags == vma->vm_flags)
		return vma;
	/* Private memory is counted from the moment at which it becomes writable. */
	if (newflags & VM_WRITE &&
	    !(vma->vm_flags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE))) {
		if (vm_enough_memory((end - start) >> PAGE_SHIFT))
			return ERR_PTR(-ENOMEM);
		newflags |= VM_ACCOUNT;
	}
	if (start > vma->vm_start)
		vma = split_vma(vma, start);
	if (!vma || (end < vma->vm_end && !split_vma(vma, end)))
		return ERR_PTR(-ENOMEM);
	vma->vm_flags = newflags;
	walk_pte_ranges(vma->vm_mm, start, end, change_pte_range, vma);
	next = next_vma(vma);
	if (next)
		vma_merge(next);
	return vma_merge(vma);
}

/* Change [@start, @end), which begins in @vma, area by area, up to the first that is refused. */
static int protect_areas(struct vm_area_struct *vma, unsigned long start, unsigned long end,
			 unsigned long prot)
{
	unsigned long newflags;

	for (;;) {
		newflags = (vma->vm_flags & ~VM_ACCESS) | prot;
		if (newflags & VM_WRITE && !(newflags & VM_MAYWRITE))
			return -EACCES;
		vma = mprotect_fixup(vma, start, min(vma->vm_end, end), newflags);
		if (IS_ERR(vma))
			return PTR_ERR(vma);
		start = vma->vm_end;
		if (start >= end)
			return 0;
		vma = next_vma(vma);
		if (!vma || vma->vm_start != start)
			return -ENOMEM;
		cond_resched();
	}
}

int do_mprotect(struct mm_struct *mm, unsigned long start, unsigned long len, unsigned long prot)
{
	unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP), end;
	struct vm_area_struct *vma;
	int err;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || start % PAGE_SIZE)
		return -EINVAL;
	if (!len)
		return 0;
	end = start + ALIGN(len, PAGE_SIZE);
	if (end <= start)
		return -ENOMEM;
	if (prot & ~(unsigned long)(VM_ACCESS | PROT_SEM))
		return -EINVAL;
	vma = find_vma(mm, start);
	if (!vma)
		return -ENOMEM;
	if (grows & PROT_GROWSDOWN) {
		if (vma->vm_start >= end)
			return -ENOMEM;
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return -EINVAL;
		start = vma->vm_start;
	}
	if (vma->vm_start > start)
		return -ENOMEM;
	if (grows & PROT_GROWSUP) /* no area does, on x86 */
		return -EINVAL;
	tlb_gather_mmu(mm);
	err = protect_areas(vma, start, end, prot & VM_ACCESS);
	tlb_finish_mmu(mm);
	return err;
}
