/*
 * What file systems in memory have in common: their directories are the dentries themselves, and
 * their files are what is in the page cache.
 *
 * A name holds one reference on its dentry (dget() in create, dput() in unlink), so that it is always
 * found in the dentry hash and lookup() is asked only for what does not exist. Linux: fs/libfs.c
 */
#include "kernel/fs/internal.h"

/* What does not exist need not be remembered: asking again costs nothing. */
static int always_delete_dentry(const struct dentry *dentry __maybe_unused)
{
	return 1;
}

const struct dentry_operations simple_dentry_operations = { .d_delete = always_delete_dentry };

/* Whatever is in the directory was found already, so this name is not there. */
struct dentry *simple_lookup(struct inode *dir __maybe_unused, struct dentry *dentry,
			     unsigned int flags __maybe_unused)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	d_add(dentry, NULL);
	return NULL;
}

int simple_link(struct dentry *old_dentry, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = old_dentry->d_inode;

	inode->i_ctime = dir->i_ctime = dir->i_mtime = ktime_get_real_ns();
	inode->i_nlink++;
	ihold(inode);
	dget(dentry);
	d_instantiate(dentry, inode);
	return 0;
}

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	dentry->d_inode->i_ctime = dir->i_ctime = dir->i_mtime = ktime_get_real_ns();
	dentry->d_inode->i_nlink--;
	dput(dentry);
	return 0;
}

bool simple_empty(const struct dentry *dentry)
{
	const struct dentry *child;

	list_for_each_entry(child, &dentry->d_subdirs, d_child)
		if (simple_positive(child))
			return false;
	return true;
}

/* A directory's links: its name, its own "." and the ".." of each directory in it. */
int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!simple_empty(dentry))
		return -ENOTEMPTY;
	dentry->d_inode->i_nlink--;
	simple_unlink(dir, dentry);
	dir->i_nlink--;
	return 0;
}

int simple_setattr(struct dentry *dentry, struct iattr *attr)
{
	int error = setattr_prepare(dentry, attr);

	if (error)
		return error;
	if (attr->ia_valid & ATTR_SIZE)
		truncate_setsize(dentry->d_inode, attr->ia_size);
	setattr_copy(dentry->d_inode, attr);
	return 0;
}

const char *simple_get_link(struct dentry *dentry __maybe_unused, struct inode *inode)
{
	return inode->i_link;
}

const struct inode_operations simple_symlink_inode_operations = { .get_link = simple_get_link };

int noop_fsync(struct file *file __maybe_unused, loff_t start __maybe_unused,
	       loff_t end __maybe_unused, int datasync __maybe_unused)
{
	return 0;
}

ssize_t generic_read_dir(struct kiocb *iocb __maybe_unused, struct iov_iter *to __maybe_unused)
{
	return -EISDIR;
}

/* Hand out what @from (@available bytes) has at the position of @iocb. Bytes, or -EFAULT. */
ssize_t simple_read_from_iter(struct kiocb *iocb, struct iov_iter *to, const void *from,
			      size_t available)
{
	size_t left = (u64)iocb->ki_pos < available ? available - iocb->ki_pos : 0;
	size_t done;

	if (!left || !to->count)
		return 0;
	done = copy_to_iter((const char *)from + iocb->ki_pos, left, to);
	iocb->ki_pos += done;
	return done ? (ssize_t)done : -EFAULT;
}

/* Files whose pages need no filling: what was never written is zeros. */
static int simple_write_begin(struct file *file __maybe_unused, struct address_space *mapping,
			      loff_t pos, unsigned int len __maybe_unused, struct page **pagep,
			      void **fsdata __maybe_unused)
{
	struct page *page = grab_cache_page(mapping, pos >> PAGE_SHIFT);

	if (!page)
		return -ENOMEM;
	*pagep = page;
	return 0;
}

int simple_write_end(struct file *file __maybe_unused, struct address_space *mapping, loff_t pos,
		     unsigned int len __maybe_unused, unsigned int copied, struct page *page,
		     void *fsdata __maybe_unused)
{
	struct inode *inode = mapping->host;

	if (copied)
		inode->i_size = max(inode->i_size, pos + (loff_t)copied);
	put_page(page);
	return copied;
}

const struct address_space_operations ram_aops = {
	.write_begin = simple_write_begin,
	.write_end = simple_write_end,
};

/* "." and ".." are positions 0 and 1. Linux: include/linux/fs.h:dir_emit_dots() */
bool dir_emit_dots(struct file *file, struct dir_context *ctx)
{
	const struct dentry *dir = file->f_path.dentry;

	if (ctx->pos == 0) {
		if (!ctx->actor(ctx, ".", 1, 0, dir->d_inode->i_ino, DT_DIR))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!ctx->actor(ctx, "..", 2, 1, dir->d_parent->d_inode->i_ino, DT_DIR))
			return false;
		ctx->pos = 2;
	}
	return true;
}

/* Without libfs_dir.c a directory is opened, and nobody reads it, renames a file or asks for its state. */
int __weak noprobe simple_rename(struct inode *old_dir __maybe_unused,
				 struct dentry *old_dentry __maybe_unused,
				 struct inode *new_dir __maybe_unused,
				 struct dentry *new_dentry __maybe_unused,
				 unsigned int flags __maybe_unused)
{
	return -EPERM;
}

int __weak noprobe simple_getattr(const struct path *path __maybe_unused,
				  struct kstat *stat __maybe_unused,
				  u32 request_mask __maybe_unused,
				  unsigned int query_flags __maybe_unused)
{
	return -EPERM;
}

const struct file_operations simple_dir_operations __weak = { .read_iter = generic_read_dir };
