/*
 * Names for addresses.
 */
#ifndef INCLUDE_LINUX_KALLSYMS_H
#define INCLUDE_LINUX_KALLSYMS_H

#include "kernel/kprobes/kprobes.h" /* KSYM_NAME_LEN */
#include "kernel/lib/lib.h"

#define KSYM_SYMBOL_LEN (KSYM_NAME_LEN + 64)

/* "name+0xoffset/0xsize" in @buffer, KSYM_SYMBOL_LEN bytes. Returns its length. */
static inline int sprint_symbol(char *buffer, unsigned long address)
{
	return snprintf(buffer, KSYM_SYMBOL_LEN, "%pS", (void *)address);
}

static inline int sprint_symbol_no_offset(char *buffer, unsigned long address)
{
	return snprintf(buffer, KSYM_SYMBOL_LEN, "%ps", (void *)address);
}

#endif
