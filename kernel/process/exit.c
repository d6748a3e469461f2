/*
 * The end of a task, and the parent that asks about it. Linux: kernel/exit.c
 *
 * do_exit() gives back everything but the task_struct and the stack it stands on; those go when the
 * parent has taken the exit code.
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
	/* Only somebody who shares the memory could look. Linux checks mm_users the same way. */
	if (task->clear_child_tid && refcount_read(&task->mm->mm_users) > 1)
		(void)put_user(0, task->clear_child_tid);
	task->clear_child_tid = NULL;
	complete_vfork();
}

static void exit_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	mm_release(current);
	current->mm = NULL;
	switch_mm(NULL);
	mmput(mm);
}

/* Orphans get PID 1 as their parent, who may find some of them dead already. */
static void forget_children(void)
{
	struct task_struct *child, *next, *init = find_task_by_pid(1);

	list_for_each_entry_safe(child, next, &current->children, sibling) {
		child->real_parent = child->parent = init;
		list_move_tail(&child->sibling, &init->children);
		if (child->exit_state)
			wake_up(&init->wait_chldexit);
	}
}

void do_exit(long code)
{
	struct task_struct *task = current;

	if (is_global_init(task))
		panic("Attempted to kill init! exitcode=0x%08lx", code);
	task->flags |= PF_EXITING;
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
	do_notify_parent(task, SIGCHLD);
	wake_up(&task->parent->wait_chldexit);
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

SYSCALL_DEFINE1(exit, int, code)
{
	do_exit((code & 0xff) << 8);
}

SYSCALL_DEFINE1(exit_group, int, code)
{
	do_group_exit((code & 0xff) << 8);
}

/* Linux: kernel/exit.c:__exit_signal() */
static void exit_signal(struct task_struct *task)
{
	list_del(&task->thread_node);
	flush_sigqueue(&task->pending);
	put_sighand(task->sighand);
	put_signal(task->signal);
	task->sighand = NULL;
	task->signal = NULL;
}

static void release_task(struct task_struct *task)
{
	current->cutime += task->utime + task->cutime;
	current->cstime += task->stime + task->cstime;
	list_del(&task->sibling);
	list_del(&task->tasks);
	rethook_flush_task(task);
	exit_signal(task);
	put_cred(task->cred);
	free_task(task);
}

/*
 * All tasks are in PID 1's process group: setpgid() does not exist yet. Every child announces its
 * end by SIGCHLD, so __WCLONE, which asks for those that do not, finds none.
 */
static bool matches(const struct task_struct *child, pid_t pid, int options)
{
	if (options & (int)__WCLONE && !(options & __WALL))
		return false;
	if (pid > 0)
		return child->pid == pid;
	return pid == 0 || pid == -1;
}

/* A dead child that @pid asks for, or NULL; *@any says whether there is one at all, dead or not. */
static struct task_struct *find_zombie(pid_t pid, int options, bool *any)
{
	struct task_struct *child;

	*any = false;
	list_for_each_entry(child, &current->children, sibling) {
		if (!matches(child, pid, options))
			continue;
		*any = true;
		if (child->exit_state == EXIT_ZOMBIE)
			return child;
	}
	return NULL;
}

static struct timeval ticks_to_timeval(u64 ticks)
{
	return (struct timeval){ .tv_sec = ticks / HZ, .tv_usec = ticks % HZ * (1000000 / HZ) };
}

static int reap(struct task_struct *child, int __user *status, struct rusage __user *usage)
{
	struct rusage ru = {
		.ru_utime = ticks_to_timeval(child->utime + child->cutime),
		.ru_stime = ticks_to_timeval(child->stime + child->cstime),
	};
	pid_t pid = child->pid;
	int code = child->exit_code;

	release_task(child);
	if (status && put_user(code, status))
		return -EFAULT;
	if (usage && copy_to_user(usage, &ru, sizeof(ru)))
		return -EFAULT;
	return pid;
}

SYSCALL_DEFINE4(wait4, pid_t, pid, int __user *, status, int, options, struct rusage __user *, usage)
{
	struct task_struct *child = NULL;
	bool any;
	int err;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	err = wait_event_interruptible(current->wait_chldexit,
				       (child = find_zombie(pid, options, &any)) || !any ||
					       options & WNOHANG);
	if (err)
		return err;
	if (!any)
		return -ECHILD;
	return child ? reap(child, status, usage) : 0;
}
