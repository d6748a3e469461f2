/*
 * Who owns code: a loaded module, or nobody (NULL: the kernel itself, which never goes away).
 * Linux: include/linux/module.h. The loader is kernel/module; this much everybody may need.
 *
 * Whoever keeps a pointer to a family, its operations or a protocol counts itself a user of the
 * owner, so that the code stays as long as the pointer does.
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

/*
 * Every module file holds one, filled in by the build: name, init, exit. The rest is the loader's.
 */
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

/* Become a user of @module, or of nothing (NULL). False: it is going away. */
static inline bool try_module_get(struct module *module)
{
	if (!module)
		return true;
	if (module->state == MODULE_STATE_GOING)
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
