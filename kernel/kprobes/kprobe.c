/*
 * kprobes. Linux: kernel/kprobes.c, arch/x86/kernel/kprobes/core.c
 *
 * The compiler begins each function with a one-byte NOP and lists its address in the section
 * __patchable_function_entries, of the kernel and of each module. These patch sites are the places
 * where a probe can be. A function that is marked noprobe has none.
 *
 * A struct kprobe_site is a patch site that carries probes. Their handlers are called in the
 * reverse order of registration.
 */
#include "kernel/kprobes/internal.h"

#include "kernel/cpu/cpu.h"
#include "kernel/lib/kallsyms.h"
#include "kernel/mm/slab.h"

#define HASH_SIZE 64
#define GONE HASH_SIZE /* the bucket of the sites whose module was removed */

struct kprobe_site {
	struct kprobe_site *next; /* in its hash bucket */
	kprobe_opcode_t *addr;    /* NULL: its module was removed */
	kprobe_opcode_t saved;    /* the NOP */
	struct list_head probes;
};

extern kprobe_opcode_t *const __start_patch_sites[], *const __stop_patch_sites[];

struct kprobe *current_kprobe;

static struct kprobe_site *sites[HASH_SIZE + 1];
static LIST_HEAD(module_sites); /* struct patch_sites of each loaded module */

void reset_current_kprobe(void)
{
	current_kprobe = NULL;
}

static noprobe struct kprobe_site **bucket(const kprobe_opcode_t *addr)
{
	return &sites[addr ? ((unsigned long)addr >> 4) % HASH_SIZE : GONE];
}

static noprobe struct kprobe_site *find_site(const kprobe_opcode_t *addr)
{
	struct kprobe_site *site = *bucket(addr);

	while (site && site->addr != addr)
		site = site->next;
	return site;
}

/* Call the pre_handlers. True: one of them has set regs->ip, and the function is not run. */
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
 * The CPU pushed the address behind the INT3. This is also the address behind the NOP that was
 * there, so that returning from the trap continues the function.
 * Until current_kprobe is set nothing on this path may hit a probe, or the hit would come here
 * again without end. tests/host/noprobe.t checks that there is no patch site.
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

static bool is_listed(const kprobe_opcode_t *addr, kprobe_opcode_t *const *start,
		      kprobe_opcode_t *const *stop)
{
	while (start < stop) {
		if (*start++ == addr)
			return true;
	}
	return false;
}

static bool within(const struct patch_sites *in, const kprobe_opcode_t *addr)
{
	return addr >= in->text && addr < in->text + in->text_size;
}

static bool is_patch_site(const kprobe_opcode_t *addr)
{
	const struct patch_sites *in;

	list_for_each_entry(in, &module_sites, list) {
		if (within(in, addr) && is_listed(addr, in->start, in->stop))
			return true;
	}
	return is_listed(addr, __start_patch_sites, __stop_patch_sites);
}

/* The address for @p, or ERR_PTR. Linux: _kprobe_addr(), check_kprobe_address_safe() */
static kprobe_opcode_t *kprobe_addr(const struct kprobe *p)
{
	unsigned long addr = (unsigned long)p->addr, size, offset;
	const char *modname;

	if (!p->symbol_name == !p->addr)
		return ERR_PTR(-EINVAL);
	if (p->symbol_name) {
		addr = kallsyms_lookup_name(p->symbol_name);
		if (!addr)
			return ERR_PTR(-ENOENT);
	}
	addr += p->offset;
	if (is_patch_site((kprobe_opcode_t *)addr))
		return (kprobe_opcode_t *)addr;
	/* In a function that has a patch site this is the wrong place; else there is none. */
	if (!kallsyms_lookup(addr, &size, &offset) &&
	    !module_address_lookup(addr, &size, &offset, &modname))
		return ERR_PTR(-EINVAL);
	return ERR_PTR(is_patch_site((kprobe_opcode_t *)(addr - offset)) ? -EILSEQ : -EINVAL);
}

/* The site that carries @p, or NULL: @p is not registered. */
static struct kprobe_site *site_of(const struct kprobe *p)
{
	struct kprobe_site *site;
	struct kprobe *other;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sites); i++) {
		for (site = sites[i]; site; site = site->next) {
			list_for_each_entry(other, &site->probes, list) {
				if (other == p)
					return site;
			}
		}
	}
	return NULL;
}

bool kprobe_is_registered(const struct kprobe *p)
{
	return site_of(p);
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

static void unlink_site(struct kprobe_site *site)
{
	struct kprobe_site **link = bucket(site->addr);

	while (*link != site)
		link = &(*link)->next;
	*link = site->next;
}

static void remove_site(struct kprobe_site *site)
{
	if (site->addr)
		text_poke(site->addr, site->saved);
	unlink_site(site);
	kfree(site);
}

/*
 * The text of @site is about to be freed. Its probes stay registered and are never hit again. It
 * keeps no address, since another module can be loaded to the same place.
 */
static void kill_kprobe(struct kprobe_site *site)
{
	struct kprobe *p;

	unlink_site(site);
	site->addr = NULL;
	site->next = *bucket(NULL);
	*bucket(NULL) = site;
	list_for_each_entry(p, &site->probes, list)
		p->flags |= KPROBE_FLAG_GONE;
}

void kprobe_module_coming(struct patch_sites *in)
{
	list_add(&in->list, &module_sites);
}

void kprobe_module_going(struct patch_sites *in)
{
	struct kprobe_site *site, *next;
	unsigned int i;

	list_del(&in->list);
	for (i = 0; i < HASH_SIZE; i++) {
		for (site = sites[i]; site; site = next) {
			next = site->next;
			if (within(in, site->addr))
				kill_kprobe(site);
		}
	}
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
	struct kprobe_site *site = site_of(p);
	unsigned long flags;

	if (!site)
		return;
	local_irq_save(flags);
	list_del(&p->list);
	local_irq_restore(flags);
	if (list_empty(&site->probes))
		remove_site(site);
}

int enable_kprobe(struct kprobe *p)
{
	if (!kprobe_is_registered(p) || p->flags & KPROBE_FLAG_GONE)
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
