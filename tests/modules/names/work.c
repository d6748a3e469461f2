// SPDX-License-Identifier: MIT
/* work.c - what is done later: work of a queue, threads, tasklets, and who is told of a reboot. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;
static struct task_struct *worker;
static int runs, beats;

static void note(struct work_struct *work)
{
	runs++;
	pr_info("run %d, may sleep %d\n", runs, in_task());
}

static DECLARE_WORK(once, note);
static DECLARE_DELAYED_WORK(later, note);

static int beat(void *number)
{
	while (!kthread_should_stop()) {
		beats++;
		msleep(5);
	}
	pr_info("%s stops, data %d\n", current->comm, *(int *)number);
	return 42;
}

static DECLARE_COMPLETION(done);

static int end_early(void *unused)
{
	pr_info("ends by itself\n");
	kthread_complete_and_exit(&done, 0);
}

static void tasklet_fn(struct tasklet_struct *tasklet)
{
	pr_info("tasklet, in softirq %d\n", in_softirq() != 0);
}

static DECLARE_TASKLET(tasklet, tasklet_fn);

static int first(struct notifier_block *nb, unsigned long action, void *data)
{
	pr_info("first: priority %d, action %lu, data %d\n", nb->priority, action, data == &runs);
	return action == 2 ? NOTIFY_STOP : NOTIFY_OK;
}

static int second(struct notifier_block *nb, unsigned long action, void *data)
{
	pr_info("second: priority %d, action %lu\n", nb->priority, action);
	return action == 3 ? notifier_from_errno(-EPERM) : NOTIFY_DONE;
}

static struct notifier_block first_nb = { .notifier_call = first, .priority = 9 };
static struct notifier_block second_nb = { .notifier_call = second };
static BLOCKING_NOTIFIER_HEAD(chain);
static ATOMIC_NOTIFIER_HEAD(atomic_chain);

static void notifiers(void)
{
	pr_info("nobody %d\n", blocking_notifier_call_chain(&chain, 1, NULL));
	blocking_notifier_chain_register(&chain, &second_nb);
	blocking_notifier_chain_register(&chain, &first_nb);
	pr_info("twice %d\n", blocking_notifier_chain_register(&chain, &first_nb));
	pr_info("both %d\n", blocking_notifier_call_chain(&chain, 1, &runs));
	pr_info("stopped %x\n", blocking_notifier_call_chain(&chain, 2, &runs));
	pr_info("refused %d\n", notifier_to_errno(blocking_notifier_call_chain(&chain, 3, &runs)));
	blocking_notifier_chain_unregister(&chain, &first_nb);
	pr_info("one %d\n", blocking_notifier_call_chain(&chain, 1, &runs));
	pr_info("gone %d\n", blocking_notifier_chain_unregister(&chain, &first_nb));
	atomic_notifier_chain_register(&atomic_chain, &first_nb);
	pr_info("atomic %d\n", atomic_notifier_call_chain(&atomic_chain, 4, NULL));
	atomic_notifier_chain_unregister(&atomic_chain, &first_nb);
}

static int __init start(void)
{
	static int number = 7;

	queue = alloc_workqueue("names", WQ_UNBOUND, 1);
	pr_info("queued %d\n", queue_work(queue, &once));
	flush_work(&once);
	pr_info("pending %d, runs %d\n", work_pending(&once), runs);
	queue_delayed_work(queue, &later, msecs_to_jiffies(5000));
	pr_info("pending %d\n", delayed_work_pending(&later));
	flush_delayed_work(&later); /* does it at once */
	pr_info("pending %d, runs %d\n", delayed_work_pending(&later), runs);
	worker = kthread_run(beat, &number, "names/%d", 1);
	kthread_run(end_early, NULL, "names/2");
	wait_for_completion(&done);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	pr_info("tasklet is scheduled\n");
	local_bh_enable();
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
	pr_info("tasklet is done\n");
	notifiers();
	pr_info("reboot %d\n", register_reboot_notifier(&second_nb));
	return 0;
}

static void __exit end(void)
{
	msleep(20);
	pr_info("beats %d, stopped %d\n", beats > 1, kthread_stop(worker));
	schedule_delayed_work(&later, msecs_to_jiffies(5000));
	pr_info("cancelled %d\n", cancel_delayed_work_sync(&later));
	destroy_workqueue(queue);
	pr_info("reboot %d\n", unregister_reboot_notifier(&second_nb));
}

module_init(start);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
