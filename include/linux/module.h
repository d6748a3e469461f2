/*
 * Modules: see kernel/module/module.h. As on Linux it brings much along, and so do kprobes.h,
 * sched.h and fs.h: modules rely on it.
 */
#ifndef INCLUDE_LINUX_MODULE_H
#define INCLUDE_LINUX_MODULE_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/cache.h>
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

#include "kernel/module/module.h"
#include "kernel/sched/sched.h"

static inline void __module_get(struct module *mod)
{
	if (mod)
		mod->refcnt++;
}

#define module_refcount(mod) ((mod)->refcnt)
static inline const char *module_name(const struct module *mod)
{
	return mod ? mod->name : "kernel";
}

#define MODULE_FIRMWARE(name) MODULE_INFO(firmware, name)
#define MODULE_SOFTDEP(text) MODULE_INFO(softdep, text)
#define MODULE_IMPORT_NS(name) MODULE_INFO(import_ns, #name)
#define MODULE_DEVICE_TABLE(type, name)

#endif
