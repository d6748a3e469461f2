// SPDX-License-Identifier: MIT
/* in_use.c - uses itself until somebody calls getppid(). */
#include <linux/kprobes.h>
#include <linux/module.h>

static bool held;

static int let_go(struct kprobe *p, struct pt_regs *regs)
{
	if (held)
		module_put(THIS_MODULE);
	held = false;
	return 0;
}

static struct kprobe kp = { .symbol_name = "__x64_sys_getppid", .pre_handler = let_go };

static int __init in_use_init(void)
{
	int ret = register_kprobe(&kp);

	if (!ret)
		held = try_module_get(THIS_MODULE);
	return ret;
}

static void __exit in_use_exit(void)
{
	unregister_kprobe(&kp);
}

module_init(in_use_init);
module_exit(in_use_exit);
MODULE_LICENSE("Dual MIT/GPL");
