// SPDX-License-Identifier: MIT
/*
 * target.c - has a function that another module probes.
 */
#include <linux/kernel.h>
#include <linux/module.h>

noinline int target_work(int n);
noinline int target_work(int n)
{
	asm volatile("" : "+r"(n));
	return n + 1;
}

static int __init target_init(void)
{
	pr_info("target: work %d\n", target_work(1));
	return 0;
}

static void __exit target_exit(void)
{
	pr_info("target: work %d\n", target_work(2));
}

module_init(target_init)
module_exit(target_exit)
MODULE_LICENSE("Dual MIT/GPL");
