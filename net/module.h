/*
 * Who owns code: a loaded module, or nobody (NULL: the kernel itself, which never goes away).
 * Linux: include/linux/module.h
 *
 * Whoever keeps a pointer to a family, its operations or a protocol counts itself a user of the
 * owner, so that the code stays as long as the pointer does.
 */
#ifndef NET_MODULE_H
#define NET_MODULE_H

#include "kernel/lib/types.h"

struct module {
	const char *name;
	int refcnt; /* users; only at 0 may the module go */
	bool live;  /* false: going away, takes no new users */
};

#define THIS_MODULE ((struct module *)NULL) /* for code linked into the kernel */

/* Become a user of @module, or of nothing (NULL). False: it is going away. */
static inline bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	if (!module->live)
		return false;
	module->refcnt++;
	return true;
}

/* The end of what a successful try_module_get() began. */
static inline void module_put(struct module *module)
{
	if (module)
		module->refcnt--;
}

#endif
