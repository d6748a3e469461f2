// SPDX-License-Identifier: MIT
/*
 * everywhere.c - a probe, or a return probe, on one place after the other where one can be, or on
 * all of them at once. sites, nr: the kernel's table of places; first, count: which of them.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/slab.h>

static unsigned long sites;
static unsigned int nr, first, count = 1;
static bool returns;
static unsigned int speak; /* so many of the hits are printed */
module_param(sites, ulong, 0);
module_param(nr, uint, 0);
module_param(first, uint, 0);
module_param(count, uint, 0);
module_param(returns, bool, 0);
module_param(speak, uint, 0);

static struct kretprobe *probes;
static unsigned long hits;

static void hit(const struct kprobe *p)
{
	hits++;
	if (speak) {
		speak--;
		pr_info("everywhere: %pS\n", p->addr);
	}
}

static int handler_pre(struct kprobe *p, struct pt_regs *regs)
{
	hit(p);
	return 0;
}

static int handler_ret(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	hit(&get_kretprobe(ri)->kp);
	return 0;
}

static void remove(unsigned int n)
{
	while (n--) {
		if (returns)
			unregister_kretprobe(&probes[n]);
		else
			unregister_kprobe(&probes[n].kp);
	}
	kfree(probes);
}

static int __init everywhere_init(void)
{
	kprobe_opcode_t *const *addrs = (kprobe_opcode_t *const *)sites;
	unsigned int i;
	int err;

	if (first >= nr || count > nr - first)
		return -ERANGE;
	probes = kcalloc(count, sizeof(*probes), GFP_KERNEL);
	if (!probes)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		probes[i].kp.addr = addrs[first + i];
		probes[i].kp.pre_handler = handler_pre;
		probes[i].handler = handler_ret;
		probes[i].maxactive = 4;
		err = returns ? register_kretprobe(&probes[i]) : register_kprobe(&probes[i].kp);
		if (err) {
			pr_err("everywhere: %pS: %d\n", addrs[first + i], err);
			remove(i);
			return err;
		}
	}
	return 0;
}

static void __exit everywhere_exit(void)
{
	remove(count);
	if (count > 1)
		pr_info("everywhere: %u places, %lu hits\n", count, hits);
}

module_init(everywhere_init);
module_exit(everywhere_exit);
MODULE_LICENSE("Dual MIT/GPL");
