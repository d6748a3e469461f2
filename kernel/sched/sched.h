/*
 * kernel/sched: tasks: scheduling, waiting, credentials, pending signals. How tasks start and end
 * is in kernel/process. Linux: include/linux/sched.h
 *
 * What Linux lets threads share is a structure with its own reference count here too: mm, files,
 * fs, sighand, signal (limits) and cred.
 */
#ifndef KERNEL_SCHED_SCHED_H
#define KERNEL_SCHED_SCHED_H

#include "kernel/cpu/cpu.h"
#include "kernel/lib/lib.h"
#include "kernel/lib/rwlock.h"
#include "kernel/mm/mm.h"
#include "kernel/sched/completion.h"
#include "kernel/sched/cputime.h"
#include "kernel/sched/cred.h"
#include "kernel/sched/jobctl.h"
#include "kernel/sched/pid.h"
#include "kernel/sched/restart_block.h"
#include "kernel/sched/signal_types.h"
#include "kernel/sched/wait.h"

#define TASK_COMM_LEN 16
#define TIME_SLICE 5 /* ticks that a task may run while others wait: 20 ms */

/* __state */
#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 0x1 /* a signal ends the wait */
#define TASK_UNINTERRUPTIBLE 0x2
#define __TASK_STOPPED 0x4
#define TASK_DEAD 0x80
#define TASK_WAKEKILL 0x100 /* a signal that ends the task ends the wait, too */
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED (TASK_WAKEKILL | __TASK_STOPPED) /* by SIGSTOP or its kin, until SIGCONT */
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/*
 * Set the state of current. In a wait loop the first form is needed: the barrier keeps the test of
 * the condition behind the store.
 */
#define set_current_state(state)                        \
	do {                                            \
		WRITE_ONCE(current->__state, state);    \
		barrier();                              \
	} while (0)
#define __set_current_state(state) WRITE_ONCE(current->__state, state)

/* exit_state */
#define EXIT_DEAD 0x10   /* dead, and nobody waits for it any more */
#define EXIT_ZOMBIE 0x20 /* dead, and the parent has not waited for it yet */

/* flags */
#define PF_EXITING 0x4u /* in do_exit() */
#define PF_FORKNOEXEC 0x40u /* has not called execve() since it was forked */
#define PF_NPROC_EXCEEDED 0x1000u /* became a user who has too many processes */
#define PF_KTHREAD 0x200000u /* made by kthread_create(); never in ring 3 */

/* thread_flags: work to do before the next return to ring 3 */
#define TIF_NEED_RESCHED BIT(0)
#define TIF_SIGPENDING BIT(1)

struct files_struct;
struct fs_struct;
struct posix_cputimers;
struct robust_list_head;
struct sighand_struct;
struct signal_struct;

/* The CPU state schedule() keeps for a task that is not running. */
struct thread_struct {
	unsigned long sp; /* kernel RSP */
	unsigned long fsbase, gsbase;
	union {
		struct {
			unsigned short ds, es, fsindex, gsindex;
		};
		u64 selectors; /* all four */
	};
	unsigned long trap_nr, error_code, cr2; /* of the last fault of ring 3, for its handler */
	struct fpu fpu;
};

struct task_struct {
	unsigned long thread_flags; /* TIF_*; first, because entry.asm reads it at offset 0 */
	unsigned int __state;
	unsigned int flags; /* PF_* */
	refcount_t usage;   /* one until it is reaped, and one for each get_task_struct() */
	int exit_state;
	int exit_code; /* as wait4() reports it: code << 8 | signal */
	int exit_signal; /* what the parent gets when it ends; 0: nothing */
	pid_t pid, tgid;
	u64 start_time; /* when it was made, nanoseconds after boot */
	char comm[TASK_COMM_LEN];

	struct mm_struct *mm; /* NULL: a kernel task */
	struct files_struct *files;
	struct fs_struct *fs;
	char proc_self[28];          /* the text of /proc/self, or thread-self, when current asked last */
	struct nameidata *nameidata; /* the walk whose symbolic link's get_link() was called last */
	struct sighand_struct *sighand;
	struct signal_struct *signal;
	const struct cred *cred;
	struct pid *thread_pid;
	struct list_head pid_links[PIDTYPE_MAX]; /* in the tasks of struct pid */
	struct task_struct *group_leader;
	struct list_head thread_node; /* in signal->thread_head */
	sigset_t blocked, real_blocked;
	sigset_t saved_sigmask; /* with restore_sigmask: what blocked is again, after the call */
	bool restore_sigmask;
	unsigned long jobctl; /* JOBCTL_* */
	unsigned long sas_ss_sp, sas_ss_size; /* the alternate stack of sigaltstack(2), */
	unsigned int sas_ss_flags;            /* and its SS_* */
	struct restart_block restart_block;
	struct sigpending pending; /* signals for this task; signal has those of its group */

	struct task_struct *real_parent, *parent;
	struct list_head children, sibling;
	struct list_head tasks;    /* every thread group's leader, by age; from init_task on */
	struct list_head run_list; /* in the run queue, when runnable */
	bool on_rq; /* runs, or is in the run queue; false: somebody must wake it */
	struct completion *vfork_done;
	void *worker_private; /* of a kernel thread: kthread.c */

	int __user *set_child_tid, *clear_child_tid;
	struct robust_list_head __user *robust_list; /* of locks: kernel/futex */
	int pdeath_signal; /* what it gets when its parent ends; 0: nothing */
	bool no_new_privs; /* execve() gives it no more rights than it has, for ever */
	signed char nice;  /* -20..19 */
	unsigned short ioprio; /* of ioprio_set(2); 0: none */
	unsigned int personality; /* of personality(2) */
	u64 timer_slack_ns, default_timer_slack_ns; /* how late its timers may be */
	struct task_usage used;
	struct prev_cputime prev_cputime;
	unsigned int time_slice; /* ticks left */
	struct posix_cputimers *cputimers; /* timers of its CPU clocks; NULL: it never had one */
	struct list_head rethooks; /* calls watched by return probes, the innermost first */
	void *stack;          /* lowest byte; a guard page lies below */
	struct thread_struct thread;
};

extern struct task_struct init_task; /* pid 0: boots, then idles */

/*
 * Protects who is whose parent, the list of all tasks, and which tasks a struct pid names.
 * Interrupt handlers that send signals read it, so whoever writes has interrupts off.
 */
extern rwlock_t tasklist_lock;

unsigned long long nr_context_switches(void); /* since boot */

extern unsigned long nr_atomic_sleeps; /* complaints of might_sleep(), for tests */

/*
 * A reference on the struct, which keeps it even after the task has ended and was reaped. Its
 * credentials and its signal_struct stay as well; its stack, memory and files are gone then. Any
 * context may put it. Linux: include/linux/sched/task.h
 */
static inline struct task_struct *get_task_struct(struct task_struct *task)
{
	refcount_inc(&task->usage);
	return task;
}

void __put_task_struct(struct task_struct *task); /* kernel/process/fork.c */

/* Free the stack of @task, which does not run any more or never did, and drop a reference on @task. */
void free_task(struct task_struct *task); /* kernel/process/fork.c */

static inline void put_task_struct(struct task_struct *task)
{
	if (refcount_dec_and_test(&task->usage))
		__put_task_struct(task);
}

/* Where the registers of @task's ring-3 side are: at the very top of its stack. */
static inline struct pt_regs *task_pt_regs(const struct task_struct *task)
{
	return (struct pt_regs *)((char *)task->stack + THREAD_SIZE) - 1;
}

/*
 * Current, which has ended, leaves the CPU for ever. Interrupts are off. @reaped: nobody will wait for
 * it, and the next task frees it.
 */
void __noreturn do_task_dead(bool reaped);

void sched_init(void);
void __noreturn cpu_idle(void);
void schedule_tail(void);
void wake_up_new_task(struct task_struct *task); /* put a task that never ran on the run queue */
/*
 * Store the selectors that ring 3 has loaded. It cannot write the FS and GS bases directly
 * (FSGSBASE is off), but loading a selector other than null sets the base from the descriptor, and
 * all bases in our GDT are 0.
 * Linux: arch/x86/kernel/process_64.c:save_fsgs()
 */
void save_user_segments(struct thread_struct *thread);
/* A new program starts with null data selectors and zero FS and GS bases. */
void reset_user_segments(struct thread_struct *thread);
void scheduler_tick(bool user);                  /* from the tick: current ran in ring 3, or not */
void update_curr(void); /* count the time that current has run since this was called last */

/* Let another task run. Returns when current runs again. Linux: kernel/sched/core.c */
void schedule(void);

/*
 * Sleep in the state current has set, for @timeout ticks at most. Returns the ticks that were left
 * when it was woken; 0: the time was over. Linux: kernel/time/timer.c
 */
#define MAX_SCHEDULE_TIMEOUT INT64_MAX /* for ever */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout); /* these set the state themselves */
long schedule_timeout_uninterruptible(long timeout);

/*
 * For loops whose length ring 3 chooses: let others run when the time slice is over. Returns 1 when
 * they did, else 0.
 */
int cond_resched(void);

/* Make @task runnable if it sleeps in one of @state. Returns 1 if it did, else 0. From anywhere. */
int wake_up_state(struct task_struct *task, unsigned int state);
int wake_up_process(struct task_struct *task); /* in whichever state it sleeps */

static inline bool task_is_stopped(const struct task_struct *task)
{
	return READ_ONCE(task->__state) & __TASK_STOPPED;
}

static inline bool is_global_init(const struct task_struct *task)
{
	return task->tgid == 1;
}

#include "kernel/sched/signal.h"

#endif
