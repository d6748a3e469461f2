/*
 * /proc/PID/maps: the areas of an address space, one line each. Linux: fs/proc/task_mmu.c
 *
 * An open file keeps the struct mm_struct, but not the memory: when the last task that uses that has ended or
 * runs another program, nothing is left to be read. The position of a reader is an address, so that
 * it costs no more to go on far behind.
 */
#include "kernel/mm/mmap_lock.h"
#include "kernel/process/proc/internal.h"

#define NAME_COLUMN 73 /* where the names begin */

struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm = task->flags & PF_KTHREAD ? NULL : task->mm;

	if (mm)
		refcount_inc(&mm->mm_users);
	return mm;
}

struct mm_struct *mm_access(struct task_struct *task, unsigned int mode)
{
	struct mm_struct *mm = get_task_mm(task);

	if (mm && mm != current->mm && !ptrace_may_access(task, mode)) {
		mmput(mm);
		return ERR_PTR(-EACCES);
	}
	return mm;
}

/* What an open file of maps keeps. */
struct proc_maps_private {
	struct mm_struct *mm; /* by mmgrab(); NULL: the task had none */
	bool locked;          /* from m_start() to m_stop(), with a user counted */
};

/* The area at or behind *@ppos. */
static void *m_start(struct seq_file *m, loff_t *ppos)
{
	struct proc_maps_private *priv = m->private;
	struct vm_area_struct *vma;

	priv->locked = *ppos >= 0 && priv->mm && mmget_not_zero(priv->mm);
	if (!priv->locked)
		return NULL;
	mmap_read_lock(priv->mm);
	vma = find_vma(priv->mm, *ppos);
	if (vma)
		*ppos = vma->vm_start;
	return vma;
}

static void *m_next(struct seq_file *m, void *v, loff_t *ppos)
{
	const struct proc_maps_private *priv = m->private;
	struct vm_area_struct *vma = find_vma(priv->mm, ((struct vm_area_struct *)v)->vm_end);

	*ppos = vma ? (loff_t)vma->vm_start : -1;
	return vma;
}

/* What an area without a file is for, or NULL. */
static const char *area_name(const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk)
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return NULL;
}

/* Blanks up to the column of names; the line began at @start. */
static void pad(struct seq_file *m, size_t start)
{
	do
		seq_putc(m, ' ');
	while (m->count < m->size && m->count - start < NAME_COLUMN);
}

/* Linux: fs/proc/task_mmu.c:show_map_vma() */
static int show_map(struct seq_file *m, void *v)
{
	const struct vm_area_struct *vma = v;
	const struct inode *inode = vma->vm_file ? vma->vm_file->f_inode : NULL;
	unsigned long flags = vma->vm_flags;
	dev_t dev = inode ? inode->i_sb->s_dev : 0;
	const char *name = area_name(vma);
	size_t start = m->count;

	seq_printf(m, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", vma->vm_start, vma->vm_end,
		   flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		   flags & VM_EXEC ? 'x' : '-', flags & VM_SHARED ? 's' : 'p',
		   inode ? vma->vm_pgoff << PAGE_SHIFT : 0, MAJOR(dev), MINOR(dev),
		   inode ? inode->i_ino : 0);
	if (inode) {
		pad(m, start);
		seq_path(m, &vma->vm_file->f_path, "\n");
	} else if (name) {
		pad(m, start);
		seq_puts(m, name);
	}
	seq_putc(m, '\n');
	return 0;
}

static void m_stop(struct seq_file *m, void *v __maybe_unused)
{
	struct proc_maps_private *priv = m->private;

	if (!priv->locked)
		return;
	mmap_read_unlock(priv->mm);
	mmput(priv->mm);
}

static const struct seq_operations proc_pid_maps_op = {
	.start = m_start,
	.next = m_next,
	.stop = m_stop,
	.show = show_map,
};

static int pid_maps_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mem_open(inode);
	struct proc_maps_private *priv;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	priv = __seq_open_private(file, &proc_pid_maps_op, sizeof(*priv));
	if (priv)
		priv->mm = mm;
	else if (mm)
		mmdrop(mm);
	return priv ? 0 : -ENOMEM;
}

static int proc_map_release(struct inode *inode, struct file *file)
{
	struct proc_maps_private *priv = ((struct seq_file *)file->private_data)->private;

	if (priv->mm)
		mmdrop(priv->mm);
	return seq_release_private(inode, file);
}

const struct file_operations proc_pid_maps_operations = {
	.open = pid_maps_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = proc_map_release,
};
