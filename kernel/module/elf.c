/*
 * Checks that a file is a module and that all its offsets and sizes lie inside it. After
 * elf_check() the other files rely on this. Linux: kernel/module/main.c:elf_validity_check()
 */
#include "kernel/lib/lib.h"
#include "kernel/mm/memlayout.h"
#include "kernel/module/internal.h"

static bool in_file(const struct load_info *info, u64 offset, u64 size)
{
	return offset <= info->len && size <= info->len - offset;
}

static bool header_ok(const struct load_info *info)
{
	const Elf64_Ehdr *h = info->hdr;

	return info->len >= sizeof(*h) && !memcmp(h->e_ident, ELFMAG, SELFMAG) &&
	       h->e_ident[EI_CLASS] == ELFCLASS64 && h->e_ident[EI_DATA] == ELFDATA2LSB &&
	       h->e_type == ET_REL && h->e_machine == EM_X86_64 &&
	       h->e_shentsize == sizeof(Elf64_Shdr) && h->e_shnum &&
	       h->e_shoff % 8 == 0 && h->e_shoff >= sizeof(*h) && h->e_shstrndx < h->e_shnum &&
	       in_file(info, h->e_shoff, (u64)h->e_shnum * sizeof(Elf64_Shdr));
}

/* Is @s a string table whose last byte is NUL, so that each string in it ends? */
static bool is_string_table(const struct load_info *info, const Elf64_Shdr *s)
{
	return s->sh_type == SHT_STRTAB && s->sh_size && info->image[s->sh_offset + s->sh_size - 1] == 0;
}

static bool has_bytes(const Elf64_Shdr *s)
{
	return s->sh_type != SHT_NOBITS && s->sh_size;
}

static bool section_ok(const struct load_info *info, const Elf64_Shdr *s)
{
	if (s->sh_type != SHT_NOBITS && !in_file(info, s->sh_offset, s->sh_size))
		return false;
	if (s->sh_addralign > PAGE_SIZE || (s->sh_addralign & (s->sh_addralign - 1)))
		return false;
	return s->sh_size < 1ul << 30;
}

/* Section number 0 stands for "no section": its header must be empty. */
static bool first_ok(const struct load_info *info)
{
	const Elf64_Shdr *s = &info->sechdrs[0];

	return s->sh_type == SHT_NULL && !s->sh_size && !s->sh_addr && !s->sh_flags;
}

/*
 * The loader changes the section headers and the symbols inside the file image. So they may not
 * overlap any other section, whose checked contents would change.
 */
static bool apart(const struct load_info *info, const Elf64_Shdr *s)
{
	u64 headers = info->hdr->e_shoff, end = s->sh_offset + s->sh_size;
	u64 symbols = info->symsec->sh_offset;

	if (!has_bytes(s))
		return true;
	if (s->sh_offset < headers + info->hdr->e_shnum * sizeof(*s) && end > headers)
		return false;
	if (s == info->symsec)
		return s->sh_offset >= sizeof(Elf64_Ehdr);
	return s->sh_offset >= symbols + info->symsec->sh_size || end <= symbols;
}

static bool all_apart(const struct load_info *info)
{
	unsigned int i;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		if (!apart(info, &info->sechdrs[i]))
			return false;
	}
	return true;
}

/* The module's struct: of the right size, and in memory that the loader can write to. */
static bool is_module_struct(const Elf64_Shdr *s)
{
	return s && s->sh_type == SHT_PROGBITS && s->sh_size == sizeof(struct module) &&
	       (s->sh_flags & (SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR)) == (SHF_ALLOC | SHF_WRITE);
}

static bool symbols_ok(const struct load_info *info)
{
	const Elf64_Shdr *s = info->symsec;
	const Elf64_Sym *sym;

	if (s->sh_entsize != sizeof(Elf64_Sym) || s->sh_size % sizeof(Elf64_Sym) ||
	    s->sh_offset % 8)
		return false;
	sym = (const Elf64_Sym *)(info->image + s->sh_offset);
	for (; (const char *)sym < info->image + s->sh_offset + s->sh_size; sym++) {
		if (sym->st_name >= info->strsec->sh_size)
			return false;
		if (sym->st_shndx >= info->hdr->e_shnum && sym->st_shndx != SHN_ABS &&
		    sym->st_shndx != SHN_COMMON)
			return false;
	}
	return true;
}

/* Find the only symbol table, its strings, .modinfo, and the struct module. */
static bool find_tables(struct load_info *info)
{
	unsigned int i, tables = 0;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		Elf64_Shdr *s = &info->sechdrs[i];

		if (!section_ok(info, s) || s->sh_name >= info->sechdrs[info->hdr->e_shstrndx].sh_size)
			return false;
		if (s->sh_type == SHT_SYMTAB) {
			info->symsec = s;
			tables++;
		}
	}
	if (tables != 1 || info->symsec->sh_link >= info->hdr->e_shnum || !all_apart(info))
		return false;
	info->strsec = &info->sechdrs[info->symsec->sh_link];
	info->modsec = find_section(info, ".gnu.linkonce.this_module");
	info->infosec = find_section(info, ".modinfo");
	return is_string_table(info, info->strsec) && symbols_ok(info) && info->infosec &&
	       info->infosec->sh_type == SHT_PROGBITS && is_module_struct(info->modsec);
}

int elf_check(struct load_info *info)
{
	Elf64_Shdr *names;

	info->hdr = (Elf64_Ehdr *)info->image;
	if (!header_ok(info))
		return -ENOEXEC;
	info->sechdrs = (Elf64_Shdr *)(info->image + info->hdr->e_shoff);
	names = &info->sechdrs[info->hdr->e_shstrndx];
	if (!first_ok(info) || !section_ok(info, names) || !is_string_table(info, names))
		return -ENOEXEC;
	info->secstrings = info->image + names->sh_offset;
	return find_tables(info) ? 0 : -ENOEXEC;
}

Elf64_Shdr *find_section(const struct load_info *info, const char *name)
{
	unsigned int i;

	for (i = 1; i < info->hdr->e_shnum; i++) {
		if (!strcmp(section_name(info, &info->sechdrs[i]), name))
			return &info->sechdrs[i];
	}
	return NULL;
}

/* The text behind "@tag=" in .modinfo, whose strings are separated by NULs; NULL: not there. */
const char *get_modinfo(const struct load_info *info, const char *tag)
{
	const char *p = info->image + info->infosec->sh_offset;
	const char *end = p + info->infosec->sh_size;
	size_t n = strlen(tag), len;

	for (; p < end; p += len + 1) {
		len = strnlen(p, end - p);
		if (p + len < end && len > n && !strncmp(p, tag, n) && p[n] == '=')
			return p + n + 1;
	}
	return NULL;
}
