/*
 * kprobes: contracts in kprobes.h. Linux: kernel/kprobes.c, arch/x86/kernel/kprobes/core.c
 *
 * The compiler opens every function with a one-byte NOP and lists it in
 * __patchable_function_entries. That list is the set of places where a probe can be; code that opts
 * out (noprobe: the gate, the traps, this file) is not in it. One site has the probes of one
 * function, called last-registered first.
 */
#include "kernel/kprobes/internal.h"

#include "kernel/cpu/cpu.h"
#include "kernel/lib/kallsyms.h"
#include "kernel/mm/slab.h"

#define HASH_SIZE 64

struct kprobe_site {
	struct kprobe_site *next; /* in its hash bucket */
	kprobe_opcode_t *addr;
	kprobe_opcode_t saved;    /* the NOP */
	struct list_head probes;
};

extern kprobe_opcode_t *const __start_patch_sites[], *const __stop_patch_sites[];
extern char _stext[], _etext[];

struct kprobe *current_kprobe;

static struct kprobe_site *sites[HASH_SIZE];

static inline struct kprobe_site **bucket(const kprobe_opcode_t *addr)
{
	return &sites[((unsigned long)addr >> 4) % HASH_SIZE];
}

static inline struct kprobe_site *find_site(const kprobe_opcode_t *addr)
{
	struct kprobe_site *site = *bucket(addr);

	while (site && site->addr != addr)
		site = site->next;
	return site;
}

/* The handlers before the function's first instruction. True: one of them took over. */
static noprobe bool run_pre_handlers(struct kprobe_site *site, struct pt_regs *regs)
{
	struct kprobe *p;

	list_for_each_entry(p, &site->probes, list) {
		if (!p->pre_handler || p->flags & KPROBE_FLAG_DISABLED)
			continue;
		current_kprobe = p;
		if (p->pre_handler(p, regs))
			return true;
	}
	return false;
}

static noprobe void run_post_handlers(struct kprobe_site *site, struct pt_regs *regs)
{
	struct kprobe *p;

	list_for_each_entry(p, &site->probes, list) {
		if (!p->post_handler || p->flags & KPROBE_FLAG_DISABLED)
			continue;
		current_kprobe = p;
		p->post_handler(p, regs, 0);
	}
}

/*
 * The CPU pushed the address behind the INT3, which is behind the NOP that was there: just
 * returning goes on. Until current_kprobe is set nothing in here may hit a probe.
 */
noprobe bool kprobe_int3_handler(struct pt_regs *regs)
{
	struct kprobe_site *site = find_site((kprobe_opcode_t *)regs->ip - 1);
	struct kprobe *p;

	if (!site)
		return false;
	if (current_kprobe) {
		list_for_each_entry(p, &site->probes, list)
			p->nmissed++;
		return true;
	}
	if (!run_pre_handlers(site, regs))
		run_post_handlers(site, regs);
	current_kprobe = NULL;
	return true;
}

static bool is_patch_site(const kprobe_opcode_t *addr)
{
	kprobe_opcode_t *const *site;

	for (site = __start_patch_sites; site < __stop_patch_sites; site++) {
		if (*site == addr)
			return true;
	}
	return false;
}

/*
 * Where @p wants to be, or ERR_PTR. Linux: kernel/kprobes.c:_kprobe_addr(),
 * check_kprobe_address_safe()
 */
static kprobe_opcode_t *kprobe_addr(const struct kprobe *p)
{
	unsigned long addr = (unsigned long)p->addr, size, offset;

	if (!p->symbol_name == !p->addr)
		return ERR_PTR(-EINVAL);
	if (p->symbol_name) {
		addr = kallsyms_lookup_name(p->symbol_name);
		if (!addr)
			return ERR_PTR(-ENOENT);
	}
	addr += p->offset;
	if (addr < (unsigned long)_stext || addr >= (unsigned long)_etext)
		return ERR_PTR(-EINVAL);
	if (is_patch_site((kprobe_opcode_t *)addr))
		return (kprobe_opcode_t *)addr;
	/*
	 * A function without a site opted out; the middle of one that has a site is no place
	 * either.
	 */
	if (!kallsyms_lookup(addr, &size, &offset) ||
	    !is_patch_site((kprobe_opcode_t *)(addr - offset)))
		return ERR_PTR(-EINVAL);
	return ERR_PTR(-EILSEQ);
}

bool kprobe_is_registered(const struct kprobe *p)
{
	struct kprobe_site *site;
	struct kprobe *other;
	unsigned int i;

	for (i = 0; i < HASH_SIZE; i++) {
		for (site = sites[i]; site; site = site->next) {
			list_for_each_entry(other, &site->probes, list) {
				if (other == p)
					return true;
			}
		}
	}
	return false;
}

static struct kprobe_site *add_site(kprobe_opcode_t *addr)
{
	struct kprobe_site *site = kmalloc(sizeof(*site), GFP_KERNEL);

	if (!site)
		return NULL;
	site->addr = addr;
	site->saved = *addr;
	INIT_LIST_HEAD(&site->probes);
	site->next = *bucket(addr);
	*bucket(addr) = site;
	return site;
}

static void remove_site(struct kprobe_site *site)
{
	struct kprobe_site **link = bucket(site->addr);

	text_poke(site->addr, site->saved);
	while (*link != site)
		link = &(*link)->next;
	*link = site->next;
	kfree(site);
}

int register_kprobe(struct kprobe *p)
{
	kprobe_opcode_t *addr;
	struct kprobe_site *site;
	unsigned long flags;

	if (kprobe_is_registered(p))
		return -EINVAL;
	addr = kprobe_addr(p);
	if (IS_ERR(addr))
		return PTR_ERR(addr);
	site = find_site(addr) ?: add_site(addr);
	if (!site)
		return -ENOMEM;
	p->addr = addr;
	p->flags &= KPROBE_FLAG_DISABLED;
	p->nmissed = 0;
	local_irq_save(flags);
	list_add(&p->list, &site->probes);
	local_irq_restore(flags);
	text_poke(addr, INT3);
	return 0;
}

void unregister_kprobe(struct kprobe *p)
{
	struct kprobe_site *site;
	unsigned long flags;

	if (!kprobe_is_registered(p))
		return;
	site = find_site(p->addr);
	local_irq_save(flags);
	list_del(&p->list);
	local_irq_restore(flags);
	if (list_empty(&site->probes))
		remove_site(site);
}

int register_kprobes(struct kprobe **ps, int num)
{
	int i, err;

	if (num <= 0)
		return -EINVAL;
	for (i = 0; i < num; i++) {
		err = register_kprobe(ps[i]);
		if (err) {
			unregister_kprobes(ps, i);
			return err;
		}
	}
	return 0;
}

void unregister_kprobes(struct kprobe **ps, int num)
{
	while (num-- > 0)
		unregister_kprobe(ps[num]);
}

int enable_kprobe(struct kprobe *p)
{
	if (!kprobe_is_registered(p))
		return -EINVAL;
	p->flags &= ~KPROBE_FLAG_DISABLED;
	return 0;
}

int disable_kprobe(struct kprobe *p)
{
	if (!kprobe_is_registered(p))
		return -EINVAL;
	p->flags |= KPROBE_FLAG_DISABLED;
	return 0;
}
