/*
 * Small files of a task: limits, comm, wchan, oom_score, oom_score_adj. Linux: fs/proc/base.c
 */
#include "kernel/debug/debug.h"
#include "kernel/fs/mount.h"
#include "kernel/process/proc/internal.h"

static const struct {
	const char *name, *unit; /* unit NULL: it has none */
} limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },
	[RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },
	[RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },
	[RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
	[RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE] = { "Max nice priority", NULL },
	[RLIMIT_RTPRIO] = { "Max realtime priority", NULL },
	[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void show_limit(struct seq_file *m, unsigned long value)
{
	if (value == RLIM_INFINITY)
		seq_printf(m, "%-20s ", "unlimited");
	else
		seq_printf(m, "%-20lu ", value);
}

int proc_pid_limits(struct seq_file *m, struct task_struct *task)
{
	seq_printf(m, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		seq_printf(m, "%-25s ", limit_names[i].name);
		show_limit(m, task->signal->rlim[i].rlim_cur);
		show_limit(m, task->signal->rlim[i].rlim_max);
		if (limit_names[i].unit)
			seq_printf(m, "%-10s", limit_names[i].unit);
		seq_putc(m, '\n');
	}
	return 0;
}

/* --- comm ----------------------------------------------------------------------------------- */

static int comm_show(struct seq_file *m, void *v __maybe_unused)
{
	struct task_struct *task = get_proc_task(m->private);

	if (!task)
		return -ESRCH;
	seq_puts(m, task->comm);
	seq_putc(m, '\n');
	put_task_struct(task);
	return 0;
}

static int comm_open(struct inode *inode, struct file *file)
{
	return single_open(file, comm_show, inode);
}

/* Only a thread of the same process may. What is too long is cut. */
static ssize_t comm_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *pos __maybe_unused)
{
	char name[TASK_COMM_LEN] = "";
	struct task_struct *task;
	ssize_t ret = count;

	if (copy_from_user(name, buf, min(count, sizeof(name) - 1)))
		return -EFAULT;
	task = get_proc_task(file->f_inode);
	if (!task)
		return -ESRCH;
	if (task->signal == current->signal)
		memcpy(task->comm, name, sizeof(name));
	else
		ret = -EINVAL;
	put_task_struct(task);
	return ret;
}

const struct file_operations proc_pid_set_comm_operations = {
	.open = comm_open,
	.read_iter = seq_read_iter,
	.write = comm_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* --- wchan ---------------------------------------------------------------------------------- */

/* What __switch_to_asm() leaves on the stack of a task that does not run. */
struct inactive_task_frame {
	unsigned long r15, r14, r13, r12, bx, bp, ret_addr;
};

/* Where @task waits: the innermost function that is no function of the scheduler. Linux: get_wchan() */
static const char *get_wchan(struct task_struct *task)
{
	static const char *const waiting[] = { "schedule", "__schedule", "schedule_timeout", "__switch_to" };
	unsigned long entries[8], size, offset;
	const struct inactive_task_frame *frame = (void *)task->thread.sp;
	unsigned int n, i, w;

	if (task == current || task->__state == TASK_RUNNING || task->exit_state)
		return NULL;
	n = stack_trace_save_bp(entries, ARRAY_SIZE(entries), frame->bp);
	for (i = 0; i < n; i++) {
		const char *name = kallsyms_lookup(entries[i], &size, &offset);

		for (w = 0; name && w < ARRAY_SIZE(waiting) && strcmp(name, waiting[w]); w++)
			;
		if (name && w == ARRAY_SIZE(waiting))
			return name;
	}
	return NULL;
}

/* There is one namespace: all tasks see the same mounts, with paths as the reader sees them. */
int proc_pid_mounts(struct seq_file *m, struct task_struct *task __maybe_unused)
{
	return show_mounts(m);
}

int proc_pid_wchan(struct seq_file *m, struct task_struct *task)
{
	const char *name = NULL;

	if (ptrace_may_access(task, PTRACE_MODE_READ_FSCREDS))
		name = get_wchan(task);
	seq_puts(m, name ? name : "0");
	return 0;
}

/* --- out of memory -------------------------------------------------------------------------- */

/* Linux: fs/proc/base.c:proc_oom_score(). From 0 to 2000; 666 is who uses nothing. */
int proc_oom_score(struct seq_file *m, struct task_struct *task)
{
	long total = totalram_pages(), points = 0, badness = 0;

	if (!task->exit_state && !is_global_init(task) && !(task->flags & PF_KTHREAD) && task->mm &&
	    task->signal->oom_score_adj != OOM_SCORE_ADJ_MIN)
		badness = task->mm->rss + task->mm->pgtables + task->signal->oom_score_adj * (total / 1000);
	else
		badness = INT64_MIN;
	if (badness != INT64_MIN)
		points = max(0l, (1000 + badness * 1000 / total) * 2 / 3);
	seq_printf(m, "%lu\n", (unsigned long)points);
	return 0;
}

static ssize_t oom_score_adj_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct task_struct *task = get_proc_task(file->f_inode);
	char text[16];
	int len;

	if (!task)
		return -ESRCH;
	len = scnprintf(text, sizeof(text), "%d\n", task->signal->oom_score_adj);
	put_task_struct(task);
	return simple_read_from_buffer(buf, count, ppos, text, len);
}

/* What a process was set to by who had the right to is what it may go back to. Linux: __set_oom_adj() */
static int set_oom_adj(struct task_struct *task, int adj)
{
	struct signal_struct *signal = task->signal;

	if (adj < signal->oom_score_adj_min && !capable(CAP_SYS_RESOURCE))
		return -EACCES;
	signal->oom_score_adj = adj;
	if (capable(CAP_SYS_RESOURCE))
		signal->oom_score_adj_min = adj;
	return 0;
}

static ssize_t oom_score_adj_write(struct file *file, const char __user *buf, size_t count,
				   loff_t *ppos __maybe_unused)
{
	struct task_struct *task;
	char text[13] = "", *word = text, *end;
	long adj;
	int error;

	if (copy_from_user(text, buf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	while (*word == ' ' || *word == '\t' || *word == '\n')
		word++;
	for (end = word + strlen(word); end > word && (end[-1] == '\n' || end[-1] == ' '); end--)
		end[-1] = '\0';
	error = kstrtol(word, 0, &adj);
	if (error)
		return error;
	if (adj < OOM_SCORE_ADJ_MIN || adj > OOM_SCORE_ADJ_MAX)
		return -EINVAL;
	task = get_proc_task(file->f_inode);
	if (!task)
		return -ESRCH;
	error = set_oom_adj(task, adj);
	put_task_struct(task);
	return error ? error : (ssize_t)count;
}

const struct file_operations proc_oom_score_adj_operations = {
	.read = oom_score_adj_read,
	.write = oom_score_adj_write,
	.llseek = generic_file_llseek,
};
