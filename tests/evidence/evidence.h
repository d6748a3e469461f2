/* SPDX-License-Identifier: MIT */
/*
 * What the evidence modules share: whom they watch, what a record looks like, and a table of the
 * functions that are watched. Builds against Linux's headers and against ringwalk's.
 *
 * A record is one line of the kernel log:
 *
 *	evidence: probe=MODULE at=entry|return|... fn=FUNCTION pid=N comm=NAME key=value ...
 *
 * Pointers are 16 hex digits, other numbers decimal unless they start with 0x; no value holds a
 * space. The order of the records is the order of events. docs/proof.md has the keys.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

static char *comm = "socket_test";
module_param(comm, charp, 0444);
MODULE_PARM_DESC(comm, "name of the program that is watched");

#define evidence(at, fn, fmt, ...)                                                         \
	pr_info("evidence: probe=%s at=%s fn=%s pid=%d comm=%s " fmt "\n", KBUILD_MODNAME, \
		at, fn, current->pid, current->comm, ##__VA_ARGS__)

/* Is the current task the one we watch? */
static inline bool evidence_wanted(void)
{
	return !strcmp(current->comm, comm);
}

/*
 * One watched function. @rp: symbol_name and handlers, filled in by the module. @optional: a
 * kernel may have no such function, because its compiler inlined it or its version lacks it.
 */
struct watch {
	struct kretprobe rp;
	bool optional;
	bool on;
};

/* What a handler at the entry keeps for the one at the return. */
struct watched_call {
	unsigned long arg[2];
};

#define WATCH(fn, at_entry, at_return)                                                     \
	{ .rp = { .kp.symbol_name = fn, .entry_handler = at_entry, .handler = at_return,   \
		  .data_size = sizeof(struct watched_call), .maxactive = 20 } }
#define WATCH_IF_THERE(fn, at_entry, at_return)                                            \
	{ .rp = { .kp.symbol_name = fn, .entry_handler = at_entry, .handler = at_return,   \
		  .data_size = sizeof(struct watched_call), .maxactive = 20 },             \
	  .optional = true }

static inline struct watched_call *watched_call(struct kretprobe_instance *ri)
{
	return (struct watched_call *)ri->data;
}

static inline const char *watched_name(struct kretprobe_instance *ri)
{
	struct kretprobe *rp = get_kretprobe(ri);

	return rp ? rp->kp.symbol_name : "?";
}

/* Argument @n of the function that is being entered. */
static inline unsigned long watched_arg(struct pt_regs *regs, unsigned int n)
{
	return regs_get_kernel_argument(regs, n);
}

/* Where the entered function will return to: on the stack top. A return probe may hide it. */
static inline unsigned long stack_top(struct pt_regs *regs)
{
	return *(unsigned long *)kernel_stack_pointer(regs);
}

static inline void unwatch_all(struct watch *watches, int count)
{
	while (count-- > 0) {
		if (watches[count].on)
			unregister_kretprobe(&watches[count].rp);
		watches[count].on = false;
	}
}

/* Register them all, in order; 0, or -errno and none. What is optional and missing is recorded. */
static inline int watch_all(struct watch *watches, int count)
{
	int i, err;

	for (i = 0; i < count; i++) {
		err = register_kretprobe(&watches[i].rp);
		if (err && watches[i].optional) {
			evidence("absent", watches[i].rp.kp.symbol_name, "error=%d", err);
			continue;
		}
		if (err) {
			pr_err("%s: cannot watch %s: %d\n", KBUILD_MODNAME,
			       watches[i].rp.kp.symbol_name, err);
			unwatch_all(watches, i);
			return err;
		}
		watches[i].on = true;
	}
	return 0;
}

#define EVIDENCE_MODULE(watches, text)                                                     \
	static int __init evidence_init(void)                                              \
	{                                                                                  \
		return watch_all(watches, ARRAY_SIZE(watches));                            \
	}                                                                                  \
	static void __exit evidence_exit(void)                                             \
	{                                                                                  \
		unwatch_all(watches, ARRAY_SIZE(watches));                                 \
	}                                                                                  \
	module_init(evidence_init);                                                        \
	module_exit(evidence_exit);                                                        \
	MODULE_DESCRIPTION(text);                                                          \
	MODULE_LICENSE("Dual MIT/GPL")

#endif
