/*
 * The end of a task, and the parent that waits for it. Linux: kernel/exit.c
 *
 * do_exit() gives back what the task no longer needs: memory, descriptors, its place in the file
 * system. It still runs on its kernel stack, and its parent may still wait for its exit code, so
 * the rest is freed in release_task(), after the parent has waited for it.
 */
#include <uapi/wait.h>

#include "kernel/fs/fs.h"
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

void mm_release(struct task_struct *task)
{
	/* Only a task that shares the memory could read it. Linux checks mm_users the same way. */
	if (task->clear_child_tid && refcount_read(&task->mm->mm_users) > 1)
		(void)put_user(0, task->clear_child_tid);
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

/*
 * The children of current become those of PID 1 or of a subreaper, which is notified of those that are
 * dead. The lock is released after each, because there may be many. (Linux: forget_original_parent(),
 * which keeps it.) No child can be added: only current makes them.
 */
static void forget_children(void)
{
	struct task_struct *child, *reaper = find_child_subreaper(current) ?: find_task_by_vpid(1);

	while (!list_empty(&current->children)) {
		write_lock_irq(&tasklist_lock);
		child = list_first_entry(&current->children, struct task_struct, sibling);
		child->real_parent = child->parent = reaper;
		if (child->pdeath_signal)
			group_send_sig_info(child->pdeath_signal, SEND_SIG_NOINFO, child,
					    PIDTYPE_TGID);
		child->exit_signal = SIGCHLD;
		list_move_tail(&child->sibling, &reaper->children);
		if (child->exit_state)
			do_notify_parent(child, child->exit_signal);
		write_unlock_irq(&tasklist_lock);
		cond_resched();
	}
}

void do_exit(long code)
{
	struct task_struct *task = current;

	if (is_global_init(task))
		panic("Attempted to kill init! exitcode=0x%08lx", code);
	exit_signals(task);
	exit_mm();
	put_files_struct(task->files);
	put_fs_struct(task->fs);
	task->files = NULL;
	task->fs = NULL;
	forget_children();

	local_irq_disable();
	task->exit_code = code;
	task->exit_state = EXIT_ZOMBIE;
	task->__state = TASK_DEAD;
	do_notify_parent(task, task->exit_signal);
	schedule();
	BUG();
}

void do_group_exit(int code)
{
	struct signal_struct *signal = current->signal;

	if (signal->flags & SIGNAL_GROUP_EXIT) {
		code = signal->group_exit_code;
	} else {
		signal->flags = SIGNAL_GROUP_EXIT;
		signal->group_exit_code = code;
		zap_other_threads(current);
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

/* Nobody finds @task by its number or in its group any more. Linux: __exit_signal() */
static void unhash_task(struct task_struct *task)
{
	unsigned long flags;

	write_lock_irqsave(&tasklist_lock, flags);
	for (int type = 0; type < PIDTYPE_MAX; type++)
		detach_pid(task, type);
	list_del(&task->tasks);
	list_del(&task->sibling);
	list_del(&task->thread_node);
	flush_sigqueue(&task->pending);
	flush_sigqueue(&task->signal->shared_pending);
	put_sighand(task->sighand);
	task->sighand = NULL;
	write_unlock_irqrestore(&tasklist_lock, flags);
}

static void release_task(struct task_struct *task)
{
	rethook_flush_task(task);
	unhash_task(task);
	free_task(task);
}

struct task_struct *find_zombie(void)
{
	struct task_struct *child;

	list_for_each_entry(child, &current->children, sibling) {
		if (child->exit_state == EXIT_ZOMBIE)
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

/* What wait4() asks for. */
struct wait_opts {
	enum pid_type type; /* PIDTYPE_MAX: any child */
	struct pid *pid;    /* the child (PIDTYPE_PID) or its process group (PIDTYPE_PGID) */
	int flags;
	struct task_struct *zombie; /* what was found, or NULL */
	bool any;                   /* is there such a child, dead or not? */
	struct wait_queue_entry child_wait;
};

static bool eligible_pid(const struct wait_opts *wo, const struct task_struct *child)
{
	return wo->type == PIDTYPE_MAX || task_pid_type(child, wo->type) == wo->pid;
}

/* A child that ends with another signal than SIGCHLD for its parent is a "clone child". */
static bool eligible_child(const struct wait_opts *wo, const struct task_struct *child)
{
	if (!eligible_pid(wo, child))
		return false;
	return wo->flags & __WALL ||
	       (child->exit_signal != SIGCHLD) == !!(wo->flags & (int)__WCLONE);
}

static void consider_child(struct wait_opts *wo, struct task_struct *child)
{
	if (!eligible_child(wo, child))
		return;
	wo->any = true;
	if (child->exit_state == EXIT_ZOMBIE)
		wo->zombie = child;
}

/* Look once. True when there is nothing to wait for: a zombie, no such child, or WNOHANG. */
static bool wait_is_over(struct wait_opts *wo)
{
	struct task_struct *child;

	wo->any = false;
	wo->zombie = NULL;
	if (wo->type == PIDTYPE_PID) { /* one look, however many children there are */
		child = pid_task(wo->pid, PIDTYPE_TGID);
		if (child && child->real_parent == current)
			consider_child(wo, child);
	} else {
		list_for_each_entry(child, &current->children, sibling) {
			consider_child(wo, child);
			if (wo->zombie)
				break;
		}
	}
	return wo->zombie || !wo->any || wo->flags & WNOHANG;
}

/* Without rusage.c and cputime.c nobody asks what a child has used. */
__weak noprobe void getrusage(struct task_struct *task __maybe_unused, int who __maybe_unused,
		      struct rusage *ru)
{
	memset(ru, 0, sizeof(*ru));
}

__weak noprobe void account_waited_child(struct task_struct *child __maybe_unused)
{
}

static int reap(struct task_struct *child, int __user *status, struct rusage __user *usage)
{
	struct rusage ru;
	pid_t pid = child->pid;
	int code = child->exit_code;

	if (usage)
		getrusage(child, RUSAGE_BOTH, &ru);
	account_waited_child(child);
	release_task(child);
	if (status && put_user(code, status))
		return -EFAULT;
	if (usage && copy_to_user(usage, &ru, sizeof(ru)))
		return -EFAULT;
	return pid;
}

/* A child has ended: wake the task only if it waits for this child. */
static int child_wait_callback(struct wait_queue_entry *wait, unsigned int mode, int flags,
			       void *child)
{
	const struct wait_opts *wo = container_of(wait, struct wait_opts, child_wait);

	return eligible_pid(wo, child) ? default_wake_function(wait, mode, flags, child) : 0;
}

void __wake_up_parent(struct task_struct *task, struct task_struct *parent)
{
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 1, task);
}

static long do_wait(struct wait_opts *wo, int __user *status, struct rusage __user *usage)
{
	int err = 0;

	init_waitqueue_func_entry(&wo->child_wait, child_wait_callback);
	wo->child_wait.private = current;
	add_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (wait_is_over(wo))
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&current->signal->wait_chldexit, &wo->child_wait);
	if (err)
		return err;
	if (!wo->any)
		return -ECHILD;
	return wo->zombie ? reap(wo->zombie, status, usage) : 0;
}

/* Linux: kernel/exit.c:kernel_wait4() */
SYSCALL_DEFINE4(wait4, pid_t, pid, int __user *, status, int, options, struct rusage __user *, usage)
{
	struct wait_opts wo = { .type = PIDTYPE_PGID, .flags = options };
	long ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1)
		wo.type = PIDTYPE_MAX;
	else if (pid < 0)
		wo.pid = find_get_pid(-pid);
	else if (pid == 0)
		wo.pid = get_task_pid(current, PIDTYPE_PGID);
	else {
		wo.type = PIDTYPE_PID;
		wo.pid = find_get_pid(pid);
	}
	ret = do_wait(&wo, status, usage);
	put_pid(wo.pid);
	return ret;
}
