// SPDX-License-Identifier: MIT
/*
 * watcher.c - probes on a function of the module target, which may be removed before this one.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static int on_entry(struct kprobe *p, struct pt_regs *regs)
{
	pr_info("watcher: entered with %ld\n", (long)(int)regs->di);
	return 0;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pr_info("watcher: returns %ld\n", (long)(int)regs_return_value(regs));
	return 0;
}

static struct kprobe entry = { .symbol_name = "target_work", .pre_handler = on_entry };
static struct kretprobe back = { .kp.symbol_name = "target_work", .handler = on_return };

static int __init watcher_init(void)
{
	int ret = register_kprobe(&entry);

	if (ret)
		return ret;
	ret = register_kretprobe(&back);
	if (ret)
		unregister_kprobe(&entry);
	return ret;
}

static void __exit watcher_exit(void)
{
	pr_info("watcher: gone %d %d, enable %d, again %d\n", !!(entry.flags & KPROBE_FLAG_GONE),
		!!(back.kp.flags & KPROBE_FLAG_GONE), enable_kprobe(&entry), register_kprobe(&entry));
	unregister_kretprobe(&back);
	unregister_kprobe(&entry);
}

module_init(watcher_init)
module_exit(watcher_exit)
MODULE_LICENSE("Dual MIT/GPL");
