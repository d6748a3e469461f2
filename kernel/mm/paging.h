/*
 * Page-table entries, and the kernel's own tables. Private to kernel/mm (and to asm-offsets).
 * Intel SDM vol. 3 §4.5; Linux: arch/x86/include/asm/pgtable_types.h
 *
 * One type for the entries of all four levels: u64. A table is a page, reached by the direct map.
 */
#ifndef KERNEL_MM_PAGING_H
#define KERNEL_MM_PAGING_H

#include "kernel/lib/lib.h"
#include "kernel/mm/page.h"

#define PTE_PRESENT 0x001ul
#define PTE_WRITE 0x002ul
#define PTE_USER 0x004ul
#define PTE_ACCESSED 0x020ul
#define PTE_DIRTY 0x040ul
#define PTE_HUGE 0x080ul
#define PTE_GLOBAL 0x100ul
#define PTE_PROTNONE 0x200ul /* ours: a page is here, but nobody may touch it; not PRESENT */
#define PTE_MAPPED (PTE_PRESENT | PTE_PROTNONE)
#define PTE_NX (1ul << 63)
#define PTE_ADDR_MASK 0x000ffffffffff000ul

#define PTRS_PER_TABLE 512
#define LEVEL_PML4 3 /* level n maps 2^(12 + 9 * n) bytes an entry */
#define LEVEL_PD 1
#define LEVEL_PT 0

#define PAGE_KERNEL (PTE_PRESENT | PTE_WRITE | PTE_GLOBAL | PTE_NX)
#define PAGE_KERNEL_RO (PTE_PRESENT | PTE_GLOBAL | PTE_NX)
#define PAGE_KERNEL_RX (PTE_PRESENT | PTE_GLOBAL)

static inline unsigned int table_index(unsigned long addr, int level)
{
	return addr >> (PAGE_SHIFT + 9 * level) & (PTRS_PER_TABLE - 1);
}

/* How many bytes of address one entry at @level maps. */
static inline unsigned long table_span(int level)
{
	return (unsigned long)PAGE_SIZE << 9 * level;
}

/* The end of what the entry for @addr at @level maps. Linux: pgd_addr_end() and its kin */
static inline unsigned long table_span_end(unsigned long addr, int level)
{
	return ALIGN_DOWN(addr, table_span(level)) + table_span(level);
}

static inline u64 *table_of(u64 entry)
{
	return __va(entry & PTE_ADDR_MASK);
}

/* Error code of a page fault. Intel SDM vol. 3 §4.7 */
#define PF_PROT 0x01u  /* the page was present */
#define PF_WRITE 0x02u
#define PF_USER 0x04u
#define PF_RSVD 0x08u
#define PF_INSTR 0x10u

extern u64 kernel_pgd[];

/*
 * The slot for @addr at @level under the table @pgd, or NULL when a table on the way is missing and
 * @alloc is NULL. @alloc gives a zeroed table page; NULL from it is NULL from here. Tables made on
 * the way get @table_flags.
 */
u64 *walk_page_table(u64 *pgd, unsigned long addr, int level, u64 *(*alloc)(void), u64 table_flags);

/* Map one page of the kernel half at @virt. 0 or -ENOMEM. */
int map_kernel_page(unsigned long virt, phys_addr_t phys, u64 prot);

/* Undo it. Returns the physical address that was mapped there. */
phys_addr_t unmap_kernel_page(unsigned long virt);

/*
 * Let the frame at @phys be written through the direct map, or not. Cuts the 2 MiB page it lies in.
 * 0 or -ENOMEM (only when cutting). Linux: arch/x86/mm/pat/set_memory.c
 */
int set_direct_map_writable(phys_addr_t phys, bool writable);

/*
 * Build the kernel's own tables with W^X and load them; the identity map is gone afterwards.
 * Of the allocators only memblock is needed.
 */
void paging_init(void);

#endif
