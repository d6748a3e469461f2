/*
 * kernel/mm: page frames, slabs, page tables, address spaces, user copies.
 */
#ifndef KERNEL_MM_MM_H
#define KERNEL_MM_MM_H

#include "kernel/lib/lib.h"
#include "kernel/mm/memlayout.h"
#include "kernel/mm/mmap_lock.h"
#include "kernel/mm/page.h"
#include "kernel/mm/slab.h"
#include "kernel/mm/uaccess.h"
#include "kernel/mm/vma.h"

#endif
