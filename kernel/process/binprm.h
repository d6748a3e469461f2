/*
 * A program that is about to run: exec.c collects its parts, elf.c puts them into memory.
 * Linux: include/linux/binfmts.h
 */
#ifndef KERNEL_PROCESS_BINPRM_H
#define KERNEL_PROCESS_BINPRM_H

#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"

#define STACK_TOP TASK_SIZE_MAX

struct linux_binprm {
	const char *filename;
	struct file *file;    /* open for reading, writes denied */
	struct cred *cred;    /* credentials of the new program; NULL when current has them */
	struct mm_struct *mm; /* its address space, already with a stack; NULL when current has it */
	unsigned long p;      /* user address of the lowest byte put on the stack so far */
	unsigned long argmin; /* limit for p while strings are copied */
	unsigned long execfn; /* user address of the file name, for AT_EXECFN */
	u64 *vector;          /* argc, argv..., NULL, envp..., NULL: user addresses, kmalloc()ed */
	size_t vector_size;   /* bytes */
};

/* Put @len kernel bytes at @addr of the new address space. 0, -EFAULT (not mapped), -ENOMEM. */
int bprm_write(struct linux_binprm *bprm, unsigned long addr, const void *data, size_t len);

/*
 * Map the ELF file into bprm->mm and finish its stack: argument vectors, auxiliary vector.
 * On success *@entry and *@sp say where and on what stack to start. -ENOEXEC: not a static x86-64
 * ELF, or its headers contradict the file; -ENOMEM. Linux: fs/binfmt_elf.c:load_elf_binary()
 */
int load_elf_binary(struct linux_binprm *bprm, unsigned long *entry, unsigned long *sp);

#endif
