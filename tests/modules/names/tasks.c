// SPDX-License-Identifier: MIT
/* tasks.c - who runs, who may, and what has been opened. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/uidgid.h>

static int __init tasks_init(void)
{
	struct task_struct *task;
	char comm[TASK_COMM_LEN];
	kuid_t user = make_kuid(current_user_ns(), 1000);
	kgid_t group = make_kgid(current_user_ns(), 100);
	int first = 0, found = 0;

	put_task_struct(get_task_struct(current));
	rcu_read_lock();
	for_each_process(task) {
		first += task_pid_nr(task) == 1;
		found += task == current;
	}
	rcu_read_unlock();
	pr_info("init %d, current %d\n", first, found);
	pr_info("%s, leader %d, parent's pid %d\n", get_task_comm(comm, current),
		thread_group_leader(current), task_ppid_nr(current) == current->real_parent->tgid);
	pr_info("uid %u euid %u gid %u\n", from_kuid(&init_user_ns, current_uid()),
		from_kuid(&init_user_ns, current_euid()), from_kgid(&init_user_ns, current_gid()));
	pr_info("root %d, cred %u\n", uid_eq(current_uid(), GLOBAL_ROOT_UID),
		__kuid_val(current_cred()->fsuid));
	pr_info("val %u %u, order %d %d %d, valid %d %d\n", current_euid().val, current_egid().val,
		uid_lt(GLOBAL_ROOT_UID, user), uid_gte(user, user), gid_gt(GLOBAL_ROOT_GID, group),
		uid_valid(user), uid_valid(make_kuid(&init_user_ns, -1)));
	pr_info("munged %u %u %u, %d\n", from_kuid_munged(&init_user_ns, user),
		from_kuid_munged(current_user_ns(), INVALID_UID),
		from_kgid_munged(current_user_ns(), group), __kgid_val(KGIDT_INIT(7)));
	pr_info("capable %d, mm %d, cpu %d\n", capable(CAP_SYS_ADMIN), current->mm != NULL,
		smp_processor_id() < nr_cpu_ids);
	pr_info("state %u, exiting %d\n", READ_ONCE(current->__state), current->exit_state);
	return 0;
}

static void __exit tasks_exit(void)
{
}

module_init(tasks_init);
module_exit(tasks_exit);
MODULE_LICENSE("Dual MIT/GPL");
