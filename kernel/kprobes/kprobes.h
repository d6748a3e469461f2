/*
 * Public interface of kernel/kprobes: call a handler when a function of the kernel or of a module
 * is entered or returns. Linux: include/linux/kprobes.h, include/linux/rethook.h,
 * Documentation/trace/kprobes.rst
 *
 * A probe overwrites the one-byte NOP at the beginning of the function by INT3. After the handlers
 * the function continues behind it, so there is no instruction to emulate or to single-step. A
 * return probe also replaces the return address on the stack by the address of a trampoline.
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

#define KPROBE_FLAG_GONE 1     /* the module with the probed function was removed */
#define KPROBE_FLAG_DISABLED 2 /* registered, but its handlers are not called */

struct kprobe {
	struct list_head list;   /* of the probes at one place, the last registered first */
	unsigned long nmissed;   /* hits while the handler of another probe ran */
	kprobe_opcode_t *addr;   /* the place; NULL: registering sets it from symbol_name */
	const char *symbol_name; /* "function" or "module:function" */
	unsigned int offset;     /* from the symbol; only 0 can be probed */
	kprobe_pre_handler_t pre_handler;   /* before the function's first instruction; may be NULL */
	kprobe_post_handler_t post_handler; /* after the pre_handlers; may be NULL */
	u32 flags; /* KPROBE_FLAG_* */
};

struct rethook;

struct kretprobe {
	struct kprobe kp;
	kretprobe_handler_t handler;       /* at the return; regs->ax is the value. May be NULL */
	kretprobe_handler_t entry_handler; /* at the entry; non-zero: do not watch this call */
	int maxactive;    /* how many calls are watched at the same time; 0: 10 */
	int nmissed;      /* calls that were not watched because all instances were in use */
	size_t data_size; /* bytes of ri->data */
	struct rethook *rh;
};

/* One call that is watched, or a free instance. */
struct rethook_node {
	struct list_head list;  /* free, or in task->rethooks: the innermost call first */
	struct rethook *rh;
	unsigned long ret_addr; /* what was on the stack: the trampoline when the call is watched twice */
	unsigned long frame;    /* address of the stack slot */
};

struct kretprobe_instance {
	struct rethook_node node;
	char data[]; /* kretprobe.data_size bytes for the handlers */
};

/*
 * Put @p in place. -ENOENT: no such symbol; -EILSEQ: not at a function's first byte; -EINVAL: not
 * in a function of the kernel or of a module, a function that cannot be probed, both or neither of
 * addr and symbol_name, or @p is registered already; -ENOMEM.
 */
int register_kprobe(struct kprobe *p);
void unregister_kprobe(struct kprobe *p);
int register_kprobes(struct kprobe **ps, int num); /* all or none */
void unregister_kprobes(struct kprobe **ps, int num);
int enable_kprobe(struct kprobe *p);  /* -EINVAL: not registered, or KPROBE_FLAG_GONE */
int disable_kprobe(struct kprobe *p);

/* As register_kprobe(); -E2BIG: data_size is more than a page. */
int register_kretprobe(struct kretprobe *rp);
/* Calls that are being watched return later as if there had been no probe. */
void unregister_kretprobe(struct kretprobe *rp);
int register_kretprobes(struct kretprobe **rps, int num);
void unregister_kretprobes(struct kretprobe **rps, int num);

struct kretprobe *get_kretprobe(struct kretprobe_instance *ri); /* NULL: it was unregistered */
unsigned long get_kretprobe_retaddr(struct kretprobe_instance *ri);

/*
 * For a pre_handler, which then returns 1: the probed function is not run, and its caller gets
 * regs->ax.
 */
void override_function_with_return(struct pt_regs *regs);

/*
 * For kernel/module. @in: the patch sites in one text of a module, whose functions can be probed
 * from kprobe_module_coming() to kprobe_module_going(). After that probes on them are
 * KPROBE_FLAG_GONE: registered, but never hit. Linux: kprobes_module_callback()
 */
struct patch_sites {
	struct list_head list;
	kprobe_opcode_t *const *start, *const *stop; /* addresses of the sites */
	kprobe_opcode_t *text;
	unsigned long text_size; /* bytes */
};
void kprobe_module_coming(struct patch_sites *in);
void kprobe_module_going(struct patch_sites *in);

/* For the trap #BP in ring 0: true when a probe is at @regs->ip - 1. Interrupts are off. */
bool kprobe_int3_handler(struct pt_regs *regs);

/* The handler that ran has died: hits are no longer counted as missed. */
void reset_current_kprobe(void);

/*
 * @task is dead: the calls from which it did not return are no longer watched. @task is not
 * current, because the call of this function may be watched itself.
 */
struct task_struct;
void rethook_flush_task(struct task_struct *task);

#endif
