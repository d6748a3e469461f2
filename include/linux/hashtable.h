/*
 * Hash tables: arrays of lists, whose size is a power of two.
 */
#ifndef INCLUDE_LINUX_HASHTABLE_H
#define INCLUDE_LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits) DECLARE_HASHTABLE(name, bits) = {}
#define HASH_SIZE(name) (ARRAY_SIZE(name))
#define HASH_BITS(name) ilog2(HASH_SIZE(name))
#define hash_min(val, bits) \
	(sizeof(val) <= 4 ? hash_32((u32)(val), bits) : hash_long((unsigned long)(val), bits))
#define hash_bucket(table, key) (&(table)[hash_min(key, HASH_BITS(table))])

#define hash_init(table) memset(table, 0, sizeof(table))
#define hash_add(table, node, key) hlist_add_head(node, hash_bucket(table, key))
#define hash_del(node) hlist_del_init(node)
#define hash_hashed(node) (!hlist_unhashed(node))
#define hash_for_each(table, bkt, obj, member)                                          \
	for ((bkt) = 0, (obj) = NULL; !(obj) && (size_t)(bkt) < HASH_SIZE(table); (bkt)++) \
		hlist_for_each_entry(obj, &(table)[bkt], member)
#define hash_for_each_safe(table, bkt, tmp, obj, member)                                \
	for ((bkt) = 0, (obj) = NULL; !(obj) && (size_t)(bkt) < HASH_SIZE(table); (bkt)++) \
		hlist_for_each_entry_safe(obj, tmp, &(table)[bkt], member)
#define hash_for_each_possible(table, obj, member, key) \
	hlist_for_each_entry(obj, hash_bucket(table, key), member)
#define hash_for_each_possible_safe(table, obj, tmp, member, key) \
	hlist_for_each_entry_safe(obj, tmp, hash_bucket(table, key), member)

static inline bool __hash_empty(const struct hlist_head *table, size_t n)
{
	while (n--) {
		if (!hlist_empty(&table[n]))
			return false;
	}
	return true;
}

#define hash_empty(table) __hash_empty(table, HASH_SIZE(table))

#define hash_add_rcu(table, node, key) hash_add(table, node, key)
#define hash_del_rcu(node) hash_del(node)
#define hash_for_each_rcu(table, bkt, obj, member) hash_for_each(table, bkt, obj, member)
#define hash_for_each_possible_rcu(table, obj, member, key) \
	hash_for_each_possible(table, obj, member, key)

#endif
