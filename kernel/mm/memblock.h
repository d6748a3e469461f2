/*
 * memblock: RAM during early boot, before there is an allocator. Two short lists: which RAM exists,
 * and which is in use.
 * Linux: include/linux/memblock.h
 */
#ifndef KERNEL_MM_MEMBLOCK_H
#define KERNEL_MM_MEMBLOCK_H

#include "kernel/lib/types.h"

struct memblock_region {
	phys_addr_t base, end; /* end exclusive */
};

struct memblock_type {
	unsigned int cnt;
	struct memblock_region regions[128];
};

extern struct memblock_type memblock_memory, memblock_reserved;

void memblock_add(phys_addr_t base, u64 size);     /* RAM; rounded inwards to pages */
void memblock_reserve(phys_addr_t base, u64 size); /* in use; rounded outwards */

/*
 * @size bytes at @align (a power of two), reserved and zeroed, below 4 GiB, because the page tables
 * of early boot map no more. Panics when there is none. Returns the physical address.
 */
phys_addr_t memblock_alloc(u64 size, u64 align);

/* One past the last byte of RAM. */
phys_addr_t memblock_end_of_DRAM(void);

#endif
