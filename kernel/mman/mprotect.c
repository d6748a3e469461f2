/*
 * mprotect(): changes which accesses to a range of pages are allowed. Linux: mm/mprotect.c
 */
#include "kernel/mman/mman.h"

#include <uapi/mman.h>

#include "kernel/mm/paging.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

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
	unsigned long oldflags = vma->vm_flags, pages = (end - start) >> PAGE_SHIFT;
	struct mm_struct *mm = vma->vm_mm;

	if (newflags == oldflags)
		return vma;
	if (newflags & VM_WRITE) {
		if (!may_expand_vm(mm, newflags, pages) && may_expand_vm(mm, oldflags, pages))
			return ERR_PTR(-ENOMEM);
		/* Private memory is counted from the moment at which it becomes writable. */
		if (!(oldflags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE))) {
			if (vm_enough_memory(pages))
				return ERR_PTR(-ENOMEM);
			newflags |= VM_ACCOUNT;
		}
	}
	vma = vma_modify_flags(vma, start, end, newflags);
	if (IS_ERR(vma))
		return vma;
	walk_pte_ranges(mm, start, end, change_pte_range, vma);
	if ((oldflags & (VM_WRITE | VM_SHARED | VM_LOCKED)) == VM_LOCKED && newflags & VM_WRITE)
		populate_vma_page_range(vma, start, end); /* the copies that writing needs */
	return vma;
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

/* With mmap_lock. What is returned when is said in mman.h. */
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

SYSCALL_DEFINE3(mprotect, unsigned long, start, unsigned long, len, unsigned long, prot)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_mprotect(mm, start, len, prot);
	mmap_write_unlock(mm);
	return err;
}
