// SPDX-License-Identifier: MIT
/*
 * own.c - probes on a function of this module, found by its name, by its address, and with the
 * module's name in front.
 */
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static int hits;

noinline int own_work(int n)
{
	asm volatile("" : "+r"(n));
	return 2 * n;
}

static int on_entry(struct kprobe *p, struct pt_regs *regs)
{
	hits++;
	return 0;
}

static int on_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	pr_info("own: own_work returns %ld\n", (long)regs_return_value(regs));
	return 0;
}

static struct kprobe by_name = { .symbol_name = "own_work", .pre_handler = on_entry };
static struct kprobe by_address = { .pre_handler = on_entry };
static struct kretprobe on_way_back = { .kp.symbol_name = "own:own_work", .handler = on_return };
static struct kprobe inside = { .symbol_name = "own_work", .offset = 1, .pre_handler = on_entry };
static struct kprobe elsewhere = { .symbol_name = "other:own_work", .pre_handler = on_entry };
static struct kprobe on_data = { .pre_handler = on_entry };

static int __init own_init(void)
{
	int name, address, back, result;

	by_address.addr = (kprobe_opcode_t *)own_work;
	on_data.addr = (kprobe_opcode_t *)&hits;
	name = register_kprobe(&by_name);
	address = register_kprobe(&by_address);
	back = register_kretprobe(&on_way_back);
	result = own_work(21);
	pr_info("own: registered %d %d %d, result %d, hits %d\n", name, address, back, result, hits);
	pr_info("own: at the same place: %d\n", by_name.addr == by_address.addr);
	pr_info("own: refused %d %d %d\n", register_kprobe(&inside), register_kprobe(&elsewhere),
		register_kprobe(&on_data));
	unregister_kretprobe(&on_way_back);
	unregister_kprobe(&by_address);
	unregister_kprobe(&by_name);
	pr_info("own: without probes: result %d, hits %d\n", own_work(4), hits);
	return 0;
}

static void __exit own_exit(void)
{
}

module_init(own_init)
module_exit(own_exit)
MODULE_LICENSE("Dual MIT/GPL");
