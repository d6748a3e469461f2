/*
 * module_fuzz.h - damaged module files: each must be refused, or be harmless. For modules.c.
 */
#ifndef MODULE_FUZZ_H
#define MODULE_FUZZ_H

#include "module_file.h"

/* --- corrupt --- */

/*
 * init and exit, which the module's struct gets by relocations, lead out of the module's code: one
 * at a time, by @distance bytes.
 */
static void misdirected(long distance)
{
	const Elf64_Ehdr *hdr = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *s = (const Elf64_Shdr *)(image + hdr->e_shoff);
	const char *names = image + s[hdr->e_shstrndx].sh_offset;
	long tried = 0;

	for (int i = 1; i < hdr->e_shnum; i++) {
		if (strcmp(names + s[i].sh_name, ".rela.gnu.linkonce.this_module"))
			continue;
		for (size_t at = 0; at < s[i].sh_size; at += sizeof(Elf64_Rela), tried++) {
			memcpy(copy, image, (size_t)image_len);
			((Elf64_Rela *)(copy + s[i].sh_offset + at))->r_addend += distance;
			CHECK(sys(init_module, copy, image_len, "") == -ENOEXEC);
		}
	}
	line("%ld entry points moved by %ld: %s", tried, distance, failures ? "some loaded" : "refused");
}

/* Every file cut short is refused; so is every section that says it lies outside of the file. */
static void corrupt(void)
{
	const Elf64_Ehdr *hdr = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *sections;
	long len, cut = 0, damaged = 0;

	read_module("/modules/parameters.ko");
	for (len = 0; len < image_len; len += len < 4096 ? 1 : 61, cut++)
		CHECK(sys(init_module, image, len, "") == -ENOEXEC);
	sections = (const Elf64_Shdr *)(image + hdr->e_shoff);
	for (int i = 1; i < hdr->e_shnum; i++) {
		Elf64_Shdr *s = (Elf64_Shdr *)(copy + hdr->e_shoff) + i;

		if (sections[i].sh_type == SHT_NOBITS)
			continue;
		memcpy(copy, image, (size_t)image_len);
		s->sh_offset = (Elf64_Off)image_len + 1;
		CHECK(sys(init_module, copy, image_len, "") == -ENOEXEC);
		s->sh_offset = sections[i].sh_offset;
		s->sh_size = ~0ul;
		CHECK(sys(init_module, copy, image_len, "") == -ENOEXEC);
		damaged += 2;
		if (sections[i].sh_size) { /* its end would wrap to 0 */
			s->sh_size = sections[i].sh_size;
			s->sh_offset = -s->sh_size;
			CHECK(sys(init_module, copy, image_len, "") == -ENOEXEC);
			damaged++;
		}
		if (sections[i].sh_type == SHT_RELA &&
		    sections[sections[i].sh_info].sh_flags & SHF_ALLOC) {
			memcpy(copy, image, (size_t)image_len);
			((Elf64_Rela *)(copy + sections[i].sh_offset))->r_offset =
				sections[sections[i].sh_info].sh_size - 1;
			CHECK(sys(init_module, copy, image_len, "") == -ENOEXEC);
			damaged++;
		}
	}
	line("%ld cut short, %ld damaged: %s", cut, damaged, failures ? "some loaded" : "all refused");
	misdirected(4096);
	misdirected(-4096);
	misdirected(-(16l << 20));
}

/* --- fuzz --- */

static unsigned long seed = 1;

static unsigned long random_below(unsigned long n)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (seed >> 33) % n;
}

/* A number that may well be wrong where a file says @old. */
static unsigned long other_number(unsigned long old)
{
	static const unsigned long numbers[] = {
		0, 1, 2, 3, 7, 8, 0x10, 0xff, 0x1000, 0xffff, 0xfff1, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, 1ul << 62, 1ul << 63, -8ul, -1ul,
	};

	switch (random_below(4)) {
	case 0:
		return old + random_below(17) - 8;
	case 1:
		return old ^ 1ul << random_below(64);
	case 2:
		return random_below((unsigned long)image_len);
	default:
		return numbers[random_below(sizeof(numbers) / sizeof(*numbers))];
	}
}

/* Change @size bytes at @p as a number. */
static void change(void *p, size_t size)
{
	unsigned long value = 0;

	memcpy(&value, p, size);
	value = other_number(value);
	memcpy(p, &value, size);
}

/*
 * One field of a section's header or of an entry of a table: all entries have fields of 8 bytes, and
 * some halves and quarters of them.
 */
static void damage(void)
{
	const Elf64_Ehdr *hdr = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *s = (const Elf64_Shdr *)(image + hdr->e_shoff) + random_below(hdr->e_shnum);
	size_t size = 1ul << random_below(4);
	unsigned long start = hdr->e_shoff, len = hdr->e_shnum * sizeof(*s);

	if (random_below(3) == 0)
		len = sizeof(*hdr), start = 0;
	else if (random_below(2) && s->sh_size >= 8 &&
		 (s->sh_type == SHT_SYMTAB || s->sh_type == SHT_STRTAB || s->sh_type == SHT_RELA))
		start = s->sh_offset, len = s->sh_size;
	change(copy + start + random_below(len / size) * size, size);
}

/* What must stay, lest the loader call something: where the module's struct is, what is patched. */
static void keep_harmless(void)
{
	const Elf64_Ehdr *hdr = (const Elf64_Ehdr *)image;
	const Elf64_Shdr *old = (const Elf64_Shdr *)(image + hdr->e_shoff);
	Elf64_Shdr *s = (Elf64_Shdr *)(copy + hdr->e_shoff);
	const char *names = image + old[hdr->e_shstrndx].sh_offset;

	for (int i = 1; i < hdr->e_shnum; i++) {
		if (!strcmp(names + old[i].sh_name, ".gnu.linkonce.this_module"))
			s[i].sh_offset = old[i].sh_offset;
		if (old[i].sh_type == SHT_RELA)
			s[i].sh_info = old[i].sh_info;
	}
}

/* @n files with one to three numbers changed are refused, or loaded and removed. */
static void changed_files(long n)
{
	long i, ret, loaded = 0;

	seed = 1;
	for (i = 0; i < n; i++) {
		memcpy(copy, image, (size_t)image_len);
		for (unsigned long j = random_below(3) + 1; j--;)
			damage();
		keep_harmless();
		ret = sys(init_module, copy, image_len, "");
		CHECK(ret == 0 || ret == -ENOEXEC || ret == -ENOENT || ret == -ENOMEM);
		if (ret == 0)
			CHECK(delete("passive") == 0);
		loaded += ret == 0;
	}
	CHECK(loaded > n / 20 && loaded < n - n / 20);
}

/* Twice the same: the first time leaves page tables, which stay; the second time nothing. */
static void fuzz(long n)
{
	struct counters before, after;
	char changes[1000];

	read_module("/modules/passive.ko");
	CHECK(sys(init_module, image, image_len, "") == 0 && delete("passive") == 0);
	take_counters(&after); /* its page of the stack is counted too */
	changed_files(n);
	take_counters(&before);
	changed_files(n);
	take_counters(&after);
	if (compare_counters(&before, &after, changes, sizeof(changes)))
		line("left behind%s", changes);
	line("%ld files changed: %s", n, failures ? "not well" : "refused, or harmless");
}

#endif
