/*
 * mmap, munmap, brk: the system calls, and what they check of tasks and files. kernel/mm does the
 * rest. Linux: mm/mmap.c, arch/x86/kernel/sys_x86_64.c
 */
#include <uapi/mman.h>

#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

_Static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE && PROT_EXEC == VM_EXEC,
	       "protections are used as area flags as they are");

/* The flags MAP_SHARED has always ignored when it did not know them. Linux: linux/mman.h */
#define LEGACY_MAP_MASK                                                                        \
	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | \
	 MAP_UNINITIALIZED | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE |         \
	 MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_HUGE_2MB | MAP_HUGE_1GB)

/* The functions that kernel/mm calls; their contracts are in vma.h. */
int call_mmap(struct file *file, struct vm_area_struct *vma)
{
	return file->f_op->mmap(file, vma);
}

void get_vma_file(struct vm_area_struct *vma)
{
	get_file(vma->vm_file);
}

void put_vma_file(struct vm_area_struct *vma)
{
	fput(vma->vm_file);
}

unsigned long rlimit_stack(void)
{
	return rlimit(RLIMIT_STACK);
}

/* Without kernel/mman there are no locked pages, and pages come when they are used. */
bool __weak noprobe can_do_mlock(void)
{
	return true;
}

void __weak noprobe mm_populate(unsigned long start __maybe_unused,
				unsigned long len __maybe_unused)
{
}

/* Are [@pgoff, @pgoff + @len) positions that a file of this kind can have? */
static bool file_mmap_ok(const struct file *file, unsigned long pgoff, unsigned long len)
{
	umode_t mode = file->f_inode->i_mode;
	u64 max = S_ISREG(mode) || S_ISBLK(mode) || S_ISSOCK(mode) ? INT64_MAX : UINT64_MAX;

	return len <= max && pgoff <= (max - len) >> PAGE_SHIFT;
}

/*
 * May @file be mapped in this way? Adds flags to *@vm_flags. A write to a shared mapping changes
 * the file, so if the file is open for reading only, VM_MAYWRITE is removed: mprotect() cannot make
 * the mapping writable later.
 */
static int check_file(const struct file *file, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff, unsigned long *vm_flags)
{
	unsigned long type = flags & MAP_TYPE;

	if (!file_mmap_ok(file, pgoff, len))
		return -EOVERFLOW;
	if (type < MAP_SHARED || type > MAP_SHARED_VALIDATE)
		return -EINVAL;
	/* No file here supports a flag beyond those, such as MAP_SYNC. */
	if (type == MAP_SHARED_VALIDATE && flags & ~(unsigned long)LEGACY_MAP_MASK)
		return -EOPNOTSUPP;
	if (type != MAP_PRIVATE) {
		if (prot & PROT_WRITE && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		*vm_flags |= VM_SHARED;
		if (!(file->f_mode & FMODE_WRITE))
			*vm_flags &= ~VM_MAYWRITE;
	}
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if ((prot & PROT_EXEC) && (file->f_path.mnt->mnt_flags & MNT_NOEXEC))
		return -EPERM;
	if (!file->f_op->mmap)
		return -ENODEV;
	return *vm_flags & VM_GROWSDOWN ? -EINVAL : 0;
}

/* MAP_SHARED memory without a file gets a file that has no name. Linux: shmem_zero_setup() */
static unsigned long mmap_shared_anonymous(unsigned long addr, unsigned long len,
					   unsigned long vm_flags)
{
	struct file *file;
	unsigned long ret;

	if (!(vm_flags & VM_NORESERVE) && vm_enough_memory(len >> PAGE_SHIFT))
		return -ENOMEM;
	file = shmem_file_setup("dev/zero", len);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = mmap_region(current->mm, addr, len, vm_flags | VM_SHARED, file, 0);
	fput(file); /* the area has its own reference */
	return ret;
}

/*
 * Map @len bytes of @file, or of anonymous memory if that is NULL, for current. Returns the address
 * or -errno; the order of the checks is Linux's. *@populate: whether the pages are wanted at once.
 */
static unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len,
			     unsigned long prot, unsigned long flags, unsigned long pgoff,
			     bool *populate)
{
	struct mm_struct *mm = current->mm;
	unsigned long vm_flags = (prot & VM_ACCESS) | VM_MAYWRITE | mm->def_flags |
				 (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0) |
				 (flags & MAP_LOCKED ? VM_LOCKED : 0) |
				 (flags & MAP_NORESERVE ? VM_NORESERVE : 0);
	int err;

	if (!len)
		return -EINVAL;
	if (flags & MAP_FIXED_NOREPLACE)
		flags |= MAP_FIXED;
	if (!(flags & MAP_FIXED))
		addr = round_hint_to_min(addr);
	len = ALIGN(len, PAGE_SIZE);
	if (!len)
		return -ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	addr = get_unmapped_area(mm, addr, len, flags);
	if (IS_ERR_VALUE(addr))
		return addr;
	if (flags & MAP_FIXED_NOREPLACE && find_vma_intersection(mm, addr, addr + len))
		return -EEXIST;
	if (flags & MAP_LOCKED && !can_do_mlock())
		return -EPERM;
	if (mlock_future_check(mm, vm_flags, len))
		return -EAGAIN;
	*populate = vm_flags & VM_LOCKED || (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
	if (file) {
		err = check_file(file, len, prot, flags, pgoff, &vm_flags);
		return err ? (unsigned long)err : mmap_region(mm, addr, len, vm_flags, file, pgoff);
	}
	if ((flags & MAP_TYPE) == MAP_PRIVATE)
		return mmap_region(mm, addr, len, vm_flags, NULL, 0);
	if ((flags & MAP_TYPE) != MAP_SHARED || flags & MAP_GROWSDOWN)
		return -EINVAL;
	return mmap_shared_anonymous(addr, len, vm_flags);
}

/* There are no huge pages, neither of 2 MiB nor of 1 GiB, so a request for them fails. */
static unsigned long no_huge_pages(unsigned long len, unsigned long flags)
{
	unsigned long size = flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;

	return !len || (size && size != 21 && size != 30) ? -EINVAL : -ENOMEM;
}

/* do_mmap() with the lock. -EINTR: a signal is about to end current. Linux: vm_mmap_pgoff() */
static unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
				   unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	bool populate = false;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	addr = do_mmap(file, addr, len, prot, flags, pgoff, &populate);
	mmap_write_unlock(mm);
	if (populate && !IS_ERR_VALUE(addr))
		mm_populate(addr, len);
	return addr;
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot, unsigned long,
		flags, unsigned long, fd, unsigned long, off)
{
	struct file *file = NULL;

	if (off % PAGE_SIZE)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	if (flags & MAP_HUGETLB)
		addr = file ? (unsigned long)-EINVAL : no_huge_pages(len, flags);
	else
		addr = vm_mmap_pgoff(file, addr, len, prot, flags, off >> PAGE_SHIFT);
	if (file)
		fput(file);
	return addr;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, unsigned long, len)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_munmap(mm, addr, len);
	mmap_write_unlock(mm);
	return err;
}

/* Is [start_brk, @brk) with the data of the program more than RLIMIT_DATA? */
static bool data_limit_exceeded(const struct mm_struct *mm, unsigned long brk)
{
	return brk - mm->start_brk + (mm->end_data - mm->start_data) > rlimit(RLIMIT_DATA);
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long old, now;
	bool populate;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	old = now = mm->brk;
	if (brk >= mm->start_brk && !data_limit_exceeded(mm, brk))
		now = do_brk(mm, brk);
	populate = now > old && mm->def_flags & VM_LOCKED;
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ALIGN(old, PAGE_SIZE), now - old);
	return now;
}
