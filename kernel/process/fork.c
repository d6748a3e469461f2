/*
 * New tasks: fork, vfork, clone, and the first user task. Linux: kernel/fork.c
 *
 * copy_process() builds the child part by part, each with its own reference count. When something
 * fails, it frees in reverse order what it has built. The child first runs in ret_from_fork.
 */
#include <uapi/sched.h>

#include "kernel/fs/eventpoll.h"
#include "kernel/fs/fs.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/process/process.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

#define MIN_THREADS 20

static int max_threads;
static struct kmem_cache *task_cache, *sighand_cache, *signal_cache;

/* How many tasks there may be: the kernel stacks of all take an eighth of memory. */
static void set_max_threads(void)
{
	unsigned long limit = totalram_pages() * PAGE_SIZE / (THREAD_SIZE * 8);

	max_threads = max(limit, MIN_THREADS * 1ul);
	init_task.signal->rlim[RLIMIT_NPROC] = (struct rlimit){ max_threads / 2, max_threads / 2 };
	init_task.signal->rlim[RLIMIT_SIGPENDING] = init_task.signal->rlim[RLIMIT_NPROC];
}

void fork_init(void)
{
	set_max_threads();
	task_cache = kmem_cache_create("task_struct", sizeof(struct task_struct), 16,
				       SLAB_PANIC, NULL);
	sighand_cache = kmem_cache_create("sighand_cache", sizeof(struct sighand_struct), 0,
					  SLAB_PANIC, NULL);
	signal_cache = kmem_cache_create("signal_cache", sizeof(struct signal_struct), 0,
					 SLAB_PANIC, NULL);
}

/*
 * Without clone.c there are no threads, and no namespaces to be refused: what libc's fork() and
 * posix_spawn() use is all there is.
 */
int __weak noprobe check_clone_args(const struct kernel_clone_args *args)
{
	const u64 supported = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID |
			      CLONE_CHILD_CLEARTID;

	if (args->flags & ~supported || (args->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		return -EINVAL;
	return 0;
}

int __weak noprobe pidfd_prepare(const struct kernel_clone_args *args __maybe_unused,
				 struct pid *pid __maybe_unused, struct file **file __maybe_unused)
{
	return 0;
}

int __weak noprobe copy_namespaces(u64 flags __maybe_unused)
{
	return 0;
}

void __weak noprobe task_join_group_stop(struct task_struct *task __maybe_unused)
{
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
	task->start_time = ktime_get_ns();
	task->pdeath_signal = 0;
	task->default_timer_slack_ns = old->timer_slack_ns;
	task->signal = NULL;
	task->set_child_tid = NULL;
	task->clear_child_tid = NULL;
	task->robust_list = NULL;
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
	rethook_flush_task(task);
	free_thread_stack(task->stack);
	task->stack = NULL;
	put_task_struct(task);
}

struct sighand_struct *dup_sighand(const struct sighand_struct *old)
{
	struct sighand_struct *sighand = kmem_cache_alloc(sighand_cache, GFP_KERNEL);

	if (!sighand)
		return NULL;
	*sighand = *old;
	refcount_set(&sighand->count, 1);
	spin_lock_init(&sighand->siglock);
	init_waitqueue_head(&sighand->signalfd_wqh);
	return sighand;
}

static int copy_sighand(u64 flags, struct task_struct *task)
{
	if (flags & CLONE_SIGHAND) {
		refcount_inc(&current->sighand->count);
		return 0;
	}
	task->sighand = dup_sighand(current->sighand);
	if (!task->sighand)
		return -ENOMEM;
	if (flags & CLONE_CLEAR_SIGHAND)
		flush_signal_handlers(task, false);
	return 0;
}

void put_sighand(struct sighand_struct *sighand)
{
	if (!refcount_dec_and_test(&sighand->count))
		return;
	__wake_up(&sighand->signalfd_wqh, TASK_NORMAL, 0, poll_to_key(POLLFREE)); /* it ends, a signalfd may not */
	kmem_cache_free(sighand_cache, sighand);
}

/* The signal_struct of a new thread group, whose first member is @task. It inherits only the limits. */
static struct signal_struct *new_signal(struct task_struct *task)
{
	struct signal_struct *signal = kmem_cache_alloc(signal_cache, GFP_KERNEL);

	if (!signal)
		return NULL;
	memset(signal, 0, sizeof(*signal));
	refcount_set(&signal->sigcnt, 1);
	signal->nr_threads = signal->live = 1;
	INIT_LIST_HEAD(&signal->thread_head);
	list_add_tail(&task->thread_node, &signal->thread_head);
	init_waitqueue_head(&signal->wait_chldexit);
	init_sigpending(&signal->shared_pending);
	memcpy(signal->rlim, current->signal->rlim, sizeof(signal->rlim));
	signal->oom_score_adj = current->signal->oom_score_adj;
	signal->oom_score_adj_min = current->signal->oom_score_adj_min;
	return signal;
}

/* A thread shares it, and joins the group in make_known(). */
static int copy_signal(u64 flags, struct task_struct *task)
{
	if (flags & CLONE_THREAD) {
		task->signal = current->signal;
		refcount_inc(&task->signal->sigcnt);
		return 0;
	}
	task->signal = new_signal(task);
	return task->signal ? 0 : -ENOMEM;
}

void put_signal(struct signal_struct *signal)
{
	if (refcount_dec_and_test(&signal->sigcnt))
		kmem_cache_free(signal_cache, signal);
}

static int copy_files(u64 flags, struct task_struct *task)
{
	if (flags & CLONE_FILES) {
		refcount_inc(&current->files->count);
		return 0;
	}
	task->files = dup_fd(current->files);
	return task->files ? 0 : -ENOMEM;
}

static int copy_fs(u64 flags, struct task_struct *task)
{
	if (flags & CLONE_FS) {
		if (current->fs->in_exec)
			return -EAGAIN;
		refcount_inc(&current->fs->users);
		return 0;
	}
	task->fs = copy_fs_struct(current->fs);
	return task->fs ? 0 : -ENOMEM;
}

static int copy_mm(u64 flags, struct task_struct *task)
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
 * The parts of @task that it gives up when it ends: new ones, or one reference more. Its signal_struct
 * is new, too; as its credentials do, it stays until the last put_task_struct(). 0 or -errno.
 */
static int copy_parts(const struct kernel_clone_args *args, struct task_struct *task)
{
	int err = copy_files(args->flags, task);

	if (err)
		return err;
	err = copy_fs(args->flags, task);
	if (err)
		goto out_files;
	err = copy_sighand(args->flags, task);
	if (err)
		goto out_fs;
	err = copy_signal(args->flags, task);
	if (err)
		goto out_sighand;
	err = copy_mm(args->flags, task);
	if (err)
		goto out_sighand;
	err = copy_namespaces(args->flags);
	if (!err)
		err = copy_thread(task, args);
	if (!err)
		return 0;

	if (task->mm)
		mmput(task->mm);
out_sighand:
	put_sighand(task->sighand);
out_fs:
	put_fs_struct(task->fs);
out_files:
	put_files_struct(task->files);
	return err;
}

static void put_parts(struct task_struct *task)
{
	if (task->mm)
		mmput(task->mm);
	put_sighand(task->sighand);
	put_fs_struct(task->fs);
	put_files_struct(task->files);
}

/* @task is the first of its group: others find it as a process. With tasklist_lock. */
static void make_leader(struct task_struct *task, struct pid *pid)
{
	task->signal->pids[PIDTYPE_TGID] = pid;
	task->signal->pids[PIDTYPE_PGID] = task_pgrp(current);
	task->signal->pids[PIDTYPE_SID] = task_session(current);
	task->signal->tty = current->signal->tty; /* now: whoever takes it from the session finds @task */
	if (is_global_init(task))
		task->signal->flags |= SIGNAL_UNKILLABLE;
	list_add_tail(&task->sibling, &task->real_parent->children);
	list_add_tail(&task->tasks, &init_task.tasks);
	for (int type = PIDTYPE_TGID; type < PIDTYPE_MAX; type++)
		attach_pid(task, type);
}

/* @task joins the group of current. With tasklist_lock. */
static void make_thread(struct task_struct *task)
{
	task->signal->nr_threads++;
	task->signal->live++;
	list_add_tail(&task->thread_node, &task->signal->thread_head);
	task_join_group_stop(task);
}

/* Whose child is @task, and what does it send to its parent when it ends? */
static void choose_parent(struct task_struct *task, const struct kernel_clone_args *args)
{
	task->real_parent = current;
	task->exit_signal = args->exit_signal;
	if (args->flags & (CLONE_PARENT | CLONE_THREAD)) {
		task->real_parent = current->real_parent;
		task->exit_signal = current->group_leader->exit_signal;
	}
	if (args->flags & CLONE_THREAD)
		task->exit_signal = -1;
	task->parent = task->real_parent;
}

/*
 * @task, which is complete, becomes one that others find: a thread, or a process in the process group
 * and session of current. -EINTR: current is to end, and whoever ends its group must find all of it;
 * -ERESTARTNOINTR: a signal for the whole process group came meanwhile, and is for the child as well.
 */
static int make_known(struct task_struct *task, const struct kernel_clone_args *args,
		      struct pid *pid)
{
	unsigned long irq_flags;
	int err = 0;

	task->thread_pid = pid;
	write_lock_irqsave(&tasklist_lock, irq_flags);
	choose_parent(task, args);
	if (fatal_signal_pending(current))
		err = -EINTR;
	else if (signal_pending(current) && !(args->flags & CLONE_THREAD))
		err = -ERESTARTNOINTR;
	if (err)
		goto out;
	if (args->flags & CLONE_THREAD)
		make_thread(task);
	else
		make_leader(task, pid);
	attach_pid(task, PIDTYPE_PID);
out:
	write_unlock_irqrestore(&tasklist_lock, irq_flags);
	return err;
}

/* A signal that is taken first makes the call start again. */
static int wait_for_no_signal(void)
{
	if (likely(!signal_pending(current)))
		return 0;
	spin_lock_irq(&current->sighand->siglock);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	return signal_pending(current) ? -ERESTARTNOINTR : 0;
}

static void set_ids(struct task_struct *task, const struct kernel_clone_args *args, struct pid *pid)
{
	task->pid = pid_nr(pid);
	task->tgid = args->flags & CLONE_THREAD ? current->tgid : task->pid;
	task->group_leader = args->flags & CLONE_THREAD ? current->group_leader : task;
	if (args->kthread)
		task->flags |= PF_KTHREAD;
	if (args->flags & CLONE_CHILD_SETTID)
		task->set_child_tid = args->child_tid;
	if (args->flags & CLONE_CHILD_CLEARTID)
		task->clear_child_tid = args->child_tid;
	if ((args->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM) {
		task->sas_ss_sp = task->sas_ss_size = 0;
		task->sas_ss_flags = SS_DISABLE;
	}
}

/* -EAGAIN: the user has too many tasks, or there are too many at all. The new one is counted already. */
static int may_be_one_more(void)
{
	if (too_many_processes(current_cred()->user) && !capable(CAP_SYS_RESOURCE) &&
	    !capable(CAP_SYS_ADMIN))
		return -EAGAIN;
	current->flags &= ~PF_NPROC_EXCEEDED;
	return nr_threads >= max_threads ? -EAGAIN : 0;
}

/* A new task that has not run yet, or ERR_PTR. The order of the checks is Linux's. */
static struct task_struct *copy_process(const struct kernel_clone_args *args)
{
	struct task_struct *task;
	struct file *pidfile = NULL;
	struct pid *pid;
	int pidfd, err = check_clone_args(args);

	if (!err)
		err = wait_for_no_signal();
	if (err)
		return ERR_PTR(err);
	task = dup_task_struct(current);
	if (!task)
		return ERR_PTR(-ENOMEM);
	if ((args->flags & (CLONE_VM | CLONE_VFORK)) == CLONE_VM)
		sas_ss_reset(task); /* two cannot share one */
	err = may_be_one_more();
	if (!err)
		err = copy_parts(args, task);
	if (err)
		goto out_task;
	pid = args->kthread ? &init_struct_pid : alloc_pid(args->set_tid);
	err = PTR_ERR(pid);
	if (IS_ERR(pid))
		goto out_parts;
	set_ids(task, args, pid);
	err = pidfd = args->flags & CLONE_PIDFD ? pidfd_prepare(args, pid, &pidfile) : 0;
	if (err < 0)
		goto out_pid;
	err = make_known(task, args, pid);
	if (pidfile && !err)
		fd_install(pidfd, pidfile);
	if (!err)
		return task;

	if (pidfile) {
		put_unused_fd(pidfd);
		fput(pidfile);
	}
out_pid:
	if (!args->kthread)
		free_pid(pid);
out_parts:
	put_parts(task);
out_task:
	free_task(task);
	return ERR_PTR(err);
}

/* Wait until @child no longer uses our memory. Only a fatal signal ends the wait earlier. */
static void wait_for_vfork_done(struct task_struct *child, struct completion *vfork)
{
	if (wait_for_completion_killable(vfork))
		child->vfork_done = NULL; /* it is on our stack */
	put_task_struct(child);
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
		get_task_struct(task); /* whoever reaps it does not wait for us */
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
