/*
 * fallocate() on tmpfs: memory made ahead of its use, or given back from the middle of a file.
 * Linux: mm/shmem.c:shmem_fallocate()
 */
#include <uapi/falloc.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/tmpfs/tmpfs.h"

/* Bytes from @offset up to @end, in one page, become zeros if the page is there. */
static void zero_in_page(struct address_space *mapping, loff_t offset, loff_t end)
{
	struct page *page = offset < end ? find_get_page(mapping, offset >> PAGE_SHIFT) : NULL;

	if (!page)
		return;
	memset((char *)page_address(page) + offset % PAGE_SIZE, 0, end - offset);
	put_page(page);
}

/* Whole pages go; of those that the hole begins and ends in, the bytes become zeros. */
static int punch_hole(struct inode *inode, loff_t offset, loff_t end)
{
	unsigned long first = DIV_ROUND_UP((unsigned long)offset, PAGE_SIZE) * PAGE_SIZE;
	unsigned long last = end & ~(PAGE_SIZE - 1);

	if (SHMEM_I(inode)->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	zero_in_page(inode->i_mapping, offset, min(first, (unsigned long)end));
	zero_in_page(inode->i_mapping, max(last, (unsigned long)offset), end);
	if (last > first)
		truncate_pagecache_range(inode, first, last - 1);
	shmem_recalc_inode(inode);
	return 0;
}

/* May the file end at @end? */
static int new_size_ok(const struct inode *inode, loff_t end)
{
	if ((u64)end > rlimit(RLIMIT_FSIZE)) {
		send_sig(SIGXFSZ, current, 0);
		return -EFBIG;
	}
	return SHMEM_I((struct inode *)inode)->seals & F_SEAL_GROW ? -EPERM : 0;
}

/* How many of the pages [@index, @end) are not there? */
static unsigned long count_missing(const struct inode *inode, unsigned long index, unsigned long end)
{
	unsigned long missing = end - index;

	for (; radix_tree_next(&inode->i_mapping->i_pages, &index) && index < end; index++) {
		missing--;
		cond_resched();
	}
	return missing;
}

/* One page more, if there is none. 0 or -ENOMEM. */
static int make_page(struct inode *inode, unsigned long index)
{
	struct address_space *mapping = inode->i_mapping;
	unsigned long before = mapping->nrpages;
	struct page *page = grab_cache_page(mapping, index);

	if (!page)
		return -ENOMEM;
	if (mapping->nrpages != before && radix_tree_lookup(&mapping->i_pages, index) == page)
		page->flags |= PG_fallocated;
	put_page(page);
	return 0;
}

/* What was made ahead of its use, and not used since, goes. Linux: shmem_undo_range() with unfalloc */
static void unmake_pages(struct inode *inode, unsigned long index, unsigned long end)
{
	struct address_space *mapping = inode->i_mapping;
	struct page *page;

	for (; (page = radix_tree_next(&mapping->i_pages, &index)) && index < end; index++) {
		loff_t pos = (loff_t)index << PAGE_SHIFT;

		if (page->flags & PG_fallocated)
			truncate_inode_pages_range(mapping, pos, pos + PAGE_SIZE - 1);
		cond_resched();
	}
}

/* 0, or before any is made -ENOSPC; -ENOMEM, -EINTR: those that were made go again. */
static int make_pages(struct inode *inode, unsigned long index, unsigned long end)
{
	unsigned long first = index;
	int error = 0;

	if (!shmem_charge(inode, count_missing(inode, index, end)))
		return -ENOSPC;
	for (; index < end && !error; index++) {
		if (signal_pending(current))
			error = -EINTR;
		else if (!radix_tree_lookup(&inode->i_mapping->i_pages, index))
			error = make_page(inode, index);
		cond_resched();
	}
	if (error)
		unmake_pages(inode, first, index);
	shmem_recalc_inode(inode);
	return error;
}

static int allocate(struct inode *inode, int mode, loff_t offset, loff_t end)
{
	int error = 0;

	if (end > inode->i_size)
		error = new_size_ok(inode, end);
	if (!error)
		error = make_pages(inode, offset >> PAGE_SHIFT, DIV_ROUND_UP((unsigned long)end, PAGE_SIZE));
	if (!error && !(mode & FALLOC_FL_KEEP_SIZE))
		inode->i_size = max(inode->i_size, end);
	return error;
}

long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file->f_inode;
	int error;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE)
		error = punch_hole(inode, offset, offset + len);
	else
		error = allocate(inode, mode, offset, offset + len);
	if (!error)
		inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	inode_unlock(inode);
	return error;
}
