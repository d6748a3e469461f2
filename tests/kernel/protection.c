/*
 * Memory protection, by trying what is forbidden and by looking at every page-table entry.
 */
#include <uapi/mman.h>

#include "kernel/cpu/cpu.h"
#include "kernel/mm/paging.h"
#include "kernel/sched/sched.h"
#include "tests/kernel/ktap.h"

#define USER_TARGET 0x10000000ul /* as in try.asm */
#define RET 0xc3

int try_read(const void *addr);
int try_write(void *addr);
int try_exec(void *addr);

extern char _stext[], _etext[], _erodata[], _ebss[], _end[], _sstacks[], ist_stacks[];

u8 try_data_target[16] = { RET };

/* The last byte before a mark of the linker script. */
static void *last_of(const char *mark)
{
	return (void *)((unsigned long)mark - 1);
}

static void *direct_map(const void *image)
{
	return __va(__pa_symbol(image));
}

KTAP_SUITE(text_and_constants_are_sealed)
{
	KTAP_EXPECT_EQ(try_read(_stext), 1);
	KTAP_EXPECT_EQ(try_write(_stext), 0);
	KTAP_EXPECT_EQ(try_write(direct_map(_stext)), 0);
	KTAP_EXPECT_EQ(try_write(last_of(_etext)), 0);
	KTAP_EXPECT_EQ(try_write(direct_map(last_of(_etext))), 0);
	KTAP_EXPECT_EQ(try_write(_etext), 0);
	KTAP_EXPECT_EQ(try_write(direct_map(last_of(_erodata))), 0);
	KTAP_EXPECT_EQ(try_write(_ebss), 0); /* the symbol table */
	KTAP_EXPECT_EQ(try_write(try_data_target), 1);
}

KTAP_SUITE(data_is_not_executable)
{
	KTAP_EXPECT_EQ(try_exec(try_data_target), 0);
}

KTAP_SUITE(unmapped_pages_fault)
{
	KTAP_EXPECT_EQ(try_read(NULL), 0);
	KTAP_EXPECT_EQ(try_read((void *)__pa_symbol(_stext)), 0); /* the identity map is gone */
	KTAP_EXPECT_EQ(try_read(_sstacks), 0);
	KTAP_EXPECT_EQ(try_read(ist_stacks), 0);
	KTAP_EXPECT_EQ(try_read((char *)current->stack - 1), 0);
	KTAP_EXPECT_EQ(try_read(current->stack), 1);
}

KTAP_SUITE(ring0_keeps_out_of_user_pages)
{
	struct mm_struct *mm = mm_alloc();
	u8 *user = (u8 *)USER_TARGET;

	mmap_region(mm, USER_TARGET, PAGE_SIZE, VM_READ | VM_WRITE | VM_EXEC, NULL, 0);
	*(u8 *)mm_writable_page(mm, USER_TARGET) = RET;
	current->mm = mm;
	switch_mm(mm);
	KTAP_EXPECT_EQ(try_read(user), 0);  /* SMAP */
	KTAP_EXPECT_EQ(try_write(user), 0);
	KTAP_EXPECT_EQ(try_exec(user), 0);  /* SMEP */
	__asm__ volatile("stac" : : : "memory");
	KTAP_EXPECT_EQ(try_read(user), 1);  /* and it is these that kept us out */
	KTAP_EXPECT_EQ(try_exec(user), 0);
	__asm__ volatile("clac" : : : "memory");
	write_cr4(read_cr4() & ~(u64)CR4_SMEP);
	KTAP_EXPECT_EQ(try_exec(user), 1);
	write_cr4(read_cr4() | CR4_SMEP);
	current->mm = NULL;
	switch_mm(NULL);
	mmput(mm);
}

static bool is_sealed(phys_addr_t phys)
{
	return (phys >= __pa_symbol(_stext) && phys < __pa_symbol(_erodata)) ||
	       (phys >= __pa_symbol(_ebss) && phys < __pa_symbol(_end));
}

/*
 * Every leaf below @table: not writable and executable at once; sealed frames not writable at all.
 */
static unsigned long check_leaves(const u64 *table, int level, u64 inherited)
{
	unsigned long leaves = 0;
	unsigned int i;

	for (i = 0; i < PTRS_PER_TABLE; i++) {
		u64 entry = table[i];
		u64 rights = (inherited & entry & PTE_WRITE) | ((inherited | entry) & PTE_NX);
		u64 span = (u64)PAGE_SIZE << 9 * level, phys = entry & PTE_ADDR_MASK, p;

		if (!(entry & PTE_PRESENT))
			continue;
		if (level != LEVEL_PT && !(entry & PTE_HUGE)) {
			leaves += check_leaves(table_of(entry), level - 1, rights);
			continue;
		}
		leaves++;
		KTAP_EXPECT((rights & (PTE_WRITE | PTE_NX)) != PTE_WRITE);
		KTAP_EXPECT(!(entry & PTE_USER));
		for (p = phys; rights & PTE_WRITE && p < phys + span; p += PAGE_SIZE) {
			if (is_sealed(p))
				KTAP_EXPECT(!"a sealed frame is writable");
		}
	}
	return leaves;
}

KTAP_SUITE(no_mapping_is_writable_and_executable)
{
	KTAP_EXPECT(check_leaves(kernel_pgd, LEVEL_PML4, PTE_WRITE) > 100);
}

KTAP_SUITE(gate_registers)
{
	u64 star = rdmsr(MSR_STAR);

	KTAP_EXPECT_EQ(star, 0x0023001000000000);
	KTAP_EXPECT_EQ(star >> 48 & 3, 3); /* AMD loads SS from here as it is */
	KTAP_EXPECT_EQ(rdmsr(MSR_SYSCALL_MASK), 0x257fd5);
	KTAP_EXPECT_EQ(rdmsr(MSR_LSTAR), kallsyms_lookup_name("entry_SYSCALL_64"));
	KTAP_EXPECT_EQ(rdmsr(MSR_EFER), EFER_SCE | EFER_LME | EFER_LMA | EFER_NX);
	KTAP_EXPECT_EQ(rdmsr(MSR_GS_BASE), &percpu);
	KTAP_EXPECT(read_cr0() & CR0_WP);
	KTAP_EXPECT_EQ(read_cr4() & (CR4_SMEP | CR4_SMAP | CR4_UMIP), CR4_SMEP | CR4_SMAP | CR4_UMIP);
	KTAP_EXPECT_EQ(read_cr4() & (BIT(18) | BIT(16)), 0); /* OSXSAVE and FSGSBASE stay off */
}
