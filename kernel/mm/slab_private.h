/*
 * Between slab.c and kmalloc.c only: caches whose struct is not itself allocated.
 */
#ifndef KERNEL_MM_SLAB_PRIVATE_H
#define KERNEL_MM_SLAB_PRIVATE_H

struct kmem_cache;

void __kmem_cache_create(struct kmem_cache *cache, const char *name, unsigned int size,
			 unsigned int align, void (*ctor)(void *));

#endif
