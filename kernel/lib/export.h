/*
 * What modules may call. Linux: include/linux/export.h
 */
#ifndef KERNEL_LIB_EXPORT_H
#define KERNEL_LIB_EXPORT_H

struct kernel_symbol {
	unsigned long value;
	const char *name;
};

#define EXPORT_SYMBOL(sym)                                                              \
	static const struct kernel_symbol __ksymtab_##sym                               \
		__attribute__((used, aligned(8), section("ksymtab"))) = {               \
			(unsigned long)&sym, #sym }
#define EXPORT_SYMBOL_GPL(sym) EXPORT_SYMBOL(sym)

#endif
