/*
 * Private to kernel/process: what a parent waits for. Linux: kernel/exit.c
 */
#ifndef KERNEL_PROCESS_WAIT_H
#define KERNEL_PROCESS_WAIT_H

#include "kernel/process/process.h"

/* What waitid() tells of a child. */
struct waitid_info {
	pid_t pid;
	uid_t uid;
	int status, cause; /* cause: CLD_* */
};

struct wait_opts {
	enum pid_type wo_type; /* PIDTYPE_MAX: any child */
	struct pid *wo_pid;    /* the child (PIDTYPE_PID) or its process group (PIDTYPE_PGID) */
	int wo_flags;          /* WEXITED, WNOHANG ... */
	struct waitid_info *wo_info; /* to be filled in, or NULL */
	int wo_stat;                 /* the status as wait4() stores it */
	struct rusage *wo_rusage;    /* to be filled in, or NULL */
	int notask_error; /* -ECHILD: there is no such child; 0: one may still do what is waited for */
	struct wait_queue_entry child_wait;
};

/*
 * Wait for a child as @wo says. Its number; 0: WNOHANG, and none has done it yet; -ECHILD; -ERESTARTSYS:
 * a signal came first.
 */
long do_wait(struct wait_opts *wo);

/*
 * Has @child stopped, or continued, and is that waited for? Its number, and @wo says more; else 0. With
 * tasklist_lock.
 */
int wait_task_stopped(struct wait_opts *wo, struct task_struct *child);
int wait_task_continued(struct wait_opts *wo, struct task_struct *child);

#endif
