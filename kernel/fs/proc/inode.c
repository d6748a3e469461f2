/*
 * Inodes of /proc, and the operations of its files.
 *
 * An entry can be removed while files of it are open, and its operations then go with the module
 * they are in. Therefore each of them runs between use_pde() and unuse_pde(), and the entry knows
 * the files that have a proc_release() to come. Linux: fs/proc/inode.c
 */
#include "kernel/fs/poll.h"
#include "kernel/fs/proc/internal.h"

/* A file whose proc_release() is due. */
struct pde_opener {
	struct list_head lh; /* in pde_openers */
	struct file *file;
	bool closing;	      /* somebody is calling it ... */
	struct completion *c; /* ... and somebody else waits for him */
};

/* May an operation of @de begin? Then unuse_pde() ends it. */
static bool use_pde(struct proc_dir_entry *de)
{
	if (de->in_use < 0)
		return false;
	de->in_use++;
	return true;
}

static void unuse_pde(struct proc_dir_entry *de)
{
	if (--de->in_use == PROC_REMOVED)
		complete(de->pde_unload_completion);
}

/* Call proc_release() for @pdeo, and free it; or wait for who does. Linux: close_pdeo() */
static void close_pdeo(struct proc_dir_entry *de, struct pde_opener *pdeo)
{
	DECLARE_COMPLETION_ONSTACK(c);

	if (pdeo->closing) { /* at most one can wait: rundown and fput() are two */
		pdeo->c = &c;
		wait_for_completion(&c);
		return;
	}
	pdeo->closing = true;
	de->proc_ops->proc_release(pdeo->file->f_inode, pdeo->file);
	list_del(&pdeo->lh);
	if (pdeo->c)
		complete(pdeo->c);
	kfree(pdeo);
}

void proc_entry_rundown(struct proc_dir_entry *de)
{
	DECLARE_COMPLETION_ONSTACK(c);

	de->pde_unload_completion = &c;
	de->in_use += PROC_REMOVED;
	if (de->in_use != PROC_REMOVED)
		wait_for_completion(&c);
	while (!list_empty(&de->pde_openers))
		close_pdeo(de, list_first_entry(&de->pde_openers, struct pde_opener, lh));
}

/* --- operations of files -------------------------------------------------------------------- */

static int proc_reg_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *de = PDE(inode);
	struct pde_opener *pdeo = NULL;
	int error = 0;

	if (!use_pde(de))
		return -ENOENT;
	if (!de->proc_ops->proc_lseek)
		file->f_mode &= ~FMODE_LSEEK;
	if (de->proc_ops->proc_release) {
		pdeo = kzalloc(sizeof(*pdeo), GFP_KERNEL);
		error = pdeo ? 0 : -ENOMEM;
	}
	if (!error && de->proc_ops->proc_open)
		error = de->proc_ops->proc_open(inode, file);
	if (!error && pdeo) {
		pdeo->file = file;
		list_add(&pdeo->lh, &de->pde_openers);
	} else {
		kfree(pdeo);
	}
	unuse_pde(de);
	return error;
}

/* Nothing is left to do when the entry's removal has done it. */
static int proc_reg_release(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *de = PDE(inode);
	struct pde_opener *pdeo;

	list_for_each_entry(pdeo, &de->pde_openers, lh) {
		if (pdeo->file == file) {
			close_pdeo(de, pdeo);
			break;
		}
	}
	return 0;
}

static ssize_t proc_reg_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct proc_dir_entry *de = PDE(file->f_inode);
	ssize_t ret = -EIO;

	if (!use_pde(de))
		return ret;
	if (de->proc_ops->proc_read)
		ret = de->proc_ops->proc_read(file, buf, count, pos);
	unuse_pde(de);
	return ret;
}

static ssize_t proc_reg_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct proc_dir_entry *de = PDE(iocb->ki_filp->f_inode);
	ssize_t ret;

	if (!use_pde(de))
		return -EIO;
	ret = de->proc_ops->proc_read_iter(iocb, to);
	unuse_pde(de);
	return ret;
}

static ssize_t proc_reg_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct proc_dir_entry *de = PDE(file->f_inode);
	ssize_t ret = -EIO;

	if (!use_pde(de))
		return ret;
	if (de->proc_ops->proc_write)
		ret = de->proc_ops->proc_write(file, buf, count, pos);
	unuse_pde(de);
	return ret;
}

static loff_t proc_reg_llseek(struct file *file, loff_t offset, int whence)
{
	struct proc_dir_entry *de = PDE(file->f_inode);
	loff_t ret;

	if (!use_pde(de))
		return -EINVAL;
	ret = de->proc_ops->proc_lseek(file, offset, whence);
	unuse_pde(de);
	return ret;
}

static __poll_t proc_reg_poll(struct file *file, struct poll_table_struct *wait)
{
	struct proc_dir_entry *de = PDE(file->f_inode);
	__poll_t events = DEFAULT_POLLMASK;

	if (!use_pde(de))
		return events;
	if (de->proc_ops->proc_poll)
		events = de->proc_ops->proc_poll(file, wait);
	unuse_pde(de);
	return events;
}

static long proc_reg_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct proc_dir_entry *de = PDE(file->f_inode);
	long ret = -ENOTTY;

	if (!use_pde(de))
		return ret;
	if (de->proc_ops->proc_ioctl)
		ret = de->proc_ops->proc_ioctl(file, cmd, arg);
	unuse_pde(de);
	return ret;
}

const struct file_operations proc_reg_file_ops = {
	.llseek = proc_reg_llseek,
	.read = proc_reg_read,
	.write = proc_reg_write,
	.poll = proc_reg_poll,
	.unlocked_ioctl = proc_reg_ioctl,
	.open = proc_reg_open,
	.release = proc_reg_release,
};

const struct file_operations proc_iter_file_ops = {
	.llseek = proc_reg_llseek,
	.read_iter = proc_reg_read_iter,
	.write = proc_reg_write,
	.poll = proc_reg_poll,
	.unlocked_ioctl = proc_reg_ioctl,
	.open = proc_reg_open,
	.release = proc_reg_release,
};

/* --- inodes --------------------------------------------------------------------------------- */

struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_private = pde_get(de);
	inode->i_ino = de->low_ino;
	inode->i_mode = de->mode;
	inode->i_nlink = de->nlink;
	inode->i_uid = de->uid;
	inode->i_gid = de->gid;
	inode->i_size = de->size;
	inode->i_op = de->proc_iops;
	inode->i_fop = de->proc_fops;
	inode->i_atime = inode->i_mtime = inode->i_ctime = ktime_get_real_ns();
	return inode;
}

static struct kmem_cache *proc_inode_cachep;

static void init_once(void *object)
{
	inode_init_once(&((struct proc_inode *)object)->vfs_inode);
}

void proc_init_kmemcache(void)
{
	proc_inode_cachep = kmem_cache_create("proc_inode_cache", sizeof(struct proc_inode), 0,
					      SLAB_PANIC, init_once);
}

static struct inode *proc_alloc_inode(struct super_block *sb __maybe_unused)
{
	struct proc_inode *ei = kmem_cache_alloc(proc_inode_cachep, GFP_KERNEL);

	if (!ei)
		return NULL;
	ei->pid = NULL;
	ei->d_revalidate = NULL;
	return &ei->vfs_inode;
}

static void proc_free_inode(struct inode *inode)
{
	kmem_cache_free(proc_inode_cachep, PROC_I(inode));
}

static void proc_evict_inode(struct inode *inode)
{
	put_pid(PROC_I(inode)->pid);
	if (PDE(inode))
		pde_put(PDE(inode));
}

const struct super_operations proc_sops = {
	.alloc_inode = proc_alloc_inode,
	.free_inode = proc_free_inode,
	.evict_inode = proc_evict_inode,
};

void *pde_data(const struct inode *inode)
{
	return PDE(inode)->data;
}
