/*
 * What is in a ramfs file: an array of pages, holes where nobody has written. Mapping a file maps
 * these very pages, so reads, writes and mappings agree without further ado.
 *
 * Stands on the page allocator and uio. Called through file_operations, by cpio.c, and by faults.
 * Linux: fs/ramfs/file-mmu.c, mm/filemap.c, mm/shmem.c
 */
#include "kernel/fs/internal.h"

#define RAMFS_MAX_PAGES 524288ul /* 2 GiB: as many pointers as one kmalloc() holds */
#define SECTORS_PER_PAGE (PAGE_SIZE / 512)

/* In i_private from the first write on; NULL: an empty file. */
struct ramfs_pages {
	struct page **page; /* NULL: a hole, reads as zeros */
	unsigned long nr;   /* slots in the array; what lies beyond is a hole */
};

/* Drop every page from page @first on. Mappings keep theirs. */
static void drop_pages(struct inode *inode, unsigned long first)
{
	struct ramfs_pages *pages = inode->i_private;
	unsigned long i;

	for (i = first; pages && i < pages->nr; i++) {
		if (!pages->page[i])
			continue;
		put_page(pages->page[i]);
		pages->page[i] = NULL;
		inode->i_blocks -= SECTORS_PER_PAGE;
	}
}

void ramfs_free_pages(struct inode *inode)
{
	struct ramfs_pages *pages = inode->i_private;

	if (!pages)
		return;
	drop_pages(inode, 0);
	kfree(pages->page);
	kfree(pages);
}

static struct page *find_page(const struct inode *inode, unsigned long index)
{
	const struct ramfs_pages *pages = inode->i_private;

	return pages && index < pages->nr ? pages->page[index] : NULL;
}

/* Make slot @index exist, doubling the array. 0, -EFBIG, -ENOMEM. */
static int grow_array(struct inode *inode, unsigned long index)
{
	struct ramfs_pages *pages = inode->i_private;
	unsigned long nr = 4;
	struct page **array;

	if (pages && index < pages->nr)
		return 0;
	if (index >= RAMFS_MAX_PAGES)
		return -EFBIG;
	if (!pages) {
		pages = inode->i_private = kzalloc(sizeof(*pages), GFP_KERNEL);
		if (!pages)
			return -ENOMEM;
	}
	while (nr <= index)
		nr *= 2;
	array = kcalloc(nr, sizeof(*array), GFP_KERNEL);
	if (!array)
		return -ENOMEM;
	if (pages->nr)
		memcpy(array, pages->page, pages->nr * sizeof(*array));
	kfree(pages->page);
	pages->page = array;
	pages->nr = nr;
	return 0;
}

/* The page at @index, made of zeros if it was a hole; no reference taken. ERR_PTR as above. */
static struct page *grab_page(struct inode *inode, unsigned long index)
{
	int error = grow_array(inode, index);
	struct ramfs_pages *pages = inode->i_private;

	if (error)
		return ERR_PTR(error);
	if (!pages->page[index]) {
		pages->page[index] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages->page[index])
			return ERR_PTR(-ENOMEM);
		inode->i_blocks += SECTORS_PER_PAGE;
	}
	return pages->page[index];
}

/* Linux: mm/filemap.c:generic_file_read_iter() */
static ssize_t ramfs_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = iocb->ki_filp->f_inode;
	ssize_t done = 0;

	while (to->count && iocb->ki_pos < inode->i_size) {
		size_t offset = iocb->ki_pos % PAGE_SIZE, moved;
		size_t left = min(to->count, (size_t)(inode->i_size - iocb->ki_pos));
		size_t len = min(left, PAGE_SIZE - offset);
		struct page *page = find_page(inode, iocb->ki_pos / PAGE_SIZE);

		if (page)
			moved = copy_to_iter((char *)page_address(page) + offset, len, to);
		else
			moved = iov_iter_zero(len, to);
		iocb->ki_pos += moved;
		done += moved;
		if (moved < len)
			return done ? done : -EFAULT;
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
	if (!(iocb->ki_filp->f_flags & O_NOATIME))
		inode->i_atime = ktime_get_real_ns();
	return done;
}

/* From @from into @inode at @pos on. Bytes written, or why not one was. */
static ssize_t write_pages(struct inode *inode, struct iov_iter *from, loff_t pos)
{
	ssize_t done = 0, error = 0;

	while (from->count) {
		size_t offset = pos % PAGE_SIZE, moved;
		size_t len = min(from->count, PAGE_SIZE - offset);
		struct page *page = grab_page(inode, pos / PAGE_SIZE);

		if (IS_ERR(page)) {
			error = PTR_ERR(page);
			break;
		}
		moved = copy_from_iter((char *)page_address(page) + offset, len, from);
		pos += moved;
		done += moved;
		if (moved < len) {
			error = -EFAULT;
			break;
		}
		cond_resched();
		if (fatal_signal_pending(current))
			break;
	}
	if (!done)
		return error;
	inode->i_size = max(inode->i_size, pos);
	inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	return done;
}

/* Linux: mm/filemap.c:generic_file_write_iter(), generic_write_checks() */
static ssize_t ramfs_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = iocb->ki_filp->f_inode;
	unsigned long limit = rlimit(RLIMIT_FSIZE);
	ssize_t done;

	if (!from->count)
		return 0;
	if (iocb->ki_filp->f_flags & O_APPEND)
		iocb->ki_pos = inode->i_size;
	if (limit != RLIM_INFINITY) {
		if ((unsigned long)iocb->ki_pos >= limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		from->count = min(from->count, limit - iocb->ki_pos);
	}
	done = write_pages(inode, from, iocb->ki_pos);
	if (done > 0)
		iocb->ki_pos += done;
	return done;
}

ssize_t ramfs_write(struct inode *inode, const void *buf, size_t len, loff_t pos)
{
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct iov_iter iter;

	iov_iter_init(&iter, false, &iov, 1, len);
	return write_pages(inode, &iter, pos);
}

/* Cut or stretch to @size bytes. Always 0. Linux: mm/truncate.c:truncate_setsize() */
int ramfs_truncate(struct inode *inode, loff_t size)
{
	struct page *last = find_page(inode, size / PAGE_SIZE);
	size_t offset = size % PAGE_SIZE;

	drop_pages(inode, DIV_ROUND_UP(size, PAGE_SIZE));
	if (offset && last)
		memset((char *)page_address(last) + offset, 0, PAGE_SIZE - offset);
	inode->i_size = size;
	inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	return 0;
}

/* Linux: mm/filemap.c:filemap_fault() */
static vm_fault_t ramfs_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct page *page;

	if (vmf->pgoff >= DIV_ROUND_UP((unsigned long)inode->i_size, PAGE_SIZE))
		return VM_FAULT_SIGBUS;
	page = grab_page(inode, vmf->pgoff);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	get_page(page);
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct ramfs_vm_ops = { .fault = ramfs_fault };

static int ramfs_mmap(struct file *file __maybe_unused, struct vm_area_struct *vma)
{
	vma->vm_ops = &ramfs_vm_ops;
	return 0;
}

const struct file_operations ramfs_file_operations = {
	.llseek = generic_file_llseek,
	.read_iter = ramfs_read_iter,
	.write_iter = ramfs_write_iter,
	.mmap = ramfs_mmap,
};
const struct inode_operations ramfs_file_inode_operations = { .truncate = ramfs_truncate };

struct file *shmem_file_setup(const char *name, loff_t size)
{
	struct inode *inode;
	struct file *file;

	if (size < 0 || DIV_ROUND_UP((unsigned long)size, PAGE_SIZE) > RAMFS_MAX_PAGES)
		return ERR_PTR(-ENOMEM);
	inode = ramfs_get_inode(S_IFREG | 0777, 0);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_nlink = 0;
	inode->i_size = size;
	file = alloc_file_pseudo(inode, rootfs_mnt, name, O_RDWR, &ramfs_file_operations);
	if (IS_ERR(file))
		iput(inode);
	return file;
}
