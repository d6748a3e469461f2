/*
 * Who owns code: a loaded module, or nobody (NULL: the kernel itself, which never goes away).
 * Linux: include/linux/module.h. The loader is kernel/module; this header holds what other layers
 * need.
 *
 * Code that keeps a pointer to a family, its operations or a protocol is a user of the owner. A
 * module with users cannot be removed, so the pointer stays valid.
 */
#ifndef KERNEL_LIB_MODULE_H
#define KERNEL_LIB_MODULE_H

#include "kernel/lib/list.h"

#define MODULE_NAME_LEN 56

enum module_state {
	MODULE_STATE_COMING, /* init() is running */
	MODULE_STATE_LIVE,
	MODULE_STATE_GOING, /* exit() is running; takes no new users */
};

struct load_layout;

/* Every module file holds one. The build fills in name, init and exit, the loader the rest. */
struct module {
	enum module_state state;
	int refcnt; /* users; only at 0 may the module go */
	struct list_head list;
	char name[MODULE_NAME_LEN];
	int (*init)(void);  /* 0, or -errno: then the module is taken out again */
	void (*exit)(void); /* NULL: cannot be removed */
	struct load_layout *layout;
};

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE (&__this_module)
#else
#define THIS_MODULE ((struct module *)NULL)
#endif

/* Become a user of @module. False: it is being removed. NULL, the kernel itself, is always true. */
static inline bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	if (module->state == MODULE_STATE_GOING)
		return false;
	module->refcnt++;
	return true;
}

/* Undo a successful try_module_get(). */
static inline void module_put(struct module *module)
{
	if (module)
		module->refcnt--;
}

#endif
