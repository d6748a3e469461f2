/*
 * When memory is short: the shrinkers are asked, one after another. Linux: mm/vmscan.c
 */
#include "kernel/mm/mm.h"
#include "kernel/mm/shrinker.h"

static LIST_HEAD(shrinker_list);

int register_shrinker(struct shrinker *shrinker, const char *name __maybe_unused)
{
	list_add_tail(&shrinker->list, &shrinker_list);
	return 0;
}

void unregister_shrinker(struct shrinker *shrinker)
{
	list_del(&shrinker->list);
}

unsigned long shrink_slab(gfp_t gfp_mask)
{
	struct shrink_control sc = { .gfp_mask = gfp_mask, .nr_to_scan = SHRINK_BATCH };
	struct shrinker *shrinker;
	unsigned long freed = 0;

	list_for_each_entry(shrinker, &shrinker_list, list)
		if (shrinker->count_objects(shrinker, &sc))
			freed += shrinker->scan_objects(shrinker, &sc);
	return freed;
}
