/*
 * The signals of timers. The code is kernel/signal/sigqueue.c. Linux: include/linux/sched/signal.h
 */
#ifndef KERNEL_SCHED_SIGQUEUE_H
#define KERNEL_SCHED_SIGQUEUE_H

#include "kernel/sched/sched.h"

/*
 * The signal of a timer: one entry of a queue, which counts for current's user; NULL: that user has too
 * many, or no memory. sigqueue_free(): it may still be in a queue. send_sigqueue(): if it is, only its
 * si_overrun grows. 0; 1: the signal is ignored; -1: there is no such task.
 */
struct sigqueue *sigqueue_alloc(void);
void sigqueue_free(struct sigqueue *q);
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type);
void flush_itimer_signals(void); /* current begins another program: throw away what timers sent */

#endif
