// SPDX-License-Identifier: MIT
/* ordered.c - trees, lists without locks, hash values, and the exchange of any variable. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/rbtree.h>

struct thing {
	int key;
	struct rb_node node;
	struct llist_node link;
};

static struct thing things[] = { { 5 }, { 1 }, { 4 }, { 2 }, { 3 } };

static void insert(struct rb_root *root, struct thing *thing)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = thing->key < rb_entry(parent, struct thing, node)->key ? &parent->rb_left
									     : &parent->rb_right;
	}
	rb_link_node(&thing->node, parent, link);
	rb_insert_color(&thing->node, root);
}

static void trees(void)
{
	struct rb_root root = RB_ROOT;
	struct rb_node *node;
	int up = 0, down = 0, i;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		insert(&root, &things[i]);
	for (node = rb_first(&root); node; node = rb_next(node))
		up = 10 * up + rb_entry(node, struct thing, node)->key;
	rb_erase(&things[2].node, &root);
	for (node = rb_last(&root); node; node = rb_prev(node))
		down = 10 * down + rb_entry(node, struct thing, node)->key;
	pr_info("up %d, without 4 down %d\n", up, down);
}

static void lists(void)
{
	LLIST_HEAD(head);
	struct llist_node *all;
	struct thing *thing, *next;
	int order = 0, back = 0, i, first = 0;

	for (i = 0; i < ARRAY_SIZE(things); i++)
		first += llist_add(&things[i].link, &head);
	all = llist_del_all(&head);
	llist_for_each_entry(thing, all, link)
		order = 10 * order + thing->key;
	llist_for_each_entry_safe(thing, next, llist_reverse_order(all), link)
		back = 10 * back + thing->key;
	pr_info("%d found it empty, order %d, reversed %d, empty %d\n", first, order, back,
		llist_empty(&head));
}

static int __init ordered_init(void)
{
	u32 words[] = { 1, 2, 3, 4, 5 };
	u8 byte = 7;
	long number = 10, before;

	trees();
	lists();
	pr_info("jhash %08x %08x %08x\n", jhash("", 0, 0), jhash("abc", 3, 1),
		jhash("a longer string than twelve", 27, 2));
	pr_info("jhash %08x %08x %08x %08x\n", jhash2(words, 5, 3), jhash_1word(7, 9),
		jhash_2words(7, 8, 9), jhash_3words(5, 6, 7, 9));
	pr_info("rotated %08x %08x %016llx\n", rol32(0x80000001, 4), ror32(0x80000001, 4),
		rol64(0x8000000000000001, 8));
	before = xchg(&byte, 9);
	pr_info("xchg %ld, now %d\n", before, byte);
	before = cmpxchg(&number, 11, 1);
	pr_info("not 11: %ld, now %ld\n", before, number);
	before = cmpxchg(&number, 10, 1);
	pr_info("but 10: %ld, now %ld\n", before, number);
	return 0;
}

static void __exit ordered_exit(void)
{
}

module_init(ordered_init);
module_exit(ordered_exit);
MODULE_LICENSE("Dual MIT/GPL");
