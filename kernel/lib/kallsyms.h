/*
 * Names for addresses. Implemented by kernel/debug/kallsyms.c over the table that the build adds to
 * the image; declared here, in the lowest layer, because %pS needs it. Linux: include/linux/kallsyms.h
 */
#ifndef KERNEL_LIB_KALLSYMS_H
#define KERNEL_LIB_KALLSYMS_H

/*
 * The symbol that contains @addr: its name (static storage), and by reference the offset into it
 * and its size in bytes. NULL when no symbol of the kernel contains it.
 * Linux: kernel/kallsyms.c:kallsyms_lookup()
 */
const char *kallsyms_lookup(unsigned long addr, unsigned long *size, unsigned long *offset);

/*
 * The address of @name in the kernel, else in a module ("name" or "module:name"); 0: there is none.
 * Linux: kernel/kallsyms.c:kallsyms_lookup_name()
 */
unsigned long kallsyms_lookup_name(const char *name);

/*
 * The same among the modules: also the module's name. Implemented by kernel/module.
 * Linux: kernel/module/kallsyms.c:module_address_lookup()
 */
const char *module_address_lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
				  const char **modname);
unsigned long module_kallsyms_lookup_name(const char *name);

#endif
