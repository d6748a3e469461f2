// SPDX-License-Identifier: MIT
/*
 * latency.c - how long does a kernel function take? A return probe with a time stamp for each call.
 *
 *	insmod latency.ko func=__sys_socket maxactive=20 comm=socket_test
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

static char func_name[KSYM_NAME_LEN] = "__sys_socket";
module_param_string(func, func_name, sizeof(func_name), 0644);
MODULE_PARM_DESC(func, "the function to time");

static char *comm;
module_param(comm, charp, 0644);
MODULE_PARM_DESC(comm, "only calls by programs of this name");

static int maxactive = 20;
module_param(maxactive, int, 0444);
MODULE_PARM_DESC(maxactive, "how many calls can be timed at once");

static bool quiet;
module_param(quiet, bool, 0644);
MODULE_PARM_DESC(quiet, "say nothing but the summary");

struct call {
	ktime_t entry;
};

static atomic_t nr_calls = ATOMIC_INIT(0);
static atomic64_t total_ns = ATOMIC64_INIT(0);

static int latency_entry(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (struct call *)ri->data;

	if (!current->mm)
		return 1; /* a kernel thread */
	if (comm && strcmp(current->comm, comm))
		return 1;
	call->entry = ktime_get();
	return 0;
}
NOKPROBE_SYMBOL(latency_entry);

static int latency_return(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct call *call = (struct call *)ri->data;
	s64 ns = ktime_to_ns(ktime_sub(ktime_get(), call->entry));

	atomic_inc(&nr_calls);
	atomic64_add(ns, &total_ns);
	if (!quiet)
		pr_info("%s[%d]: %s returned %ld to %pS and took %lld ns\n", current->comm,
			task_pid_nr(current), func_name, (long)(int)regs_return_value(regs),
			(void *)get_kretprobe_retaddr(ri), (long long)ns);
	return 0;
}
NOKPROBE_SYMBOL(latency_return);

static struct kretprobe latency_probe = {
	.handler = latency_return,
	.entry_handler = latency_entry,
	.data_size = sizeof(struct call),
};

static int __init latency_init(void)
{
	int ret;

	latency_probe.kp.symbol_name = func_name;
	latency_probe.maxactive = maxactive;
	ret = register_kretprobe(&latency_probe);
	if (ret < 0) {
		pr_err("register_kretprobe(%s) failed: %d\n", func_name, ret);
		return ret;
	}
	pr_info("return probe at %pS\n", latency_probe.kp.addr);
	return 0;
}

static void __exit latency_exit(void)
{
	int calls;

	unregister_kretprobe(&latency_probe);
	calls = atomic_read(&nr_calls);
	pr_info("%d calls of %s, %llu ns on average, %d missed\n", calls, func_name,
		calls ? div_u64(atomic64_read(&total_ns), calls) : 0ULL, latency_probe.nmissed);
}

module_init(latency_init);
module_exit(latency_exit);
MODULE_AUTHOR("ringwalk");
MODULE_DESCRIPTION("time a kernel function with a return probe");
MODULE_LICENSE("Dual MIT/GPL");
