// SPDX-License-Identifier: MIT
/* failing_init.c - registers a probe, takes it back, and returns the errno it was told to. */
#include <linux/kprobes.h>
#include <linux/module.h>

static int error = 19; /* ENODEV */
module_param(error, int, 0);

static int nothing(struct kprobe *p, struct pt_regs *regs)
{
	return 0;
}

static struct kprobe kp = { .symbol_name = "__sys_socket", .pre_handler = nothing };

static int __init failing_init(void)
{
	int ret = register_kprobe(&kp);

	if (ret)
		return ret;
	unregister_kprobe(&kp);
	return -error;
}

static void __exit failing_exit(void)
{
}

module_init(failing_init);
module_exit(failing_exit);
MODULE_LICENSE("Dual MIT/GPL");
