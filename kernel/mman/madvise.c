/*
 * madvise(): what a program knows of how it will use its memory. Some of it is only advice, and can
 * be ignored; some has effects that a program relies on. Linux: mm/madvise.c
 *
 * Nothing is swapped out and there are no huge pages here, so MADV_COLD, MADV_HUGEPAGE and their kin
 * check their arguments and do nothing. MADV_FREE lets the kernel take the pages at any time before
 * they are written again: it takes them at once.
 */
#include <uapi/mman.h>

#include "kernel/fs/fs.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

static bool madvise_behavior_valid(int behavior)
{
	return (behavior >= MADV_NORMAL && behavior <= MADV_DONTNEED) ||
	       (behavior >= MADV_FREE && behavior <= MADV_COLLAPSE && behavior != MADV_REMOVE);
}

/* Does it change areas, and not only their pages? */
static bool madvise_need_mmap_write(int behavior)
{
	switch (behavior) {
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_FREE:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
	case MADV_COLLAPSE:
		return false;
	default:
		return true;
	}
}

/* Drop the pages: what is read there next is the file's, or zeros. */
static int madvise_dontneed_free(struct vm_area_struct *vma, unsigned long start, unsigned long end,
				 int behavior)
{
	if (behavior != MADV_DONTNEED_LOCKED && vma->vm_flags & VM_LOCKED)
		return -EINVAL;
	if (behavior == MADV_FREE && vma->vm_ops)
		return -EINVAL;
	tlb_gather_mmu(vma->vm_mm);
	zap_page_range(vma->vm_mm, start, end);
	tlb_finish_mmu(vma->vm_mm);
	return 0;
}

static int madvise_populate(struct vm_area_struct *vma, unsigned long start, unsigned long end, bool write)
{
	long pages = faultin_vma_page_range(vma, start, end, write);

	return pages < 0 ? pages : 0;
}

/* The flags that @vma has after @behavior, which changes flags only; or -EINVAL. */
static unsigned long advised_flags(const struct vm_area_struct *vma, int behavior)
{
	switch (behavior) {
	case MADV_DONTFORK:
		return vma->vm_flags | VM_DONTCOPY;
	case MADV_DOFORK:
		return vma->vm_flags & ~VM_DONTCOPY;
	case MADV_WIPEONFORK:
		if (vma->vm_file || vma->vm_flags & VM_SHARED)
			return -EINVAL;
		return vma->vm_flags | VM_WIPEONFORK;
	case MADV_KEEPONFORK:
		return vma->vm_flags & ~VM_WIPEONFORK;
	default: /* advice that changes nothing here */
		return vma->vm_flags;
	}
}

/* For [@start, @end), which lies in @vma. Returns the area at its end, or ERR_PTR(). */
static struct vm_area_struct *madvise_vma_behavior(struct vm_area_struct *vma, unsigned long start,
						   unsigned long end, int behavior)
{
	unsigned long newflags = vma->vm_flags;
	int err = 0;

	switch (behavior) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		err = madvise_dontneed_free(vma, start, end, behavior);
		break;
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		err = madvise_populate(vma, start, end, behavior == MADV_POPULATE_WRITE);
		break;
	case MADV_COLD:
	case MADV_PAGEOUT:
		err = vma->vm_flags & VM_LOCKED ? -EINVAL : 0;
		break;
	case MADV_COLLAPSE: /* into a huge page */
		err = -EINVAL;
		break;
	default:
		newflags = advised_flags(vma, behavior);
		err = IS_ERR_VALUE(newflags) ? (int)newflags : 0;
	}
	if (err)
		return ERR_PTR(err);
	if (newflags == vma->vm_flags)
		return vma;
	vma = vma_modify_flags(vma, start, end, newflags);
	return IS_ERR(vma) ? ERR_PTR(-EAGAIN) : vma;
}

/* Holes are passed over, and are -ENOMEM in the end. */
static int madvise_walk_vmas(struct mm_struct *mm, unsigned long start, unsigned long end, int behavior)
{
	struct vm_area_struct *vma;
	int unmapped = 0;

	for (; start < end; start = vma->vm_end) {
		vma = find_vma(mm, start);
		if (!vma)
			return -ENOMEM;
		if (start < vma->vm_start) {
			unmapped = -ENOMEM;
			start = vma->vm_start;
			if (start >= end)
				break;
		}
		vma = madvise_vma_behavior(vma, start, min(vma->vm_end, end), behavior);
		if (IS_ERR(vma))
			return PTR_ERR(vma);
		cond_resched();
	}
	return unmapped;
}

static int madvise_lock(struct mm_struct *mm, bool write)
{
	if (write)
		return mmap_write_lock_killable(mm);
	mmap_read_lock(mm);
	return 0;
}

SYSCALL_DEFINE3(madvise, unsigned long, start, size_t, len_in, int, behavior)
{
	unsigned long len = ALIGN(len_in, PAGE_SIZE), end = start + len;
	bool write = madvise_need_mmap_write(behavior);
	struct mm_struct *mm = current->mm;
	int err;

	if (!madvise_behavior_valid(behavior) || start % PAGE_SIZE || (len_in && !len) || end < start)
		return -EINVAL;
	if (!len)
		return 0;
	if (madvise_lock(mm, write))
		return -EINTR;
	err = madvise_walk_vmas(mm, start, end, behavior);
	if (write)
		mmap_write_unlock(mm);
	else
		mmap_read_unlock(mm);
	return err;
}
