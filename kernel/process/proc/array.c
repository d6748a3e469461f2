/*
 * /proc/PID/stat and statm: what tools such as ps and top read, in one line of numbers.
 * Linux: fs/proc/array.c, Documentation/filesystems/proc.rst
 */
#include <uapi/times.h>

#include "kernel/process/proc/internal.h"

const char *get_task_state(const struct task_struct *task)
{
	if (task->exit_state & EXIT_ZOMBIE)
		return "Z (zombie)";
	if (task->exit_state & EXIT_DEAD || task->__state & TASK_DEAD)
		return "X (dead)";
	if (task->__state & __TASK_STOPPED)
		return "T (stopped)";
	if (task->__state & TASK_UNINTERRUPTIBLE)
		return "D (disk sleep)";
	return task->__state & TASK_INTERRUPTIBLE ? "S (sleeping)" : "R (running)";
}

/* What one line of stat says of a task, or of all threads of its group. */
struct stat_numbers {
	unsigned long vsize, rss; /* bytes, pages */
	unsigned long sigpending, sigignored, sigcaught;
	struct task_usage used, cused;
	u64 utime, stime, cutime, cstime; /* nanoseconds */
	int num_threads;
};

static void collect_signals(struct task_struct *task, struct stat_numbers *n)
{
	if (!task->sighand)
		return;
	for (int sig = 1; sig <= _NSIG; sig++) {
		const struct k_sigaction *ka = &task->sighand->action[sig - 1];

		if (ka->sa.sa_handler == SIG_IGN)
			n->sigignored |= sigmask(sig);
		else if (ka->sa.sa_handler != SIG_DFL)
			n->sigcaught |= sigmask(sig);
	}
}

/* @whole: of the group. */
static void collect_usage(struct task_struct *task, struct stat_numbers *n, bool whole)
{
	n->sigpending = task->pending.signal.sig[0];
	n->num_threads = task->exit_state ? 0 : task->signal->nr_threads;
	n->cused = task->signal->cused;
	n->cutime = task->signal->cutime;
	n->cstime = task->signal->cstime;
	if (whole) {
		n->used = task->signal->used;
		thread_group_cputime_adjusted(task, &n->utime, &n->stime);
	} else {
		n->used = task->used;
		task_cputime_adjusted(task, &n->utime, &n->stime);
	}
}

static unsigned long clock_ticks(u64 ns)
{
	return ns / (NSEC_PER_SEC / USER_HZ);
}

/* The columns up to the time at which the task began. */
static void show_who(struct seq_file *m, struct task_struct *task, const struct stat_numbers *n)
{
	int tty_pgrp = -1;
	unsigned int tty_nr = signal_tty(task->signal, &tty_pgrp);
	const struct task_struct *parent = task->real_parent;

	seq_printf(m, "%d (", task->pid);
	seq_puts(m, task->comm);
	seq_printf(m, ") %c %d %d %d %d %d %u %lu %lu %lu %lu", *get_task_state(task), parent->tgid,
		   pid_nr(task_pgrp(task)), pid_nr(task_session(task)), tty_nr, tty_pgrp, task->flags,
		   n->used.min_flt, n->cused.min_flt, n->used.maj_flt, n->cused.maj_flt);
	seq_printf(m, " %lu %lu %lu %lu %d %d %d 0 %lu", clock_ticks(n->utime), clock_ticks(n->stime),
		   clock_ticks(n->cutime), clock_ticks(n->cstime), 20 + task->nice, task->nice,
		   n->num_threads, clock_ticks(task->start_time));
}

/* The columns about memory and signals. Addresses are for those who may look into the task. */
static void show_what(struct seq_file *m, struct task_struct *task, struct mm_struct *mm,
		      const struct stat_numbers *n, bool permitted)
{
	seq_printf(m, " %lu %lu %lu %lu %lu %lu 0 0", n->vsize, n->rss,
		   task->signal->rlim[RLIMIT_RSS].rlim_cur, mm ? (permitted ? mm->start_code : 1) : 0,
		   mm ? (permitted ? mm->end_code : 1) : 0, permitted && mm ? mm->start_stack : 0);
	seq_printf(m, " %lu %lu %lu %lu %d 0 0", n->sigpending & 0x7fffffff,
		   task->blocked.sig[0] & 0x7fffffff, n->sigignored & 0x7fffffff,
		   n->sigcaught & 0x7fffffff, permitted && task->__state != TASK_RUNNING);
}

/* The columns from the signal that the parent gets on. */
static void show_rest(struct seq_file *m, struct task_struct *task, struct mm_struct *mm,
		      bool permitted)
{
	seq_printf(m, " %d 0 0 0 0 0 0", task->exit_signal);
	if (mm && permitted)
		seq_printf(m, " %lu %lu %lu %lu %lu %lu %lu", mm->start_data, mm->end_data,
			   mm->start_brk, mm->arg_start, mm->arg_end, mm->env_start, mm->env_end);
	else
		seq_puts(m, " 0 0 0 0 0 0 0");
	seq_printf(m, " %d\n", permitted ? task->exit_code : 0);
}

/* Linux: fs/proc/array.c:do_task_stat() */
static int do_task_stat(struct seq_file *m, struct task_struct *task, bool whole)
{
	bool permitted = ptrace_may_access(task, PTRACE_MODE_READ_FSCREDS);
	struct mm_struct *mm = get_task_mm(task);
	struct stat_numbers n = { 0 };

	if (!task->thread_pid) {
		if (mm)
			mmput(mm);
		return -ESRCH;
	}
	collect_signals(task, &n);
	collect_usage(task, &n, whole);
	if (mm) {
		n.vsize = mm->total_vm * PAGE_SIZE;
		n.rss = mm->rss;
	}
	show_who(m, task, &n);
	show_what(m, task, mm, &n, permitted);
	show_rest(m, task, mm, permitted);
	if (mm)
		mmput(mm);
	return 0;
}

int proc_tgid_stat(struct seq_file *m, struct task_struct *task)
{
	return do_task_stat(m, task, true);
}

int proc_tid_stat(struct seq_file *m, struct task_struct *task)
{
	return do_task_stat(m, task, false);
}

/* Pages: all, present, 0 (those of files are not counted), of the program, 0, of data and stack, 0. */
int proc_pid_statm(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	unsigned long text, stack, code;

	if (!mm) {
		seq_puts(m, "0 0 0 0 0 0 0\n");
		return 0;
	}
	count_areas(mm, &stack, &code);
	text = (ALIGN(mm->end_code, PAGE_SIZE) - ALIGN_DOWN(mm->start_code, PAGE_SIZE)) >> PAGE_SHIFT;
	seq_printf(m, "%lu %lu 0 %lu 0 %lu 0\n", mm->total_vm, mm->rss, text, mm->data_vm + stack);
	mmput(mm);
	return 0;
}
