/*
 * Lists with one link, to which several contexts may add without a lock. There is one CPU, so one
 * instruction that cannot be interrupted halfway is enough.
 */
#ifndef INCLUDE_LINUX_LLIST_H
#define INCLUDE_LINUX_LLIST_H

#include <linux/atomic.h>
#include <linux/container_of.h>
#include <linux/types.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;
};

#define LLIST_HEAD_INIT(name) { NULL }
#define LLIST_HEAD(name) struct llist_head name = LLIST_HEAD_INIT(name)

#define llist_entry(ptr, type, member) container_of(ptr, type, member)

#define llist_for_each(pos, node) for ((pos) = (node); pos; (pos) = (pos)->next)

#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))

/* The address of the member is compared, since an entry of NULL is no entry at offset 0. */
#define llist_entry_or_null(node, type, member)                                \
	({                                                                     \
		struct llist_node *llist_node = (node);                        \
		llist_node ? llist_entry(llist_node, type, member) : NULL;     \
	})

#define llist_for_each_entry(pos, node, member)                                \
	for ((pos) = llist_entry_or_null(node, __typeof__(*(pos)), member); pos; \
	     (pos) = llist_entry_or_null((pos)->member.next, __typeof__(*(pos)), member))

#define llist_for_each_entry_safe(pos, n, node, member)                        \
	for ((pos) = llist_entry_or_null(node, __typeof__(*(pos)), member);    \
	     (pos) && ((n) = llist_entry_or_null((pos)->member.next, __typeof__(*(pos)), member), true); \
	     (pos) = (n))

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return READ_ONCE(head->first) == NULL;
}

/* Add the chain from @first to @last. True: the list was empty before. */
static inline bool llist_add_batch(struct llist_node *first, struct llist_node *last,
				   struct llist_head *head)
{
	struct llist_node *old = READ_ONCE(head->first), *seen;

	for (;; old = seen) {
		last->next = old;
		seen = cmpxchg(&head->first, old, first);
		if (seen == old)
			return old == NULL;
	}
}

static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	return llist_add_batch(node, node, head);
}

/* Take all entries, the newest first. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL, *next;

	for (; node; node = next) {
		next = node->next;
		node->next = reversed;
		reversed = node;
	}
	return reversed;
}

#endif
