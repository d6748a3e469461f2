// SPDX-License-Identifier: MIT
/*
 * caller_probe: who called sock_alloc(), by the stack. At a function's entry the return address is
 * on top of the stack; but a return probe on the same function may have put its trampoline there,
 * and then only the unwinder, which knows the trampoline, tells the parent. Both are recorded, and
 * whether the one on the stack is what the unwinder says.
 */
#include "evidence.h"

#include <linux/stacktrace.h>

static int note_caller(struct kprobe *p, struct pt_regs *regs);

static struct kprobe probe = {
	.symbol_name = "sock_alloc",
	.pre_handler = note_caller,
};

#define DEPTH 24
#define PATCH_SITE 16 /* the probe is somewhere in the first bytes of the function */

/*
 * Where in the @count @entries the probed function itself is; what lies before is the probe's.
 * @count when it is not there.
 */
static unsigned int find_self(const unsigned long *entries, unsigned int count)
{
	unsigned long addr = (unsigned long)probe.addr;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (entries[i] >= addr && entries[i] < addr + PATCH_SITE)
			break;
	return i;
}

static int note_caller(struct kprobe *p, struct pt_regs *regs)
{
	unsigned long entries[DEPTH], raw = stack_top(regs), parent;
	static char chain[512];
	unsigned int count, i;
	int len = 0;

	if (!evidence_wanted())
		return 0;
	count = stack_trace_save(entries, DEPTH, 0);
	i = find_self(entries, count);
	parent = i + 1 < count ? entries[i + 1] : 0;
	evidence("entry", p->symbol_name, "raw=%px raw_name=%ps parent=%px caller=%ps raw_is_parent=%d",
		 (void *)raw, (void *)raw, (void *)parent, (void *)parent, raw == parent);

	chain[0] = '\0';
	for (; i < count; i++)
		len += scnprintf(chain + len, sizeof(chain) - len, len ? "<%ps" : "%ps",
				 (void *)entries[i]);
	evidence("chain", p->symbol_name, "chain=%s", chain);
	return 0;
}

static int __init caller_probe_init(void)
{
	return register_kprobe(&probe);
}

static void __exit caller_probe_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(caller_probe_init);
module_exit(caller_probe_exit);
MODULE_DESCRIPTION("evidence: the parents of sock_alloc()");
MODULE_LICENSE("Dual MIT/GPL");
