/*
 * Symbols and relocations of a module. System V ABI, AMD64 supplement §4.4; Linux:
 * kernel/module/main.c:simplify_symbols(), arch/x86/kernel/module.c:apply_relocate_add()
 */
#include "kernel/lib/lib.h"
#include "kernel/mm/mm.h"
#include "kernel/module/internal.h"

static Elf64_Sym *symbol(const struct load_info *info, unsigned int i)
{
	return (Elf64_Sym *)(info->image + info->symsec->sh_offset) + i;
}

static unsigned int nr_symbols(const struct load_info *info)
{
	return info->symsec->sh_size / sizeof(Elf64_Sym);
}

static const char *symbol_name(const struct load_info *info, const Elf64_Sym *sym)
{
	return info->image + info->strsec->sh_offset + sym->st_name;
}

static int resolve(struct load_info *info, Elf64_Sym *sym)
{
	const char *name = symbol_name(info, sym);
	const struct kernel_symbol *found = find_symbol(name);

	if (found) {
		sym->st_value = found->value;
		return 0;
	}
	if (ELF64_ST_BIND(sym->st_info) == STB_WEAK)
		return 0;
	pr_warn("%s: Unknown symbol %s (err %d)\n", info->name, name, -ENOENT);
	return -ENOENT;
}

int simplify_symbols(struct load_info *info)
{
	unsigned int i;
	int err = 0;

	for (i = 1; i < nr_symbols(info); i++) {
		Elf64_Sym *sym = symbol(info, i);

		switch (sym->st_shndx) {
		case SHN_UNDEF:
			err = resolve(info, sym) ?: err;
			break;
		case SHN_ABS:
			break;
		case SHN_COMMON:
			pr_warn("%s: please compile with -fno-common\n", info->name);
			return -ENOEXEC;
		default:
			sym->st_value += info->sechdrs[sym->st_shndx].sh_addr;
		}
	}
	return err;
}

/* Store @value at @where as relocation @type wants it. */
static int store(const struct load_info *info, unsigned int type, char *where, u64 value)
{
	s64 signed_value = value;
	size_t size = 4;

	switch (type) {
	case R_X86_64_NONE:
		return 0;
	case R_X86_64_64:
		size = 8;
		break;
	case R_X86_64_32:
		if (value != (u32)value)
			goto out_overflow;
		break;
	case R_X86_64_PC32:
	case R_X86_64_PLT32:
		signed_value = value -= (u64)where;
		/* fallthrough */
	case R_X86_64_32S:
		if (signed_value != (s32)signed_value)
			goto out_overflow;
		break;
	default:
		pr_err("%s: Unknown rela relocation: %u\n", info->name, type);
		return -ENOEXEC;
	}
	memcpy(where, &value, size);
	return 0;

out_overflow:
	pr_err("%s: overflow in relocation type %u val %llx\n", info->name, type,
	       (unsigned long long)value);
	return -ENOEXEC;
}

static int apply_section(const struct load_info *info, const Elf64_Shdr *rela)
{
	const Elf64_Shdr *target = &info->sechdrs[rela->sh_info];
	const Elf64_Rela *r = (const Elf64_Rela *)(info->image + rela->sh_offset);
	const Elf64_Rela *end = r + rela->sh_size / sizeof(*r);
	int err = 0;

	for (; r < end && !err; r++) {
		u64 index = ELF64_R_SYM(r->r_info), type = ELF64_R_TYPE(r->r_info);
		u64 size = type == R_X86_64_64 ? 8 : 4;

		if (index >= nr_symbols(info) || target->sh_size < size ||
		    r->r_offset > target->sh_size - size)
			return -ENOEXEC;
		err = store(info, type, (char *)target->sh_addr + r->r_offset,
			    symbol(info, index)->st_value + r->r_addend);
	}
	return err;
}

int apply_relocations(const struct load_info *info)
{
	unsigned int i;
	int err;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		const Elf64_Shdr *s = &info->sechdrs[i];

		if (s->sh_type != SHT_RELA)
			continue;
		if (s->sh_info >= info->hdr->e_shnum || s->sh_offset % 8)
			return -ENOEXEC;
		if (!(info->sechdrs[s->sh_info].sh_flags & SHF_ALLOC))
			continue; /* debug information stays in the file */
		if (info->sechdrs[s->sh_info].sh_type == SHT_NOBITS)
			return -ENOEXEC;
		err = apply_section(info, s);
		if (err)
			return err;
	}
	return 0;
}

/* What a name in a backtrace may be: a function or an object of the module itself. */
static bool is_kept(const struct load_info *info, const Elf64_Sym *sym)
{
	unsigned int type = ELF64_ST_TYPE(sym->st_info);

	return (type == STT_FUNC || type == STT_OBJECT) && sym->st_shndx != SHN_UNDEF &&
	       sym->st_shndx < info->hdr->e_shnum &&
	       info->sechdrs[sym->st_shndx].sh_flags & SHF_ALLOC;
}

int keep_symbols(struct load_info *info)
{
	struct load_layout *layout = info->layout;
	unsigned int i, n = 0;

	layout->strings = kmalloc(info->strsec->sh_size, GFP_KERNEL);
	layout->symbols = kcalloc(nr_symbols(info), sizeof(struct module_symbol), GFP_KERNEL);
	if (!layout->strings || !layout->symbols)
		return -ENOMEM;
	memcpy(layout->strings, info->image + info->strsec->sh_offset, info->strsec->sh_size);
	for (i = 1; i < nr_symbols(info); i++) {
		const Elf64_Sym *sym = symbol(info, i);

		if (is_kept(info, sym))
			layout->symbols[n++] = (struct module_symbol){
				.addr = sym->st_value,
				.size = sym->st_size,
				.name = layout->strings + sym->st_name,
			};
	}
	layout->nr_symbols = n;
	return 0;
}
