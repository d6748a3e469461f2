/*
 * Caches above the page allocator that give objects up when memory is short.
 * Linux: include/linux/shrinker.h
 */
#ifndef KERNEL_MM_SHRINKER_H
#define KERNEL_MM_SHRINKER_H

#include "kernel/lib/lib.h"

struct shrink_control {
	gfp_t gfp_mask;
	unsigned long nr_to_scan; /* free about this many */
};

/* Both are called by a task that may sleep, in the middle of an allocation of its own. */
struct shrinker {
	unsigned long (*count_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	/* Returns how many were freed. Allocates nothing. */
	unsigned long (*scan_objects)(struct shrinker *shrinker, struct shrink_control *sc);
	struct list_head list;
};

/* @name: for people. Always 0. */
int register_shrinker(struct shrinker *shrinker, const char *name);
void unregister_shrinker(struct shrinker *shrinker);

/* Let each of them free up to SHRINK_BATCH objects. How many were freed in all. */
unsigned long shrink_slab(gfp_t gfp_mask);
#define SHRINK_BATCH 128

#endif
