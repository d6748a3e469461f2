/*
 * No memory is left for a page that a program needs: the process that uses most is killed, and its
 * memory is taken at once. Linux: mm/oom_kill.c
 *
 * Only page faults come here. A system call that finds no memory returns -ENOMEM, and goes on living.
 */
#include "kernel/mman/mman.h"
#include "kernel/sched/sched.h"

/* A thread of @p's process that still has its memory, or NULL. With tasklist_lock. */
static struct task_struct *find_lock_task_mm(struct task_struct *p)
{
	struct task_struct *t;

	for_each_thread(p, t) {
		if (t->mm)
			return t;
	}
	return NULL;
}

/* How many pages the end of @p would give back, but at least 1; 0: it must not be killed, or was. */
static unsigned long oom_badness(struct task_struct *p)
{
	const struct task_struct *t = find_lock_task_mm(p);
	long points;

	if (!t || is_global_init(p) || p->flags & PF_KTHREAD || t->mm->oom_reaped ||
	    p->signal->oom_score_adj == OOM_SCORE_ADJ_MIN)
		return 0;
	points = t->mm->rss + t->mm->pgtables;
	points += p->signal->oom_score_adj * ((long)totalram_pages() / 1000);
	return max(points, 0l) + 1;
}

/* Who is being killed already, or else the process with the most pages; with a reference. NULL: there is none. */
static struct task_struct *select_bad_process(void)
{
	struct task_struct *p, *chosen = NULL;
	unsigned long most = 0, points;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		points = oom_badness(p);
		if (points && find_lock_task_mm(p)->mm->oom_victim)
			points = -1ul;
		if (points > most) {
			most = points;
			chosen = p;
		}
	}
	if (chosen)
		get_task_struct(chosen);
	read_unlock(&tasklist_lock);
	return chosen;
}

/*
 * Kill each process that uses @mm. With a vfork() there are two. False: PID 1 uses it, too, and needs its
 * pages.
 */
static bool kill_users(const struct mm_struct *mm)
{
	struct task_struct *p, *t;
	bool all = true;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		t = find_lock_task_mm(p);
		if (!t || t->mm != mm)
			continue;
		if (is_global_init(p))
			all = false;
		else
			do_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
	}
	read_unlock(&tasklist_lock);
	return all;
}

/*
 * Take the private pages of @mm, none of whose tasks will see ring 3 again; if one of them reads or
 * writes there in the middle of a system call, that is a fault. False: its areas are changing now.
 */
static bool oom_reap_task_mm(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	if (!mmap_read_trylock(mm))
		return false;
	mm->oom_reaped = true;
	tlb_gather_mmu(mm);
	for (vma = find_vma(mm, 0); vma; vma = next_vma(vma)) {
		if (!(vma->vm_flags & VM_SHARED))
			zap_page_range(mm, vma->vm_start, vma->vm_end);
	}
	tlb_finish_mmu(mm);
	mmap_read_unlock(mm);
	return true;
}

/*
 * Another page may be free when this returns, so the access can be tried again. If current is the one
 * that is killed, it has a fatal signal then.
 */
void out_of_memory(void)
{
	struct task_struct *victim = select_bad_process(), *t;
	unsigned long free = nr_free_pages();
	struct mm_struct *mm = NULL;

	if (!victim) {
		force_sig(SIGKILL);
		return;
	}
	t = find_lock_task_mm(victim);
	if (t) {
		mm = t->mm;
		refcount_inc(&mm->mm_users);
		if (!mm->oom_victim)
			pr_err("Out of memory: Killed process %d (%s) total-vm:%lukB, rss:%lukB, pgtables:%lukB\n",
			       victim->pid, victim->comm, mm->total_vm * 4, mm->rss * 4, mm->pgtables * 4);
		mm->oom_victim = true;
		if (kill_users(mm))
			oom_reap_task_mm(mm);
		mmput(mm);
	}
	put_task_struct(victim);
	/* What it shares with others, or is changing just now, is free when it has ended. */
	if (nr_free_pages() <= free && !fatal_signal_pending(current))
		schedule_timeout_uninterruptible(1);
}
