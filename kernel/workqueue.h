/*
 * Workqueues: functions that a task of the kernel calls later, and that may sleep.
 * Linux: include/linux/workqueue.h
 */
#ifndef KERNEL_WORKQUEUE_H
#define KERNEL_WORKQUEUE_H

#include "kernel/lib/lib.h"
#include "kernel/time/timer.h"

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/*
 * Something to do. It is pending from the moment it is queued, or its timer is armed, until just
 * before its function is called; the function may queue it again, or free it.
 */
struct work_struct {
	struct list_head entry;      /* in the list of its queue */
	work_func_t func;
	bool pending;
	unsigned int cancelling; /* tasks in cancel_work_sync(): nobody may queue it meanwhile */
};

/* The same, to be queued when a timer expires. */
struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq; /* where it goes when the timer expires */
};

void delayed_work_timer_fn(struct timer_list *timer); /* for the macros below */

#define __WORK_INITIALIZER(name, fn)					\
	{ .entry = LIST_HEAD_INIT((name).entry), .func = (fn) }
#define DECLARE_WORK(name, fn)						\
	struct work_struct name = __WORK_INITIALIZER(name, fn)
#define DECLARE_DELAYED_WORK(name, fn)					\
	struct delayed_work name = {					\
		.work = __WORK_INITIALIZER((name).work, fn),		\
		.timer = { .function = delayed_work_timer_fn },		\
	}
#define INIT_WORK(_work, fn)						\
	(*(_work) = (struct work_struct)__WORK_INITIALIZER(*(_work), fn))
#define INIT_DELAYED_WORK(_dwork, fn)					\
	do {								\
		INIT_WORK(&(_dwork)->work, fn);				\
		timer_setup(&(_dwork)->timer, delayed_work_timer_fn, 0);        \
	} while (0)
#define INIT_WORK_ONSTACK(work, fn) INIT_WORK(work, fn)
#define INIT_DELAYED_WORK_ONSTACK(dwork, fn) INIT_DELAYED_WORK(dwork, fn)
#define destroy_work_on_stack(work) ((void)(work))
#define destroy_delayed_work_on_stack(dwork) ((void)(dwork))

#define to_delayed_work(_work) container_of(_work, struct delayed_work, work)
#define work_pending(_work) READ_ONCE((_work)->pending)
#define delayed_work_pending(dwork) work_pending(&(dwork)->work)

/* Flags of a queue. None changes anything here: each queue has one thread. */
#define WQ_UNBOUND 0x02u
#define WQ_FREEZABLE 0x04u
#define WQ_MEM_RECLAIM 0x08u
#define WQ_HIGHPRI 0x10u
#define WQ_CPU_INTENSIVE 0x20u
#define WQ_SYSFS 0x40u

/*
 * A queue with a thread of its own, which does its work piece by piece, in order. The name is
 * printed as by printf(). The caller may sleep. NULL: no memory.
 */
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
	__attribute__((format(printf, 1, 4)));
#define alloc_ordered_workqueue(fmt, flags, ...) alloc_workqueue(fmt, flags, 1, ##__VA_ARGS__)
#define create_workqueue(name) alloc_workqueue("%s", WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) create_workqueue(name)
/* Do all that is queued, also what that queues itself, and free the queue. */
void destroy_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq); /* the same, but keep the queue */
void flush_workqueue(struct workqueue_struct *wq); /* wait until what is queued now is done */

extern struct workqueue_struct *system_wq; /* for everybody */

/*
 * Queue @work, in @delay ticks at the earliest. @cpu: ignored. From anywhere. False: it was pending,
 * or is being cancelled, and nothing has changed. mod_delayed_work_on() sets the time anew if it was
 * pending, and says whether it was.
 */
#define WORK_CPU_UNBOUND 1
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			   unsigned long delay);
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork,
			 unsigned long delay);

#define queue_work(wq, work) queue_work_on(WORK_CPU_UNBOUND, wq, work)
#define queue_delayed_work(wq, dwork, delay)				\
	queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define mod_delayed_work(wq, dwork, delay) mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay)
#define schedule_work(work) queue_work(system_wq, work)
#define schedule_delayed_work(dwork, delay) queue_delayed_work(system_wq, dwork, delay)
#define flush_scheduled_work() flush_workqueue(system_wq)

/*
 * Wait until @work, as it was queued last, is done; the delayed form does not wait for the timer, but
 * queues it at once. Returns whether there was anything to wait for. The caller may sleep.
 */
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);

/*
 * Take @work back. Returns whether it was pending. The _sync forms also wait until its function,
 * which may queue it again in vain, has returned; that function itself may not call them.
 */
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

#endif
