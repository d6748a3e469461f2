/*
 * Open files: made, shared and released.
 *
 * open(), socket() and the descriptor table call it.
 * Linux: fs/file_table.c
 */
#define pr_fmt(fmt) "VFS: " fmt

#include "kernel/fs/eventpoll.h"
#include "kernel/fs/internal.h"
#include "kernel/fs/mount.h"
#include "kernel/security/security.h"

static struct kmem_cache *filp_cachep;
static unsigned long nr_files;

/* How many files may be open in all; CAP_SYS_ADMIN may go beyond. fs.file-max */
unsigned long sysctl_file_max;
#define NR_FILE 8192ul /* the least file-max a machine starts with */

/* Files open now, in all tasks. Linux: fs/file_table.c:get_nr_files() */
unsigned long get_nr_files(void)
{
	return nr_files;
}

/* A file with its inode and dentry takes about 1 KiB: let them use a tenth of the memory left. */
void files_init(void)
{
	unsigned long total = totalram_pages();
	unsigned long reserve = min((total - nr_free_pages()) * 3 / 2, total - 1);

	filp_cachep = kmem_cache_create("filp", sizeof(struct file), 0, SLAB_PANIC, NULL);
	sysctl_file_max = max((total - reserve) * (PAGE_SIZE / 1024) / 10, NR_FILE);
}

/*
 * A file that is not open yet, with one reference. It holds @cred; @flags (O_*) give its f_mode.
 * Whoever opens it sets the path, the inode, the operations and FMODE_OPENED.
 * ERR_PTR: -ENFILE when file-max is reached and current is not privileged, -ENOMEM, or what a
 * security module answered. Linux: fs/file_table.c:alloc_empty_file()
 */
struct file *alloc_empty_file(int flags, const struct cred *cred)
{
	static unsigned long old_max;
	struct file *file;
	int error;

	if (unlikely(nr_files >= sysctl_file_max) && !capable(CAP_SYS_ADMIN)) {
		if (nr_files > old_max) {
			pr_info("file-max limit %lu reached\n", sysctl_file_max);
			old_max = nr_files;
		}
		return ERR_PTR(-ENFILE);
	}
	file = kmem_cache_alloc(filp_cachep, GFP_KERNEL);
	if (unlikely(!file))
		return ERR_PTR(-ENOMEM);
	file->f_mode = (flags + 1) & O_ACCMODE;
	atomic_long_set(&file->f_count, 1);
	file->f_flags = flags;
	file->f_cred = get_cred(cred);
	file->private_data = NULL;
	file->f_pos = 0;
	error = security_file_alloc(file);
	if (unlikely(error)) {
		put_cred(file->f_cred);
		kmem_cache_free(filp_cachep, file);
		return ERR_PTR(error);
	}
	nr_files++;
	return file;
}

/* Linux: fs/file_table.c:file_free() */
static inline void file_free(struct file *file)
{
	security_file_free(file);
	nr_files--;
	put_cred(file->f_cred);
	kmem_cache_free(filp_cachep, file);
}

/* An open file, which takes over the caller's references on @mnt and @dentry. */
static inline struct file *alloc_file(struct vfsmount *mnt, struct dentry *dentry, int flags,
				      const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(flags, current_cred());

	if (IS_ERR(file))
		return file;
	file->f_path.mnt = mnt;
	file->f_path.dentry = dentry;
	file->f_inode = dentry->d_inode;
	file->f_op = fop;
	file->f_mode |= FMODE_OPENED;
	if (fop->llseek)
		file->f_mode |= FMODE_LSEEK;
	return file;
}

/*
 * On success the file owns the caller's reference on @inode; on failure the caller still has it.
 * The dentry takes it over before the file is made. If no file can be made, the inode gets one more
 * reference, because dput() drops the dentry's. Linux: fs/file_table.c:alloc_file_pseudo()
 */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name,
			       int flags, const struct file_operations *fop)
{
	struct dentry *dentry = d_alloc_pseudo(mnt->mnt_sb, name);
	struct file *file;

	if (!dentry)
		return ERR_PTR(-ENOMEM);
	mntget(mnt);
	d_instantiate(dentry, inode);
	file = alloc_file(mnt, dentry, flags, fop);
	if (IS_ERR(file)) {
		ihold(inode);
		dput(dentry);
		mntput(mnt);
	}
	return file;
}

const struct file_operations *fops_get(const struct file_operations *fops)
{
	return try_module_get(fops->owner) ? fops : NULL;
}

void fops_put(const struct file_operations *fops)
{
	module_put(fops->owner);
}

void replace_fops(struct file *file, const struct file_operations *fops)
{
	fops_put(file->f_op);
	file->f_op = fops;
}

/* What is true without kernel/fs/eventpoll, kernel/fs/locks and fasync.c. */
void __weak noprobe eventpoll_release_file(struct file *file __maybe_unused)
{
}

void __weak noprobe file_forget_locks(struct file *file __maybe_unused)
{
}

/*
 * release() of a file that others know of, that is written to, or whose operations are a module's: before
 * it, nobody may wait for the file any more; after it, the module may go.
 */
static void release_and_give_back(struct file *file)
{
	eventpoll_release_file(file);
	file_forget_locks(file);
	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	if (!(file->f_mode & (FMODE_WRITER | FMODE_OWNED)))
		return;
	if (S_ISCHR(file->f_inode->i_mode))
		chrdev_put(file->f_inode);
	fops_put(file->f_op);
	if (file->f_mode & FMODE_WRITER)
		mnt_put_writer(&file->f_path);
}

/* A file that never got open has nothing but itself. Linux: fs/file_table.c:__fput() */
void __fput(struct file *file)
{
	if (file->f_mode & FMODE_OPENED) {
		if (unlikely(file->f_mode & FMODE_LAST_PUT))
			release_and_give_back(file);
		else if (file->f_op->release)
			file->f_op->release(file->f_inode, file);
		dput(file->f_path.dentry);
		mntput(file->f_path.mnt);
	}
	file_free(file);
}
