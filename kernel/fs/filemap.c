/*
 * The page cache: which pages of a file are in memory, and reading, writing and mapping by them.
 * Whoever maps a file maps these very pages, so reads, writes and mappings agree.
 *
 * A page that is not in memory is filled by a_ops->readpage(); without one it is a hole, which reads
 * as zeros and gets a page only when it is written or mapped. Linux: mm/filemap.c, mm/truncate.c
 */
#include "kernel/fs/internal.h"

struct page *find_get_page(const struct address_space *mapping, unsigned long index)
{
	struct page *page = radix_tree_lookup(&mapping->i_pages, index);

	if (page)
		get_page(page);
	return page;
}

/*
 * Put @page, whose reference the caller keeps, at @index; the cache takes one of its own. If there
 * is a page by now, for an allocation may sleep, the caller gets that one instead.
 * A page with a reference, or NULL: no memory, and the caller's reference is dropped.
 */
static struct page *add_to_page_cache(struct address_space *mapping, unsigned long index,
				      struct page *page)
{
	int error = radix_tree_insert(&mapping->i_pages, index, page);

	if (!error) {
		get_page(page);
		mapping->nrpages++;
		return page;
	}
	put_page(page);
	return error == -EEXIST ? find_get_page(mapping, index) : NULL;
}

/*
 * An empty page for a file. Files in memory leave twice as many free as programs do: what fills a file
 * gets an error before any program is killed for want of memory.
 */
static struct page *page_cache_alloc(void)
{
	unsigned long kept = 2 * min_free_pages;

	if (nr_free_pages() <= kept && !shrink_caches(kept))
		return NULL;
	return alloc_page(GFP_KERNEL | __GFP_ZERO);
}

struct page *grab_cache_page(struct address_space *mapping, unsigned long index)
{
	struct page *page = find_get_page(mapping, index);

	if (page)
		return page;
	page = page_cache_alloc();
	return page ? add_to_page_cache(mapping, index, page) : NULL;
}

/* The page at @index with a reference, read if need be. NULL: a hole; or ERR_PTR. */
static struct page *filemap_get_page(struct file *file, struct address_space *mapping,
				     unsigned long index)
{
	struct page *page = find_get_page(mapping, index);
	int error;

	if (page || !mapping->a_ops->readpage)
		return page;
	page = page_cache_alloc();
	if (!page)
		return ERR_PTR(-ENOMEM);
	error = mapping->a_ops->readpage(file, page, index);
	if (error) {
		put_page(page);
		return ERR_PTR(error);
	}
	page = add_to_page_cache(mapping, index, page);
	return page ? page : ERR_PTR(-ENOMEM);
}

/* Up to @len bytes, all in the page at the position. Bytes; fewer: @to faulted there. Or -errno. */
static ssize_t read_from_page(struct kiocb *iocb, struct iov_iter *to, size_t len)
{
	struct address_space *mapping = iocb->ki_filp->f_inode->i_mapping;
	size_t offset = iocb->ki_pos % PAGE_SIZE, moved;
	struct page *page = filemap_get_page(iocb->ki_filp, mapping, iocb->ki_pos >> PAGE_SHIFT);

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (!page)
		return iov_iter_zero(len, to);
	moved = copy_to_iter((char *)page_address(page) + offset, len, to);
	put_page(page);
	return moved;
}

/* Without kernel/fs/mounts each read counts. */
void __weak noprobe touch_atime(struct file *file)
{
	if (!(file->f_flags & O_NOATIME))
		file->f_inode->i_atime = ktime_get_real_ns();
}

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = iocb->ki_filp->f_inode;
	ssize_t done = 0;

	while (to->count && iocb->ki_pos < inode->i_size) {
		size_t left = min(to->count, (size_t)(inode->i_size - iocb->ki_pos));
		size_t len = min(left, PAGE_SIZE - (size_t)iocb->ki_pos % PAGE_SIZE);
		ssize_t moved = read_from_page(iocb, to, len);

		if (moved < 0)
			return done ? done : moved;
		iocb->ki_pos += moved;
		done += moved;
		if ((size_t)moved < len)
			return done ? done : -EFAULT;
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
	touch_atime(iocb->ki_filp);
	return done;
}

/* Up to @len bytes into the page at the position. Bytes, or -errno. */
static ssize_t write_to_page(struct kiocb *iocb, struct iov_iter *from, size_t len)
{
	struct address_space *mapping = iocb->ki_filp->f_inode->i_mapping;
	const struct address_space_operations *a_ops = mapping->a_ops;
	size_t moved;
	struct page *page;
	void *fsdata = NULL;
	int status = a_ops->write_begin(iocb->ki_filp, mapping, iocb->ki_pos, len, &page, &fsdata);

	if (status)
		return status;
	moved = copy_from_iter((char *)page_address(page) + iocb->ki_pos % PAGE_SIZE, len, from);
	status = a_ops->write_end(iocb->ki_filp, mapping, iocb->ki_pos, len, moved, page, fsdata);
	return moved || status < 0 ? status : -EFAULT;
}

/* Where the file may end: -EFBIG at a limit, and a signal at the one of the task. */
static int generic_write_checks(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = iocb->ki_filp->f_inode;
	loff_t max_size = inode->i_sb->s_maxbytes;
	unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (iocb->ki_filp->f_flags & O_APPEND)
		iocb->ki_pos = inode->i_size;
	if (limit != RLIM_INFINITY) {
		if ((unsigned long)iocb->ki_pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		from->count = min(from->count, limit - iocb->ki_pos);
	}
	if (iocb->ki_pos >= max_size)
		return -EFBIG;
	from->count = min(from->count, (size_t)(max_size - iocb->ki_pos));
	return 0;
}

/* Without remove_privs.c, where set-user-ID files give nobody rights, their bits stay. */
void __weak noprobe inode_remove_suid(struct inode *inode __maybe_unused)
{
}

/* Locked, for other tasks run in between: with O_APPEND the end of the file must stay where it is. */
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = iocb->ki_filp->f_inode;
	ssize_t done = 0, moved;

	inode_lock(inode);
	moved = from->count ? generic_write_checks(iocb, from) : 0;
	if (!moved && from->count)
		inode_remove_suid(inode);
	while (!moved && from->count) {
		size_t len = min(from->count, PAGE_SIZE - (size_t)iocb->ki_pos % PAGE_SIZE);

		moved = write_to_page(iocb, from, len);
		if (moved <= 0)
			break;
		iocb->ki_pos += moved;
		done += moved;
		moved = (size_t)moved < len ? -EFAULT : 0;
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
	if (done)
		inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	inode_unlock(inode);
	return done ? done : moved;
}

void __weak noprobe unmap_mapping_pages(struct address_space *mapping __maybe_unused,
				unsigned long first __maybe_unused, unsigned long nr __maybe_unused,
				bool even_cows __maybe_unused)
{
}

/* Whole pages, and of the page that @lstart lies in, what is behind it. @lend ends a page, or is -1. */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	unsigned long i = DIV_ROUND_UP((unsigned long)lstart, PAGE_SIZE);
	struct page *partial = NULL, *page;

	if (lstart % PAGE_SIZE)
		partial = radix_tree_lookup(&mapping->i_pages, lstart >> PAGE_SHIFT);
	if (partial)
		memset((char *)page_address(partial) + lstart % PAGE_SIZE, 0,
		       PAGE_SIZE - lstart % PAGE_SIZE);
	for (; (page = radix_tree_next(&mapping->i_pages, &i)) && i <= (unsigned long)lend >> PAGE_SHIFT; i++) {
		radix_tree_delete(&mapping->i_pages, i);
		mapping->nrpages--;
		put_page(page);
		cond_resched();
	}
}

void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_inode_pages_range(mapping, lstart, -1);
}

void truncate_setsize(struct inode *inode, loff_t newsize)
{
	unsigned long first = DIV_ROUND_UP((unsigned long)newsize, PAGE_SIZE);

	inode->i_size = newsize; /* from now on no page behind it can be mapped */
	unmap_mapping_pages(inode->i_mapping, first, 0, true);
	truncate_inode_pages(inode->i_mapping, newsize);
}

vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct inode *inode = file->f_inode;
	struct page *page;

	if (vmf->pgoff >= DIV_ROUND_UP((unsigned long)inode->i_size, PAGE_SIZE))
		return VM_FAULT_SIGBUS;
	page = filemap_get_page(file, inode->i_mapping, vmf->pgoff);
	if (!page) {
		page = grab_cache_page(inode->i_mapping, vmf->pgoff);
		if (!page)
			return VM_FAULT_OOM;
	}
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	if (vmf->pgoff >= DIV_ROUND_UP((unsigned long)inode->i_size, PAGE_SIZE)) {
		put_page(page); /* the file has become shorter while an allocation slept */
		return VM_FAULT_SIGBUS;
	}
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct generic_file_vm_ops = { .fault = filemap_fault };

int generic_file_mmap(struct file *file __maybe_unused, struct vm_area_struct *vma)
{
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
