/*
 * Workqueues: functions that a kernel thread calls later, and that may sleep. worker_thread() is the
 * thread's own function. Linux: kernel/workqueue.c
 *
 * A queue is a list of work and a kernel thread that does it in order. Linux has pools of threads
 * that several queues share; what a caller sees is that of a queue with max_active 1.
 */
#include "kernel/workqueue.h"

#include "kernel/kthread.h"
#include "kernel/lib/export.h"
#include "kernel/lib/init.h"

struct workqueue_struct {
	struct list_head list; /* in workqueues */
	struct list_head works;
	struct work_struct *current_work; /* what the thread does now. Its memory may be gone. */
	struct wait_queue_head more_work; /* where the thread waits */
	struct task_struct *worker;
};

/* Protects all queues and the work in them; taken by interrupt handlers. */
static DEFINE_SPINLOCK(wq_lock);
static LIST_HEAD(workqueues);
struct workqueue_struct *system_wq;

/* --- queueing ------------------------------------------------------------------------------- */

/* The queue that is doing @work now, or NULL. With the lock. */
static struct workqueue_struct *find_worker_executing_work(const struct work_struct *work)
{
	struct workqueue_struct *wq;

	list_for_each_entry(wq, &workqueues, list) {
		if (wq->current_work == work)
			return wq;
	}
	return NULL;
}

/*
 * @work is pending. If its function is running, it is queued where it runs, so that it never runs
 * twice at once. With the lock.
 */
static void insert_work(struct workqueue_struct *wq, struct work_struct *work)
{
	wq = find_worker_executing_work(work) ?: wq;
	list_add_tail(&work->entry, &wq->works);
	wake_up(&wq->more_work);
}

/* With the lock. False: somebody else has it. */
static bool claim_pending(struct work_struct *work)
{
	if (work->pending || work->cancelling)
		return false;
	work->pending = true;
	return true;
}

bool queue_work_on(int cpu __maybe_unused, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool claimed;

	spin_lock_irqsave(&wq_lock, flags);
	claimed = claim_pending(work);
	if (claimed)
		insert_work(wq, work);
	spin_unlock_irqrestore(&wq_lock, flags);
	return claimed;
}

/*
 * The time has come. An interrupt handler may have cancelled the work, or armed the timer again,
 * after the timer expired and before this has the lock.
 */
void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);
	struct work_struct *work = &dwork->work;
	unsigned long flags;

	spin_lock_irqsave(&wq_lock, flags);
	if (work->pending && list_empty(&work->entry) && !timer_pending(timer))
		insert_work(dwork->wq, work);
	spin_unlock_irqrestore(&wq_lock, flags);
}

/* With the lock. */
static void __queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
				 unsigned long delay)
{
	if (!delay) {
		insert_work(wq, &dwork->work);
		return;
	}
	dwork->wq = wq;
	mod_timer(&dwork->timer, jiffies + delay);
}

bool queue_delayed_work_on(int cpu __maybe_unused, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool claimed;

	spin_lock_irqsave(&wq_lock, flags);
	claimed = claim_pending(&dwork->work);
	if (claimed)
		__queue_delayed_work(wq, dwork, delay);
	spin_unlock_irqrestore(&wq_lock, flags);
	return claimed;
}

/* --- taking back ---------------------------------------------------------------------------- */

/* @work is no longer pending, nor is @timer (NULL: none). Returns whether it was. With the lock. */
static bool grab_pending(struct work_struct *work, struct timer_list *timer)
{
	bool was_pending = work->pending;

	if (timer)
		del_timer(timer);
	list_del_init(&work->entry);
	work->pending = false;
	return was_pending;
}

bool mod_delayed_work_on(int cpu __maybe_unused, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay)
{
	bool was_pending = true;
	unsigned long flags;

	spin_lock_irqsave(&wq_lock, flags);
	if (!dwork->work.cancelling) {
		was_pending = grab_pending(&dwork->work, &dwork->timer);
		dwork->work.pending = true;
		__queue_delayed_work(wq, dwork, delay);
	}
	spin_unlock_irqrestore(&wq_lock, flags);
	return was_pending;
}

static bool __cancel_work(struct work_struct *work, struct timer_list *timer)
{
	unsigned long flags;
	bool was_pending;

	spin_lock_irqsave(&wq_lock, flags);
	was_pending = grab_pending(work, timer);
	spin_unlock_irqrestore(&wq_lock, flags);
	return was_pending;
}

bool cancel_work(struct work_struct *work)
{
	return __cancel_work(work, NULL);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return __cancel_work(&dwork->work, &dwork->timer);
}

static bool __cancel_work_sync(struct work_struct *work, struct timer_list *timer)
{
	bool was_pending;

	might_sleep();
	spin_lock_irq(&wq_lock);
	was_pending = grab_pending(work, timer);
	work->cancelling++;
	spin_unlock_irq(&wq_lock);
	flush_work(work);
	spin_lock_irq(&wq_lock);
	work->cancelling--;
	spin_unlock_irq(&wq_lock);
	return was_pending;
}

bool cancel_work_sync(struct work_struct *work)
{
	return __cancel_work_sync(work, NULL);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return __cancel_work_sync(&dwork->work, &dwork->timer);
}

/* --- waiting -------------------------------------------------------------------------------- */

/* Work that says that what was queued before it is done. */
struct wq_barrier {
	struct work_struct work;
	struct completion done;
};

static void wq_barrier_func(struct work_struct *work)
{
	complete(&container_of(work, struct wq_barrier, work)->done);
}

/* Queue @barrier right behind the entry @prev of a queue's works. With the lock. */
static void insert_wq_barrier(struct wq_barrier *barrier, struct list_head *prev)
{
	INIT_WORK(&barrier->work, wq_barrier_func);
	barrier->work.pending = true;
	init_completion(&barrier->done);
	list_add(&barrier->work.entry, prev);
}

bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq;
	struct wq_barrier barrier;
	bool found = true;

	might_sleep();
	spin_lock_irq(&wq_lock);
	wq = find_worker_executing_work(work);
	if (!list_empty(&work->entry)) /* behind it; its queue is awake */
		insert_wq_barrier(&barrier, &work->entry);
	else if (wq)
		insert_wq_barrier(&barrier, &wq->works);
	else
		found = false;
	spin_unlock_irq(&wq_lock);
	if (found)
		wait_for_completion(&barrier.done);
	return found;
}

bool flush_delayed_work(struct delayed_work *dwork)
{
	spin_lock_irq(&wq_lock);
	if (del_timer(&dwork->timer))
		insert_work(dwork->wq, &dwork->work);
	spin_unlock_irq(&wq_lock);
	return flush_work(&dwork->work);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	struct wq_barrier barrier;

	might_sleep();
	spin_lock_irq(&wq_lock);
	insert_wq_barrier(&barrier, wq->works.prev);
	wake_up(&wq->more_work);
	spin_unlock_irq(&wq_lock);
	wait_for_completion(&barrier.done);
}

void drain_workqueue(struct workqueue_struct *wq)
{
	do {
		flush_workqueue(wq);
	} while (!list_empty(&wq->works));
}

/* --- the thread ----------------------------------------------------------------------------- */

static void process_one_work(struct workqueue_struct *wq)
{
	struct work_struct *work;
	work_func_t func;

	spin_lock_irq(&wq_lock);
	if (list_empty(&wq->works)) { /* it was cancelled */
		spin_unlock_irq(&wq_lock);
		return;
	}
	work = list_first_entry(&wq->works, struct work_struct, entry);
	func = work->func;
	list_del_init(&work->entry);
	work->pending = false;
	wq->current_work = work;
	spin_unlock_irq(&wq_lock);
	func(work);
	spin_lock_irq(&wq_lock);
	wq->current_work = NULL;
	spin_unlock_irq(&wq_lock);
	cond_resched();
}

static int worker_thread(void *_wq)
{
	struct workqueue_struct *wq = _wq;

	while (!kthread_should_stop()) {
		wait_event(wq->more_work, !list_empty(&wq->works) || kthread_should_stop());
		process_one_work(wq);
	}
	return 0;
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags __maybe_unused,
					 int max_active __maybe_unused, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	char name[TASK_COMM_LEN];
	va_list args;

	if (!wq)
		return NULL;
	va_start(args, max_active);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	INIT_LIST_HEAD(&wq->works);
	init_waitqueue_head(&wq->more_work);
	wq->worker = kthread_run(worker_thread, wq, "%s", name);
	if (IS_ERR(wq->worker)) {
		kfree(wq);
		return NULL;
	}
	spin_lock_irq(&wq_lock);
	list_add_tail(&wq->list, &workqueues);
	spin_unlock_irq(&wq_lock);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	drain_workqueue(wq);
	kthread_stop(wq->worker);
	spin_lock_irq(&wq_lock);
	list_del(&wq->list);
	spin_unlock_irq(&wq_lock);
	kfree(wq);
}

static int workqueue_init(void)
{
	system_wq = alloc_workqueue("events", 0, 0);
	return system_wq ? 0 : -ENOMEM;
}
late_initcall(workqueue_init);

EXPORT_SYMBOL(system_wq);
EXPORT_SYMBOL(alloc_workqueue);
EXPORT_SYMBOL(destroy_workqueue);
EXPORT_SYMBOL(drain_workqueue);
EXPORT_SYMBOL(flush_workqueue);
EXPORT_SYMBOL(queue_work_on);
EXPORT_SYMBOL(queue_delayed_work_on);
EXPORT_SYMBOL(mod_delayed_work_on);
EXPORT_SYMBOL(delayed_work_timer_fn);
EXPORT_SYMBOL(flush_work);
EXPORT_SYMBOL(flush_delayed_work);
EXPORT_SYMBOL(cancel_work);
EXPORT_SYMBOL(cancel_work_sync);
EXPORT_SYMBOL(cancel_delayed_work);
EXPORT_SYMBOL(cancel_delayed_work_sync);
