/*
 * Where the sections of a module go: code, then constants, then data, each kind on pages of its
 * own, so that no page needs to be writable and executable. Linux:
 * kernel/module/main.c:layout_sections()
 */
#include "kernel/lib/lib.h"
#include "kernel/mm/mm.h"
#include "kernel/mm/module_alloc.h"
#include "kernel/module/internal.h"

enum kind { TEXT, CONSTANTS, DATA, KINDS };

static enum kind kind_of(const Elf64_Shdr *s)
{
	if (s->sh_flags & SHF_EXECINSTR)
		return TEXT;
	return s->sh_flags & SHF_WRITE ? DATA : CONSTANTS;
}

/*
 * Give each section of @kind its offset from the module's base, from @offset on. Returns the end.
 */
static unsigned long place(struct load_info *info, enum kind kind, unsigned long offset)
{
	unsigned int i;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		Elf64_Shdr *s = &info->sechdrs[i];

		if (!(s->sh_flags & SHF_ALLOC) || kind_of(s) != kind)
			continue;
		offset = ALIGN(offset, s->sh_addralign ?: 1);
		s->sh_addr = offset;
		offset += s->sh_size;
	}
	return ALIGN(offset, PAGE_SIZE);
}

static void copy_sections(struct load_info *info)
{
	char *base = info->layout->base;
	unsigned int i;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		Elf64_Shdr *s = &info->sechdrs[i];

		if (!(s->sh_flags & SHF_ALLOC))
			continue;
		s->sh_addr += (unsigned long)base;
		if (s->sh_type != SHT_NOBITS) /* else zero: as it was allocated */
			memcpy((void *)s->sh_addr, info->image + s->sh_offset, s->sh_size);
	}
}

static void find_params(struct load_info *info)
{
	const Elf64_Shdr *s = find_section(info, "__param");

	if (!s || !(s->sh_flags & SHF_ALLOC))
		return;
	info->layout->params = (const struct kernel_param *)s->sh_addr;
	info->layout->nr_params = s->sh_size / sizeof(struct kernel_param);
}

/* The sections in which the compiler lists where the module's functions begin. 0 or -ENOMEM. */
static int find_patch_sites(struct load_info *info)
{
	struct load_layout *layout = info->layout;
	unsigned int i, n = 0;

	layout->sites = kcalloc(info->hdr->e_shnum, sizeof(*layout->sites), GFP_KERNEL);
	if (!layout->sites)
		return -ENOMEM;
	for (i = 1; i < info->hdr->e_shnum; i++) {
		const Elf64_Shdr *s = &info->sechdrs[i];

		if (strcmp(section_name(info, s), "__patchable_function_entries") ||
		    !(s->sh_flags & SHF_ALLOC) || s->sh_type == SHT_NOBITS)
			continue;
		layout->sites[n++] = (struct patch_sites){
			.start = (kprobe_opcode_t **)s->sh_addr,
			.stop = (kprobe_opcode_t **)s->sh_addr + s->sh_size / sizeof(long),
			.text = layout->base,
			.text_size = layout->text_pages * PAGE_SIZE,
		};
	}
	layout->nr_sites = n;
	return 0;
}

int layout_sections(struct load_info *info)
{
	struct load_layout *layout = kzalloc(sizeof(*layout), GFP_KERNEL);
	unsigned long text, ro, end;

	if (!layout)
		return -ENOMEM;
	info->layout = layout;
	text = place(info, TEXT, 0);
	ro = place(info, CONSTANTS, text);
	end = place(info, DATA, ro);
	layout->text_pages = text / PAGE_SIZE;
	layout->ro_pages = (ro - text) / PAGE_SIZE;
	layout->pages = end / PAGE_SIZE;
	layout->base = layout->pages ? module_alloc(layout->pages) : NULL;
	if (!layout->base)
		return -ENOMEM;
	copy_sections(info);
	find_params(info);
	if (find_patch_sites(info))
		return -ENOMEM;
	info->mod = (struct module *)info->modsec->sh_addr;
	return 0;
}

int seal_sections(const struct load_layout *layout)
{
	char *base = layout->base;
	int err = module_seal(base, layout->text_pages, true);

	if (err)
		return err;
	return module_seal(base + layout->text_pages * PAGE_SIZE, layout->ro_pages, false);
}

void free_layout(struct load_layout *layout)
{
	if (!layout)
		return;
	if (layout->base)
		module_memfree(layout->base, layout->pages);
	kfree(layout->symbols);
	kfree(layout->strings);
	kfree(layout->args);
	kfree(layout->sites);
	kfree(layout);
}
