// SPDX-License-Identifier: MIT
/* tables.c - lists and hash tables. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/rculist.h>

struct entry {
	int key;
	struct list_head list;
	struct hlist_node node;
};

static LIST_HEAD(list);
static LIST_HEAD(other);
static DEFINE_HASHTABLE(table, 4);
static struct entry entries[5];

static int __init tables_init(void)
{
	struct hlist_node *next;
	struct entry *e, *tmp;
	int i, bkt, sum = 0;

	hash_init(table);
	pr_info("empty: list %d, table %d\n", list_empty(&list), hash_empty(table));
	for (i = 0; i < ARRAY_SIZE(entries); i++) {
		entries[i].key = i * 100;
		list_add_tail_rcu(&entries[i].list, &list);
		hash_add(table, &entries[i].node, entries[i].key);
	}
	list_for_each_entry_reverse(e, &list, list)
		pr_info("reverse %d\n", e->key);
	hash_for_each_possible(table, e, node, 300)
		if (e->key == 300)
			pr_info("found %d\n", e->key);
	hash_for_each_safe(table, bkt, next, e, node) {
		sum += e->key;
		if (e->key == 200)
			hash_del(&e->node);
	}
	pr_info("sum %d, hashed %d\n", sum, hash_hashed(&entries[2].node));
	list_move(&entries[4].list, &list);
	list_splice_init(&list, &other);
	list_for_each_entry_safe(e, tmp, &other, list) {
		pr_info("entry %d%s\n", e->key, list_is_last(&e->list, &other) ? ", the last" : "");
		list_del_rcu(&e->list);
	}
	pr_info("first %d, singular %d\n", !list_first_entry_or_null(&other, struct entry, list),
		list_is_singular(&other));
	return 0;
}

static void __exit tables_exit(void)
{
}

module_init(tables_init);
module_exit(tables_exit);
MODULE_LICENSE("Dual MIT/GPL");
