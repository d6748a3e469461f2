// SPDX-License-Identifier: MIT
/*
 * fault.c - does in ring 0 what must not be done: in its init ("init"), in a probe on __sys_socket
 * ("handler"), in its exit ("exit"), in a timer ("timer"), in a kernel thread ("thread"), which its
 * exit stops, or by BUG() ("bug").
 */
#include <linux/jiffies.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *where = "init";
module_param(where, charp, 0);

static bool is(const char *name)
{
	return !strcmp(where, name);
}

/* In assembly, for a compiler that sees a write through a null pointer warns of it. */
static noinline void fault(void)
{
	asm volatile("movl $1, 8");
}

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	fault();
	return 0;
}

static struct kprobe kp = { .symbol_name = "__sys_socket", .pre_handler = handler_pre };

static void expired(struct timer_list *timer)
{
	fault();
}

static DEFINE_TIMER(timer, expired);
static DEFINE_SPINLOCK(lock);

static struct task_struct *thread;

static int thread_fn(void *data)
{
	fault();
	return 5;
}

/* Without a reference of ours the thread would be freed when it has ended. */
static int start_thread(void)
{
	thread = kthread_create(thread_fn, NULL, "fault");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	wake_up_process(thread);
	return 0;
}

static int __init fault_init(void)
{
	if (is("thread"))
		return start_thread();
	if (is("handler"))
		return register_kprobe(&kp);
	if (is("timer"))
		mod_timer(&timer, jiffies + 1);
	if (is("bug"))
		BUG();
	if (is("locked"))
		spin_lock_irq(&lock);
	if (is("init") || is("locked"))
		fault();
	return 0;
}

static void __exit fault_exit(void)
{
	if (is("handler"))
		unregister_kprobe(&kp);
	if (is("thread")) {
		pr_info("stopped: %d\n", kthread_stop(thread));
		put_task_struct(thread);
	}
	if (is("exit"))
		fault();
}

module_init(fault_init);
module_exit(fault_exit);
MODULE_LICENSE("Dual MIT/GPL");
