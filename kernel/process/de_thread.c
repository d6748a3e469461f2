/*
 * execve() by a program with several threads: all others end, and the one that called goes on as the
 * leader of the group, with the number that the process always had. Linux: fs/exec.c:de_thread()
 */
#include "kernel/fs/fs.h"
#include "kernel/process/task.h"

/* Wait until all other threads are gone, but for a leader that is not current: it stays a zombie. */
static bool wait_for_other_threads(struct signal_struct *signal)
{
	while (signal->notify_count) {
		set_current_state(TASK_KILLABLE);
		if (!signal->notify_count || fatal_signal_pending(current))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return !signal->notify_count;
}

static bool wait_for_leader(struct signal_struct *signal)
{
	struct task_struct *leader = current->group_leader;

	signal->notify_count = -1;
	while (!leader->exit_state) {
		set_current_state(TASK_KILLABLE);
		if (leader->exit_state || fatal_signal_pending(current))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return leader->exit_state;
}

/* Two threads change numbers. With tasklist_lock. */
static void exchange_tids(struct task_struct *left, struct task_struct *right)
{
	list_del(&left->pid_links[PIDTYPE_PID]);
	list_del(&right->pid_links[PIDTYPE_PID]);
	swap(left->thread_pid, right->thread_pid);
	swap(left->pid, right->pid);
	list_add_tail(&left->pid_links[PIDTYPE_PID], &left->thread_pid->tasks[PIDTYPE_PID]);
	list_add_tail(&right->pid_links[PIDTYPE_PID], &right->thread_pid->tasks[PIDTYPE_PID]);
}

/* @new takes @old's place among those that their struct pid names as @type. With tasklist_lock. */
static void transfer_pid(struct task_struct *old, struct task_struct *new, enum pid_type type)
{
	list_add_tail(&new->pid_links[type], &old->pid_links[type]);
	list_del(&old->pid_links[type]);
}

/* Current and the leader, a zombie, change places. The leader is a thread like others then. */
static void become_leader(struct task_struct *task, struct task_struct *leader)
{
	unsigned long flags;

	write_lock_irqsave(&tasklist_lock, flags);
	exchange_tids(task, leader);
	for (int type = PIDTYPE_TGID; type < PIDTYPE_MAX; type++)
		transfer_pid(leader, task, type);
	list_add_tail(&task->tasks, &leader->tasks);
	list_del(&leader->tasks);
	list_add_tail(&task->sibling, &leader->sibling);
	list_del(&leader->sibling);
	task->group_leader = leader->group_leader = task;
	task->exit_signal = SIGCHLD;
	leader->exit_signal = -1;
	leader->exit_state = EXIT_DEAD;
	write_unlock_irqrestore(&tasklist_lock, flags);
	release_task(leader);
}

/*
 * All other threads of current's group end, and it gets the leader's number. 0, or -EAGAIN: current
 * itself is to end, by a signal or because another thread was faster.
 */
static int de_thread(void)
{
	struct task_struct *task = current, *leader = task->group_leader;
	struct signal_struct *signal = task->signal;
	bool alone;

	if (thread_group_empty(task))
		return 0;
	if (signal->flags & SIGNAL_GROUP_EXIT || signal->group_exec_task)
		return -EAGAIN;
	signal->group_exec_task = task;
	spin_lock_irq(&task->sighand->siglock);
	zap_other_threads(task);
	spin_unlock_irq(&task->sighand->siglock);
	signal->notify_count = signal->nr_threads - (task == leader ? 1 : 2);
	alone = wait_for_other_threads(signal) && (task == leader || wait_for_leader(signal));
	if (alone && task != leader)
		become_leader(task, leader);
	signal->group_exec_task = NULL;
	signal->notify_count = 0;
	return alone ? 0 : -EAGAIN;
}

/* Descriptors and signal actions that others use are copied, because execve() changes them. */
static int unshare_for_exec(struct task_struct *task)
{
	struct sighand_struct *sighand = task->sighand, *new;
	struct files_struct *files = task->files, *copy;

	if (refcount_read(&files->count) > 1) {
		copy = dup_fd(files);
		if (!copy)
			return -ENOMEM;
		task->files = copy;
		put_files_struct(files);
	}
	if (refcount_read(&sighand->count) > 1) {
		new = dup_sighand(sighand);
		if (!new)
			return -ENOMEM;
		task->sighand = new;
		put_sighand(sighand);
	}
	return 0;
}

/* When this fails the other threads may be gone already, and then so is the old program. */
int leave_old_program(void)
{
	bool alone = thread_group_empty(current);
	int err = de_thread();

	if (!err)
		err = unshare_for_exec(current);
	if (err && !alone && !fatal_signal_pending(current))
		force_sig(SIGSEGV);
	return err;
}
