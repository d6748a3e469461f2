/*
 * Private to kernel/process: what its files share, for the end of a task.
 */
#ifndef KERNEL_PROCESS_TASK_H
#define KERNEL_PROCESS_TASK_H

#include "kernel/process/process.h"
#include "kernel/sched/sched.h"

struct utsname;

/* A copy of @old with one reference, or NULL. */
struct sighand_struct *dup_sighand(const struct sighand_struct *old);
void put_sighand(struct sighand_struct *sighand);
void put_signal(struct signal_struct *signal);

/* May clone() be called with @args? 0 or -EINVAL. copy_namespaces(): for this it may be -EPERM, too. */
int check_clone_args(const struct kernel_clone_args *args);
int copy_namespaces(u64 flags);

/*
 * CLONE_PIDFD: a descriptor for @pid is reserved, written to @args->pidfd, and its file, with one
 * reference, is left in *@file. Returns the descriptor; -EMFILE, -ENFILE, -ENOMEM, -EFAULT.
 */
int pidfd_prepare(const struct kernel_clone_args *args, struct pid *pid, struct file **file);

/*
 * Prepare the kernel stack and the registers of the new @task. 0, or -EPERM: its thread-local storage is
 * not in ring 3's half. Linux: arch/x86/kernel/process.c
 */
int copy_thread(struct task_struct *task, const struct kernel_clone_args *args);

/*
 * Current becomes the only thread of its group, and the only one that uses what execve() will change.
 * 0, -ENOMEM, or -EAGAIN: current itself is to end. Linux: begin_new_exec()
 */
int leave_old_program(void);

/* A thread of @task's group that does not end, or NULL. */
struct task_struct *find_alive_thread(struct task_struct *task);

/* Free what is left of @task, a zombie whose parent knows of its end or does not want to. */
void release_task(struct task_struct *task);

/* A leader that has ended cannot be reaped before all other threads of its group have ended. */
static inline bool delay_group_leader(const struct task_struct *task)
{
	return thread_group_leader(task) && !thread_group_empty(task);
}

/*
 * Complete vfork_done of current, if there is one: its parent waits in vfork(), or somebody waits in
 * kthread_stop().
 */
void complete_vfork(void);

/* @task has ended: wake its parent, if that waits for it. */
void __wake_up_parent(struct task_struct *task, struct task_struct *parent);

/*
 * Do what CLONE_CHILD_CLEARTID asks for, and complete_vfork(), before current gives up its address
 * space. Linux: kernel/fork.c:mm_release()
 */
void mm_release(struct task_struct *task);

/* Current becomes a subreaper, or is none any more. */
void set_child_subreaper(bool on);

/* The thread that gets the children of @father, which ends, if a subreaper does; else NULL. */
struct task_struct *find_child_subreaper(const struct task_struct *father);

/* What prctl() does for options that have to do with capabilities; -ENOSYS for all others. */
long cap_task_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4,
		    unsigned long arg5);

/*
 * Change ids of current; INVALID_UID and INVALID_GID leave one as it is, the file system id follows the
 * effective one. May current do that? The caller has checked. 0, -ENOMEM, -EAGAIN.
 */
long change_uids(kuid_t ruid, kuid_t euid, kuid_t suid);
long change_gids(kgid_t rgid, kgid_t egid, kgid_t sgid);

/* Let the security modules adjust @new and make it current's. Consumes @new. */
int commit_ids(struct cred *new);

/*
 * Read and/or set limit @resource of @task; @new and @old may be NULL.
 * -EINVAL: no such limit, or soft above hard; -EPERM: raising the hard limit needs
 * CAP_SYS_RESOURCE.
 */
int do_prlimit(struct task_struct *task, unsigned int resource, const struct rlimit *new,
	       struct rlimit *old);

/* The names that uname() returns. */
extern struct utsname init_uts;

#endif
