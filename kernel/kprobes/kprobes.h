/*
 * kernel/kprobes: call a handler when a kernel function is entered or returns. Linux's API:
 * include/linux/kprobes.h, include/linux/rethook.h, Documentation/trace/kprobes.rst
 * Stands on kernel/sched. Called by probe modules, and by the gate of #BP.
 *
 * A probe sits on the one-byte NOP that opens every kernel function: it is overwritten by INT3.
 * After the handlers the function goes on behind it; there is no instruction to emulate or
 * single-step. A return probe also takes the return address off the stack and puts a trampoline
 * there.
 */
#ifndef KERNEL_KPROBES_KPROBES_H
#define KERNEL_KPROBES_KPROBES_H

#include "kernel/cpu/ptregs.h"
#include "kernel/lib/lib.h"
#include "kernel/lib/kallsyms.h"

#define KSYM_NAME_LEN 512
typedef u8 kprobe_opcode_t;

struct kprobe;
struct kretprobe;
struct kretprobe_instance;

/*
 * Handlers run with interrupts off and may not sleep. A pre_handler that returns non-zero has set
 * regs->ip itself; the probed function is then left alone, and no post_handler runs.
 */
typedef int (*kprobe_pre_handler_t)(struct kprobe *p, struct pt_regs *regs);
typedef void (*kprobe_post_handler_t)(struct kprobe *p, struct pt_regs *regs, unsigned long flags);
typedef int (*kretprobe_handler_t)(struct kretprobe_instance *ri, struct pt_regs *regs);

#define KPROBE_FLAG_GONE 1
#define KPROBE_FLAG_DISABLED 2 /* registered, but its handlers are not called */

struct kprobe {
	struct list_head list;   /* of the probes on one site, the last registered first */
	unsigned long nmissed;   /* hits while another probe's handler ran */
	kprobe_opcode_t *addr;   /* where; found from symbol_name when NULL */
	const char *symbol_name; /* or by name */
	unsigned int offset;     /* from the symbol: only 0 is a site */
	kprobe_pre_handler_t pre_handler;   /* before the function's first instruction; may be NULL */
	kprobe_post_handler_t post_handler; /* behind the site */
	u32 flags; /* KPROBE_FLAG_* */
};

struct rethook;

struct kretprobe {
	struct kprobe kp;
	kretprobe_handler_t handler;       /* at the return: regs->ax is the value. May be NULL */
	kretprobe_handler_t entry_handler; /* at the entry; non-zero: do not watch this call */
	int maxactive;    /* calls watched at a time; 0: 10 */
	int nmissed;      /* calls not watched because all instances were in use */
	size_t data_size; /* bytes of ri->data */
	struct rethook *rh;
};

/* One call being watched. */
struct rethook_node {
	struct list_head list;  /* free, or in task->rethooks: the innermost call first */
	struct rethook *rh;
	unsigned long ret_addr; /* what was on the stack: may be the trampoline, if watched twice */
	unsigned long frame;    /* where on the stack */
};

struct kretprobe_instance {
	struct rethook_node node;
	char data[]; /* kretprobe.data_size bytes, the handlers' own */
};

/*
 * Put @p in place. -ENOENT: no such symbol; -EILSEQ: not at a function's first byte; -EINVAL: not
 * kernel text, a function that must not be probed, both or neither of addr and symbol_name, or @p
 * is registered already; -ENOMEM. Linux: kernel/kprobes.c:register_kprobe()
 */
int register_kprobe(struct kprobe *p);
void unregister_kprobe(struct kprobe *p);
int register_kprobes(struct kprobe **ps, int num); /* all or none */
void unregister_kprobes(struct kprobe **ps, int num);
int enable_kprobe(struct kprobe *p);  /* -EINVAL: not registered */
int disable_kprobe(struct kprobe *p);

/* As register_kprobe(); -E2BIG: data_size is more than a page. */
int register_kretprobe(struct kretprobe *rp);
/* Safe while watched calls are on their way: they return as if there had been no probe. */
void unregister_kretprobe(struct kretprobe *rp);
int register_kretprobes(struct kretprobe **rps, int num);
void unregister_kretprobes(struct kretprobe **rps, int num);

struct kretprobe *get_kretprobe(struct kretprobe_instance *ri); /* NULL: unregistered meanwhile */
unsigned long get_kretprobe_retaddr(struct kretprobe_instance *ri);

/* From a pre_handler: return regs->ax to the caller at once. Then return 1. */
void override_function_with_return(struct pt_regs *regs);

/*
 * #BP in ring 0 at @regs->ip - 1: true when it was a probe's. Called with interrupts off.
 */
bool kprobe_int3_handler(struct pt_regs *regs);

/*
 * @task is dead and off its stack: the calls it never returned from are watched no longer. Not for
 * current: the call of this function itself may be watched.
 */
struct task_struct;
void rethook_flush_task(struct task_struct *task);

#endif
