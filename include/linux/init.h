/*
 * Sections that Linux throws away after use. Here a module keeps them.
 */
#ifndef INCLUDE_LINUX_INIT_H
#define INCLUDE_LINUX_INIT_H

#include "kernel/lib/init.h"

#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __initdata_or_module
#define __init_or_module

/* In a module they all mean: its init function. */
#undef late_initcall
#define late_initcall(fn) module_init(fn)
#define early_initcall(fn) module_init(fn)
#define core_initcall(fn) module_init(fn)
#define postcore_initcall(fn) module_init(fn)
#define arch_initcall(fn) module_init(fn)
#define subsys_initcall(fn) module_init(fn)
#define fs_initcall(fn) module_init(fn)
#define device_initcall(fn) module_init(fn)

#endif
