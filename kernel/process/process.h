/*
 * kernel/process: how programs start and end: fork, exec, exit, wait, and taking signals. Called by
 * the entry code, by the trap handlers and by start_kernel().
 */
#ifndef KERNEL_PROCESS_PROCESS_H
#define KERNEL_PROCESS_PROCESS_H

#include "kernel/sched/sched.h"

/*
 * A new task that runs @fn(@arg) in the kernel and, when fn returns 0, goes to ring 3 with what fn
 * left in its task_pt_regs(). Returns the pid, -ENOMEM or -EAGAIN. Linux: kernel/fork.c
 */
pid_t user_mode_thread(int (*fn)(void *), void *arg);

/*
 * A new task that runs @fn(@arg), which must not return. kthread_create() is made of it, and gives
 * the task a clean environment. Like the idle task it has no number of its own: its PID is 0.
 * Returns 0 or -ENOMEM.
 */
pid_t kernel_thread(int (*fn)(void *), void *arg);

struct kernel_clone_args {
	u64 flags;       /* CLONE_* */
	int exit_signal; /* for the parent, when the child ends */
	unsigned long stack, stack_size; /* the stack pointer is their sum; 0: the parent's */
	int __user *parent_tid, *child_tid;
	int __user *pidfd; /* with CLONE_PIDFD: where the descriptor is written */
	unsigned long tls; /* the base of FS, with CLONE_SETTLS */
	pid_t set_tid;     /* the number that the child gets; 0: any */
	int (*fn)(void *); /* a function of the kernel that runs first, or NULL */
	void *fn_arg;
	bool kthread; /* see kernel_thread() */
};

/* A new task as fork() and its kin make it. Returns its pid; the errors are those of clone(2). */
pid_t kernel_clone(struct kernel_clone_args *args);

/*
 * Replace the current program by the static ELF at @filename. Linux: fs/exec.c
 * @argv, @envp: NULL-terminated kernel arrays. 0, and pt_regs say where to start; or -errno, and
 * nothing has changed.
 */
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp);

void fork_init(void); /* at boot: the caches of what a task is made of */

/* End the current task with @code as wait4() will see it. Linux: kernel/exit.c:do_exit() */
void __noreturn do_exit(long code);

/*
 * What @task's group has used (@who: RUSAGE_SELF), what the children that it has waited for have
 * (RUSAGE_CHILDREN), both (RUSAGE_BOTH), or what @task alone has (RUSAGE_THREAD). Linux: kernel/sys.c
 */
void getrusage(struct task_struct *task, int who, struct rusage *ru);

/* The same for its whole thread group; the first code wins. Linux: do_group_exit() */
void __noreturn do_group_exit(int code);

/* For kthreadd: a child of current that has ended, or NULL; free all of these. */
struct task_struct *find_zombie(void);
void release_zombies(void);

/* @sig ends the current task, which cannot go on in ring 0. Linux: kernel/exit.c */
void __noreturn make_task_dead(int sig);

#endif
