/*
 * Wait queues and completions: who is woken, in which order, and by what.
 */
#include <uapi/unistd.h>

#include "kernel/fs/fs.h"
#include "kernel/kprobes/kprobes.h"
#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "kernel/syscalls.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"

#define NR_WAITERS 3

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);
static unsigned int asleep, through;
static unsigned long condition;

long __x64_sys_wait4(const struct pt_regs *regs);

/* Run @fn as a task of its own, up to its first sleep. It ends by do_exit(). */
static pid_t start(int (*fn)(void *), void *arg)
{
	pid_t pid = user_mode_thread(fn, arg);

	KTAP_EXPECT(pid > 0);
	schedule();
	return pid;
}

/* Let the others run until none has anything to do, and take those that have ended. */
static void settle(void)
{
	struct pt_regs args = { .di = -1, .dx = 1 /* WNOHANG */ };
	unsigned int i;

	for (i = 0; i < 2 * NR_WAITERS; i++)
		schedule();
	while (__x64_sys_wait4(&args) > 0)
		;
}

static int exclusive_waiter(void *unused __maybe_unused)
{
	DEFINE_WAIT(wait);

	asleep++;
	prepare_to_wait_exclusive(&queue, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	through++;
	do_exit(0);
}

static int plain_waiter(void *unused __maybe_unused)
{
	asleep++;
	wait_event(queue, READ_ONCE(condition));
	through++;
	do_exit(0);
}

KTAP_SUITE(wake_ups_count_exclusive_waiters)
{
	unsigned int i;

	asleep = through = 0;
	for (i = 0; i < NR_WAITERS; i++)
		start(exclusive_waiter, NULL);
	KTAP_EXPECT_EQ(asleep, NR_WAITERS);
	KTAP_EXPECT(waitqueue_active(&queue));
	wake_up(&queue);
	settle();
	KTAP_EXPECT_EQ(through, 1);
	wake_up_nr(&queue, 2);
	settle();
	KTAP_EXPECT_EQ(through, 3);
	KTAP_EXPECT(!waitqueue_active(&queue));
}

KTAP_SUITE(plain_waiters_are_all_woken)
{
	unsigned int i;

	asleep = through = 0;
	condition = 0;
	for (i = 0; i < NR_WAITERS; i++)
		start(plain_waiter, NULL);
	wake_up(&queue); /* for nothing: they go to sleep again */
	settle();
	KTAP_EXPECT_EQ(through, 0);
	KTAP_EXPECT(waitqueue_active(&queue));
	condition = 1;
	wake_up_interruptible(&queue); /* they are not */
	settle();
	KTAP_EXPECT_EQ(through, 0);
	wake_up(&queue);
	settle();
	KTAP_EXPECT_EQ(through, NR_WAITERS);
	KTAP_EXPECT(!waitqueue_active(&queue));
}

static unsigned int calls;
static void *last_key;

static int count_wake_up(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	calls++;
	last_key = key;
	KTAP_EXPECT(irqs_disabled());
	KTAP_EXPECT_EQ(mode, TASK_NORMAL);
	KTAP_EXPECT_EQ(flags, 0);
	return wait->private ? -1 : 0;
}

KTAP_SUITE(wake_functions)
{
	struct wait_queue_entry first, second, stops;

	init_waitqueue_func_entry(&first, count_wake_up);
	init_waitqueue_func_entry(&second, count_wake_up);
	init_waitqueue_func_entry(&stops, count_wake_up);
	stops.private = &stops;
	calls = 0;
	add_wait_queue(&queue, &first);
	add_wait_queue_exclusive(&queue, &second);
	wake_up_poll(&queue, 0x41);
	KTAP_EXPECT_EQ(calls, 2); /* nobody was woken, so the exclusive one counts for nothing */
	KTAP_EXPECT_EQ(last_key, 0x41);
	add_wait_queue(&queue, &stops);
	wake_up_all(&queue);
	KTAP_EXPECT_EQ(calls, 3); /* the newest is asked first, and keeps the others out */
	remove_wait_queue(&queue, &stops);
	remove_wait_queue(&queue, &first);
	remove_wait_queue(&queue, &second);
	KTAP_EXPECT(!waitqueue_active(&queue));
}

static int interruptible_waiter(void *result)
{
	*(int *)result = wait_event_interruptible(queue, READ_ONCE(condition));
	through++;
	do_exit(0);
}

static int killable_waiter(void *result)
{
	*(int *)result = wait_event_killable(queue, READ_ONCE(condition));
	through++;
	do_exit(0);
}

KTAP_SUITE(signals_end_waits)
{
	int (*const waiters[])(void *) = { interruptible_waiter, killable_waiter };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		int result = 1;
		pid_t pid;

		condition = through = 0;
		pid = start(waiters[i], &result);
		KTAP_EXPECT(waitqueue_active(&queue));
		send_sig(SIGKILL, find_task_by_vpid(pid), 1);
		settle();
		KTAP_EXPECT_EQ(through, 1);
		KTAP_EXPECT_EQ(result, -ERESTARTSYS);
		KTAP_EXPECT(!waitqueue_active(&queue));
	}
	condition = 1;
	KTAP_EXPECT_EQ(wait_event_interruptible(queue, condition), 0); /* without sleeping */
}

/* A signal takes the entry off the queue at once: nobody may give it a wake-up that others need. */
KTAP_SUITE(interrupted_entry_leaves_the_queue)
{
	struct wait_queue_entry wait;

	init_wait_entry(&wait, WQ_FLAG_EXCLUSIVE);
	KTAP_EXPECT_EQ(prepare_to_wait_event(&queue, &wait, TASK_INTERRUPTIBLE), 0);
	KTAP_EXPECT(waitqueue_active(&queue));
	current->thread_flags |= TIF_SIGPENDING;
	KTAP_EXPECT_EQ(prepare_to_wait_event(&queue, &wait, TASK_INTERRUPTIBLE), -ERESTARTSYS);
	KTAP_EXPECT(!waitqueue_active(&queue));
	current->thread_flags &= ~TIF_SIGPENDING;
	finish_wait(&queue, &wait);
}

/* Woken between prepare_to_wait() and schedule(), a task goes on; it is in the run queue once. */
KTAP_SUITE(woken_before_it_sleeps)
{
	set_current_state(TASK_INTERRUPTIBLE);
	KTAP_EXPECT_EQ(wake_up_process(current), 1);
	KTAP_EXPECT(list_empty(&current->run_list));
	KTAP_EXPECT_EQ(current->__state, TASK_RUNNING);
	if (list_empty(&current->run_list)) /* lest the queue be broken */
		schedule();
}

static int completion_waiter(void *unused __maybe_unused)
{
	asleep++;
	wait_for_completion(&done);
	through++;
	do_exit(0);
}

KTAP_SUITE(completions_count)
{
	unsigned int i;

	asleep = through = 0;
	init_completion(&done);
	KTAP_EXPECT(!completion_done(&done) && !try_wait_for_completion(&done));
	complete(&done);
	complete(&done);
	wait_for_completion(&done); /* one complete() each, whichever comes first */
	KTAP_EXPECT_EQ(wait_for_completion_interruptible(&done), 0);
	KTAP_EXPECT(!completion_done(&done));

	for (i = 0; i < NR_WAITERS; i++)
		start(completion_waiter, NULL);
	complete(&done);
	settle();
	KTAP_EXPECT_EQ(through, 1);
	complete_all(&done);
	settle();
	KTAP_EXPECT_EQ(through, NR_WAITERS);
	wait_for_completion(&done);
	KTAP_EXPECT(completion_done(&done));
	reinit_completion(&done);
	KTAP_EXPECT(!completion_done(&done));
}

static struct file *log_file;

static int log_reader(void *unused __maybe_unused)
{
	char buf[256];
	loff_t pos = 0;

	asleep++;
	KTAP_EXPECT(kernel_read(log_file, buf, sizeof(buf), &pos) > 0);
	through++;
	do_exit(0);
}

static int pre_print(struct kprobe *p __maybe_unused, struct pt_regs *regs __maybe_unused)
{
	pr_info("wait: a task is being woken\n");
	return 0;
}

/* Somebody waits for the log, and the probe prints while a wake-up of just that queue goes on. */
KTAP_SUITE(a_probe_on_a_wake_up_may_print)
{
	struct kprobe p = { .symbol_name = "default_wake_function", .pre_handler = pre_print };

	asleep = through = 0;
	log_file = filp_open("/dev/kmsg", O_RDONLY, 0);
	log_file->f_op->llseek(log_file, 0, SEEK_END);
	start(log_reader, NULL);
	KTAP_EXPECT_EQ(asleep, 1);
	KTAP_EXPECT_EQ(through, 0);
	KTAP_EXPECT_EQ(register_kprobe(&p), 0);
	pr_info("wait: for the one who waits\n");
	msleep(20);
	settle();
	unregister_kprobe(&p);
	KTAP_EXPECT_EQ(through, 1);
	fput(log_file);
}
