/*
 * Directories of file systems in memory: read by getdents64(), and names that change their place in
 * them; what stat() tells of files in memory; and copies for files that are one text. Linux: fs/libfs.c
 */
#include <uapi/unistd.h>

#include "kernel/fs/internal.h"
#include "kernel/lib/export.h"

/* The memory a file takes is its pages. */
int simple_getattr(const struct path *path, struct kstat *stat, u32 request_mask __maybe_unused,
		   unsigned int query_flags __maybe_unused)
{
	const struct inode *inode = path->dentry->d_inode;

	generic_fillattr(inode, stat);
	stat->blocks = inode->i_mapping->nrpages << (PAGE_SHIFT - 9);
	return 0;
}

/* A directory that changes its place takes the link of its ".." along. */
static void move_parent_link(struct inode *from, struct inode *to)
{
	from->i_nlink--;
	to->i_nlink++;
}

int simple_rename(struct inode *old_dir, struct dentry *old_dentry, struct inode *new_dir,
		  struct dentry *new_dentry, unsigned int flags)
{
	struct inode *source = old_dentry->d_inode, *target = new_dentry->d_inode;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if (target && !(flags & RENAME_EXCHANGE)) {
		int error = S_ISDIR(source->i_mode) ? simple_rmdir(new_dir, new_dentry) :
						      simple_unlink(new_dir, new_dentry);

		if (error)
			return error;
	}
	if (S_ISDIR(source->i_mode))
		move_parent_link(old_dir, new_dir);
	if (flags & RENAME_EXCHANGE) {
		if (S_ISDIR(target->i_mode))
			move_parent_link(new_dir, old_dir);
		target->i_ctime = ktime_get_real_ns();
	}
	source->i_ctime = ktime_get_real_ns();
	old_dir->i_mtime = old_dir->i_ctime = source->i_ctime;
	new_dir->i_mtime = new_dir->i_ctime = source->i_ctime;
	return 0;
}

/* A reader's place in a directory is a dentry of its own between the others, the cursor. */
static int dcache_dir_open(struct inode *inode __maybe_unused, struct file *file)
{
	struct qstr name = { .name = ".", .len = 1 };
	struct dentry *cursor = d_alloc(file->f_path.dentry, &name);

	if (!cursor)
		return -ENOMEM;
	cursor->d_flags |= DCACHE_CURSOR;
	list_del_init(&cursor->d_child); /* in no place yet */
	file->private_data = cursor;
	return 0;
}

static int dcache_dir_close(struct inode *inode __maybe_unused, struct file *file)
{
	dput(file->private_data);
	return 0;
}

/*
 * The first name behind @p, a place in the list of @dir's children; @skip names are passed over. The inode
 * is locked, so that the name at which other tasks may run stays where it is.
 */
static struct dentry *scan_positives(struct dentry *dir, struct list_head *p, loff_t skip)
{
	for (p = p->next; p != &dir->d_subdirs; p = p->next) {
		struct dentry *child = list_entry(p, struct dentry, d_child);

		if (!simple_positive(child))
			continue;
		if (!skip--)
			return child;
		cond_resched();
	}
	return NULL;
}

static unsigned int dt_type(const struct inode *inode)
{
	return (inode->i_mode >> 12) & 15;
}

static int dcache_readdir(struct file *file, struct dir_context *ctx)
{
	struct dentry *dir = file->f_path.dentry, *cursor = file->private_data, *next;
	struct list_head *place = &dir->d_subdirs;

	if (!dir_emit_dots(file, ctx))
		return 0;
	if (ctx->pos > 2 && !list_empty(&cursor->d_child))
		place = &cursor->d_child;
	while ((next = scan_positives(dir, place, 0))) {
		if (!ctx->actor(ctx, next->d_name.name, next->d_name.len, ctx->pos,
				next->d_inode->i_ino, dt_type(next->d_inode)))
			break;
		ctx->pos++;
		place = &next->d_child;
		cond_resched();
	}
	if (place != &cursor->d_child) { /* the next call begins here */
		list_del_init(&cursor->d_child);
		list_add(&cursor->d_child, place);
	}
	return 0;
}

/* Linear in the position: what telldir() and seekdir() cost on tmpfs as well. */
static loff_t dcache_dir_lseek(struct file *file, loff_t offset, int whence)
{
	struct dentry *dir = file->f_path.dentry, *cursor = file->private_data, *last = NULL;

	if (whence == SEEK_CUR)
		offset += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (offset < 0)
		return -EINVAL;
	if (offset == file->f_pos)
		return offset;
	inode_lock(dir->d_inode);
	file->f_pos = offset;
	list_del_init(&cursor->d_child);
	if (offset > 2)
		last = scan_positives(dir, &dir->d_subdirs, offset - 3);
	if (last)
		list_add(&cursor->d_child, &last->d_child);
	else if (offset > 2)
		list_add_tail(&cursor->d_child, &dir->d_subdirs);
	inode_unlock(dir->d_inode);
	return offset;
}

const struct file_operations simple_dir_operations = {
	.open = dcache_dir_open,
	.release = dcache_dir_close,
	.llseek = dcache_dir_lseek,
	.read_iter = generic_read_dir,
	.fsync = noop_fsync,
	.iterate_shared = dcache_readdir,
};

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from,
				size_t available)
{
	loff_t pos = *ppos;
	size_t done;

	if (pos < 0)
		return -EINVAL;
	if ((size_t)pos >= available || !count)
		return 0;
	count = min(count, available - pos);
	done = count - copy_to_user(to, (const char *)from + pos, count);
	*ppos = pos + done;
	return done ? (ssize_t)done : -EFAULT;
}

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from,
			       size_t count)
{
	loff_t pos = *ppos;
	size_t done;

	if (pos < 0)
		return -EINVAL;
	if ((size_t)pos >= available || !count)
		return 0;
	count = min(count, available - pos);
	done = count - copy_from_user((char *)to + pos, from, count);
	*ppos = pos + done;
	return done ? (ssize_t)done : -EFAULT;
}

EXPORT_SYMBOL(simple_read_from_buffer);
EXPORT_SYMBOL(simple_write_to_buffer);
