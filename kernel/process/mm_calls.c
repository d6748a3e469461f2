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

/* MAP_SHARED memory without a file gets one nobody else can name. Linux: shmem_zero_setup() */
static unsigned long mmap_file(struct file *file, unsigned long addr, unsigned long len,
			       unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	unsigned long vm_flags = prot & VM_ACCESS;
	const struct vm_operations_struct *ops;
	int err;

	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if ((flags & MAP_TYPE) != MAP_PRIVATE) {
		if (prot & PROT_WRITE && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		vm_flags |= VM_SHARED;
	}
	if (!file->f_op->mmap)
		return -ENODEV;
	err = file->f_op->mmap(file, &vm_flags, &ops);
	if (err)
		return err;
	return do_mmap(current->mm, addr, len, vm_flags, flags, file, ops, pgoff);
}

static unsigned long mmap_anonymous(unsigned long addr, unsigned long len, unsigned long prot,
				    unsigned long flags)
{
	unsigned long vm_flags = prot & VM_ACCESS, ret;
	struct file *file;

	if ((flags & MAP_TYPE) == MAP_PRIVATE) {
		if (flags & MAP_GROWSDOWN)
			vm_flags |= VM_GROWSDOWN;
		return do_mmap(current->mm, addr, len, vm_flags, flags, NULL, NULL, 0);
	}
	file = shmem_file_setup("dev/zero", len);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = mmap_file(file, addr, len, prot, flags, 0);
	fput(file); /* the area has its own reference */
	return ret;
}

SYSCALL_DEFINE6(mmap, unsigned long, addr, unsigned long, len, unsigned long, prot, unsigned long,
		flags, unsigned long, fd, unsigned long, off)
{
	unsigned long type = flags & MAP_TYPE, ret;
	struct file *file;

	if (off % PAGE_SIZE)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
		ret = -EINVAL;
		if (len && type >= MAP_SHARED && type <= MAP_SHARED_VALIDATE)
			ret = mmap_file(file, addr, len, prot, flags, off >> PAGE_SHIFT);
		fput(file);
		return ret;
	}
	if (!len || (type != MAP_SHARED && type != MAP_PRIVATE))
		return -EINVAL;
	return mmap_anonymous(addr, len, prot, flags);
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
	if (prot & ~(unsigned long)VM_ACCESS)
		return -EINVAL;
	return do_mprotect(current->mm, start, len, prot);
}

SYSCALL_DEFINE1(brk, unsigned long, brk)
{
	return do_brk(current->mm, brk);
}
