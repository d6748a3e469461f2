/*
 * Radix trees: 6 bits of the number choose the slot in each level. A node goes when its last slot is
 * emptied; the tree becomes higher for a larger number, and is empty again only as a whole.
 *
 * Linux: lib/radix-tree.c; the page cache has used its successor, lib/xarray.c, since 4.20
 */
#include "kernel/fs/radix_tree.h"

#include "kernel/mm/mm.h"

#define MAP_SHIFT 6
#define MAP_SIZE (1ul << MAP_SHIFT)
#define MAX_HEIGHT DIV_ROUND_UP(BITS_PER_LONG, MAP_SHIFT)

struct radix_tree_node {
	unsigned int count; /* slots in use */
	void *slots[MAP_SIZE];
};

static struct kmem_cache *radix_tree_node_cachep;

void radix_tree_init(void)
{
	radix_tree_node_cachep = kmem_cache_create("radix_tree_node",
						   sizeof(struct radix_tree_node), 0, SLAB_PANIC,
						   NULL);
}

static struct radix_tree_node *node_alloc(void)
{
	struct radix_tree_node *node = kmem_cache_alloc(radix_tree_node_cachep, GFP_KERNEL);

	if (node)
		memset(node, 0, sizeof(*node));
	return node;
}

/* Which slot of a node @level levels above the items leads to @index. */
static unsigned int slot_of(unsigned long index, unsigned int level)
{
	return index >> (level * MAP_SHIFT) & (MAP_SIZE - 1);
}

/* Does @index have a place in a tree of @height levels? */
static bool fits(unsigned long index, unsigned int height)
{
	return height >= MAX_HEIGHT || !(index >> (height * MAP_SHIFT));
}

void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index)
{
	unsigned int level = root->height;
	void *node = root->rnode;

	if (!fits(index, level))
		return NULL;
	while (node && level--)
		node = ((struct radix_tree_node *)node)->slots[slot_of(index, level)];
	return node;
}

/* Make the tree so high that @index fits. 0 or -ENOMEM. */
static int extend(struct radix_tree_root *root, unsigned long index)
{
	unsigned int height = max(root->height, 1u);

	while (!fits(index, height))
		height++;
	while (!root->rnode || root->height < height) {
		struct radix_tree_node *node = node_alloc();

		if (!node)
			return -ENOMEM;
		if (root->rnode) {
			node->slots[0] = root->rnode;
			node->count = 1;
			root->height++;
		} else {
			root->height = height;
		}
		root->rnode = node;
	}
	return 0;
}

/* Free the nodes on the way to @index in which no slot is used. */
static void shrink(struct radix_tree_root *root, unsigned long index)
{
	struct radix_tree_node *path[MAX_HEIGHT], *node = root->rnode;
	unsigned int level = root->height;

	while (node && level) {
		path[--level] = node;
		node = level ? node->slots[slot_of(index, level)] : NULL;
	}
	for (; level < root->height; level++) {
		if (path[level]->count)
			return;
		kmem_cache_free(radix_tree_node_cachep, path[level]);
		if (level + 1 < root->height) {
			path[level + 1]->slots[slot_of(index, level + 1)] = NULL;
			path[level + 1]->count--;
		}
	}
	root->rnode = NULL;
	root->height = 0;
}

int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item)
{
	struct radix_tree_node *node;
	unsigned int level;
	int error = extend(root, index);

	if (error)
		return error;
	node = root->rnode;
	for (level = root->height - 1; level; level--) {
		void **slot = &node->slots[slot_of(index, level)];

		if (!*slot) {
			*slot = node_alloc();
			if (!*slot) {
				shrink(root, index);
				return -ENOMEM;
			}
			node->count++;
		}
		node = *slot;
	}
	if (node->slots[slot_of(index, 0)])
		return -EEXIST;
	node->slots[slot_of(index, 0)] = item;
	node->count++;
	return 0;
}

void *radix_tree_delete(struct radix_tree_root *root, unsigned long index)
{
	struct radix_tree_node *node = root->rnode;
	unsigned int level = root->height;
	void *item;

	if (!node || !fits(index, level))
		return NULL;
	while (node && --level)
		node = node->slots[slot_of(index, level)];
	item = node ? node->slots[slot_of(index, 0)] : NULL;
	if (!item)
		return NULL;
	node->slots[slot_of(index, 0)] = NULL;
	node->count--;
	shrink(root, index);
	return item;
}

void *radix_tree_next(const struct radix_tree_root *root, unsigned long *index)
{
	while (root->rnode && fits(*index, root->height)) {
		struct radix_tree_node *node = root->rnode;
		unsigned int level = root->height;
		unsigned long span;

		while (node && level--)
			node = node->slots[slot_of(*index, level)];
		if (node)
			return node;
		/* nothing below this slot: on to the next one of its level */
		span = 1ul << (level * MAP_SHIFT);
		*index = (*index | (span - 1)) + 1;
		if (!*index)
			break;
	}
	return NULL;
}
