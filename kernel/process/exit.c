/*
 * The end of a task. Its parent waits for it in wait.c. Linux: kernel/exit.c
 *
 * do_exit() gives back what the task no longer needs: memory, descriptors, its place in the file
 * system. It still runs on its kernel stack, and its parent may still wait for its exit code, so
 * the rest is freed in release_task(), after the parent has waited for it.
 */
#include "kernel/fs/fs.h"
#include "kernel/futex/futex.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

void complete_vfork(void)
{
	struct completion *done = current->vfork_done;

	current->vfork_done = NULL;
	if (done)
		complete(done);
}

/*
 * Without kernel/futex nobody can have made a list of locks, and nobody waits for a thread's end. With
 * it these bodies are dead code, which must have no patch site.
 */
void __weak noprobe futex_exit_release(struct task_struct *task __maybe_unused)
{
}

void __weak noprobe futex_wake_tid(int __user *tidptr __maybe_unused)
{
}

void mm_release(struct task_struct *task)
{
	futex_exit_release(task);
	/* Only a task that shares the memory could read it. Linux checks mm_users the same way. */
	if (task->clear_child_tid && refcount_read(&task->mm->mm_users) > 1) {
		(void)put_user(0, task->clear_child_tid);
		futex_wake_tid(task->clear_child_tid);
	}
	task->clear_child_tid = NULL;
	complete_vfork();
}

static void exit_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm) {
		complete_vfork(); /* for kthread_stop() */
		return;
	}
	current->signal->maxrss = max(current->signal->maxrss, get_mm_hiwater_rss(mm));
	mm_release(current);
	current->mm = NULL;
	switch_mm(NULL);
	mmput(mm);
}

/* Without reaper.c there are no subreapers. */
struct task_struct *__weak noprobe find_child_subreaper(const struct task_struct *father __maybe_unused)
{
	return NULL;
}

/* Without stop.c nobody is stopped, and a process group that is orphaned needs no help. */
void __weak noprobe kill_orphaned_pgrp(struct task_struct *task __maybe_unused,
				       struct task_struct *parent __maybe_unused)
{
}

struct task_struct *find_alive_thread(struct task_struct *task)
{
	struct task_struct *t;

	for_each_thread(task, t) {
		if (!(t->flags & PF_EXITING))
			return t;
	}
	return NULL;
}

/* Who gets the children of current: another thread of its group, a subreaper, PID 1. */
static struct task_struct *find_new_reaper(void)
{
	struct task_struct *init = find_task_by_vpid(1);

	return find_alive_thread(current) ?: find_child_subreaper(current) ?: find_alive_thread(init)
	       ?: init;
}

/*
 * @child of current becomes one of @reaper. True: it is a zombie that @reaper does not want to know of.
 * With tasklist_lock. Linux: forget_original_parent(), reparent_leader()
 */
static bool reparent(struct task_struct *child, struct task_struct *reaper)
{
	struct task_struct *t;
	bool autoreap;

	for_each_thread(child, t) {
		t->real_parent = t->parent = reaper;
		if (t->pdeath_signal)
			group_send_sig_info(t->pdeath_signal, SEND_SIG_NOINFO, t, PIDTYPE_TGID);
	}
	list_move_tail(&child->sibling, &reaper->children);
	if (reaper->signal == current->signal)
		return false;
	child->exit_signal = SIGCHLD;
	autoreap = child->exit_state == EXIT_ZOMBIE && thread_group_empty(child) &&
		   do_notify_parent(child, child->exit_signal);
	if (autoreap)
		child->exit_state = EXIT_DEAD;
	kill_orphaned_pgrp(child, current);
	return autoreap;
}

/*
 * The children of current get another parent, which is notified of those that are dead. The lock is
 * released after each, because there may be many. (Linux keeps it.)
 */
static void forget_children(void)
{
	struct task_struct *child;
	bool autoreap;

	while (!list_empty(&current->children)) {
		write_lock_irq(&tasklist_lock);
		child = list_first_entry(&current->children, struct task_struct, sibling);
		autoreap = reparent(child, find_new_reaper());
		write_unlock_irq(&tasklist_lock);
		if (autoreap)
			release_task(child);
		cond_resched();
	}
}

/*
 * Tell of the end of current. True: nobody waits for it. A thread's end is nobody's business, and a
 * leader's is told by the last thread of its group. With tasklist_lock.
 */
static bool exit_notify(struct task_struct *task, bool group_dead)
{
	bool autoreap = true;

	if (group_dead)
		kill_orphaned_pgrp(task->group_leader, NULL);
	task->exit_state = EXIT_ZOMBIE;
	if (thread_group_leader(task))
		autoreap = thread_group_empty(task) && do_notify_parent(task, task->exit_signal);
	if (autoreap)
		task->exit_state = EXIT_DEAD;
	if (task->signal->notify_count < 0)
		wake_up_process(task->signal->group_exec_task);
	return autoreap;
}

/* Without itimer.c there are no timers. */
void __weak noprobe exit_timers(bool group_dead __maybe_unused)
{
}

/* Without kernel/drivers/tty nobody has a controlling terminal. */
void __weak noprobe disassociate_ctty(bool on_exit __maybe_unused)
{
}

/* One thread less. The last one says how the group ended. Linux: synchronize_group_exit() */
static bool last_thread_ends(struct signal_struct *signal, long code)
{
	if (--signal->live)
		return false;
	if (!(signal->flags & SIGNAL_GROUP_EXIT)) {
		signal->flags = SIGNAL_GROUP_EXIT;
		signal->group_exit_code = code;
	}
	return true;
}

void do_exit(long code)
{
	struct task_struct *task = current;
	bool group_dead, reaped;

	group_dead = last_thread_ends(task->signal, code);
	exit_signals(task);
	if (group_dead && is_global_init(task))
		panic("Attempted to kill init! exitcode=0x%08lx", (long)task->signal->group_exit_code);
	task->exit_code = code;
	exit_timers(group_dead);
	exit_mm();
	put_files_struct(task->files);
	put_fs_struct(task->fs);
	task->files = NULL;
	task->fs = NULL;
	if (group_dead)
		disassociate_ctty(true);
	forget_children();

	/* From here to the switch no interrupt may find the task: it may be gone already. */
	local_irq_disable();
	write_lock(&tasklist_lock);
	reaped = exit_notify(task, group_dead);
	write_unlock(&tasklist_lock);
	if (reaped)
		release_task(task);
	do_task_dead(reaped);
}

void do_group_exit(int code)
{
	struct signal_struct *signal = current->signal;

	if (signal->flags & SIGNAL_GROUP_EXIT) {
		code = signal->group_exit_code;
	} else if (signal->group_exec_task) { /* another thread starts a program: only we end */
		code = 0;
	} else {
		spin_lock_irq(&current->sighand->siglock);
		signal->flags = SIGNAL_GROUP_EXIT;
		signal->group_exit_code = code;
		zap_other_threads(current);
		spin_unlock_irq(&current->sighand->siglock);
	}
	do_exit(code);
}

/*
 * An oops can happen anywhere, so interrupts are switched on again and preempt_count is set to 0. A
 * task that was ending already is not taken apart any further: it sleeps for ever.
 */
void make_task_dead(int sig)
{
	if (irqs_disabled()) {
		pr_info("note: %s[%d] exited with irqs disabled\n", current->comm, current->pid);
		local_irq_enable();
	}
	if (in_atomic()) {
		pr_info("note: %s[%d] exited with preempt_count %u\n", current->comm,
			current->pid, preempt_count());
		preempt_count_sub(preempt_count());
	}
	if (current->flags & PF_EXITING) {
		pr_alert("Fixing recursive fault but reboot is needed!\n");
		for (;;) {
			current->__state = TASK_UNINTERRUPTIBLE;
			schedule();
		}
	}
	do_exit(sig);
}

SYSCALL_DEFINE1(exit, int, code)
{
	do_exit((code & 0xff) << 8);
}

SYSCALL_DEFINE1(exit_group, int, code)
{
	do_group_exit((code & 0xff) << 8);
}

/* Nobody finds @task by its number or in its group any more. With tasklist_lock. */
static void __unhash_process(struct task_struct *task)
{
	detach_pid(task, PIDTYPE_PID);
	list_del(&task->thread_node);
	task->signal->nr_threads--;
	if (!thread_group_leader(task))
		return;
	for (int type = PIDTYPE_TGID; type < PIDTYPE_MAX; type++)
		detach_pid(task, type);
	list_del(&task->tasks);
	list_del(&task->sibling);
}

/* The same, and its signals are gone. */
static void __exit_signal(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	__unhash_process(task);
	if (signal->notify_count > 0 && !--signal->notify_count)
		wake_up_process(signal->group_exec_task);
	flush_sigqueue(&task->pending);
	if (thread_group_leader(task))
		flush_sigqueue(&signal->shared_pending);
	put_sighand(task->sighand);
	task->sighand = NULL;
}

/* The last thread of a group that goes: its leader may have ended before, and nobody was told. */
static bool leader_is_next(struct task_struct *leader)
{
	if (!thread_group_empty(leader) || leader->exit_state != EXIT_ZOMBIE ||
	    !do_notify_parent(leader, leader->exit_signal))
		return false;
	leader->exit_state = EXIT_DEAD;
	return true;
}

void release_task(struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;
	bool zap_leader;
	unsigned long flags;

	write_lock_irqsave(&tasklist_lock, flags);
	__exit_signal(task);
	zap_leader = task != leader && leader_is_next(leader);
	write_unlock_irqrestore(&tasklist_lock, flags);
	if (task != current) /* else do_task_dead() has it freed */
		free_task(task);
	if (zap_leader)
		release_task(leader);
}

struct task_struct *find_zombie(void)
{
	struct task_struct *child;

	list_for_each_entry(child, &current->children, sibling) {
		if (child->exit_state == EXIT_ZOMBIE && !delay_group_leader(child))
			return child;
	}
	return NULL;
}

void release_zombies(void)
{
	struct task_struct *child;

	while ((child = find_zombie()))
		release_task(child);
}
