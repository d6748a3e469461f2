/*
 * mincore(): which pages of a range are in memory. Linux: mm/mincore.c
 */
#include "kernel/fs/fs.h"
#include "kernel/mm/paging.h"
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"

struct mincore {
	unsigned long start; /* of the range; @vec has a byte for each page from here on */
	unsigned char *vec;
};

static int mincore_pte_range(u64 *pte, unsigned long addr, unsigned long end, void *arg)
{
	const struct mincore *mincore = arg;

	for (; addr < end; addr += PAGE_SIZE, pte++) {
		if (*pte & PTE_MAPPED)
			mincore->vec[(addr - mincore->start) >> PAGE_SHIFT] = 1;
	}
	return 0;
}

/*
 * Which pages of a file are in memory tells what others do with it. So only who may write to it, or
 * owns it, learns that.
 */
static bool can_do_mincore(const struct vm_area_struct *vma)
{
	struct inode *inode;

	if (!vma->vm_file)
		return !vma->vm_ops;
	inode = vma->vm_file->f_inode;
	return inode_owner_or_capable(inode) || !inode_permission(inode, MAY_WRITE);
}

/* Is the page of @vma's file for @addr in the page cache? */
static bool in_page_cache(const struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long index = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
	struct page *page = find_get_page(vma->vm_file->f_inode->i_mapping, index);

	if (page)
		put_page(page);
	return page;
}

/*
 * Fill @vec for @addr and up to @pages pages, all in one area. With mmap_lock. Returns for how many, or
 * -ENOMEM: nothing is mapped at @addr.
 */
static long do_mincore(struct mm_struct *mm, unsigned long addr, unsigned long pages,
		       unsigned char *vec)
{
	const struct vm_area_struct *vma = find_vma(mm, addr);
	struct mincore mincore = { addr, vec };
	unsigned long end, n;

	if (!vma || vma->vm_start > addr)
		return -ENOMEM;
	end = min(vma->vm_end, addr + (pages << PAGE_SHIFT));
	pages = (end - addr) >> PAGE_SHIFT;
	if (!can_do_mincore(vma)) {
		memset(vec, 1, pages);
		return pages;
	}
	for (n = 0; n < pages; n++)
		vec[n] = vma->vm_ops && in_page_cache(vma, addr + (n << PAGE_SHIFT));
	walk_pte_ranges(mm, addr, end, mincore_pte_range, &mincore);
	return pages;
}

/* A page of answers at a time: the answer is copied without the lock, since the copy may fault. */
SYSCALL_DEFINE3(mincore, unsigned long, start, size_t, len, unsigned char __user *, vec)
{
	unsigned long pages = len / PAGE_SIZE + !!(len % PAGE_SIZE);
	struct mm_struct *mm = current->mm;
	unsigned char *tmp;
	long n = 0;

	if (start % PAGE_SIZE)
		return -EINVAL;
	if (!access_ok((void __user *)start, len))
		return -ENOMEM;
	if (!access_ok(vec, pages))
		return -EFAULT;
	tmp = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!tmp)
		return -EAGAIN;
	for (; pages; pages -= n, vec += n, start += n << PAGE_SHIFT) {
		mmap_read_lock(mm);
		n = do_mincore(mm, start, min(pages, (unsigned long)PAGE_SIZE), tmp);
		mmap_read_unlock(mm);
		if (n > 0 && copy_to_user(vec, tmp, n))
			n = -EFAULT;
		if (n < 0)
			break;
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
	kfree(tmp);
	return n < 0 ? n : 0;
}
