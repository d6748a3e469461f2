/*
 * Private to kernel/signal: what its files share. The public interface is kernel/sched/signal.h.
 */
#ifndef KERNEL_SIGNAL_INTERNAL_H
#define KERNEL_SIGNAL_INTERNAL_H

#include "kernel/sched/sched.h"

#define RT_SIGFRAME_SIZE 440 /* bytes: return address, ucontext, siginfo */
#define SIGINFO_SIZE 128     /* bytes of ring 3's siginfo_t */

static inline __sighandler_t sig_handler(const struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].sa.sa_handler;
}

static inline bool has_pending_signals(const sigset_t *signal, const sigset_t *blocked)
{
	return signal->sig[0] & ~blocked->sig[0];
}

/* Would a signal with this @handler do nothing? */
bool sig_handler_ignored(__sighandler_t handler, int sig);

/* The same for @t; @force: the kernel sends it, and PID 1 has to take it as well. */
bool sig_ignored(const struct task_struct *t, int sig, bool force);

/*
 * An entry that counts for the user of @t; NULL when the user has RLIMIT_SIGPENDING entries, which
 * @override_rlimit lets pass, or when there is no memory.
 */
struct sigqueue *__sigqueue_alloc(struct task_struct *t, gfp_t gfp, bool override_rlimit);
void __sigqueue_free(struct sigqueue *q);

/*
 * @sig is about to be sent to the group of @t: do at once what need not wait for the receiver. False: it
 * is ignored. @force: as above. With siglock.
 */
bool prepare_signal(int sig, struct task_struct *t, bool force);

/* @sig is in its queue, of @t or (@type is not PIDTYPE_PID) of its group: wake who takes it. With siglock. */
void complete_signal(int sig, struct task_struct *t, enum pid_type type);

/* Send @sig without asking whether that is permitted. As do_send_sig_info(); with siglock. */
int send_signal_locked(int sig, struct kernel_siginfo *info, struct task_struct *t,
		       enum pid_type type);

/* The fields of a SIGCHLD that say for how long the group of @t has run. */
void siginfo_set_times(kernel_siginfo_t *info, const struct task_struct *t);

/*
 * Copy a siginfo from ring 3. @sig: what si_signo becomes; less than 0: it stays. 0; -EFAULT; -E2BIG:
 * it ends with fields that are not known.
 */
int copy_siginfo_from_user(int sig, kernel_siginfo_t *to, const void __user *from);

/*
 * @sig is about to be sent to the group of @t: a stop signal takes back SIGCONT, and SIGCONT takes
 * back the stop signals and lets the group go on, even if it is blocked or ignored. With siglock.
 */
void prepare_stop_or_continue(int sig, struct task_struct *t);

/*
 * Current has taken stop signal @sig, or, with 0, has to join the stop of its group. Returns true
 * when it has stopped and goes on again, and siglock was released; false: it need not stop.
 */
bool do_signal_stop(int sig);

/* @task, which has to stop, is counted as stopped. True: it was the last of its group. With siglock. */
bool task_participate_group_stop(struct task_struct *task);

/* Tell the parent of @task's group that it has stopped or goes on: @why is CLD_*. */
void do_notify_parent_cldstop(struct task_struct *task, int why);

/* Change what current blocks. With siglock. */
void __set_task_blocked(const sigset_t *set);

/* Tell the parent what SIGNAL_CLD_* of current's group say. Releases siglock. */
void notify_group_stop(void);

#endif
