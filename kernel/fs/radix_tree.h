/*
 * A map from numbers to pointers that costs what it holds: nodes of 64 slots, as many levels as the
 * largest number needs. Linux: include/linux/radix-tree.h
 */
#ifndef KERNEL_FS_RADIX_TREE_H
#define KERNEL_FS_RADIX_TREE_H

#include "kernel/lib/lib.h"

struct radix_tree_node;

struct radix_tree_root {
	unsigned int height;           /* levels; 0: empty */
	struct radix_tree_node *rnode; /* NULL: empty */
};

/* What is at @index, or NULL. */
void *radix_tree_lookup(const struct radix_tree_root *root, unsigned long index);
/* Put @item (not NULL) at @index. 0, -EEXIST, -ENOMEM. */
int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item);
/* Take away what is at @index. Returns it, or NULL. */
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index);
/*
 * The first item at *@index or after it, whose number is left in *@index; NULL: no more.
 * To visit all: for (i = 0; (item = radix_tree_next(root, &i)); i++).
 */
void *radix_tree_next(const struct radix_tree_root *root, unsigned long *index);
void radix_tree_init(void); /* at boot */

#endif
