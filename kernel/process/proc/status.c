/*
 * /proc/PID/status: what stat says and more, for people to read. Linux: fs/proc/array.c, task_mmu.c
 */
#include "kernel/process/proc/internal.h"

/* The name of @task, with what would break the line as an escape sequence. */
static void proc_task_name(struct seq_file *m, const struct task_struct *task)
{
	for (const char *c = task->comm; *c; c++) {
		if (*c == '\n')
			seq_puts(m, "\\n");
		else if (*c == '\\')
			seq_puts(m, "\\\\");
		else
			seq_putc(m, *c);
	}
}

static void show_ids(struct seq_file *m, const struct cred *cred)
{
	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", __kuid_val(cred->uid), __kuid_val(cred->euid),
		   __kuid_val(cred->suid), __kuid_val(cred->fsuid));
	seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", __kgid_val(cred->gid), __kgid_val(cred->egid),
		   __kgid_val(cred->sgid), __kgid_val(cred->fsgid));
}

static void show_groups(struct seq_file *m, const struct group_info *groups)
{
	seq_puts(m, "Groups:\t");
	for (int i = 0; groups && i < groups->ngroups; i++)
		seq_printf(m, "%u ", __kgid_val(groups->gid[i]));
	seq_puts(m, groups && groups->ngroups ? "\n" : " \n");
}

/* Linux: fs/proc/array.c:task_state() */
static void task_state(struct seq_file *m, struct task_struct *task)
{
	if (task->fs)
		seq_printf(m, "Umask:\t%#04o\n", task->fs->umask);
	seq_printf(m, "State:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n",
		   get_task_state(task), task->tgid, task->pid,
		   task->thread_pid ? task->real_parent->tgid : 0);
	show_ids(m, task->cred);
	seq_printf(m, "FDSize:\t%u\n", task->files ? files_fdtable(task->files)->max_fds : 0);
	show_groups(m, task->cred->group_info);
	seq_printf(m, "NStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\n", task->tgid, task->pid,
		   pid_nr(task_pgrp(task)), pid_nr(task_session(task)));
}

void count_areas(struct mm_struct *mm, unsigned long *stack, unsigned long *code)
{
	struct vm_area_struct *vma;

	*stack = *code = 0;
	mmap_read_lock(mm);
	for (vma = find_vma(mm, 0); vma; vma = find_vma(mm, vma->vm_end)) {
		unsigned long pages = (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;

		if (vma->vm_flags & VM_GROWSDOWN)
			*stack += pages;
		else if ((vma->vm_flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
			*code += pages;
	}
	mmap_read_unlock(mm);
}

static void show_kb(struct seq_file *m, const char *name, unsigned long pages)
{
	seq_printf(m, "%s:\t%8lu kB\n", name, pages * (PAGE_SIZE / 1024));
}

/* Linux: fs/proc/task_mmu.c:task_mem() */
static void task_mem(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long stack, code, text;

	count_areas(mm, &stack, &code);
	text = (ALIGN(mm->end_code, PAGE_SIZE) - ALIGN_DOWN(mm->start_code, PAGE_SIZE)) >> PAGE_SHIFT;
	text = min(text, code);
	show_kb(m, "VmPeak", max(mm->hiwater_vm, mm->total_vm));
	show_kb(m, "VmSize", mm->total_vm);
	show_kb(m, "VmLck", mm->locked_vm);
	show_kb(m, "VmPin", 0);
	show_kb(m, "VmHWM", get_mm_hiwater_rss(mm));
	show_kb(m, "VmRSS", mm->rss);
	show_kb(m, "VmData", mm->data_vm);
	show_kb(m, "VmStk", stack);
	show_kb(m, "VmExe", text);
	show_kb(m, "VmLib", code - text);
	show_kb(m, "VmPTE", mm->pgtables);
	show_kb(m, "VmSwap", 0);
}

static void show_sigset(struct seq_file *m, const char *name, unsigned long set)
{
	seq_printf(m, "%s:\t%016lx\n", name, set);
}

/* Linux: fs/proc/array.c:task_sig() */
static void task_sig(struct seq_file *m, struct task_struct *task)
{
	unsigned long ignored = 0, caught = 0;

	for (int sig = 1; task->sighand && sig <= _NSIG; sig++) {
		const struct k_sigaction *ka = &task->sighand->action[sig - 1];

		if (ka->sa.sa_handler == SIG_IGN)
			ignored |= sigmask(sig);
		else if (ka->sa.sa_handler != SIG_DFL)
			caught |= sigmask(sig);
	}
	seq_printf(m, "Threads:\t%d\n", task->thread_pid ? task->signal->nr_threads : 0);
	seq_printf(m, "SigQ:\t%lu/%lu\n", task->cred->user->sigpending,
		   task->signal->rlim[RLIMIT_SIGPENDING].rlim_cur);
	show_sigset(m, "SigPnd", task->pending.signal.sig[0]);
	show_sigset(m, "ShdPnd", task->signal->shared_pending.signal.sig[0]);
	show_sigset(m, "SigBlk", task->blocked.sig[0]);
	show_sigset(m, "SigIgn", ignored);
	show_sigset(m, "SigCgt", caught);
}

static void task_cap(struct seq_file *m, const struct cred *cred)
{
	show_sigset(m, "CapInh", cred->cap_inheritable);
	show_sigset(m, "CapPrm", cred->cap_permitted);
	show_sigset(m, "CapEff", cred->cap_effective);
	show_sigset(m, "CapBnd", cred->cap_bset);
	show_sigset(m, "CapAmb", cred->cap_ambient);
}

/* There is one CPU and one node of memory. */
static void task_places(struct seq_file *m, const struct task_struct *task)
{
	seq_printf(m, "NoNewPrivs:\t%d\n", task->no_new_privs);
	seq_puts(m, "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n");
	seq_puts(m, "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
		   task->used.nvcsw, task->used.nivcsw);
}

/* Linux: fs/proc/array.c:proc_pid_status() */
int proc_pid_status(struct seq_file *m, struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);

	seq_puts(m, "Name:\t");
	proc_task_name(m, task);
	seq_putc(m, '\n');
	task_state(m, task);
	if (mm) {
		task_mem(m, mm);
		seq_puts(m, "CoreDumping:\t0\nTHP_enabled:\t0\n");
		mmput(mm);
	}
	task_sig(m, task);
	task_cap(m, task->cred);
	task_places(m, task);
	return 0;
}
