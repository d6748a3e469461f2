// SPDX-License-Identifier: MIT
/*
 * fd_watch_main.c - which sockets become descriptors? Two probes registered together, and at the end
 * a look into our own descriptor table.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "fd_watch.h"

static int installed(struct kprobe *p, struct pt_regs *regs)
{
	fd_table_note(regs_get_kernel_argument(regs, 0),
		      (struct file *)regs_get_kernel_argument(regs, 1));
	return 0;
}

static unsigned long released;

static int release(struct kprobe *p, struct pt_regs *regs)
{
	released++;
	return 0;
}

static struct kprobe install_probe = {
	.symbol_name = "fd_install",
	.pre_handler = installed,
};
static struct kprobe release_probe = {
	.symbol_name = "__sock_release",
	.pre_handler = release,
};
static struct kprobe *probes[] = { &install_probe, &release_probe };

/* Descriptors of the current task. */
static unsigned int count_open(void)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd, n = 0;

	rcu_read_lock();
	fdt = files_fdtable(files);
	for (fd = 0; fd < fdt->max_fds; fd++)
		if (rcu_dereference(fdt->fd[fd]))
			n++;
	rcu_read_unlock();
	return n;
}

static int __init fd_watch_init(void)
{
	int ret = register_kprobes(probes, ARRAY_SIZE(probes));

	if (ret)
		return ret;
	pr_info("watching; %s[%d], uid %u, has %u descriptors open\n", current->comm,
		task_pid_nr(current), from_kuid(&init_user_ns, current_uid()), count_open());
	return 0;
}

static void __exit fd_watch_exit(void)
{
	unregister_kprobes(probes, ARRAY_SIZE(probes));
	pr_info("%u sockets installed, %lu released\n", fd_table_print(), released);
	fd_table_free();
}

module_init(fd_watch_init);
module_exit(fd_watch_exit);
MODULE_DESCRIPTION("which sockets become descriptors");
MODULE_LICENSE("Dual MIT/GPL");
