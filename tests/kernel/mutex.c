/*
 * Mutexes: one holder at a time, first come first served, and signals where they are allowed.
 */
#include "kernel/sched/mutex.h"

#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"

#define NR_TASKS 5

long __x64_sys_wait4(const struct pt_regs *regs);

static DEFINE_MUTEX(lock);
static unsigned int holders, most_holders, order[NR_TASKS], nr_done;

static int hold_and_sleep(void *number)
{
	mutex_lock(&lock);
	most_holders = max(most_holders, ++holders);
	msleep(1);
	holders--;
	order[nr_done++] = (unsigned long)number;
	mutex_unlock(&lock);
	do_exit(0);
}

static int try_interruptibly(void *result)
{
	*(int *)result = mutex_lock_interruptible(&lock);
	nr_done++;
	do_exit(0);
}

static void reap(unsigned int n)
{
	struct pt_regs args = { .di = -1 };

	while (n--)
		KTAP_EXPECT(__x64_sys_wait4(&args) > 0);
}

KTAP_SUITE(mutexes)
{
	int result = 1;
	unsigned int i;
	pid_t pid;

	holders = most_holders = nr_done = 0;
	mutex_lock(&lock);
	KTAP_EXPECT(mutex_is_locked(&lock) && !mutex_trylock(&lock));
	for (i = 0; i < NR_TASKS; i++) {
		KTAP_EXPECT(user_mode_thread(hold_and_sleep, (void *)(unsigned long)i) > 0);
		schedule();
	}
	KTAP_EXPECT_EQ(nr_done, 0);
	mutex_unlock(&lock);
	reap(NR_TASKS);
	KTAP_EXPECT_EQ(nr_done, NR_TASKS);
	KTAP_EXPECT_EQ(most_holders, 1);
	for (i = 0; i < NR_TASKS; i++)
		KTAP_EXPECT_EQ(order[i], i);
	KTAP_EXPECT(!mutex_is_locked(&lock));

	mutex_lock(&lock);
	pid = user_mode_thread(try_interruptibly, &result);
	schedule();
	send_sig(SIGKILL, find_task_by_vpid(pid), 0);
	reap(1);
	KTAP_EXPECT_EQ(result, -EINTR);
	mutex_unlock(&lock);
	KTAP_EXPECT(mutex_trylock(&lock));
	mutex_unlock(&lock);
}
