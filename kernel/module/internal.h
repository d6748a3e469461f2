/*
 * Private to kernel/module: what its files share.
 */
#ifndef KERNEL_MODULE_INTERNAL_H
#define KERNEL_MODULE_INTERNAL_H

#include <uapi/elf.h>

#include "kernel/kprobes/kprobes.h"
#include "kernel/module/module.h"

struct module_symbol {
	unsigned long addr, size;
	const char *name; /* in layout->strings */
};

/* Where a loaded module lies, and its names. */
struct load_layout {
	void *base;
	unsigned long pages, text_pages, ro_pages; /* text, then constants, then data */
	const struct kernel_param *params;
	unsigned int nr_params;
	struct module_symbol *symbols; /* functions and objects, unsorted */
	unsigned int nr_symbols;
	char *strings; /* copy of the module's string table */
	char *args;    /* what insmod said; charp parameters point into it */
	struct patch_sites *sites; /* where its functions can be probed, an entry for each section */
	unsigned int nr_sites;
};

/* A module file being loaded. Everything in it has been checked against @len by elf_check(). */
struct load_info {
	char *image;
	size_t len;
	Elf64_Ehdr *hdr;
	Elf64_Shdr *sechdrs;
	const char *secstrings;
	Elf64_Shdr *symsec, *strsec, *modsec, *infosec;
	struct load_layout *layout;
	struct module *mod; /* inside the image's this_module section, once placed */
	const char *name;
};

/* elf.c: 0 or -ENOEXEC. */
int elf_check(struct load_info *info);
Elf64_Shdr *find_section(const struct load_info *info, const char *name);
const char *get_modinfo(const struct load_info *info, const char *tag);
static inline const char *section_name(const struct load_info *info, const Elf64_Shdr *s)
{
	return info->secstrings + s->sh_name;
}

/* layout.c: place the sections and copy them: 0, -ENOMEM. Then seal text and constants. */
int layout_sections(struct load_info *info);
int seal_sections(const struct load_layout *layout);
void free_layout(struct load_layout *layout);

/* reloc.c: give every symbol its value, -ENOENT for an unknown one; then patch the references. */
int simplify_symbols(struct load_info *info);
int apply_relocations(const struct load_info *info);
/* Keep the names of what the module defines. 0 or -ENOMEM. */
int keep_symbols(struct load_info *info);

/* params.c: set the module's parameters from @args ("name=value ..."), which is cut to pieces. */
int parse_args(const char *module, char *args, const struct kernel_param *params,
	       unsigned int nr_params);

#endif
