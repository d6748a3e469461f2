/*
 * Red-black trees: what keeps a tree balanced when a node is inserted or erased. rbtree.h shows how
 * to use a tree, rbtree_augmented.h how a node can also know something about all nodes below it.
 * Linux: lib/rbtree.c
 * The algorithm: Cormen, Leiserson, Rivest, Stein, "Introduction to Algorithms", chapter 13.
 *
 * Five rules keep the tree balanced: each node is red or black; the root is black; a missing child
 * counts as black; the children of a red node are black; and each way down from a node to a missing
 * child passes the same number of black nodes. So no way down is more than twice as long as another.
 */
#include "kernel/lib/rbtree_augmented.h"

static bool is_red(const struct rb_node *node)
{
	return node && node->__rb_red;
}

/* Where the pointer to @node is kept: in its parent, or in the root. */
static struct rb_node **link_to(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->__rb_parent;

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == node ? &parent->rb_left : &parent->rb_right;
}

/*
 * Turn the edge between @node and its right child round, which keeps the order of the nodes:
 *
 *	  node                  right
 *	 /    \                /     \
 *	a    right    ->     node     c
 *	    /     \         /    \
 *	   b       c       a      b
 */
static void rotate_left(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *right = node->rb_right;

	*link_to(node, root) = right;
	right->__rb_parent = node->__rb_parent;
	node->__rb_parent = right;
	node->rb_right = right->rb_left;
	if (node->rb_right)
		node->rb_right->__rb_parent = node;
	right->rb_left = node;
	augment->rotate(node, right);
}

/* The mirror image. */
static void rotate_right(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *left = node->rb_left;

	*link_to(node, root) = left;
	left->__rb_parent = node->__rb_parent;
	node->__rb_parent = left;
	node->rb_left = left->rb_right;
	if (node->rb_left)
		node->rb_left->__rb_parent = node;
	left->rb_right = node;
	augment->rotate(node, left);
}

/*
 * A new node is red, so only one rule may be broken: its parent may be red as well. While the
 * parent's sibling is red too, both turn black, the grandparent turns red, and the same is done for
 * the grandparent. When it is black, one or two rotations end it.
 */
void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, *grandparent, *uncle;

	node->__rb_red = true;
	while (is_red(parent = node->__rb_parent)) {
		grandparent = parent->__rb_parent; /* there is one: the root is black */
		uncle = grandparent->rb_left == parent ? grandparent->rb_right : grandparent->rb_left;
		if (is_red(uncle)) {
			parent->__rb_red = uncle->__rb_red = false;
			grandparent->__rb_red = true;
			node = grandparent;
			continue;
		}
		if (parent == grandparent->rb_left) {
			if (node == parent->rb_right) {
				rotate_left(parent, root, augment);
				parent = node;
			}
			rotate_right(grandparent, root, augment);
		} else {
			if (node == parent->rb_left) {
				rotate_right(parent, root, augment);
				parent = node;
			}
			rotate_left(grandparent, root, augment);
		}
		parent->__rb_red = false;
		grandparent->__rb_red = true;
		break;
	}
	root->rb_node->__rb_red = false;
}

/*
 * Each way down through @node, a child of @parent and possibly missing, has one black node too few.
 * Move one over from the sibling's side. If that is not possible, remove one there, too, and repeat
 * this for @parent.
 */
static void erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *sibling;
	bool left;

	while (parent && !is_red(node)) {
		left = node == parent->rb_left;
		sibling = left ? parent->rb_right : parent->rb_left;
		if (sibling->__rb_red) { /* then its children are black: make one the sibling */
			sibling->__rb_red = false;
			parent->__rb_red = true;
			left ? rotate_left(parent, root, augment) : rotate_right(parent, root, augment);
			sibling = left ? parent->rb_right : parent->rb_left;
		}
		if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
			sibling->__rb_red = true;
			node = parent;
			parent = node->__rb_parent;
			continue;
		}
		if (!is_red(left ? sibling->rb_right : sibling->rb_left)) { /* the inner one is red */
			left ? rotate_right(sibling, root, augment) : rotate_left(sibling, root, augment);
			sibling->__rb_red = true;
			sibling = sibling->__rb_parent;
		}
		sibling->__rb_red = parent->__rb_red;
		parent->__rb_red = false;
		(left ? sibling->rb_right : sibling->rb_left)->__rb_red = false;
		left ? rotate_left(parent, root, augment) : rotate_right(parent, root, augment);
		return;
	}
	if (node)
		node->__rb_red = false;
}

void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*link_to(victim, root) = new;
	*new = *victim;
	if (new->rb_left)
		new->rb_left->__rb_parent = new;
	if (new->rb_right)
		new->rb_right->__rb_parent = new;
}

/*
 * A node with one child at most is replaced by that child. One with two changes places with the next
 * node in order, which has no left child, first.
 */
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *child, *parent, *next = node;
	bool black;

	if (node->rb_left && node->rb_right)
		next = rb_next(node);
	child = next->rb_left ?: next->rb_right;
	parent = next->__rb_parent;
	black = !next->__rb_red;
	*link_to(next, root) = child;
	if (child)
		child->__rb_parent = parent;
	if (next != node) {
		if (parent == node)
			parent = next;
		rb_replace_node(node, next, root);
		augment->copy(node, next);
		augment->propagate(parent, next);
	}
	augment->propagate(next != node ? next : parent, NULL);
	if (black)
		erase_color(child, parent, root, augment);
}

static void no_propagate(struct rb_node *node __maybe_unused, struct rb_node *stop __maybe_unused)
{
}

static void no_copy(struct rb_node *old __maybe_unused, struct rb_node *new __maybe_unused)
{
}

static const struct rb_augment_callbacks no_augment = { no_propagate, no_copy, no_copy };

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	rb_insert_augmented(node, root, &no_augment);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	rb_erase_augmented(node, root, &no_augment);
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

struct rb_node *rb_last(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (node->rb_right)
		return rb_first(&(const struct rb_root){ node->rb_right });
	while ((parent = node->__rb_parent) && node == parent->rb_right)
		node = parent;
	return parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (node->rb_left)
		return rb_last(&(const struct rb_root){ node->rb_left });
	while ((parent = node->__rb_parent) && node == parent->rb_left)
		node = parent;
	return parent;
}
