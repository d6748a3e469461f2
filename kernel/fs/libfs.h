/*
 * What file systems in memory have in common (libfs.c).
 * Part of kernel/fs/fs.h. Linux: include/linux/fs.h
 */
#ifndef KERNEL_FS_LIBFS_H
#define KERNEL_FS_LIBFS_H

#include "kernel/fs/uio.h"
#include "kernel/lib/lib.h"

struct dentry;
struct iattr;
struct inode;
struct kstat;
struct path;

struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
bool simple_empty(const struct dentry *dentry); /* no file has a name below it */
int simple_setattr(struct dentry *dentry, struct iattr *attr);
int simple_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		  struct dentry *new_dentry, unsigned int flags);
int simple_getattr(const struct path *path, struct kstat *stat, u32 request_mask,
		   unsigned int query_flags);
const char *simple_get_link(struct dentry *dentry, struct inode *inode);
/* calls/tmpfile.c: what i_op->tmpfile() does with its new @inode, and ends with. */
void d_tmpfile(struct file *file, struct inode *inode);
int finish_open_simple(struct file *file, int error);
int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync); /* 0 */
ssize_t generic_read_dir(struct kiocb *iocb, struct iov_iter *to); /* -EISDIR */
/*
 * Copy between ring 3's @to (@from) and the @available bytes of the kernel at the other side, at
 * *@ppos, which moves on. Bytes, 0 behind the end; -EINVAL: negative position; -EFAULT.
 */
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from,
				size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from,
			       size_t count);
ssize_t simple_read_from_iter(struct kiocb *iocb, struct iov_iter *to, const void *from,
			      size_t available);
extern const struct dentry_operations simple_dentry_operations;
extern const struct file_operations simple_dir_operations;
extern const struct inode_operations simple_symlink_inode_operations;
/* write_end() of files whose pages are the file. */
int simple_write_end(struct file *file, struct address_space *mapping, loff_t pos, unsigned int len,
		     unsigned int copied, struct page *page, void *fsdata);
extern const struct address_space_operations ram_aops;

#endif
