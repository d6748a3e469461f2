// SPDX-License-Identifier: MIT
/*
 * whereami.c - who calls a kernel function, with what? A probe at its entry.
 *
 *	insmod whereami.ko symbol=sock_alloc
 */
#define pr_fmt(fmt) "%s: " fmt, __func__

#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#error "regs_get_kernel_argument() and the handlers below are those of 5.11 and later"
#endif

#define MAX_SYMBOL_LEN 64
static char symbol[MAX_SYMBOL_LEN] = "sock_alloc";
module_param_string(symbol, symbol, sizeof(symbol), 0644);

static unsigned int depth = 3;
module_param(depth, uint, 0644);
MODULE_PARM_DESC(depth, "print that many arguments");

static struct kprobe kp = {
	.symbol_name = symbol,
};

static int __kprobes handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	char caller[KSYM_SYMBOL_LEN];
	unsigned int i;

	if (!IS_ENABLED(CONFIG_KPROBES))
		return 0;
	sprint_symbol_no_offset(caller, *(unsigned long *)kernel_stack_pointer(regs));
	pr_info("<%s> %s/%d, ip %pS, called by %s\n", p->symbol_name, current->comm,
		task_tgid_nr(current), (void *)instruction_pointer(regs), caller);
	for (i = 0; i < depth; i++)
		pr_info("<%s> argument %u = 0x%lx\n", p->symbol_name, i,
			regs_get_kernel_argument(regs, i));
	return 0;
}

static void __kprobes handler_post(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
	pr_info("<%s> now at %pS, interrupts %s\n", p->symbol_name, (void *)regs->ip,
		regs->flags & (1 << 9) ? "on" : "off");
}

static int __init whereami_init(void)
{
	int ret;

	kp.pre_handler = handler_pre;
	kp.post_handler = handler_post;
	ret = register_kprobe(&kp);
	if (ret < 0) {
		pr_err("register_kprobe failed, returned %d\n", ret);
		return ret;
	}
	pr_info("planted a probe at %p\n", kp.addr);
	return 0;
}

static void __exit whereami_exit(void)
{
	unregister_kprobe(&kp);
	pr_info("probe at %p removed, missed %lu\n", kp.addr, kp.nmissed);
}

module_init(whereami_init)
module_exit(whereami_exit)
MODULE_DESCRIPTION("who calls a kernel function, with what");
MODULE_LICENSE("Dual MIT/GPL");
