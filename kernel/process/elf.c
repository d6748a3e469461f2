/*
 * Loads a static ELF64 program into memory: load_elf_binary(), called by exec.c, maps the segments and
 * then writes the top of the stack. Linux: fs/binfmt_elf.c
 *
 * The stack a program starts with. System V ABI, AMD64 supplement §3.4.1:
 *
 *   sp -> argc | argv[0..argc-1], NULL | envp[0..], NULL | auxv pairs, AT_NULL | padding
 *         16 random bytes | "x86_64" | argument strings | environment strings | file name | NULL
 */
#include <uapi/elf.h>
#include <uapi/mman.h>

#include "kernel/process/binprm.h"
#include "kernel/process/process.h"

#define ELF_ET_DYN_BASE 0x555555554000 /* where a position-independent program goes */
#define MAX_PHNUM (PAGE_SIZE / sizeof(Elf64_Phdr)) /* Linux: load_elf_phdrs() */
#define PLATFORM "x86_64"
#define AUX_ENTRIES 21
#define USER_CLOCKS_PER_SEC 100 /* AT_CLKTCK, the unit of times(); not HZ */

struct elf_image {
	Elf64_Ehdr ehdr;
	Elf64_Phdr *phdrs;
	unsigned long bias;      /* what is added to every address of the file; it may wrap around */
	unsigned long phdr_addr; /* user address of the program headers, or 0 */
	unsigned long end;       /* one past the highest byte: the heap starts behind */
	unsigned long start_code, end_code; /* from the lowest to the highest byte of code, in the file */
	unsigned long start_data, end_data; /* the last segment, as far as the file has its bytes */
};

/*
 * Exactly @len bytes at @pos, or -ENOEXEC: @pos comes from the file itself and may be any number.
 */
static int read_exact(struct file *file, void *buf, size_t len, loff_t pos)
{
	return kernel_read(file, buf, len, &pos) == (ssize_t)len ? 0 : -ENOEXEC;
}

static bool is_our_elf(const Elf64_Ehdr *e)
{
	return !memcmp(e->e_ident, ELFMAG, SELFMAG) && e->e_ident[EI_CLASS] == ELFCLASS64 &&
	       e->e_ident[EI_DATA] == ELFDATA2LSB && e->e_machine == EM_X86_64 &&
	       (e->e_type == ET_EXEC || e->e_type == ET_DYN) &&
	       e->e_phentsize == sizeof(Elf64_Phdr) && e->e_phnum && e->e_phnum <= MAX_PHNUM;
}

/* A position-independent program goes where its first segment begins at ELF_ET_DYN_BASE. */
static void set_bias(struct elf_image *image)
{
	unsigned int i = 0;

	if (image->ehdr.e_type != ET_DYN)
		return;
	while (i < image->ehdr.e_phnum && image->phdrs[i].p_type != PT_LOAD)
		i++;
	if (i < image->ehdr.e_phnum)
		image->bias = ELF_ET_DYN_BASE - ALIGN_DOWN(image->phdrs[i].p_vaddr, PAGE_SIZE);
}

static int read_headers(struct file *file, struct elf_image *image)
{
	size_t size;
	int err = read_exact(file, &image->ehdr, sizeof(image->ehdr), 0);

	if (err)
		return err;
	if (!is_our_elf(&image->ehdr))
		return -ENOEXEC;
	size = image->ehdr.e_phnum * sizeof(Elf64_Phdr);
	image->phdrs = kmalloc(size, GFP_KERNEL);
	if (!image->phdrs)
		return -ENOMEM;
	err = read_exact(file, image->phdrs, size, image->ehdr.e_phoff);
	if (!err)
		set_bias(image);
	return err;
}

/* Are the numbers of this segment valid, and do they fit the size of the file? */
static bool valid_segment(const Elf64_Phdr *p, const struct elf_image *image, loff_t file_size)
{
	unsigned long start = p->p_vaddr + image->bias, end;

	if (p->p_filesz > p->p_memsz || p->p_vaddr % PAGE_SIZE != p->p_offset % PAGE_SIZE)
		return false;
	if (p->p_offset > (u64)file_size || p->p_filesz > file_size - p->p_offset)
		return false;
	return p->p_vaddr < TASK_SIZE_MAX && !__builtin_add_overflow(start, p->p_memsz, &end) &&
	       end <= TASK_SIZE_MAX;
}

static unsigned long segment_flags(const Elf64_Phdr *p)
{
	return VM_MAYWRITE | (p->p_flags & PF_R ? VM_READ : 0) |
	       (p->p_flags & PF_W ? VM_WRITE : 0) | (p->p_flags & PF_X ? VM_EXEC : 0);
}

/* The part of a segment that has no bytes in the file: zeroes, from @start to @end. */
static int map_bss(struct linux_binprm *bprm, const Elf64_Phdr *p, unsigned long start,
		   unsigned long end)
{
	unsigned long page = ALIGN(start, PAGE_SIZE), addr;
	void *tail;

	if (start % PAGE_SIZE && p->p_flags & PF_W && p->p_filesz) {
		tail = mm_writable_page(bprm->mm, start);
		if (!tail)
			return -ENOMEM;
		memset(tail, 0, min(page, end) - start);
	}
	if (!p->p_filesz)
		page = ALIGN_DOWN(start, PAGE_SIZE);
	if (page >= end)
		return 0;
	addr = mmap_fixed(bprm->mm, page, end - page, segment_flags(p), NULL, 0);
	return IS_ERR_VALUE(addr) ? (int)addr : 0;
}

static int map_segment(struct linux_binprm *bprm, const Elf64_Phdr *p, unsigned long bias)
{
	unsigned long start = p->p_vaddr + bias, in_page = start % PAGE_SIZE, addr;

	if (p->p_filesz) {
		if (!bprm->file->f_op->mmap)
			return -ENOEXEC;
		addr = mmap_fixed(bprm->mm, start - in_page, p->p_filesz + in_page, segment_flags(p),
				  bprm->file, (p->p_offset - in_page) >> PAGE_SHIFT);
		if (IS_ERR_VALUE(addr))
			return addr;
	}
	if (p->p_memsz == p->p_filesz)
		return 0;
	return map_bss(bprm, p, start + p->p_filesz, start + p->p_memsz);
}

static int map_segments(struct linux_binprm *bprm, struct elf_image *image)
{
	const Elf64_Ehdr *e = &image->ehdr;
	unsigned int i, loaded = 0;
	int err;

	for (i = 0; i < e->e_phnum; i++) {
		const Elf64_Phdr *p = &image->phdrs[i];

		if (p->p_type == PT_INTERP) /* a dynamic program; there is no loader to run it */
			return -ENOEXEC;
		if (p->p_type != PT_LOAD || !p->p_memsz)
			continue;
		if (!valid_segment(p, image, bprm->file->f_inode->i_size))
			return -ENOEXEC;
		err = map_segment(bprm, p, image->bias);
		if (err)
			return err == -EEXIST || err == -EPERM ? -ENOEXEC : err;
		if (e->e_phoff >= p->p_offset && e->e_phoff < p->p_offset + p->p_filesz)
			image->phdr_addr = e->e_phoff - p->p_offset + p->p_vaddr + image->bias;
		if (p->p_flags & PF_X && p->p_vaddr + image->bias < image->start_code)
			image->start_code = p->p_vaddr + image->bias;
		if (p->p_flags & PF_X)
			image->end_code = max(image->end_code, p->p_vaddr + p->p_filesz + image->bias);
		image->start_data = max(image->start_data, p->p_vaddr + image->bias);
		image->end_data = max(image->end_data, p->p_vaddr + p->p_filesz + image->bias);
		image->end = max(image->end, p->p_vaddr + p->p_memsz + image->bias);
		loaded++;
	}
	return loaded ? 0 : -ENOEXEC;
}

struct aux_pair {
	u64 type, value;
};

static void fill_auxv(struct aux_pair *aux, const struct elf_image *image,
		      const struct linux_binprm *bprm, unsigned long random, unsigned long platform)
{
	const struct cred *cred = bprm->cred;
	const struct aux_pair entries[AUX_ENTRIES] = {
		{ AT_MINSIGSTKSZ, get_sigframe_size() },
		{ AT_HWCAP, cpu_features.hwcap },
		{ AT_PAGESZ, PAGE_SIZE },
		{ AT_CLKTCK, USER_CLOCKS_PER_SEC },
		{ AT_PHDR, image->phdr_addr },
		{ AT_PHENT, sizeof(Elf64_Phdr) },
		{ AT_PHNUM, image->ehdr.e_phnum },
		{ AT_BASE, 0 },
		{ AT_FLAGS, 0 },
		{ AT_ENTRY, image->ehdr.e_entry + image->bias },
		{ AT_UID, from_kuid_munged(current_user_ns(), cred->uid) },
		{ AT_EUID, from_kuid_munged(current_user_ns(), cred->euid) },
		{ AT_GID, from_kgid_munged(current_user_ns(), cred->gid) },
		{ AT_EGID, from_kgid_munged(current_user_ns(), cred->egid) },
		{ AT_SECURE, bprm->secureexec },
		{ AT_RANDOM, random },
		{ AT_HWCAP2, 0 },
		{ AT_EXECFN, bprm->execfn },
		{ AT_PLATFORM, platform },
		{ AT_NULL, 0 },
	};

	memcpy(aux, entries, sizeof(entries));
}

static int create_elf_tables(struct linux_binprm *bprm, const struct elf_image *image,
			     unsigned long *sp)
{
	unsigned long platform = bprm->p - sizeof(PLATFORM), random;
	struct aux_pair aux[AUX_ENTRIES];
	u8 seed[16];
	int err;

	random = ALIGN_DOWN(platform, 16) - sizeof(seed);
	get_random_bytes(seed, sizeof(seed));
	fill_auxv(aux, image, bprm, random, platform);
	*sp = ALIGN_DOWN(random - sizeof(aux) - bprm->vector_size, 16);
	err = bprm_write(bprm, platform, PLATFORM, sizeof(PLATFORM));
	if (!err)
		err = bprm_write(bprm, random, seed, sizeof(seed));
	if (!err)
		err = bprm_write(bprm, *sp, bprm->vector, bprm->vector_size);
	if (!err)
		err = bprm_write(bprm, *sp + bprm->vector_size, aux, sizeof(aux));
	return err;
}

int load_elf_binary(struct linux_binprm *bprm, unsigned long *entry, unsigned long *sp)
{
	struct elf_image image = { .phdrs = NULL, .start_code = -1ul };
	int err = read_headers(bprm->file, &image);

	if (!err)
		err = map_segments(bprm, &image);
	if (!err)
		err = create_elf_tables(bprm, &image, sp);
	kfree(image.phdrs);
	if (err)
		return err;
	bprm->mm->start_brk = bprm->mm->brk = ALIGN(image.end, PAGE_SIZE);
	bprm->mm->arg_start = bprm->p;
	bprm->mm->start_code = image.start_code;
	bprm->mm->end_code = image.end_code;
	bprm->mm->start_data = image.start_data;
	bprm->mm->end_data = image.end_data;
	bprm->mm->start_stack = *sp;
	*entry = image.ehdr.e_entry + image.bias;
	return *entry < TASK_SIZE_MAX ? 0 : -ENOEXEC;
}
