/*
 * Process ids: numbers go up and around, and each leads to what it names.
 */
#include "kernel/process/process.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/leaks.h"

long __x64_sys_wait4(const struct pt_regs *regs);

KTAP_SUITE(pids_go_up_and_around)
{
	enum { COUNT = 400 };
	static struct pid *pids[COUNT];
	struct leaks before;
	int taken = 0, first, second;

	leaks_begin(&before);
	pid_max = RESERVED_PIDS + 20;
	while (taken < COUNT && !IS_ERR(pids[taken] = alloc_pid(0)))
		taken++;
	KTAP_EXPECT_EQ(PTR_ERR(pids[taken]), -EAGAIN);
	KTAP_EXPECT(taken >= 19); /* 300 to 319, of which PID 1 or another may have one */
	for (int i = 0; i < taken; i++) {
		KTAP_EXPECT_EQ(find_vpid(pid_nr(pids[i])), pids[i]);
		KTAP_EXPECT(pid_nr(pids[i]) < pid_max);
		KTAP_EXPECT(!i || pid_nr(pids[i]) > pid_nr(pids[i - 1]));
	}

	/* The lowest free number comes first, but none below RESERVED_PIDS any more. */
	first = pid_nr(pids[taken - 8]);
	second = pid_nr(pids[taken - 3]);
	free_pid(pids[taken - 3]);
	free_pid(pids[taken - 8]);
	KTAP_EXPECT(!find_vpid(second));
	pids[taken - 8] = alloc_pid(0);
	pids[taken - 3] = alloc_pid(0);
	KTAP_EXPECT_EQ(pid_nr(pids[taken - 8]), first);
	KTAP_EXPECT_EQ(pid_nr(pids[taken - 3]), second);
	if (pid_nr(pids[0]) < RESERVED_PIDS) {
		free_pid(pids[0]);
		pids[0] = NULL;
	}
	KTAP_EXPECT_EQ(PTR_ERR(alloc_pid(0)), -EAGAIN);

	for (int i = 0; i < taken; i++) {
		if (pids[i])
			free_pid(pids[i]);
	}
	pid_max = PID_MAX_LIMIT;
	KTAP_EXPECT(leaks_none(&before));
}

KTAP_SUITE(pids_that_name_nobody)
{
	KTAP_EXPECT(!find_vpid(0));
	KTAP_EXPECT(!find_vpid(-1));
	KTAP_EXPECT(!find_vpid(PID_MAX_LIMIT));
	KTAP_EXPECT(!find_vpid(INT32_MAX));
	KTAP_EXPECT(!find_task_by_vpid(PID_MAX_LIMIT - 1));
	for (int nr = PID_MAX_LIMIT / 2 + 1; nr > 64; nr /= 2)
		KTAP_EXPECT(!find_vpid(nr + 1)); /* in a chain of the hash with others, maybe with us */
	KTAP_EXPECT(!pid_task(NULL, PIDTYPE_PID));
	KTAP_EXPECT_EQ(kill_pid(NULL, SIGTERM, 1), -ESRCH);
	KTAP_EXPECT_EQ(kill_pgrp(NULL, SIGTERM, 1), -ESRCH);
}

static int sleep_for_ever(void *arg __maybe_unused)
{
	struct wait_queue_head never;

	init_waitqueue_head(&never);
	return wait_event_interruptible(never, false);
}

/* A struct pid outlives its task for those who hold a reference, but names nobody. */
KTAP_SUITE(pid_of_a_task)
{
	struct pt_regs wait = { .di = user_mode_thread(sleep_for_ever, NULL) };
	struct task_struct *child = find_task_by_vpid(wait.di), *t;
	struct pid *pid = get_task_pid(child, PIDTYPE_TGID), *group = task_pgrp(current);
	unsigned long pids = kmem_cache_active(find_cache("pid"));
	int members = 0;

	KTAP_EXPECT_EQ(pid_nr(pid), wait.di);
	KTAP_EXPECT_EQ(task_pid(child), pid);
	KTAP_EXPECT_EQ(child->group_leader, child);
	KTAP_EXPECT_EQ(task_pgrp(child), group); /* inherited, and the session as well */
	KTAP_EXPECT_EQ(task_session(child), task_session(current));
	do_each_pid_task(group, PIDTYPE_PGID, t) {
		members += t == child || t == current;
	} while_each_pid_task(group, PIDTYPE_PGID, t);
	KTAP_EXPECT_EQ(members, 2);

	/* The child leads a group of its own, as after setpgid(); the signal reaches it alone. */
	write_lock_irq(&tasklist_lock);
	change_pid(child, PIDTYPE_PGID, pid);
	write_unlock_irq(&tasklist_lock);
	schedule();
	KTAP_EXPECT_EQ(kill_pgrp(pid, SIGTERM, 1), 0);
	KTAP_EXPECT(signal_pending(child));
	KTAP_EXPECT_EQ(__x64_sys_wait4(&(struct pt_regs){ .di = -wait.di }), wait.di);
	KTAP_EXPECT(!find_vpid(wait.di));
	KTAP_EXPECT(!pid_task(pid, PIDTYPE_TGID) && !pid_task(pid, PIDTYPE_PGID));
	put_pid(pid);
	KTAP_EXPECT_EQ(kmem_cache_active(find_cache("pid")), pids - 1); /* ours was the last */
}

static int take_other_uid(void *arg __maybe_unused)
{
	struct cred *cred = prepare_creds();

	cred->uid = KUIDT_INIT(65534);
	commit_creds(cred);
	do_exit(0);
}

/* Credentials and limits of a task can be read as long as somebody holds a reference on it. */
KTAP_SUITE(task_struct_outlives_its_task)
{
	struct pt_regs wait;
	struct task_struct *child;
	struct leaks before;

	leaks_begin(&before);
	wait.di = user_mode_thread(take_other_uid, NULL);
	child = get_task_struct(find_task_by_vpid(wait.di));
	KTAP_EXPECT_EQ(__x64_sys_wait4(&(struct pt_regs){ .di = wait.di }), wait.di);
	KTAP_EXPECT(!find_task_by_vpid(wait.di));
	KTAP_EXPECT_EQ(__kuid_val(child->cred->uid), 65534);
	KTAP_EXPECT_EQ(task_rlimit(child, RLIMIT_NOFILE), rlimit(RLIMIT_NOFILE));
	KTAP_EXPECT(!get_task_pid(child, PIDTYPE_TGID));
	local_irq_disable(); /* as an interrupt handler would put it */
	put_task_struct(child);
	local_irq_enable();
	KTAP_EXPECT(leaks_none(&before));
}

/* The number of a group stays taken, and leads to its members, when its leader is gone. */
KTAP_SUITE(group_outlives_its_leader)
{
	struct pt_regs wait = { .di = user_mode_thread(sleep_for_ever, NULL) };
	struct pt_regs wait_member = { .di = user_mode_thread(sleep_for_ever, NULL) };
	struct task_struct *member = find_task_by_vpid(wait_member.di);
	struct task_struct *leader = find_task_by_vpid(wait.di);
	struct pid *group = task_pid(leader);

	write_lock_irq(&tasklist_lock);
	change_pid(leader, PIDTYPE_PGID, group);
	change_pid(member, PIDTYPE_PGID, group);
	write_unlock_irq(&tasklist_lock);
	schedule();
	KTAP_EXPECT_EQ(send_sig(SIGKILL, leader, 1), 0);
	KTAP_EXPECT_EQ(__x64_sys_wait4(&wait), wait.di);
	KTAP_EXPECT_EQ(find_vpid(wait.di), group);
	KTAP_EXPECT(!find_task_by_vpid(wait.di));
	KTAP_EXPECT_EQ(kill_pgrp(group, SIGKILL, 1), 0);
	KTAP_EXPECT_EQ(__x64_sys_wait4(&(struct pt_regs){ .di = -wait.di }), wait_member.di);
	KTAP_EXPECT(!find_vpid(wait.di));
}

static int exit_at_once(void *arg __maybe_unused)
{
	do_exit(0);
}

/* Whatever allocation of a fork fails, nothing is left behind, and no number is lost. */
KTAP_SUITE(fork_without_memory)
{
	struct leaks before;
	pid_t pid = -ENOMEM;
	int failed = 0;

	leaks_begin(&before);
	for (unsigned long skip = 0; pid < 0 && skip < 100; skip++) {
		failslab_arm(NULL, skip, 1);
		pid = user_mode_thread(exit_at_once, NULL);
		failslab.times = 0;
		if (pid > 0)
			break;
		failed++;
		KTAP_EXPECT_EQ(pid, -ENOMEM);
		KTAP_EXPECT(leaks_none(&before));
	}
	KTAP_EXPECT(failed >= 6); /* task, files, fs, sighand, signal, pid */
	KTAP_EXPECT_EQ(__x64_sys_wait4(&(struct pt_regs){ .di = pid }), pid);
	KTAP_EXPECT(leaks_none(&before));
}
