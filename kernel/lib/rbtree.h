/*
 * Red-black trees: ordered sets in which finding, inserting and erasing cost O(log n).
 * Linux: include/linux/rbtree.h
 *
 * The links lie inside the objects, and the tree does not know how objects compare. The user walks
 * down the tree in his own code, following rb_left and rb_right, and remembers the pointer that was
 * NULL:
 *
 *	struct rb_node **link = &root->rb_node, *parent = NULL;
 *
 *	while (*link) {
 *		parent = *link;
 *		link = key < rb_entry(parent, struct thing, node)->key ? &parent->rb_left
 *								       : &parent->rb_right;
 *	}
 *	rb_link_node(&thing->node, parent, link);
 *	rb_insert_color(&thing->node, root);
 *
 * A tree is protected by its user's lock.
 */
#ifndef KERNEL_LIB_RBTREE_H
#define KERNEL_LIB_RBTREE_H

#include "kernel/lib/types.h"

struct rb_node {
	struct rb_node *__rb_parent; /* NULL: the root. The node itself: in no tree */
	struct rb_node *rb_right;
	struct rb_node *rb_left;
	bool __rb_red;
};

struct rb_root {
	struct rb_node *rb_node;
};

/* A tree that also remembers its first node. */
struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT ((struct rb_root){ NULL })
#define RB_ROOT_CACHED ((struct rb_root_cached){ { NULL }, NULL })

#define rb_entry(ptr, type, member) container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member)                                        \
	({                                                                      \
		__typeof__(ptr) rb_ptr = (ptr);                                 \
		rb_ptr ? rb_entry(rb_ptr, type, member) : NULL;                 \
	})
#define rb_parent(node) ((node)->__rb_parent)

#define RB_EMPTY_ROOT(root) (!(root)->rb_node)

/*
 * Only for nodes that RB_CLEAR_NODE() has cleared before they are inserted and after they are
 * erased.
 */
#define RB_EMPTY_NODE(node) ((node)->__rb_parent == (node))
#define RB_CLEAR_NODE(node) ((void)((node)->__rb_parent = (node)))

/* Hang @node below @parent, at @link, which is one of @parent's two or the root's. */
static inline void rb_link_node(struct rb_node *node, struct rb_node *parent, struct rb_node **link)
{
	node->__rb_parent = parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

void rb_insert_color(struct rb_node *node, struct rb_root *root); /* balance, after rb_link_node() */
void rb_erase(struct rb_node *node, struct rb_root *root);

/* Put @new where @victim is, with the same links. Their keys must order alike. */
void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root);

/* In the tree's order; NULL where there is none. */
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

#define rb_first_cached(root) ((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

static inline void rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
}

#endif
