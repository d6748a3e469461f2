/*
 * mmap, munmap, mprotect, brk: arguments checked in Linux's order, then handed to kernel/mm.
 * Linux: mm/mmap.c, mm/mprotect.c, arch/x86/kernel/sys_x86_64.c
 */
#include <uapi/mman.h>

#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

_Static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE && PROT_EXEC == VM_EXEC,
	       "protections are used as area flags as they are");

/* What kernel/mm calls: contracts in vma.h. */
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

/*
 * What is written to a shared mapping is written to the file, so who opened that for reading only
 * may not even ask for it later, by mprotect(). @addr: from get_unmapped_area(), as below.
 */
static unsigned long mmap_file(struct file *file, unsigned long addr, unsigned long len,
			       unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	unsigned long type = flags & MAP_TYPE, vm_flags = (prot & VM_ACCESS) | VM_MAYWRITE;

	if (type < MAP_SHARED || type > MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (type != MAP_PRIVATE) {
		if (!(file->f_mode & FMODE_WRITE))
			vm_flags &= ~VM_MAYWRITE;
		if (prot & PROT_WRITE && !(vm_flags & VM_MAYWRITE))
			return -EACCES;
		vm_flags |= VM_SHARED;
	}
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (!file->f_op->mmap)
		return -ENODEV;
	return mmap_region(current->mm, addr, len, vm_flags, flags, file, pgoff);
}

/* MAP_SHARED memory without a file gets one nobody else can name. Linux: shmem_zero_setup() */
static unsigned long mmap_anonymous(unsigned long addr, unsigned long len, unsigned long prot,
				    unsigned long flags)
{
	unsigned long type = flags & MAP_TYPE, vm_flags = (prot & VM_ACCESS) | VM_MAYWRITE, ret;
	struct file *file;

	if (type == MAP_PRIVATE) {
		if (flags & MAP_GROWSDOWN)
			vm_flags |= VM_GROWSDOWN;
		return mmap_region(current->mm, addr, len, vm_flags, flags, NULL, 0);
	}
	if (type != MAP_SHARED || flags & MAP_GROWSDOWN)
		return -EINVAL;
	file = shmem_file_setup("dev/zero", len);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = mmap_file(file, addr, len, prot, flags, 0);
	fput(file); /* the area has its own reference */
	return ret;
}

/*
 * Order of the checks: offset, descriptor, length and address, then type and file. Huge pages are
 * never set aside, so whoever asks for some finds none.
 */
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
		addr = file ? -EINVAL : -ENOMEM;
	else
		addr = get_unmapped_area(current->mm, addr, len, flags);
	if (!IS_ERR_VALUE(addr) && file)
		addr = mmap_file(file, addr, len, prot, flags, off >> PAGE_SHIFT);
	else if (!IS_ERR_VALUE(addr))
		addr = mmap_anonymous(addr, len, prot, flags);
	if (file)
		fput(file);
	return addr;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, unsigned long, len)
{
	return do_munmap(current->mm, addr, len);
}

SYSCALL_DEFINE3(mprotect, unsigned long, start, unsigned long, len, unsigned long, prot)
{
	if (start % PAGE_SIZE)
		return -EINVAL;
	if (!len)
		return 0;
	len = ALIGN(len, PAGE_SIZE);
	if (!len || start + len <= start)
		return -ENOMEM;
	if (prot & ~(unsigned long)(VM_ACCESS | PROT_SEM))
		return -EINVAL;
	return do_mprotect(current->mm, start, len, prot & VM_ACCESS);
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	return do_brk(current->mm, brk);
}
