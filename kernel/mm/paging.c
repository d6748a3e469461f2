/*
 * The kernel's page tables: exactly the permissions of the sections in the linker script. Built
 * once at boot; kernel stacks and modules are mapped later by map_kernel_page().
 *
 *   direct map     RAM, RW-, in 2 MiB pages; around the kernel image in 4 KiB pages, where
 *                  text and constants are R--: no mapping of text is writable, this one included
 *   kernel image   text R-X, rodata R--, data RW-, kallsyms R--; the page below each boot stack
 *                  is left out
 *   the first GiB of VMALLOC has its page directory pointer table from the start, so that all
 *   address spaces, which copy the top level, share what is mapped there later
 */
#include "kernel/mm/paging.h"

#include "kernel/cpu/cpu.h"
#include "kernel/mm/memblock.h"
#include "kernel/mm/mm.h"

extern char _stext[], _etext[], _erodata[], _ebss[], _end[];
extern char _sstacks[], boot_stack[], ist_stacks[], _estacks[];

u64 kernel_pgd[PTRS_PER_TABLE] __section(".bss.page_aligned") __aligned(PAGE_SIZE);

u64 *walk_page_table(u64 *pgd, unsigned long addr, int level, u64 *(*alloc)(void), u64 table_flags)
{
	u64 *table = pgd, *slot;
	int l;

	for (l = LEVEL_PML4; l > level; l--) {
		slot = &table[table_index(addr, l)];
		if (!(*slot & PTE_PRESENT)) {
			u64 *new = alloc ? alloc() : NULL;

			if (!new)
				return NULL;
			*slot = __pa(new) | table_flags;
		}
		table = table_of(*slot);
	}
	return &table[table_index(addr, level)];
}

static u64 *boot_table(void)
{
	return __va(memblock_alloc(PAGE_SIZE, PAGE_SIZE));
}

static u64 *runtime_table(void)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);

	return page ? page_address(page) : NULL;
}

static void boot_map(unsigned long virt, phys_addr_t phys, int level, u64 prot)
{
	*walk_page_table(kernel_pgd, virt, level, boot_table, PTE_PRESENT | PTE_WRITE) =
		phys | prot | (level == LEVEL_PD ? PTE_HUGE : 0);
}

/* What the direct map allows for the frame at @phys. */
static u64 direct_map_prot(phys_addr_t phys)
{
	bool sealed = (phys >= __pa_symbol(_stext) && phys < __pa_symbol(_erodata)) ||
		      (phys >= __pa_symbol(_ebss) && phys < __pa_symbol(_end));

	return sealed ? PAGE_KERNEL_RO : PAGE_KERNEL;
}

static void map_ram(phys_addr_t base, phys_addr_t end)
{
	phys_addr_t image = ALIGN_DOWN(__pa_symbol(_stext), PMD_SIZE);
	phys_addr_t image_end = ALIGN(__pa_symbol(_end), PMD_SIZE);

	while (base < end) {
		bool near_image = base >= image && base < image_end;
		bool huge = !near_image && IS_ALIGNED(base, PMD_SIZE) && end - base >= PMD_SIZE;

		boot_map(base + PAGE_OFFSET, base, huge ? LEVEL_PD : LEVEL_PT,
			 direct_map_prot(base));
		base += huge ? PMD_SIZE : PAGE_SIZE;
	}
}

/* Is @virt the unmapped page below the boot stack or below an interrupt stack? */
static bool is_guard_page(const char *virt)
{
	if (virt < _sstacks || virt >= _estacks)
		return false;
	if (virt < ist_stacks)
		return virt < boot_stack;
	return (virt - ist_stacks) % (PAGE_SIZE + IST_SIZE) < PAGE_SIZE;
}

static void map_image(const char *start, const char *end, u64 prot)
{
	const char *virt;

	for (virt = start; virt < end; virt += PAGE_SIZE) {
		if (!is_guard_page(virt))
			boot_map((unsigned long)virt, __pa_symbol(virt), LEVEL_PT, prot);
	}
}

void paging_init(void)
{
	unsigned int i;

	for (i = 0; i < memblock_memory.cnt; i++)
		map_ram(memblock_memory.regions[i].base, memblock_memory.regions[i].end);
	map_image(_stext, _etext, PAGE_KERNEL_RX);
	map_image(_etext, _erodata, PAGE_KERNEL_RO);
	map_image(_erodata, _ebss, PAGE_KERNEL);
	map_image(_ebss, _end, PAGE_KERNEL_RO);
	walk_page_table(kernel_pgd, VMALLOC_START, LEVEL_PD, boot_table, PTE_PRESENT | PTE_WRITE);
	write_cr3(__pa_symbol(kernel_pgd));
}

int map_kernel_page(unsigned long virt, phys_addr_t phys, u64 prot)
{
	u64 *pte = walk_page_table(kernel_pgd, virt, LEVEL_PT, runtime_table,
				   PTE_PRESENT | PTE_WRITE);

	if (!pte)
		return -ENOMEM;
	BUG_ON(*pte & PTE_PRESENT);
	*pte = phys | prot;
	return 0;
}

phys_addr_t unmap_kernel_page(unsigned long virt)
{
	u64 *pte = walk_page_table(kernel_pgd, virt, LEVEL_PT, NULL, 0);
	phys_addr_t phys;

	BUG_ON(!pte || !(*pte & PTE_PRESENT));
	phys = *pte & PTE_ADDR_MASK;
	*pte = 0;
	invlpg(virt);
	return phys;
}

/*
 * Replace the 2 MiB page in @pmd by a table of 4 KiB pages with the same addresses and permissions.
 */
static int split_huge_page(u64 *pmd)
{
	u64 *table = runtime_table(), flags = *pmd & ~(PTE_ADDR_MASK | PTE_HUGE);
	phys_addr_t phys = *pmd & PTE_ADDR_MASK;
	unsigned int i;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < PTRS_PER_TABLE; i++)
		table[i] = (phys + i * PAGE_SIZE) | flags;
	*pmd = __pa(table) | PTE_PRESENT | PTE_WRITE;
	invlpg((unsigned long)__va(phys));
	return 0;
}

int set_direct_map_writable(phys_addr_t phys, bool writable)
{
	unsigned long virt = (unsigned long)__va(phys);
	u64 *pmd = walk_page_table(kernel_pgd, virt, LEVEL_PD, NULL, 0), *pte;

	if (*pmd & PTE_HUGE && writable) /* no page in it was made read-only */
		return 0;
	if (*pmd & PTE_HUGE && split_huge_page(pmd))
		return -ENOMEM;
	pte = walk_page_table(kernel_pgd, virt, LEVEL_PT, NULL, 0);
	*pte = writable ? *pte | PTE_WRITE : *pte & ~PTE_WRITE;
	invlpg(virt);
	return 0;
}
