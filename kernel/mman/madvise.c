/*
 * madvise(): what a program knows of how it will use its memory. Some of it is only advice, and can
 * be ignored; some has effects that a program relies on. Linux: mm/madvise.c
 *
 * Nothing is swapped out and there are no huge pages here, so MADV_COLD, MADV_HUGEPAGE and their kin
 * check their arguments and do nothing. MADV_FREE lets the kernel take the pages at any time before
 * they are written again: it takes them at once.
 */
#include <uapi/falloc.h>
#include <uapi/madvise.h>

#include "kernel/fs/fs.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

static bool madvise_behavior_valid(int behavior)
{
	return (behavior >= MADV_NORMAL && behavior <= MADV_DONTNEED) ||
	       (behavior >= MADV_FREE && behavior <= MADV_COLLAPSE);
}

/* Does it change areas, and not only their pages? */
static bool madvise_need_mmap_write(int behavior)
{
	switch (behavior) {
	case MADV_REMOVE:
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

/*
 * Make a hole in the file behind a shared mapping. The lock is released meanwhile, as it comes after
 * that of the inode: @vma may be gone afterwards. Linux always does it by fallocate().
 */
static int madvise_remove(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	struct inode *inode;
	loff_t offset;
	int error = 0;

	if (vma->vm_flags & VM_LOCKED || !file)
		return -EINVAL;
	if ((vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) != (VM_SHARED | VM_MAYWRITE))
		return -EACCES;
	inode = file->f_inode;
	if (inode->i_mapping->a_ops != &ram_aops && !file->f_op->fallocate)
		return -EOPNOTSUPP;
	offset = ((loff_t)vma->vm_pgoff << PAGE_SHIFT) + (start - vma->vm_start);
	get_file(file);
	mmap_read_unlock(mm);
	if (file->f_op->fallocate) {
		error = file->f_op->fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset,
					      end - start);
	} else {
		inode_lock(inode);
		truncate_pagecache_range(inode, offset, offset + (end - start) - 1);
		inode_unlock(inode);
	}
	fput(file);
	mmap_read_lock(mm);
	return error;
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

/* For [@start, @end), which lies in @vma. 0 or -errno. */
static int madvise_vma_behavior(struct vm_area_struct *vma, unsigned long start, unsigned long end,
				int behavior)
{
	unsigned long newflags;

	switch (behavior) {
	case MADV_REMOVE:
		return madvise_remove(vma, start, end);
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		return madvise_dontneed_free(vma, start, end, behavior);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return madvise_populate(vma, start, end, behavior == MADV_POPULATE_WRITE);
	case MADV_COLD:
	case MADV_PAGEOUT:
		return vma->vm_flags & VM_LOCKED ? -EINVAL : 0;
	case MADV_COLLAPSE: /* into a huge page */
		return -EINVAL;
	}
	newflags = advised_flags(vma, behavior);
	if (IS_ERR_VALUE(newflags))
		return newflags;
	if (newflags != vma->vm_flags && IS_ERR(vma_modify_flags(vma, start, end, newflags)))
		return -EAGAIN;
	return 0;
}

/* Holes are passed over, and are -ENOMEM in the end. */
static int madvise_walk_vmas(struct mm_struct *mm, unsigned long start, unsigned long end, int behavior)
{
	struct vm_area_struct *vma;
	int unmapped = 0, err;
	unsigned long next;

	for (; start < end; start = next) {
		vma = find_vma(mm, start);
		if (!vma)
			return -ENOMEM;
		if (start < vma->vm_start) {
			unmapped = -ENOMEM;
			start = vma->vm_start;
			if (start >= end)
				break;
		}
		next = min(vma->vm_end, end);
		err = madvise_vma_behavior(vma, start, next, behavior);
		if (err)
			return err;
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
