/*
 * Lists under RCU: just lists, see rcupdate.h.
 */
#ifndef INCLUDE_LINUX_RCULIST_H
#define INCLUDE_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_for_each_entry_rcu(pos, head, member) list_for_each_entry(pos, head, member)
#define list_add_rcu(entry, head) list_add(entry, head)
#define list_add_tail_rcu(entry, head) list_add_tail(entry, head)
#define list_del_rcu(entry) list_del(entry)
#define list_replace_rcu(old, new) list_replace(old, new)
#define hlist_add_head_rcu(node, head) hlist_add_head(node, head)
#define hlist_del_rcu(node) hlist_del(node)
#define hlist_del_init_rcu(node) hlist_del_init(node)
#define hlist_for_each_entry_rcu(pos, head, member) hlist_for_each_entry(pos, head, member)

#endif
