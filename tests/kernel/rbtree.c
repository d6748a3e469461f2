/*
 * Red-black trees: the order and the five rules hold through a thousand insertions and erasures.
 */
#include "kernel/lib/rbtree.h"
#include "tests/kernel/ktap.h"

#define NR_NODES 256

struct thing {
	unsigned int key;
	bool in_tree;
	struct rb_node node;
};

static struct thing things[NR_NODES];
static struct rb_root_cached tree;

/* Numbers without a pattern that are the same in each run. */
static unsigned int next_random(void)
{
	static unsigned int state = 1;

	state = state * 1103515245 + 12345;
	return state >> 8;
}

static void insert(struct thing *thing)
{
	struct rb_node **link = &tree.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (thing->key < rb_entry(parent, struct thing, node)->key) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&thing->node, parent, link);
	rb_insert_color_cached(&thing->node, &tree, leftmost);
	thing->in_tree = true;
}

static void erase(struct thing *thing)
{
	rb_erase_cached(&thing->node, &tree);
	thing->in_tree = false;
}

/* The number of black nodes on each way down from @node; -1 when a rule is broken below. */
static int black_height(const struct rb_node *node)
{
	int left, right;

	if (!node)
		return 0;
	left = black_height(node->rb_left);
	right = black_height(node->rb_right);
	if (left < 0 || left != right)
		return -1;
	if ((node->rb_left && rb_parent(node->rb_left) != node) ||
	    (node->rb_right && rb_parent(node->rb_right) != node))
		return -1;
	if (node->__rb_red && ((node->rb_left && node->rb_left->__rb_red) ||
			       (node->rb_right && node->rb_right->__rb_red)))
		return -1;
	return left + !node->__rb_red;
}

/* Is all well with a tree of @nr nodes, read in both directions? */
static bool tree_is_right(unsigned int nr)
{
	struct rb_node *node, *last = NULL;
	unsigned int n = 0, key = 0;

	for (node = rb_first(&tree.rb_root); node; last = node, node = rb_next(node), n++) {
		if (rb_entry(node, struct thing, node)->key < key || rb_prev(node) != last)
			return false;
		key = rb_entry(node, struct thing, node)->key;
	}
	return n == nr && rb_last(&tree.rb_root) == last &&
	       rb_first_cached(&tree) == rb_first(&tree.rb_root) &&
	       black_height(tree.rb_root.rb_node) >= 0 &&
	       (!tree.rb_root.rb_node || !tree.rb_root.rb_node->__rb_red);
}

KTAP_SUITE(red_black_trees)
{
	unsigned int i, nr = 0, wrong = 0;
	struct thing new;

	KTAP_EXPECT(RB_EMPTY_ROOT(&tree.rb_root) && !rb_first(&tree.rb_root));
	for (i = 0; i < NR_NODES; i++) { /* ascending is the worst case of an unbalanced tree */
		things[i].key = i;
		insert(&things[i]);
		wrong += !tree_is_right(++nr);
	}
	KTAP_EXPECT(black_height(tree.rb_root.rb_node) <= 8);
	for (i = 0; i < 1000; i++) {
		struct thing *thing = &things[next_random() % NR_NODES];

		if (thing->in_tree) {
			erase(thing);
			nr--;
		} else {
			thing->key = next_random() % 64; /* equal keys, too */
			insert(thing);
			nr++;
		}
		wrong += !tree_is_right(nr);
	}
	KTAP_EXPECT_EQ(wrong, 0);

	new.key = rb_entry(tree.rb_root.rb_node, struct thing, node)->key;
	rb_entry(tree.rb_root.rb_node, struct thing, node)->in_tree = false;
	rb_replace_node(tree.rb_root.rb_node, &new.node, &tree.rb_root);
	KTAP_EXPECT(tree_is_right(nr));
	rb_erase_cached(&new.node, &tree);
	for (i = 0; i < NR_NODES; i++) {
		if (things[i].in_tree)
			erase(&things[i]);
	}
	KTAP_EXPECT(RB_EMPTY_ROOT(&tree.rb_root) && !rb_first_cached(&tree));
	RB_CLEAR_NODE(&new.node);
	KTAP_EXPECT(RB_EMPTY_NODE(&new.node));
}
