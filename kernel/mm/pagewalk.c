/*
 * Walks the page tables of an address space in place, level by level.
 * Linux: mm/pagewalk.c
 *
 * A missing table is skipped as a whole, so the cost depends on what is mapped, not on the length
 * of the range. After each page table (2 MiB of addresses) another task may run.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/mm/internal.h"
#include "kernel/mm/paging.h"

struct pte_walk {
	pte_range_fn fn;
	void *arg;
};

/* The part of a walk below @table, whose entries map 2^(12 + 9 * @level) bytes each. */
static int walk_table(u64 *table, int level, unsigned long addr, unsigned long end,
		      const struct pte_walk *walk)
{
	unsigned long next;
	int err = 0;

	for (; addr < end && !err; addr = next) {
		u64 entry = table[table_index(addr, level)];

		next = min(table_span_end(addr, level), end);
		if (!(entry & PTE_PRESENT))
			continue;
		if (level > LEVEL_PD) {
			err = walk_table(table_of(entry), level - 1, addr, next, walk);
			continue;
		}
		err = walk->fn(table_of(entry) + table_index(addr, LEVEL_PT), addr, next, walk->arg);
		cond_resched();
	}
	return err;
}

int walk_pte_ranges(struct mm_struct *mm, unsigned long start, unsigned long end, pte_range_fn fn,
		    void *arg)
{
	struct pte_walk walk = { fn, arg };

	return walk_table(mm->pgd, LEVEL_PML4, start, end, &walk);
}
