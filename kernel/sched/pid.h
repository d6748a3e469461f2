/*
 * Process ids: a struct pid for each number in use, and the tasks it names. The code is
 * kernel/process/pid.c. Linux: include/linux/pid.h
 *
 * There is one PID namespace, so pid_nr() and pid_vnr() are the same.
 */
#ifndef KERNEL_SCHED_PID_H
#define KERNEL_SCHED_PID_H

#include "kernel/lib/lib.h"
#include "kernel/sched/wait.h"

#define PID_MAX_LIMIT 32768 /* numbers are below this */
#define RESERVED_PIDS 300   /* when the numbers start again, they do at this one */

struct task_struct;

/* What a number can name: a thread, a thread group, a process group, a session. */
enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX,
};

/*
 * The number is in use as long as a task is in one of the lists. The struct lives until its last
 * reference is dropped, which may be later.
 */
struct pid {
	refcount_t count;
	pid_t nr;
	struct hlist_node pid_chain;
	struct list_head tasks[PIDTYPE_MAX]; /* by task->pid_links */
	struct wait_queue_head wait_pidfd;   /* who polls a pidfd, until the process has ended */
};

extern struct pid init_struct_pid; /* number 0: the group and session PID 1 starts in */
extern int nr_threads;             /* tasks that have a number */
extern int last_pid;               /* the number that was handed out last */
extern int pid_max;                /* numbers are also below this; at most PID_MAX_LIMIT */

/*
 * The next free number, counting up and around, or @set_tid if that is not 0. Belongs to the caller
 * until a task is attached to it; free_pid() if none will be. @set_tid is below pid_max.
 * ERR_PTR(-EAGAIN): all are taken; ERR_PTR(-EEXIST): @set_tid is; ERR_PTR(-ENOMEM).
 */
struct pid *alloc_pid(pid_t set_tid);
void free_pid(struct pid *pid); /* make its number free, and drop the reference */

static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}

void put_pid(struct pid *pid); /* NULL is allowed */

static inline pid_t pid_nr(const struct pid *pid)
{
	return pid ? pid->nr : 0;
}

static inline pid_t pid_vnr(const struct pid *pid)
{
	return pid_nr(pid);
}

/* The struct pid with number @nr, without a reference (find_get_pid(): with one), or NULL. */
struct pid *find_vpid(int nr);
struct pid *find_get_pid(int nr);
/* The one with the smallest number from @nr on, or NULL. No reference. */
struct pid *find_ge_pid(int nr);

/* The first task that @pid names as @type, or NULL; @pid may be NULL. No reference is taken. */
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct task_struct *find_task_by_vpid(pid_t nr); /* a thread */

/* The number of @task as @type. Not for PIDTYPE_PID before thread_pid is set. */
struct pid *task_pid_type(const struct task_struct *task, enum pid_type type);
struct pid *get_task_pid(const struct task_struct *task, enum pid_type type); /* a reference */

/*
 * Put @task into the list of the struct pid that it has as @type (attach), take it out (detach; an
 * unused number becomes free), or move it to another one (change). With tasklist_lock.
 */
void attach_pid(struct task_struct *task, enum pid_type type);
void detach_pid(struct task_struct *task, enum pid_type type);
void change_pid(struct task_struct *task, enum pid_type type, struct pid *pid);

/* Each task that @pid (or NULL) names as @type. */
#define do_each_pid_task(pid, type, task)                                               \
	do {                                                                            \
		if ((pid) != NULL)                                                      \
			list_for_each_entry(task, &(pid)->tasks[type], pid_links[type]) {
#define while_each_pid_task(pid, type, task)                                            \
			}                                                               \
	} while (0)

/*
 * A file descriptor for process @pid, of which the file takes a reference. @flags: O_NONBLOCK. The
 * descriptor; -EINVAL: @pid is no process; -EMFILE, -ENFILE, -ENOMEM. The other way: the struct pid, with
 * a reference, and the file's flags; or ERR_PTR(-EBADF).
 */
int pidfd_create(struct pid *pid, unsigned int flags);
struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags);

void pid_idr_init(void);

#endif
