/*
 * Private to kernel/process: what its files share, for the end of a task.
 */
#ifndef KERNEL_PROCESS_TASK_H
#define KERNEL_PROCESS_TASK_H

#include "kernel/sched/sched.h"

struct utsname;

void put_sighand(struct sighand_struct *sighand);
void put_signal(struct signal_struct *signal);

/* Free the stack of @task, which does not run any more or never did, and drop a reference on @task. */
void free_task(struct task_struct *task);

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

/* The names that uname() returns. */
extern struct utsname init_uts;

#endif
