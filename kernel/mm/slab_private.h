/*
 * Shared by slab.c and kmalloc.c only: caches whose struct kmem_cache is a static variable.
 */
#ifndef KERNEL_MM_SLAB_PRIVATE_H
#define KERNEL_MM_SLAB_PRIVATE_H

#include "kernel/mm/slab.h"

/* @name: kept by reference. False: @size is too large. */
bool __kmem_cache_create(struct kmem_cache *cache, const char *name, unsigned int size,
			 unsigned int align, slab_flags_t flags, void (*ctor)(void *));

#endif
