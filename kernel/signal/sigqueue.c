/*
 * Signals of timers, which have one queue entry that they use again and again. Linux: kernel/signal.c
 */
#include "kernel/sched/sigqueue.h"
#include "kernel/signal/internal.h"

struct sigqueue *sigqueue_alloc(void)
{
	struct sigqueue *q = __sigqueue_alloc(current, GFP_KERNEL, false);

	if (q)
		q->flags = SIGQUEUE_PREALLOC;
	return q;
}

/* One that is in a queue is freed by the one who takes it out. */
void sigqueue_free(struct sigqueue *q)
{
	unsigned long flags;

	spin_lock_irqsave(&current->sighand->siglock, flags);
	q->flags &= ~SIGQUEUE_PREALLOC;
	if (list_empty(&q->list))
		__sigqueue_free(q);
	spin_unlock_irqrestore(&current->sighand->siglock, flags);
}

/* 1: the signal is ignored; 0: it is not. With siglock. */
static int send_sigqueue_locked(struct sigqueue *q, struct task_struct *t, enum pid_type type)
{
	int sig = q->info.si_signo;
	struct sigpending *pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;

	if (!prepare_signal(sig, t, false))
		return 1;
	if (!list_empty(&q->list)) {
		q->info.si_overrun++;
		return 0;
	}
	q->info.si_overrun = 0;
	if (waitqueue_active(&t->sighand->signalfd_wqh))
		wake_up(&t->sighand->signalfd_wqh);
	list_add_tail(&q->list, &pending->list);
	sigaddset(&pending->signal, sig);
	complete_signal(sig, t, type);
	return 0;
}

int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type)
{
	struct task_struct *t = pid_task(pid, type);
	unsigned long flags;
	int ret;

	if (!t || !t->sighand)
		return -1;
	spin_lock_irqsave(&t->sighand->siglock, flags);
	ret = send_sigqueue_locked(q, t, type);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return ret;
}

static void flush_timer_signals(struct sigpending *pending)
{
	unsigned long gone = 0, retain = 0;
	struct sigqueue *q, *next;

	list_for_each_entry_safe(q, next, &pending->list, list) {
		if (q->info.si_code != SI_TIMER) {
			retain |= sigmask(q->info.si_signo);
			continue;
		}
		gone |= sigmask(q->info.si_signo);
		list_del_init(&q->list);
		__sigqueue_free(q);
	}
	sigdelsetmask(&pending->signal, gone & ~retain);
}

void flush_itimer_signals(void)
{
	spin_lock_irq(&current->sighand->siglock);
	flush_timer_signals(&current->pending);
	flush_timer_signals(&current->signal->shared_pending);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}
