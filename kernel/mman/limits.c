/*
 * What the resource limits let an address space grow to, and areas whose flags change.
 * Linux: mm/mmap.c, mm/mlock.c:can_do_mlock()
 */
#include <uapi/capability.h>

#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"

bool may_expand_vm(const struct mm_struct *mm, unsigned long vm_flags, unsigned long pages)
{
	bool data = (vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
	const struct rlimit *limit = &current->signal->rlim[RLIMIT_DATA];

	if (mm->total_vm + pages > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return false;
	if (!data || mm->data_vm + pages <= limit->rlim_cur >> PAGE_SHIFT)
		return true;
	/* A limit of 0 is one that valgrind sets, which only wants to hear of brk(). Linux allows it, too. */
	return !limit->rlim_cur && mm->data_vm + pages <= limit->rlim_max >> PAGE_SHIFT;
}

static unsigned long count_vma_pages_range(struct mm_struct *mm, unsigned long addr, unsigned long end)
{
	const struct vm_area_struct *vma;
	unsigned long bytes = 0;

	for (vma = find_vma(mm, addr); vma && vma->vm_start < end; vma = next_vma(vma)) {
		bytes += min(vma->vm_end, end) - max(vma->vm_start, addr);
		cond_resched();
	}
	return bytes >> PAGE_SHIFT;
}

bool may_map(struct mm_struct *mm, unsigned long vm_flags, unsigned long addr, unsigned long len)
{
	unsigned long pages = len >> PAGE_SHIFT;

	return may_expand_vm(mm, vm_flags, pages) ||
	       may_expand_vm(mm, vm_flags, pages - count_vma_pages_range(mm, addr, addr + len));
}

int mlock_future_check(const struct mm_struct *mm, unsigned long vm_flags, unsigned long len)
{
	unsigned long locked = mm->locked_vm + (len >> PAGE_SHIFT);

	if (!(vm_flags & VM_LOCKED) || locked <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT)
		return 0;
	return capable(CAP_IPC_LOCK) ? 0 : -EAGAIN;
}

bool can_do_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) || capable(CAP_IPC_LOCK);
}

struct vm_area_struct *vma_modify_flags(struct vm_area_struct *vma, unsigned long start,
					unsigned long end, unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *next;

	if (start > vma->vm_start)
		vma = split_vma(vma, start);
	if (!vma || (end < vma->vm_end && !split_vma(vma, end)))
		return ERR_PTR(-ENOMEM);
	vm_stat_account(mm, vma->vm_flags, -vma_pages(vma));
	vm_stat_account(mm, newflags, vma_pages(vma));
	vma->vm_flags = newflags;
	next = next_vma(vma);
	if (next)
		vma_merge(next);
	return vma_merge(vma);
}
