// SPDX-License-Identifier: MIT
/*
 * sealed.c - what may be done with a module's own pages, as the page tables say: code cannot be
 * written, data cannot be executed. Never stays.
 */
#include <linux/errno.h>
#include <linux/module.h>

#define PAGE_TABLES_AT 0xffff888000000000ul /* the direct map */
#define ENTRY_ADDRESS 0x000ffffffffff000ul
#define ENTRY_WRITE 2ul
#define ENTRY_NX (1ul << 63)

static const int constant = 1;
static int data = 1;

/* What all levels together allow. The address lies in a page of 4 KiB, as all of a module do. */
static void show(const char *what, const void *address)
{
	unsigned long cr3, entry, write = ENTRY_WRITE, nx = 0;
	int shift;

	__asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
	entry = cr3;
	for (shift = 39; shift >= 12; shift -= 9) {
		const unsigned long *table =
			(const unsigned long *)((entry & ENTRY_ADDRESS) + PAGE_TABLES_AT);

		entry = table[(unsigned long)address >> shift & 511];
		write &= entry;
		nx |= entry & ENTRY_NX;
	}
	pr_info("sealed: %s r%c%c\n", what, write ? 'w' : '-', nx ? '-' : 'x');
}

static int __init sealed_init(void)
{
	show("code", show);
	show("constants", &constant);
	show("data", &data);
	return -ECANCELED;
}

module_init(sealed_init);
MODULE_LICENSE("Dual MIT/GPL");
