/*
 * Memory for modules: sealed in every mapping, and given back as it was.
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/module_alloc.h"
#include "kernel/mm/paging.h"
#include "tests/kernel/ktap.h"

int try_read(const void *addr);
int try_write(void *addr);

/* Where the direct map shows the frame behind @virt. */
static char *alias(void *virt)
{
	u64 *pte = walk_page_table(kernel_pgd, (unsigned long)virt, LEVEL_PT, NULL, 0);

	return __va(*pte & PTE_ADDR_MASK);
}

KTAP_SUITE(module_memory_is_sealed)
{
	char *mem = module_alloc(3), *text_alias, *ro_alias, *rw_alias;

	KTAP_EXPECT(mem && (unsigned long)mem >= MODULES_VADDR);
	KTAP_EXPECT_EQ(try_write(mem), 1);
	KTAP_EXPECT_EQ(try_read(mem + 3 * PAGE_SIZE), 0);
	text_alias = alias(mem);
	ro_alias = alias(mem + PAGE_SIZE);
	rw_alias = alias(mem + 2 * PAGE_SIZE);
	KTAP_EXPECT_EQ(module_seal(mem, 1, true), 0);
	KTAP_EXPECT_EQ(module_seal(mem + PAGE_SIZE, 1, false), 0);
	KTAP_EXPECT_EQ(try_write(mem), 0);
	KTAP_EXPECT_EQ(try_write(text_alias), 0);
	KTAP_EXPECT_EQ(try_write(mem + PAGE_SIZE), 0);
	KTAP_EXPECT_EQ(try_write(ro_alias), 0);
	KTAP_EXPECT_EQ(try_write(mem + 2 * PAGE_SIZE), 1);
	KTAP_EXPECT_EQ(try_write(rw_alias), 1);
	module_memfree(mem, 3);
	KTAP_EXPECT_EQ(try_read(mem), 0);
	KTAP_EXPECT_EQ(try_write(text_alias), 1); /* an ordinary page again */
	KTAP_EXPECT_EQ(try_write(ro_alias), 1);
	KTAP_EXPECT_EQ(module_alloc(1), mem);
	module_memfree(mem, 1);
}
