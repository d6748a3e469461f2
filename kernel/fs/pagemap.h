/*
 * The page cache: reading, writing and mapping files by it, and taking pages out of it. Included by fs.h.
 * The code is filemap.c. Linux: include/linux/pagemap.h
 */
#ifndef KERNEL_FS_PAGEMAP_H
#define KERNEL_FS_PAGEMAP_H

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
vm_fault_t filemap_fault(struct vm_fault *vmf);
/* The page at @index with a reference; NULL when it is not in memory. */
struct page *find_get_page(const struct address_space *mapping, unsigned long index);
/* The same, made of zeros if it was not in memory; NULL: no memory. */
struct page *grab_cache_page(struct address_space *mapping, unsigned long index);
void truncate_setsize(struct inode *inode, loff_t newsize);
/* Drop the pages of [@lstart, @lend] or all from @lstart on. They must not be mapped. */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend);
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
/* Make a hole of the pages from @lstart to @lend, which begins and ends one. In kernel/mman. */
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend);
/* Is the file mapped so that stores change it, or could? In kernel/mman. */
bool mapping_writably_mapped(struct address_space *mapping);
/*
 * Unmap @nr pages of a file (0: all) from number @first on, wherever they are mapped. @even_cows: the
 * private copies of them, too. In kernel/mman; without that, they stay mapped.
 */
void unmap_mapping_pages(struct address_space *mapping, unsigned long first, unsigned long nr,
			 bool even_cows);

#endif
