/*
 * msync(): a shared mapping is written back to its file. The mapping is made of the page cache's own
 * pages, and files live in memory, so there is nothing to write; what is left are the checks.
 * Linux: mm/msync.c
 */
#include <uapi/madvise.h>

#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

/* With mmap_lock. Holes are passed over, but for MS_ASYNC alone, and are -ENOMEM in the end. */
static int msync_areas(struct mm_struct *mm, unsigned long start, unsigned long end, int flags)
{
	const struct vm_area_struct *vma;
	int unmapped = 0;

	for (vma = find_vma(mm, start);; vma = next_vma(vma)) {
		if (!vma)
			return -ENOMEM;
		if (start < vma->vm_start) {
			if (flags == MS_ASYNC || vma->vm_start >= end)
				return -ENOMEM;
			unmapped = -ENOMEM;
		}
		if (flags & MS_INVALIDATE && vma->vm_flags & VM_LOCKED)
			return -EBUSY;
		start = vma->vm_end;
		if (start >= end)
			return unmapped;
		cond_resched();
	}
}

SYSCALL_DEFINE3(msync, unsigned long, start, size_t, len, int, flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end;
	int err;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || start % PAGE_SIZE ||
	    (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	end = start + ALIGN(len, PAGE_SIZE);
	if (end < start)
		return -ENOMEM;
	if (end == start)
		return 0;
	mmap_read_lock(mm);
	err = msync_areas(mm, start, end, flags);
	mmap_read_unlock(mm);
	return err;
}
