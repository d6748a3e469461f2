/*
 * A program that is about to run: exec.c collects its parts, elf.c puts them into memory.
 * Linux: include/linux/binfmts.h
 */
#ifndef KERNEL_PROCESS_BINPRM_H
#define KERNEL_PROCESS_BINPRM_H

#include "kernel/fs/fs.h"
#include "kernel/sched/sched.h"

#define STACK_TOP TASK_SIZE_MAX
#define BINPRM_BUF_SIZE 256

struct linux_binprm {
	const char *filename;
	struct file *file;    /* open for reading, writes denied; of a script the interpreter, at last */
	char *interp;         /* name of that, kmalloc()ed; NULL: filename */
	char buf[BINPRM_BUF_SIZE]; /* how the file begins; behind its end zeroes */
	bool in_exec;         /* counted in current->fs->in_exec */
	bool secureexec;      /* it gets rights that the caller has not: AT_SECURE */
	bool nondump;         /* the caller may not read it, and must not look into it when it runs */
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

/* Put string @str below bprm->p. -E2BIG, -ENOMEM. */
int copy_string_kernel(struct linux_binprm *bprm, const char *str);

/*
 * As long as bprm->file is a script, go on with the program that it names, and change the arguments. 0;
 * -ELOOP: too many scripts; -E2BIG, -ENOMEM, or why the program cannot be opened.
 */
int find_interpreter(struct linux_binprm *bprm);

/* Set bprm->cred, secureexec and nondump as bprm->file wants them. 0. */
int bprm_creds_from_file(struct linux_binprm *bprm);

/*
 * Map the ELF file into bprm->mm and finish its stack: argument vectors, auxiliary vector.
 * On success *@entry and *@sp say where and on what stack to start. -ENOEXEC: not a static x86-64
 * ELF, or its headers contradict the file; -ENOMEM. Linux: fs/binfmt_elf.c:load_elf_binary()
 */
int load_elf_binary(struct linux_binprm *bprm, unsigned long *entry, unsigned long *sp);

#endif
