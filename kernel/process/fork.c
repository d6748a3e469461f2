/*
 * New tasks: fork, vfork, clone, and the first user task. Linux: kernel/fork.c
 *
 * copy_process() builds the child part by part, each with its own reference count. When something
 * fails, it frees in reverse order what it has built. The child first runs in ret_from_fork.
 */
#include <uapi/sched.h>

#include "kernel/fs/fs.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

void ret_from_fork(void);

/* What __switch_to_asm pops for a task that never ran. */
struct fork_frame {
	unsigned long r15, r14, r13, r12, bx, bp;
	unsigned long ret_addr;
	struct pt_regs regs;
};

static struct kmem_cache *task_cache, *sighand_cache, *signal_cache;

void fork_init(void)
{
	task_cache = kmem_cache_create("task_struct", sizeof(struct task_struct), 16,
				       SLAB_PANIC, NULL);
	sighand_cache = kmem_cache_create("sighand_cache", sizeof(struct sighand_struct), 0,
					  SLAB_PANIC, NULL);
	signal_cache = kmem_cache_create("signal_cache", sizeof(struct signal_struct), 0,
					 SLAB_PANIC, NULL);
}

static struct task_struct *dup_task_struct(struct task_struct *old)
{
	struct task_struct *task = kmem_cache_alloc(task_cache, GFP_KERNEL);

	if (!task)
		return NULL;
	if (old->mm) {
		fpu_save(&old->thread.fpu);
		save_user_segments(&old->thread);
	}
	*task = *old;
	task->stack = alloc_thread_stack();
	if (!task->stack) {
		kmem_cache_free(task_cache, task);
		return NULL;
	}
	refcount_set(&task->usage, 1);
	task->thread_flags = 0;
	task->__state = TASK_RUNNING;
	task->exit_state = 0;
	init_sigpending(&task->pending);
	task->jobctl = 0;
	task->restore_sigmask = false;
	task->vfork_done = NULL;
	task->worker_private = NULL;
	task->cred = get_cred(old->cred);
	task->cred->user->processes++;
	task->flags |= PF_FORKNOEXEC;
	task->pdeath_signal = 0;
	task->default_timer_slack_ns = old->timer_slack_ns;
	task->signal = NULL;
	task->set_child_tid = NULL;
	task->clear_child_tid = NULL;
	task->used = (struct task_usage){ 0 };
	task->prev_cputime = (struct prev_cputime){ 0 };
	task->cputimers = NULL;
	INIT_LIST_HEAD(&task->children);
	INIT_LIST_HEAD(&task->run_list);
	INIT_LIST_HEAD(&task->rethooks);
	return task;
}

void __put_task_struct(struct task_struct *task)
{
	kfree(task->worker_private); /* struct kthread, if it is a kernel thread */
	if (task->signal)
		put_signal(task->signal);
	task->cred->user->processes--;
	put_cred(task->cred);
	kmem_cache_free(task_cache, task);
}

void free_task(struct task_struct *task)
{
	free_thread_stack(task->stack);
	task->stack = NULL;
	put_task_struct(task);
}

static struct sighand_struct *copy_sighand(void)
{
	struct sighand_struct *sighand = kmem_cache_alloc(sighand_cache, GFP_KERNEL);

	if (!sighand)
		return NULL;
	*sighand = *current->sighand;
	refcount_set(&sighand->count, 1);
	spin_lock_init(&sighand->siglock);
	init_waitqueue_head(&sighand->signalfd_wqh);
	return sighand;
}

void put_sighand(struct sighand_struct *sighand)
{
	if (refcount_dec_and_test(&sighand->count))
		kmem_cache_free(sighand_cache, sighand);
}

/*
 * Make the signal_struct of a new thread group, whose first member is @task. It inherits only the
 * limits.
 */
static struct signal_struct *copy_signal(struct task_struct *task)
{
	struct signal_struct *signal = kmem_cache_alloc(signal_cache, GFP_KERNEL);

	if (!signal)
		return NULL;
	memset(signal, 0, sizeof(*signal));
	refcount_set(&signal->sigcnt, 1);
	INIT_LIST_HEAD(&signal->thread_head);
	list_add_tail(&task->thread_node, &signal->thread_head);
	init_waitqueue_head(&signal->wait_chldexit);
	init_sigpending(&signal->shared_pending);
	memcpy(signal->rlim, current->signal->rlim, sizeof(signal->rlim));
	return signal;
}

void put_signal(struct signal_struct *signal)
{
	if (refcount_dec_and_test(&signal->sigcnt))
		kmem_cache_free(signal_cache, signal);
}

static int copy_mm(unsigned long flags, struct task_struct *task)
{
	if (!current->mm)
		return 0;
	if (flags & CLONE_VM) {
		refcount_inc(&current->mm->mm_users);
		return 0;
	}
	task->mm = dup_mm(current->mm);
	return task->mm ? 0 : -ENOMEM;
}

/*
 * Prepare the child's kernel stack: its first switch leads to ret_from_fork, which calls @fn(@arg)
 * first if there is a function.
 */
static void copy_thread(struct task_struct *task, unsigned long new_sp, int (*fn)(void *), void *arg)
{
	struct pt_regs *regs = task_pt_regs(task);
	struct fork_frame *frame = container_of(regs, struct fork_frame, regs);

	memset(frame, 0, sizeof(*frame));
	frame->ret_addr = (unsigned long)ret_from_fork;
	frame->bx = (unsigned long)fn;
	frame->r12 = (unsigned long)arg;
	task->thread.sp = (unsigned long)frame;
	if (fn) {
		fpu_init_state(&task->thread.fpu);
		return;
	}
	*regs = *task_pt_regs(current);
	regs->ax = 0;
	if (new_sp)
		regs->sp = new_sp;
}

/*
 * @task, which is complete, becomes a process that others find: the first thread of a new group, in
 * the process group and session of its parent.
 */
static void make_known(struct task_struct *task, struct pid *pid)
{
	unsigned long flags;

	task->thread_pid = pid;
	task->signal->pids[PIDTYPE_TGID] = pid;
	task->signal->pids[PIDTYPE_PGID] = task_pgrp(current);
	task->signal->pids[PIDTYPE_SID] = task_session(current);
	if (is_global_init(task))
		task->signal->flags |= SIGNAL_UNKILLABLE;
	write_lock_irqsave(&tasklist_lock, flags);
	task->real_parent = task->parent = current;
	list_add_tail(&task->sibling, &current->children);
	list_add_tail(&task->tasks, &init_task.tasks);
	for (int type = 0; type < PIDTYPE_MAX; type++)
		attach_pid(task, type);
	write_unlock_irqrestore(&tasklist_lock, flags);
}

/*
 * The parts of @task that it gives up when it ends: new ones, or one reference more. Its signal_struct
 * is new, too; as its credentials do, it stays until the last put_task_struct().
 */
static int copy_parts(unsigned long flags, struct task_struct *task)
{
	task->files = dup_fd(current->files);
	if (!task->files)
		return -ENOMEM;
	task->fs = copy_fs_struct(current->fs);
	if (!task->fs)
		goto out_files;
	task->sighand = copy_sighand();
	if (!task->sighand)
		goto out_fs;
	task->signal = copy_signal(task);
	if (!task->signal)
		goto out_sighand;
	if (!copy_mm(flags, task))
		return 0;

out_sighand:
	put_sighand(task->sighand);
out_fs:
	put_fs_struct(task->fs);
out_files:
	put_files_struct(task->files);
	return -ENOMEM;
}

static void put_parts(struct task_struct *task)
{
	if (task->mm)
		mmput(task->mm);
	put_sighand(task->sighand);
	put_fs_struct(task->fs);
	put_files_struct(task->files);
}

static struct task_struct *copy_process(const struct kernel_clone_args *args)
{
	struct task_struct *task = dup_task_struct(current);
	struct pid *pid;

	if (!task)
		return ERR_PTR(-ENOMEM);
	if (too_many_processes(current_cred()->user) && !capable(CAP_SYS_RESOURCE) &&
	    !capable(CAP_SYS_ADMIN)) {
		free_task(task);
		return ERR_PTR(-EAGAIN);
	}
	current->flags &= ~PF_NPROC_EXCEEDED;
	if (copy_parts(args->flags, task)) {
		free_task(task);
		return ERR_PTR(-ENOMEM);
	}
	pid = args->kthread ? &init_struct_pid : alloc_pid();
	if (IS_ERR(pid)) {
		put_parts(task);
		free_task(task);
		return ERR_CAST(pid);
	}
	task->pid = task->tgid = pid_nr(pid);
	task->group_leader = task;
	task->exit_signal = args->exit_signal;
	if (args->kthread)
		task->flags |= PF_KTHREAD;
	copy_thread(task, args->stack, args->fn, args->fn_arg);
	if (args->flags & CLONE_CHILD_SETTID)
		task->set_child_tid = args->child_tid;
	if (args->flags & CLONE_CHILD_CLEARTID)
		task->clear_child_tid = args->child_tid;
	make_known(task, pid);
	return task;
}

/* Wait until @child no longer uses our memory. Only a fatal signal ends the wait earlier. */
static void wait_for_vfork_done(struct task_struct *child, struct completion *vfork)
{
	if (wait_for_completion_killable(vfork))
		child->vfork_done = NULL; /* it is on our stack */
}

pid_t kernel_clone(struct kernel_clone_args *args)
{
	struct task_struct *task = copy_process(args);
	struct completion vfork;
	pid_t pid;

	if (IS_ERR(task))
		return PTR_ERR(task);
	pid = task->pid;
	if (args->flags & CLONE_PARENT_SETTID) /* before the child runs: it may share the memory */
		(void)put_user(pid, args->parent_tid);
	if (args->flags & CLONE_VFORK) {
		init_completion(&vfork);
		task->vfork_done = &vfork;
	}
	wake_up_new_task(task);
	if (args->flags & CLONE_VFORK)
		wait_for_vfork_done(task, &vfork);
	return pid;
}

pid_t user_mode_thread(int (*fn)(void *), void *arg)
{
	return kernel_clone(&(struct kernel_clone_args){ .exit_signal = SIGCHLD, .fn = fn,
							 .fn_arg = arg });
}

pid_t kernel_thread(int (*fn)(void *), void *arg)
{
	return kernel_clone(&(struct kernel_clone_args){ .kthread = true, .fn = fn, .fn_arg = arg });
}

SYSCALL_DEFINE0(fork)
{
	return kernel_clone(&(struct kernel_clone_args){ .exit_signal = SIGCHLD });
}

SYSCALL_DEFINE0(vfork)
{
	return kernel_clone(&(struct kernel_clone_args){ .flags = CLONE_VFORK | CLONE_VM,
							 .exit_signal = SIGCHLD });
}

SYSCALL_DEFINE1(set_tid_address, int __user *, tidptr)
{
	current->clear_child_tid = tidptr;
	return current->pid;
}

/* What libc's fork() and posix_spawn() use. Threads need more, and until they exist get -EINVAL. */
#define CLONE_SUPPORTED                                                                 \
	(CSIGNAL | CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |  \
	 CLONE_CHILD_CLEARTID)

SYSCALL_DEFINE5(clone, unsigned long, flags, unsigned long, stack, int __user *, parent_tid,
		int __user *, child_tid, unsigned long, tls __maybe_unused)
{
	struct kernel_clone_args args = {
		.flags = flags & ~(unsigned long)CSIGNAL, .exit_signal = flags & CSIGNAL,
		.stack = stack, .parent_tid = parent_tid, .child_tid = child_tid,
	};

	if (flags & ~(unsigned long)CLONE_SUPPORTED)
		return -EINVAL;
	if ((flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		return -EINVAL; /* two tasks at once in one address space: a thread */
	return kernel_clone(&args);
}
