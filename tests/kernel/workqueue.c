/*
 * Kernel threads and workqueues.
 */
#include "kernel/workqueue.h"

#include "kernel/kthread.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

static int count_until_stopped(void *number)
{
	while (!kthread_should_stop()) {
		++*(int *)number;
		schedule_timeout_uninterruptible(1);
	}
	return 7;
}

static bool in_a_thread;

static int return_at_once(void *unused __maybe_unused)
{
	in_a_thread = !current->mm && current->flags & PF_KTHREAD && !in_atomic() &&
		      !strcmp(current->comm, "ktap/3") &&
		      !strcmp(current->parent->comm, "kthreadd");
	return 0;
}

static int return_five(void *unused __maybe_unused)
{
	return 5;
}

/* With a reference kthread_stop() works on a thread that has ended and was reaped. */
KTAP_SUITE(kthread_stop_of_a_thread_that_ended)
{
	struct task_struct *k;
	struct leaks before;

	leaks_begin(&before);
	k = kthread_create(return_five, NULL, "ktap");
	get_task_struct(k);
	wake_up_process(k);
	while (refcount_read(&k->usage) > 1) /* until kthreadd has reaped it */
		schedule();
	KTAP_EXPECT_EQ(kthread_stop(k), 5);
	put_task_struct(k);
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(kernel_threads)
{
	struct task_struct *k;
	struct leaks before;
	int number = 0;

	leaks_begin(&before);
	KTAP_EXPECT(!IS_ERR(kthread_run(return_at_once, NULL, "ktap/%d", 3)));
	schedule();
	KTAP_EXPECT(in_a_thread);

	k = kthread_create(count_until_stopped, &number, "ktap");
	msleep(10);
	KTAP_EXPECT_EQ(number, 0); /* it waits to be woken */
	KTAP_EXPECT_EQ(kthread_stop(k), -EINTR);

	k = kthread_run(count_until_stopped, &number, "ktap");
	KTAP_EXPECT_EQ(send_sig(SIGKILL, k, 1), 0); /* which threads ignore */
	msleep(20);
	KTAP_EXPECT(number > 1);
	KTAP_EXPECT_EQ(kthread_stop(k), 7);
	msleep(10);
	KTAP_EXPECT(leaks_none(&before)); /* kthreadd has freed them */
}

static unsigned int runs, again;
static bool may_sleep, held;
static DECLARE_COMPLETION(begun); /* a run that is held has begun ... */
static DECLARE_COMPLETION(go);    /* ... and may go on */
static struct workqueue_struct *queue;

static void note_run(struct work_struct *work)
{
	might_sleep();
	may_sleep = in_task() && !irqs_disabled();
	KTAP_EXPECT(!work_pending(work));
	if (held) {
		complete(&begun);
		wait_for_completion(&go);
	}
	runs++;
	if (again) {
		again--;
		queue_work(queue, work);
	}
}

static DECLARE_WORK(work, note_run);

KTAP_SUITE(work_runs_once_each_time_it_is_queued)
{
	runs = 0;
	KTAP_EXPECT(!flush_work(&work)); /* it was never queued */
	KTAP_EXPECT(schedule_work(&work));
	KTAP_EXPECT(!schedule_work(&work)); /* it is pending */
	KTAP_EXPECT(work_pending(&work));
	KTAP_EXPECT_EQ(runs, 0);
	KTAP_EXPECT(flush_work(&work));
	KTAP_EXPECT_EQ(runs, 1);
	KTAP_EXPECT(may_sleep && !work_pending(&work));
	KTAP_EXPECT(!flush_work(&work));

	KTAP_EXPECT(schedule_work(&work));
	KTAP_EXPECT(cancel_work_sync(&work));
	KTAP_EXPECT(!cancel_work_sync(&work));
	flush_workqueue(system_wq);
	KTAP_EXPECT_EQ(runs, 1);
}

KTAP_SUITE(work_that_queues_itself)
{
	struct leaks before;

	leaks_begin(&before);
	queue = alloc_workqueue("ktap_wq", WQ_UNBOUND, 0);
	runs = 0;
	again = 3;
	KTAP_EXPECT(queue_work(queue, &work));
	drain_workqueue(queue);
	KTAP_EXPECT_EQ(runs, 4);

	again = 2;
	queue_work(queue, &work);
	destroy_workqueue(queue); /* does what is left, too */
	KTAP_EXPECT_EQ(runs, 7);
	KTAP_EXPECT(!flush_work(&work));
	msleep(10);
	KTAP_EXPECT(leaks_none(&before));
}

static void let_go(struct work_struct *unused __maybe_unused)
{
	complete(&go);
}

static DECLARE_WORK(release, let_go);

/*
 * Cancelling waits for a function that runs, and what that queues meanwhile is not queued. Ring 0 is
 * not preempted, so work that is queued right before a call cannot run until that call waits: it is
 * let_go() that shows that the call does wait.
 */
KTAP_SUITE(cancel_and_flush_wait)
{
	queue = alloc_ordered_workqueue("ktap_wq", 0);
	held = true;
	runs = 0;
	again = UINT32_MAX;
	queue_work(queue, &work);
	wait_for_completion(&begun);
	KTAP_EXPECT_EQ(runs, 0);
	schedule_work(&release);
	KTAP_EXPECT(!cancel_work_sync(&work)); /* it runs, but is not pending */
	KTAP_EXPECT_EQ(runs, 1);
	KTAP_EXPECT(!work_pending(&work));

	again = 0;
	queue_work(queue, &work);
	wait_for_completion(&begun);
	KTAP_EXPECT(schedule_work(&work)); /* to another queue: not twice at once */
	KTAP_EXPECT_EQ(runs, 1);
	flush_workqueue(system_wq);
	KTAP_EXPECT_EQ(runs, 1);
	complete(&go); /* for the second of the two */
	schedule_work(&release);
	KTAP_EXPECT(flush_work(&work)); /* the run that was queued last */
	KTAP_EXPECT_EQ(runs, 3);
	wait_for_completion(&begun);
	held = false;
	destroy_workqueue(queue);
	msleep(10); /* its thread ends, and is freed */
}

static unsigned long ran_at;

static void note_time(struct work_struct *_work)
{
	KTAP_EXPECT(_work == &to_delayed_work(_work)->work);
	ran_at = jiffies;
	runs++;
}

static DECLARE_DELAYED_WORK(later, note_time);

KTAP_SUITE(delayed_work_runs_at_its_time)
{
	unsigned long start = jiffies;

	runs = 0;
	KTAP_EXPECT(schedule_delayed_work(&later, 5));
	KTAP_EXPECT(!schedule_delayed_work(&later, 1));
	KTAP_EXPECT(delayed_work_pending(&later));
	msleep(60);
	KTAP_EXPECT_EQ(runs, 1);
	KTAP_EXPECT(ran_at - start >= 5); /* and before the sleep above ended */

	start = jiffies;
	schedule_delayed_work(&later, 1000);
	KTAP_EXPECT(mod_delayed_work(system_wq, &later, 3)); /* sooner */
	msleep(40);
	KTAP_EXPECT_EQ(runs, 2);
	KTAP_EXPECT(ran_at - start >= 3);

	KTAP_EXPECT(!mod_delayed_work(system_wq, &later, 1000));
	KTAP_EXPECT(flush_delayed_work(&later)); /* at once */
	KTAP_EXPECT_EQ(runs, 3);

	schedule_delayed_work(&later, 2);
	KTAP_EXPECT(cancel_delayed_work_sync(&later));
	KTAP_EXPECT(!cancel_delayed_work_sync(&later));
	msleep(20);
	KTAP_EXPECT_EQ(runs, 3);
	KTAP_EXPECT(schedule_delayed_work(&later, 0));
	KTAP_EXPECT(flush_work(&later.work));
	KTAP_EXPECT_EQ(runs, 4);
}
