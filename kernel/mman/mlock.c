/*
 * mlock() and its kin: areas whose pages are present all the time. Nothing is ever swapped out here,
 * so what the calls do is bring pages in, count them, and hold the count to RLIMIT_MEMLOCK.
 * Linux: mm/mlock.c
 */
#include <uapi/capability.h>
#include <uapi/madvise.h>

#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

/* Areas of [@start, @end) get @flags (VM_LOCKED, VM_LOCKONFAULT), up to the first hole: -ENOMEM. */
static int apply_vma_lock_flags(struct mm_struct *mm, unsigned long start, unsigned long end,
				unsigned long flags)
{
	struct vm_area_struct *vma;

	if (end < start)
		return -EINVAL;
	for (; start < end; start = vma->vm_end) {
		vma = find_vma(mm, start);
		if (!vma || vma->vm_start > start)
			return -ENOMEM;
		vma = vma_modify_flags(vma, start, min(vma->vm_end, end),
				       (vma->vm_flags & ~VM_LOCKED_MASK) | flags);
		if (IS_ERR(vma))
			return PTR_ERR(vma);
		cond_resched();
	}
	return 0;
}

/* How many pages of [@start, @end) are locked already. */
static unsigned long count_mm_mlocked_page_nr(struct mm_struct *mm, unsigned long start,
					      unsigned long end)
{
	const struct vm_area_struct *vma;
	unsigned long bytes = 0;

	for (vma = find_vma(mm, start); vma && vma->vm_start < end; vma = next_vma(vma)) {
		if (vma->vm_flags & VM_LOCKED)
			bytes += min(vma->vm_end, end) - max(vma->vm_start, start);
		cond_resched();
	}
	return bytes >> PAGE_SHIFT;
}

static int do_mlock(unsigned long start, unsigned long len, unsigned long flags)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT, locked;
	struct mm_struct *mm = current->mm;
	int err = -ENOMEM;

	if (!can_do_mlock())
		return -EPERM;
	len = ALIGN(len + start % PAGE_SIZE, PAGE_SIZE);
	start = ALIGN_DOWN(start, PAGE_SIZE);
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	locked = mm->locked_vm + (len >> PAGE_SHIFT);
	if (locked > limit && !capable(CAP_IPC_LOCK))
		locked -= count_mm_mlocked_page_nr(mm, start, start + len);
	if (locked <= limit || capable(CAP_IPC_LOCK))
		err = apply_vma_lock_flags(mm, start, start + len, flags);
	mmap_write_unlock(mm);
	if (err)
		return err;
	err = __mm_populate(start, len, false);
	/* What POSIX calls these errors. Linux: __mlock_posix_error_return() */
	return err == -EFAULT ? -ENOMEM : err == -ENOMEM ? -EAGAIN : err;
}

SYSCALL_DEFINE2(mlock, unsigned long, start, unsigned long, len)
{
	return do_mlock(start, len, VM_LOCKED);
}

SYSCALL_DEFINE3(mlock2, unsigned long, start, unsigned long, len, int, flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, VM_LOCKED | (flags & MLOCK_ONFAULT ? VM_LOCKONFAULT : 0));
}

SYSCALL_DEFINE2(munlock, unsigned long, start, unsigned long, len)
{
	struct mm_struct *mm = current->mm;
	int err;

	len = ALIGN(len + start % PAGE_SIZE, PAGE_SIZE);
	start = ALIGN_DOWN(start, PAGE_SIZE);
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = apply_vma_lock_flags(mm, start, start + len, 0);
	mmap_write_unlock(mm);
	return err;
}

/* MCL_FUTURE is for areas to come, MCL_CURRENT for those that are there. Linux: apply_mlockall_flags() */
static void apply_mlockall_flags(struct mm_struct *mm, int flags)
{
	unsigned long lock = VM_LOCKED | (flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0);
	struct vm_area_struct *vma, *changed;

	mm->def_flags &= ~VM_LOCKED_MASK;
	if (flags & MCL_FUTURE)
		mm->def_flags |= lock;
	if (flags & MCL_FUTURE && !(flags & MCL_CURRENT))
		return;
	if (!(flags & MCL_CURRENT))
		lock = 0;
	for (vma = find_vma(mm, 0); vma; vma = next_vma(vma)) {
		changed = vma_modify_flags(vma, vma->vm_start, vma->vm_end,
					   (vma->vm_flags & ~VM_LOCKED_MASK) | lock);
		if (!IS_ERR(changed))
			vma = changed;
		cond_resched();
	}
}

SYSCALL_DEFINE1(mlockall, int, flags)
{
	struct mm_struct *mm = current->mm;
	int err = 0;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (flags & MCL_CURRENT && mm->total_vm > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT &&
	    !capable(CAP_IPC_LOCK))
		err = -ENOMEM;
	else
		apply_mlockall_flags(mm, flags);
	mmap_write_unlock(mm);
	if (!err && flags & MCL_CURRENT)
		mm_populate(0, TASK_SIZE_MAX);
	return err;
}

SYSCALL_DEFINE0(munlockall)
{
	struct mm_struct *mm = current->mm;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	apply_mlockall_flags(mm, 0);
	mmap_write_unlock(mm);
	return 0;
}
