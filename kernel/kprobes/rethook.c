/*
 * Return probes. Linux: kernel/kprobes.c, kernel/trace/rethook.c
 *
 * When a watched function is entered, the return address on the stack is replaced by the address of
 * the trampoline and stored in an instance, which is put on a list of the task, the innermost call
 * first. The trampoline finds the instances of its stack slot, calls their handlers, and continues
 * at the stored address.
 */
#include "kernel/kprobes/internal.h"

#include "kernel/cpu/cpu.h"
#include "kernel/mm/slab.h"
#include "kernel/sched/sched.h"
#include "kernel/debug/debug.h"

#define DEFAULT_MAXACTIVE 10

/* The instances of one kretprobe. It exists until the last watched call has returned. */
struct rethook {
	struct kretprobe *rp; /* NULL: unregistered */
	int nodes;            /* how many instances exist, free or in use */
	struct list_head pool;
};

struct kretprobe *get_kretprobe(struct kretprobe_instance *ri)
{
	return ri->node.rh->rp;
}

unsigned long get_kretprobe_retaddr(struct kretprobe_instance *ri)
{
	return ri->node.ret_addr;
}

/* In current_kprobe while a return is handled but no handler runs. Linux: kprobe_busy_begin() */
static struct kprobe kprobe_busy;

/*
 * Put an instance back into the pool. If the probe was unregistered, the instance is freed instead,
 * and the last one frees the struct rethook, too.
 */
static noprobe void rethook_recycle(struct rethook_node *node)
{
	struct rethook *rh = node->rh;

	if (rh->rp) {
		list_add(&node->list, &rh->pool);
		return;
	}
	kfree(container_of(node, struct kretprobe_instance, node));
	if (!--rh->nodes)
		kfree(rh);
}

/* The pre_handler of the kprobe in a kretprobe: watch this call. */
static noprobe int pre_handler_kretprobe(struct kprobe *p, struct pt_regs *regs)
{
	struct kretprobe *rp = container_of(p, struct kretprobe, kp);
	struct kretprobe_instance *ri;
	struct rethook_node *node;

	if (list_empty(&rp->rh->pool)) {
		rp->nmissed++;
		return 0;
	}
	node = list_first_entry(&rp->rh->pool, struct rethook_node, list);
	list_del(&node->list);
	ri = container_of(node, struct kretprobe_instance, node);
	if (rp->entry_handler && rp->entry_handler(ri, regs)) {
		rethook_recycle(node);
		return 0;
	}
	node->frame = regs->sp;
	node->ret_addr = *(unsigned long *)regs->sp;
	*(unsigned long *)regs->sp = (unsigned long)arch_rethook_trampoline;
	list_add(&node->list, &current->rethooks);
	return 0;
}

/* The return address that was in the stack slot @frame before any probe replaced it. */
static noprobe unsigned long original_ret_addr(unsigned long frame)
{
	struct rethook_node *node;

	list_for_each_entry(node, &current->rethooks, list) {
		if (node->frame == frame && node->ret_addr != (unsigned long)arch_rethook_trampoline)
			return node->ret_addr;
	}
	return 0;
}

unsigned long unwind_recover_ret_addr(unsigned long addr, const unsigned long *slot)
{
	if (addr != (unsigned long)arch_rethook_trampoline)
		return addr;
	return original_ret_addr((unsigned long)slot) ?: addr;
}

/*
 * A watched function has returned. @regs: as after its RET; regs->ax is its value, which handlers
 * may change. Returns the address to continue at. Interrupts are off. Called by
 * arch_rethook_trampoline. current_kprobe is set all the time, so that no function called from here
 * can be entered through a probe.
 */
unsigned long rethook_trampoline_handler(struct pt_regs *regs);
noprobe unsigned long rethook_trampoline_handler(struct pt_regs *regs)
{
	unsigned long frame = regs->sp - sizeof(unsigned long);
	unsigned long correct = original_ret_addr(frame);
	struct kprobe *outer = current_kprobe;
	struct rethook_node *node, *next;
	struct kretprobe *rp;

	current_kprobe = &kprobe_busy;
	BUG_ON(!correct);
	regs->ip = correct;
	list_for_each_entry_safe(node, next, &current->rethooks, list) {
		if (node->frame != frame)
			break;
		rp = node->rh->rp;
		if (rp && rp->handler && !(rp->kp.flags & KPROBE_FLAG_DISABLED)) {
			current_kprobe = &rp->kp;
			rp->handler(container_of(node, struct kretprobe_instance, node), regs);
			current_kprobe = &kprobe_busy;
		}
		list_del(&node->list);
		rethook_recycle(node);
	}
	current_kprobe = outer;
	return correct;
}

void rethook_flush_task(struct task_struct *task)
{
	struct rethook_node *node, *next;
	unsigned long flags;

	local_irq_save(flags);
	list_for_each_entry_safe(node, next, &task->rethooks, list) {
		list_del(&node->list);
		rethook_recycle(node);
	}
	local_irq_restore(flags);
}

static void rethook_free(struct rethook *rh)
{
	struct rethook_node *node, *next;

	rh->rp = NULL;
	list_for_each_entry_safe(node, next, &rh->pool, list) {
		kfree(container_of(node, struct kretprobe_instance, node));
		rh->nodes--;
	}
	if (!rh->nodes)
		kfree(rh);
}

static struct rethook *rethook_alloc(struct kretprobe *rp)
{
	struct rethook *rh = kmalloc(sizeof(*rh), GFP_KERNEL);
	struct kretprobe_instance *ri;

	if (!rh)
		return NULL;
	*rh = (struct rethook){ .rp = rp };
	INIT_LIST_HEAD(&rh->pool);
	while (rh->nodes < rp->maxactive) {
		ri = kzalloc(sizeof(*ri) + rp->data_size, GFP_KERNEL);
		if (!ri) {
			rethook_free(rh);
			return NULL;
		}
		ri->node.rh = rh;
		list_add(&ri->node.list, &rh->pool);
		rh->nodes++;
	}
	return rh;
}

int register_kretprobe(struct kretprobe *rp)
{
	int err;

	if (kprobe_is_registered(&rp->kp)) /* its instances are in use */
		return -EINVAL;
	if (rp->data_size > PAGE_SIZE)
		return -E2BIG;
	if (rp->maxactive <= 0)
		rp->maxactive = DEFAULT_MAXACTIVE;
	rp->nmissed = 0;
	rp->kp.pre_handler = pre_handler_kretprobe;
	rp->kp.post_handler = NULL;
	rp->rh = rethook_alloc(rp);
	if (!rp->rh)
		return -ENOMEM;
	err = register_kprobe(&rp->kp);
	if (err) {
		rethook_free(rp->rh);
		rp->rh = NULL;
	}
	return err;
}

void unregister_kretprobe(struct kretprobe *rp)
{
	unsigned long flags;

	if (!rp->rh)
		return;
	unregister_kprobe(&rp->kp);
	local_irq_save(flags);
	rethook_free(rp->rh);
	rp->rh = NULL;
	local_irq_restore(flags);
}
