/*
 * Regular files of tmpfs: what they may take, and what their seals forbid. Linux: mm/shmem.c
 *
 * A page is counted before it is made. Pages leave the cache in several ways; what follows each of them is
 * shmem_recalc_inode(), which compares what was counted with what is there.
 */
#include <uapi/fcntl.h>
#include <uapi/unistd.h>

#include "kernel/fs/internal.h"
#include "kernel/fs/tmpfs/tmpfs.h"

bool shmem_charge(struct inode *inode, unsigned long pages)
{
	struct shmem_sb_info *sbinfo = SHMEM_SB(inode->i_sb);

	if (sbinfo->max_blocks && pages > sbinfo->max_blocks - min(sbinfo->used_blocks, sbinfo->max_blocks))
		return false;
	sbinfo->used_blocks += pages;
	SHMEM_I(inode)->charged += pages;
	return true;
}

void shmem_recalc_inode(struct inode *inode)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	unsigned long freed = info->charged - inode->i_mapping->nrpages;

	info->charged -= freed;
	SHMEM_SB(inode->i_sb)->used_blocks -= freed;
}

/* The page at @index, made if there is none. ERR_PTR(-ENOSPC): the instance is full; -ENOMEM. */
static struct page *shmem_getpage(struct inode *inode, unsigned long index)
{
	struct page *page = find_get_page(inode->i_mapping, index);

	if (page) {
		page->flags &= ~PG_fallocated;
		return page;
	}
	if (!shmem_charge(inode, 1))
		return ERR_PTR(-ENOSPC);
	page = grab_cache_page(inode->i_mapping, index);
	if (!page || SHMEM_I(inode)->charged != inode->i_mapping->nrpages)
		shmem_recalc_inode(inode); /* none was made, or another task has made it */
	return page ? page : ERR_PTR(-ENOMEM);
}

static int shmem_write_begin(struct file *file __maybe_unused, struct address_space *mapping,
			     loff_t pos, unsigned int len, struct page **pagep,
			     void **fsdata __maybe_unused)
{
	struct inode *inode = mapping->host;
	unsigned int seals = SHMEM_I(inode)->seals;
	struct page *page;

	if (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if ((seals & F_SEAL_GROW) && pos + len > inode->i_size)
		return -EPERM;
	page = shmem_getpage(inode, pos >> PAGE_SHIFT);
	if (IS_ERR(page))
		return PTR_ERR(page);
	*pagep = page;
	return 0;
}

const struct address_space_operations shmem_aops = {
	.write_begin = shmem_write_begin,
	.write_end = simple_write_end,
};

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_inode;
	struct page *page;

	if (vmf->pgoff >= DIV_ROUND_UP((unsigned long)inode->i_size, PAGE_SIZE))
		return VM_FAULT_SIGBUS;
	page = shmem_getpage(inode, vmf->pgoff);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	if (vmf->pgoff >= DIV_ROUND_UP((unsigned long)inode->i_size, PAGE_SIZE)) {
		put_page(page); /* the file has become shorter while an allocation slept */
		return VM_FAULT_SIGBUS;
	}
	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct shmem_vm_ops = { .fault = shmem_fault };

/*
 * What is sealed against writing cannot be mapped for it, and a mapping to read does not become writable. Linux: mm/shmem.c:shmem_mmap(), seal_check_future_write()
 */
static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned int seals = SHMEM_I(file->f_inode)->seals;

	if ((vma->vm_flags & VM_SHARED) && (seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

/* Was something written to @page, or could have been? */
static bool has_data(const struct page *page)
{
	return page && !(page->flags & PG_fallocated);
}

/* The number of the next such page from @index on; ~0: there is none. */
static unsigned long next_data(const struct inode *inode, unsigned long index)
{
	struct page *page;

	for (; (page = radix_tree_next(&inode->i_mapping->i_pages, &index)); index++) {
		if (has_data(page))
			return index;
		cond_resched();
	}
	return ~0ul;
}

/* The next place from @offset on that has memory (SEEK_DATA), or has none (SEEK_HOLE). */
static loff_t seek_hole_data(const struct inode *inode, loff_t offset, int whence)
{
	unsigned long index = (unsigned long)offset >> PAGE_SHIFT, start = index;
	loff_t size = inode->i_size;

	if (offset < 0 || offset >= size)
		return -ENXIO;
	if (whence == SEEK_DATA) {
		index = next_data(inode, index);
	} else {
		while (has_data(radix_tree_lookup(&inode->i_mapping->i_pages, index)) &&
		       (loff_t)(index << PAGE_SHIFT) < size) {
			index++;
			cond_resched();
		}
	}
	if (index > (unsigned long)size >> PAGE_SHIFT)
		return whence == SEEK_DATA ? -ENXIO : size;
	if (index != start)
		offset = (loff_t)(index << PAGE_SHIFT);
	if (offset >= size)
		return whence == SEEK_DATA ? -ENXIO : size;
	return offset;
}

static loff_t shmem_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file->f_inode;

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_file_llseek(file, offset, whence);
	inode_lock(inode);
	offset = seek_hole_data(inode, offset, whence);
	if (offset >= 0)
		file->f_pos = offset;
	inode_unlock(inode);
	return offset;
}

const struct file_operations shmem_file_operations = {
	.llseek = shmem_file_llseek,
	.read_iter = generic_file_read_iter,
	.write_iter = generic_file_write_iter,
	.mmap = shmem_mmap,
	.fsync = noop_fsync,
	.fallocate = shmem_fallocate,
};
