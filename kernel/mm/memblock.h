/*
 * memblock: RAM before there is an allocator. Two short lists: what there is, and what is taken.
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
void memblock_reserve(phys_addr_t base, u64 size); /* taken; rounded outwards */

/*
 * @size bytes at @align (a power of two), reserved and zeroed, below 4 GiB where the boot tables
 * reach. Panics when there is none: nothing can run without it. Returns the physical address.
 */
phys_addr_t memblock_alloc(u64 size, u64 align);

/* One past the last byte of RAM. */
phys_addr_t memblock_end_of_DRAM(void);

#endif
