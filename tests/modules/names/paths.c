// SPDX-License-Identifier: MIT
/* paths.c - the way to a file as text, tasks found by number, addresses, calls. */
#include <linux/kprobes.h> /* brings what a module with a probe needs */

#undef pr_fmt
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cdev.h>
#include <linux/dirent.h>
#include <linux/fs_struct.h>
#include <linux/highmem.h>
#include <linux/in6.h>
#include <linux/namei.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/socket.h>

static void way_to(const char *name)
{
	char buf[64], inside[64];
	struct path path;
	char *whole, *small;

	if (kern_path(name, LOOKUP_FOLLOW, &path))
		return;
	whole = d_path(&path, buf, sizeof(buf));
	pr_info("%s is %s, in its file system %s\n", name, whole,
		dentry_path_raw(path.dentry, inside, sizeof(inside)));
	small = d_path(&path, buf, 1);
	pr_info("in one byte: %ld\n", PTR_ERR(small));
	path_put(&path);
}

static void who(void)
{
	struct task_struct *task;
	struct mm_struct *mm;
	struct path pwd;

	rcu_read_lock();
	task = pid_task(find_vpid(1), PIDTYPE_PID);
	pr_info("task %d, no task %d\n", task ? task->pid : -1, pid_task(NULL, PIDTYPE_PID) == NULL);
	rcu_read_unlock();
	mm = get_task_mm(current);
	pr_info("mm %d, program %d\n", mm == current->mm, mm->exe_file != NULL);
	mmput(mm);
	get_fs_pwd(current->fs, &pwd);
	pr_info("directory %d\n", S_ISDIR(pwd.dentry->d_inode->i_mode));
	path_put(&pwd);
}

static int __init paths_init(void)
{
	way_to("/");
	way_to("/proc");
	way_to("/proc/sys/kernel");
	who();
	pr_info("sizes %zu %zu %zu %zu\n", offsetof(struct linux_dirent64, d_name),
		sizeof(struct in6_addr), sizeof(struct sockaddr_in6), sizeof(struct sockaddr_storage));
	pr_info("calls %d, preemptible %d\n", __NR_syscalls > __NR_getpid, preemptible() != 0);
	return 0;
}

static void __exit paths_exit(void)
{
}

module_init(paths_init);
module_exit(paths_exit);
MODULE_LICENSE("Dual MIT/GPL");
