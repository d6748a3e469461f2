/*
 * Large pieces of memory: here, as all memory, of consecutive page frames.
 */
#ifndef INCLUDE_LINUX_VMALLOC_H
#define INCLUDE_LINUX_VMALLOC_H

#include <linux/slab.h>

#define vmalloc(size) kmalloc(ALIGN(size, PAGE_SIZE), GFP_KERNEL)
#define vzalloc(size) kzalloc(ALIGN(size, PAGE_SIZE), GFP_KERNEL)
#define vfree(p) kfree(p)

#endif
