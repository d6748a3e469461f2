/*
 * Early memory: what the boot loader reports as free is handed out from here until
 * page_alloc_init() takes over. See memblock.h for how to use it.
 */
#include "kernel/mm/memblock.h"

#include "kernel/lib/lib.h"
#include "kernel/mm/page.h"

#define BOOT_MAPPED_END 0x100000000ull

struct memblock_type memblock_memory, memblock_reserved;

/*
 * A region that begins where the last one ends extends it. So page tables, which are allocated one
 * by one, need one region.
 */
static void add_region(struct memblock_type *type, phys_addr_t base, phys_addr_t end)
{
	struct memblock_region *last = type->regions + type->cnt - 1;

	if (base >= end)
		return;
	if (type->cnt && last->end == base) {
		last->end = end;
		return;
	}
	if (type->cnt == ARRAY_SIZE(type->regions))
		panic("memblock: more than %u memory regions", type->cnt);
	type->regions[type->cnt].base = base;
	type->regions[type->cnt].end = end;
	type->cnt++;
}

void memblock_add(phys_addr_t base, u64 size)
{
	add_region(&memblock_memory, ALIGN(base, PAGE_SIZE), ALIGN_DOWN(base + size, PAGE_SIZE));
}

void memblock_reserve(phys_addr_t base, u64 size)
{
	add_region(&memblock_reserved, ALIGN_DOWN(base, PAGE_SIZE), ALIGN(base + size, PAGE_SIZE));
}

/* The reserved region that overlaps [base, end), or NULL. */
static struct memblock_region *reserved_overlap(phys_addr_t base, phys_addr_t end)
{
	unsigned int i;

	for (i = 0; i < memblock_reserved.cnt; i++) {
		struct memblock_region *r = &memblock_reserved.regions[i];

		if (base < r->end && r->base < end)
			return r;
	}
	return NULL;
}

/* The lowest free range of @size in @r, or 0. Page 0 is never given out. */
static phys_addr_t find_in(const struct memblock_region *r, u64 size, u64 align)
{
	phys_addr_t base = ALIGN(max(r->base, (phys_addr_t)PAGE_SIZE), align);
	struct memblock_region *taken;

	while (base + size <= min(r->end, BOOT_MAPPED_END)) {
		taken = reserved_overlap(base, base + size);
		if (!taken)
			return base;
		base = ALIGN(taken->end, align);
	}
	return 0;
}

phys_addr_t memblock_alloc(u64 size, u64 align)
{
	unsigned int i;
	phys_addr_t base;

	for (i = 0; i < memblock_memory.cnt; i++) {
		base = find_in(&memblock_memory.regions[i], size, align);
		if (base) {
			memblock_reserve(base, size);
			memset(__va(base), 0, size);
			return base;
		}
	}
	panic("out of memory at boot: no %llu KiB left; give the machine more (MEM=)",
	      (unsigned long long)size >> 10);
}

phys_addr_t memblock_end_of_DRAM(void)
{
	phys_addr_t end = 0;
	unsigned int i;

	for (i = 0; i < memblock_memory.cnt; i++)
		end = max(end, memblock_memory.regions[i].end);
	return end;
}
