/*
 * Modules: see kernel/module/module.h. As on Linux it brings much along.
 */
#ifndef INCLUDE_LINUX_MODULE_H
#define INCLUDE_LINUX_MODULE_H

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kernel/module/module.h"
#include "kernel/sched/sched.h"

static inline void __module_get(struct module *mod)
{
	if (mod)
		mod->refcnt++;
}

#define module_refcount(mod) ((mod)->refcnt)
#define module_name(mod) ((mod) ? (mod)->name : "kernel")
#define MODULE_FIRMWARE(name) MODULE_INFO(firmware, name)
#define MODULE_SOFTDEP(text) MODULE_INFO(softdep, text)

#endif
