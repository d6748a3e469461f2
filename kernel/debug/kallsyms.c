/*
 * Names for addresses: the table the build appends to the image. Linux: kernel/kallsyms.c
 *
 * The kernel is linked twice. The first link has an empty table; tools/kallsyms.py makes the real
 * one from its symbols; the table lies behind everything else, so the second link moves no symbol.
 */
#include "kernel/lib/lib.h"

#include "kernel/debug/debug.h"

struct kallsyms_entry {
	u64 addr;
	u32 size;
	u32 name; /* offset in kallsyms_names */
};

/* Sorted by address. Weak: the first link has none. */
extern const struct kallsyms_entry kallsyms_table[] __weak;
extern const u32 kallsyms_count __weak;
extern const char kallsyms_names[] __weak;

static u32 symbol_count(void)
{
	return &kallsyms_count ? kallsyms_count : 0;
}

const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	u32 low = 0, high = symbol_count();
	const struct kallsyms_entry *e;

	while (low < high) { /* the last entry that starts at or before addr ends up below low */
		u32 mid = low + (high - low) / 2;

		if (kallsyms_table[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	e = &kallsyms_table[low - 1];
	if (addr - e->addr >= max(e->size, 1u))
		return NULL;
	*size = e->size;
	*offset = addr - e->addr;
	return kallsyms_names + e->name;
}

unsigned long kallsyms_lookup_name(const char *name)
{
	u32 i;

	for (i = 0; i < symbol_count(); i++) {
		if (!strcmp(kallsyms_names + kallsyms_table[i].name, name))
			return kallsyms_table[i].addr;
	}
	return module_kallsyms_lookup_name(name);
}
