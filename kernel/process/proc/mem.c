/*
 * /proc/PID/cmdline and environ: the strings a program was started with, which lie in its own memory.
 * Linux: fs/proc/base.c, mm/memory.c:__access_remote_vm()
 */
#include "kernel/mm/mmap_lock.h"
#include "kernel/process/proc/internal.h"

#define CHUNK ((size_t)PAGE_SIZE) /* copied at once */

/* Copy up to @len bytes at @addr of @mm to @buf: how many. Pages that are not present are made so. */
static size_t access_remote_vm(struct mm_struct *mm, unsigned long addr, char *buf, size_t len)
{
	size_t done = 0;

	mmap_read_lock(mm);
	while (done < len) {
		struct vm_area_struct *vma = find_vma(mm, addr);
		size_t n = min(len - done, PAGE_SIZE - addr % PAGE_SIZE);
		struct page *page;

		if (!vma || vma->vm_start > addr)
			break;
		page = follow_page(vma, ALIGN_DOWN(addr, PAGE_SIZE));
		if (!page && !(handle_mm_fault(vma, ALIGN_DOWN(addr, PAGE_SIZE), 0) & VM_FAULT_ERROR))
			page = follow_page(vma, ALIGN_DOWN(addr, PAGE_SIZE));
		if (!page)
			break;
		memcpy(buf + done, (char *)page_address(page) + addr % PAGE_SIZE, n);
		done += n;
		addr += n;
	}
	mmap_read_unlock(mm);
	return done;
}

/*
 * Ring 3 reads up to @count bytes of @mm from @addr, at most to @end. How many; -EFAULT, -ENOMEM. What cannot
 * be read ends it.
 */
static ssize_t copy_strings(struct mm_struct *mm, unsigned long addr, unsigned long end,
			    char __user *buf, size_t count)
{
	char *page = kmalloc(CHUNK, GFP_KERNEL);
	ssize_t done = 0;

	if (!page)
		return -ENOMEM;
	while (addr < end && (size_t)done < count) {
		size_t left = min(end - addr, count - done), want = min(left, CHUNK);
		size_t got = access_remote_vm(mm, addr, page, want);

		if (copy_to_user(buf + done, page, got)) {
			done = done ? done : -EFAULT;
			break;
		}
		done += got;
		addr += got;
		cond_resched();
		if (got < want || fatal_signal_pending(current))
			break;
	}
	kfree(page);
	return done;
}

/* The byte before @end; 0 when it cannot be read. */
static char last_byte(struct mm_struct *mm, unsigned long end)
{
	char c = 0;

	access_remote_vm(mm, end - 1, &c, 1);
	return c;
}

/* How far @mm's text from @start on goes up to its first NUL, but not beyond @end. -ENOMEM. */
static long title_length(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	char *page = kmalloc(CHUNK, GFP_KERNEL);
	unsigned long addr = start;
	size_t got, len = 0;

	if (!page)
		return -ENOMEM;
	do {
		got = access_remote_vm(mm, addr, page, min(end - addr, CHUNK));
		len = strnlen(page, got);
		addr += len;
	} while (got && len == got && addr < end);
	kfree(page);
	return addr - start;
}

/*
 * The arguments, with the NUL behind each. A program may write a title over them: if that takes the last NUL
 * away it may go on over the environment, and what is read ends with its own. Linux: get_mm_cmdline()
 */
static ssize_t get_mm_cmdline(struct mm_struct *mm, char __user *buf, size_t count, loff_t *ppos)
{
	unsigned long end = mm->arg_end;
	ssize_t ret;
	long len;

	if (mm->arg_start >= mm->arg_end)
		return 0;
	if (last_byte(mm, mm->arg_end)) {
		end = mm->env_start == mm->arg_end && mm->env_end > mm->env_start ? mm->env_end :
										    mm->arg_end;
		len = title_length(mm, mm->arg_start, end);
		if (len < 0)
			return len;
		end = min(end, mm->arg_start + len + 1);
	}
	if ((unsigned long)*ppos >= end - mm->arg_start)
		return 0;
	ret = copy_strings(mm, mm->arg_start + *ppos, end, buf, count);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static ssize_t proc_pid_cmdline_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *task = get_proc_task(file->f_inode);
	struct mm_struct *mm;
	ssize_t ret = 0;

	if (!task)
		return -ESRCH;
	mm = get_task_mm(task);
	put_task_struct(task);
	if (mm) {
		ret = get_mm_cmdline(mm, buf, count, pos);
		mmput(mm);
	}
	return ret;
}

const struct file_operations proc_pid_cmdline_ops = {
	.read = proc_pid_cmdline_read,
	.llseek = generic_file_llseek,
};

struct mm_struct *proc_mem_open(const struct inode *inode)
{
	struct task_struct *task = get_proc_task(inode);
	struct mm_struct *mm;

	if (!task)
		return ERR_PTR(-ESRCH);
	mm = mm_access(task, PTRACE_MODE_READ_FSCREDS);
	put_task_struct(task);
	if (!IS_ERR_OR_NULL(mm)) {
		mmgrab(mm);
		mmput(mm);
	}
	return mm;
}

static int environ_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mem_open(inode);

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	file->private_data = mm;
	return 0;
}

static ssize_t environ_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct mm_struct *mm = file->private_data;
	ssize_t ret = 0;

	if (!mm || !mm->env_end || !mmget_not_zero(mm))
		return 0;
	if ((unsigned long)*ppos < mm->env_end - mm->env_start)
		ret = copy_strings(mm, mm->env_start + *ppos, mm->env_end, buf, count);
	if (ret > 0)
		*ppos += ret;
	mmput(mm);
	return ret;
}

static int environ_release(struct inode *inode __maybe_unused, struct file *file)
{
	if (file->private_data)
		mmdrop(file->private_data);
	return 0;
}

const struct file_operations proc_environ_operations = {
	.open = environ_open,
	.read = environ_read,
	.llseek = generic_file_llseek,
	.release = environ_release,
};
