/*
 * Semaphores: as many holders as the count allows, first come first served; signals and time-outs.
 */
#include "kernel/sched/semaphore.h"

#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "kernel/time/hrtimer.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"

#define NR_TASKS 5

long __x64_sys_wait4(const struct pt_regs *regs);

static struct semaphore sem;
static unsigned int holders, most_holders, order[NR_TASKS], nr_done;

static int hold_and_sleep(void *number)
{
	down(&sem);
	order[nr_done++] = (unsigned long)number;
	most_holders = max(most_holders, ++holders);
	msleep(1);
	holders--;
	up(&sem);
	do_exit(0);
}

static int try_interruptibly(void *result)
{
	*(int *)result = down_interruptible(&sem);
	do_exit(0);
}

static void reap(unsigned int n)
{
	struct pt_regs args = { .di = -1 };

	while (n--)
		KTAP_EXPECT(__x64_sys_wait4(&args) > 0);
}

static enum hrtimer_restart give_back(struct hrtimer *timer __maybe_unused)
{
	up(&sem);
	return HRTIMER_NORESTART;
}

static void test_first_come_first_served(void)
{
	unsigned int i;

	holders = most_holders = nr_done = 0;
	sema_init(&sem, 0);
	for (i = 0; i < NR_TASKS; i++) {
		KTAP_EXPECT(user_mode_thread(hold_and_sleep, (void *)(unsigned long)i) > 0);
		schedule();
	}
	KTAP_EXPECT_EQ(nr_done, 0);
	up(&sem);
	KTAP_EXPECT_EQ(down_trylock(&sem), 1); /* it belongs to the first that waits */
	up(&sem);
	reap(NR_TASKS);
	KTAP_EXPECT_EQ(nr_done, NR_TASKS);
	KTAP_EXPECT_EQ(most_holders, 2);
	for (i = 0; i < NR_TASKS; i++)
		KTAP_EXPECT_EQ(order[i], i);
	KTAP_EXPECT_EQ(sem.count, 2);
}

KTAP_SUITE(semaphores)
{
	struct hrtimer timer;
	int result = 1;
	pid_t pid;

	test_first_come_first_served();
	KTAP_EXPECT_EQ(down_interruptible(&sem), 0);
	KTAP_EXPECT_EQ(down_trylock(&sem), 0);
	KTAP_EXPECT_EQ(down_timeout(&sem, 1), -ETIME);
	KTAP_EXPECT(list_empty(&sem.wait_list));

	pid = user_mode_thread(try_interruptibly, &result);
	schedule();
	KTAP_EXPECT(!list_empty(&sem.wait_list));
	send_sig(SIGKILL, find_task_by_vpid(pid), 0);
	reap(1);
	KTAP_EXPECT_EQ(result, -EINTR);
	KTAP_EXPECT(list_empty(&sem.wait_list));

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = give_back; /* in an interrupt */
	hrtimer_start(&timer, 1000000, HRTIMER_MODE_REL);
	KTAP_EXPECT_EQ(down_timeout(&sem, 250), 0);
	KTAP_EXPECT_EQ(sem.count, 0);
}
