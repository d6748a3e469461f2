/*
 * Reader-writer semaphores: readers together, a writer alone, nobody overtakes; and mm->mmap_lock in the
 * calls and faults of another thread.
 */
#include "kernel/lib/rwsem.h"

#include <uapi/mman.h>

#include "kernel/process/process.h"
#include "kernel/sched/sched.h"
#include "kernel/time/timer.h"
#include "tests/kernel/ktap.h"

long __x64_sys_wait4(const struct pt_regs *regs);

static DECLARE_RWSEM(sem);
static unsigned int readers, most_readers, writers, wrong, nr_done;
static char order[16];

static int read_and_sleep(void *unused __maybe_unused)
{
	down_read(&sem);
	wrong += writers;
	most_readers = max(most_readers, ++readers);
	msleep(1);
	readers--;
	order[nr_done++] = 'r';
	up_read(&sem);
	do_exit(0);
}

static int write_and_sleep(void *unused __maybe_unused)
{
	down_write(&sem);
	wrong += writers++ || readers;
	msleep(1);
	writers--;
	order[nr_done++] = 'w';
	up_write(&sem);
	do_exit(0);
}

static int try_killable(void *result)
{
	*(int *)result = down_write_killable(&sem);
	nr_done++;
	do_exit(0);
}

static void start(int (*fn)(void *), void *arg)
{
	KTAP_EXPECT(user_mode_thread(fn, arg) > 0);
	schedule();
}

static void reap(unsigned int n)
{
	struct pt_regs args = { .di = -1 };

	while (n--)
		KTAP_EXPECT(__x64_sys_wait4(&args) > 0);
}

KTAP_SUITE(rwsem_readers_together_a_writer_alone)
{
	readers = most_readers = writers = wrong = nr_done = 0;
	memset(order, 0, sizeof(order));
	down_read(&sem);
	KTAP_EXPECT(down_read_trylock(&sem) && !down_write_trylock(&sem));
	up_read(&sem);
	start(read_and_sleep, NULL);
	start(write_and_sleep, NULL);
	start(read_and_sleep, NULL); /* waits: a writer was there before */
	start(read_and_sleep, NULL);
	start(write_and_sleep, NULL);
	KTAP_EXPECT(!down_read_trylock(&sem));
	msleep(5);
	up_read(&sem);
	reap(5);
	KTAP_EXPECT_EQ(wrong, 0);
	KTAP_EXPECT_EQ(most_readers, 2);
	KTAP_EXPECT(!strcmp(order, "rwrrw"));
	KTAP_EXPECT(!rwsem_is_locked(&sem));
}

/* A writer that gives up lets those behind it in. */
KTAP_SUITE(rwsem_killable)
{
	int result = 1;
	pid_t pid;

	readers = most_readers = writers = wrong = nr_done = 0;
	memset(order, 0, sizeof(order));
	down_read(&sem);
	pid = user_mode_thread(try_killable, &result);
	schedule();
	start(read_and_sleep, NULL);
	msleep(5);
	KTAP_EXPECT_EQ(nr_done, 0);
	send_sig(SIGKILL, find_task_by_vpid(pid), 0);
	msleep(5);
	KTAP_EXPECT_EQ(result, -EINTR);
	KTAP_EXPECT_EQ(nr_done, 2);
	up_read(&sem);
	reap(2);
	KTAP_EXPECT(!rwsem_is_locked(&sem));
}

#define USER_ADDR 0x20000000ul

long __x64_sys_mmap(const struct pt_regs *regs);
long __x64_sys_munmap(const struct pt_regs *regs);
long __x64_sys_mprotect(const struct pt_regs *regs);
long __x64_sys_brk(const struct pt_regs *regs);

static struct mm_struct *shared_mm;

/* What another thread of the program does: in its order, each waits for a lock that we hold. */
static int use_shared_mm(void *call)
{
	struct pt_regs args = { .di = USER_ADDR, .si = PAGE_SIZE, .dx = PROT_READ | PROT_WRITE,
				.r10 = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, .r8 = -1ul };

	refcount_inc(&shared_mm->mm_users);
	current->mm = shared_mm;
	switch_mm(shared_mm);
	if (call)
		((long (*)(const struct pt_regs *))call)(&args);
	else
		KTAP_EXPECT(!put_user(1, (int __user *)USER_ADDR));
	nr_done++;
	do_exit(0);
}

static void waits_for_mmap_lock(void *call, bool writer)
{
	nr_done = 0;
	if (writer)
		mmap_read_lock(shared_mm);
	else
		mmap_write_lock(shared_mm);
	start(use_shared_mm, call);
	msleep(5);
	KTAP_EXPECT_EQ(nr_done, 0);
	if (writer)
		mmap_read_unlock(shared_mm);
	else
		mmap_write_unlock(shared_mm);
	reap(1);
	KTAP_EXPECT_EQ(nr_done, 1);
}

KTAP_SUITE(mmap_lock_is_taken)
{
	shared_mm = mm_alloc();
	mmap_region(shared_mm, USER_ADDR, PAGE_SIZE, VM_READ | VM_WRITE | VM_MAYWRITE, NULL, 0);
	waits_for_mmap_lock(NULL, false); /* a page fault of a user copy */
	waits_for_mmap_lock(__x64_sys_mmap, true);
	waits_for_mmap_lock(__x64_sys_mprotect, true);
	waits_for_mmap_lock(__x64_sys_brk, true);
	waits_for_mmap_lock(__x64_sys_munmap, true);
	KTAP_EXPECT(!rwsem_is_locked(&shared_mm->mmap_lock));
	KTAP_EXPECT_EQ(shared_mm->map_count, 0);
	mmput(shared_mm);
}
