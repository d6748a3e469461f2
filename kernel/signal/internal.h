/*
 * Private to kernel/signal: what its files share. The public interface is kernel/sched/signal.h.
 */
#ifndef KERNEL_SIGNAL_INTERNAL_H
#define KERNEL_SIGNAL_INTERNAL_H

#include "kernel/sched/sched.h"

static inline __sighandler_t sig_handler(const struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].sa.sa_handler;
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

#endif
