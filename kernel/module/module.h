/*
 * kernel/module: loads and unloads relocatable ELF64 modules; and the macros by which a module
 * describes itself. Linux: include/linux/module.h, moduleparam.h, kernel/module/
 */
#ifndef KERNEL_MODULE_MODULE_H
#define KERNEL_MODULE_MODULE_H

#include "kernel/lib/export.h"
#include "kernel/lib/lib.h"
#include "kernel/lib/module.h"
#include "kernel/lib/utsrelease.h"
#include "kernel/module/moduleparam.h"

#define module_init(fn)                                                         \
	int init_module(void) __attribute__((alias(#fn)));                      \
	static inline int (*__maybe_unused __check_init_##fn(void))(void)       \
	{                                                                       \
		return fn;                                                      \
	}
#define module_exit(fn)                                                         \
	void cleanup_module(void) __attribute__((alias(#fn)));                  \
	static inline void (*__maybe_unused __check_exit_##fn(void))(void)      \
	{                                                                       \
		return fn;                                                      \
	}

/* A line "tag=text" that the loader and modinfo read. */
#define MODULE_INFO_NAME2(line) __modinfo_##line
#define MODULE_INFO_NAME(line) MODULE_INFO_NAME2(line)
#define MODULE_INFO(tag, info)                                                          \
	static const char MODULE_INFO_NAME(__COUNTER__)[]                               \
		__attribute__((used, section(".modinfo"), aligned(1))) = #tag "=" info
#define MODULE_LICENSE(text) MODULE_INFO(license, text)
#define MODULE_AUTHOR(text) MODULE_INFO(author, text)
#define MODULE_DESCRIPTION(text) MODULE_INFO(description, text)
#define MODULE_VERSION(text) MODULE_INFO(version, text)
#define MODULE_ALIAS(text) MODULE_INFO(alias, text)

/* Must be the same in a module and in the kernel that loads it. */
#define VERMAGIC_STRING UTS_RELEASE " SMP mod_unload "

void modules_init(void); /* at boot, after vfs_init() */

/* The exported symbol @name of the kernel; NULL: it is not exported. */
const struct kernel_symbol *find_symbol(const char *name);

#endif
