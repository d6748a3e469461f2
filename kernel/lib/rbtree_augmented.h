/*
 * Red-black trees whose nodes know something about all the nodes below them, such as the largest of
 * a value in their subtree. Linux: include/linux/rbtree_augmented.h
 *
 * The tree calls back wherever it changes which nodes are below which. Before rb_insert_augmented()
 * its user brings the new node up to date, and then the nodes above it by ->propagate().
 */
#ifndef KERNEL_LIB_RBTREE_AUGMENTED_H
#define KERNEL_LIB_RBTREE_AUGMENTED_H

#include "kernel/lib/rbtree.h"

struct rb_augment_callbacks {
	/* Something below @node, if any, has changed: compute it and those above, short of @stop. */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* @new takes the place of @old, with the same nodes below. */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* @new, which was a child of @old, has become its parent. */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment);

#endif
