/*
 * Memory, and the names modules have for it besides.
 */
#ifndef INCLUDE_LINUX_SLAB_H
#define INCLUDE_LINUX_SLAB_H

#include "kernel/lib/lib.h"
#include "kernel/mm/slab.h"

#define GFP_NOWAIT GFP_ATOMIC
#define GFP_NOFS GFP_KERNEL
#define GFP_NOIO GFP_KERNEL
#define __GFP_NOWARN 0u
#define __GFP_NORETRY 0u

#define kmalloc_array(n, size, gfp) kmem_array(kmalloc, n, size, gfp)
#define kvmalloc(size, gfp) kmalloc(size, gfp)
#define kvzalloc(size, gfp) kzalloc(size, gfp)
#define kvfree(p) kfree(p)
#define kmem_array(alloc, n, size, gfp)                                                 \
	({                                                                              \
		size_t ka_bytes;                                                        \
		__builtin_mul_overflow((size_t)(n), (size_t)(size), &ka_bytes) ? NULL : \
			alloc(ka_bytes, gfp);                                           \
	})

static inline void *kmemdup(const void *from, size_t len, gfp_t gfp)
{
	void *to = kmalloc(len, gfp);

	return to ? memcpy(to, from, len) : NULL;
}

static inline char *kstrndup(const char *s, size_t max, gfp_t gfp)
{
	size_t len = strnlen(s, max);
	char *copy = kmalloc(len + 1, gfp);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t gfp)
{
	return kmem_cache_alloc(cache, gfp | __GFP_ZERO);
}

#endif
