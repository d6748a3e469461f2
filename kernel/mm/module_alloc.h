/*
 * Memory for modules.
 */
#ifndef KERNEL_MM_MODULE_ALLOC_H
#define KERNEL_MM_MODULE_ALLOC_H

#include "kernel/lib/types.h"

/* @pages zeroed pages (1..) in the module area, readable and writable; NULL: no room or memory. */
void *module_alloc(unsigned long pages);
void module_memfree(void *addr, unsigned long pages);

/* Make pages of it read-only, in the direct map too; executable or not. 0 or -ENOMEM. */
int module_seal(void *addr, unsigned long pages, bool executable);

#endif
