/*
 * exec.c - what a program finds when it starts: arguments, environment, auxiliary vector, FPU
 * state; and what execve(2) refuses.
 *
 * Executes itself with the name of a check as its first argument. Leaves files "exec.*" behind.
 */
#include "abi.h"

#include <elf.h>
#include <stdlib.h>
#include <sys/auxv.h>

extern char **environ;
extern char _start[];

static const char *self;	/* the path we were executed by */

static int run(char **argv, char **envp)
{
	int status = -1;
	long pid = sys(fork);

	if (pid == 0) {
		long ret = sys(execve, self, argv, envp);

		line("execve: %s", text(ret));
		sys(exit_group, 97);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return status;
}

static int print_strings(int argc, char **argv)
{
	line("argc %d", argc);
	for (int i = 0; i <= argc; i++)
		line("argv[%d] %s%s", i, argv[i] ? "= " : "is NULL", argv[i] ? argv[i] : "");
	for (char **var = environ; *var; var++)
		line("environment: %s", *var);
	line("argc lies on a multiple of 16: %d, envp follows argv: %d",
	     (uintptr_t)(argv - 1) % 16 == 0, environ == argv + argc + 1);
	return 0;
}

static void print_aux(const char *name, unsigned long type)
{
	line("%s %lu", name, getauxval(type));
}

static int print_auxv(int argc, char **argv)
{
	const Elf64_Phdr *phdr = (const void *)getauxval(AT_PHDR);
	const unsigned char *random = (const void *)getauxval(AT_RANDOM);
	const char *platform = (const void *)getauxval(AT_PLATFORM);
	unsigned int zeros = 0, loads = 0;

	(void)argc;
	print_aux("AT_PAGESZ", AT_PAGESZ);
	print_aux("AT_CLKTCK", AT_CLKTCK);
	print_aux("AT_PHENT", AT_PHENT);
	print_aux("AT_BASE", AT_BASE);
	print_aux("AT_FLAGS", AT_FLAGS);
	print_aux("AT_UID", AT_UID);
	print_aux("AT_EUID", AT_EUID);
	print_aux("AT_GID", AT_GID);
	print_aux("AT_EGID", AT_EGID);
	print_aux("AT_SECURE", AT_SECURE);
	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		loads += phdr[i].p_type == PT_LOAD;
	for (int i = 0; i < 16; i++)
		zeros += random[i] == 0;
	line("AT_PHDR leads to PT_LOADs: %d, AT_ENTRY is _start: %d, AT_RANDOM is random: %d",
	     loads >= 2, getauxval(AT_ENTRY) == (unsigned long)_start, zeros < 8);
	/* How much depends on the CPU; a handler must also have some stack left to work with. */
	line("AT_MINSIGSTKSZ is plausible: %d", getauxval(AT_MINSIGSTKSZ) >= 952 &&
	     getauxval(AT_MINSIGSTKSZ) < 16384 && getauxval(AT_MINSIGSTKSZ) % 16 == 0);
	line("AT_PLATFORM %s", platform);
	line("AT_EXECFN is the path given to execve: %d",
	     !strcmp((const char *)getauxval(AT_EXECFN), argv[2]));
	return 0;
}

static int print_fpu(int argc, char **argv)
{
	unsigned int mxcsr;
	unsigned short fcw;

	(void)argc;
	(void)argv;
	asm volatile("stmxcsr %0; fnstcw %1" : "=m" (mxcsr), "=m" (fcw));
	line("mxcsr %#x, x87 control word %#x", mxcsr, (unsigned int)fcw);
	return 0;
}

/* argv[2..]: lengths 0, 1000, 2000, ... each argument made of one letter */
static int check_many(int argc, char **argv)
{
	size_t total = 0;

	for (int i = 2; i < argc; i++) {
		size_t len = strlen(argv[i]);

		total += len;
		for (size_t k = 0; k < len; k++)
			CHECK(argv[i][k] == 'a' + i % 26);
	}
	line("argc %d, %zu bytes", argc, total);
	return verdict();
}

static void many_arguments(void)
{
	char *argv[64], *env[] = { NULL };
	char *text_area = new_pages(32, MAP_PRIVATE);

	argv[0] = "exec";
	argv[1] = "many";
	for (int i = 2; i < 14; i++) {
		size_t len = (size_t)(i - 2) * 1000;

		argv[i] = text_area;
		memset(text_area, 'a' + i % 26, len);
		text_area += len + 1;
	}
	argv[14] = NULL;
	line("12 long arguments: %s", ending(run(argv, env)));
}

static void too_long(void)
{
	char *big = new_pages(40, MAP_PRIVATE);
	char *argv[] = { "exec", big, NULL };
	char *env[] = { NULL };

	memset(big, 'x', 40 * PAGE - 1);
	line("an argument of 160 KiB: %s", text(sys(execve, self, argv, env)));
	argv[1] = "x";
	env[0] = big;
	line("an environment string of 160 KiB: %s", text(sys(execve, self, argv, env)));
}

static void make_file(const char *path, int mode, const void *content, size_t len)
{
	long fd = sys(open, path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	CHECK(fd >= 0);
	CHECK(sys(write, fd, content, len) == (long)len);
	CHECK(sys(close, fd) == 0);
}

static void refusals(void)
{
	static const Elf64_Ehdr wrong_machine = {
		.e_ident = "\177ELF\2\1\1", .e_type = ET_EXEC, .e_machine = 183, .e_version = 1,
		.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
	};
	char *argv[] = { "x", NULL }, *env[] = { NULL };

	make_file("exec.empty", 0755, "", 0);
	make_file("exec.text", 0755, "this is no program\n", 19);
	make_file("exec.arm", 0755, &wrong_machine, sizeof(wrong_machine));
	make_file("exec.short", 0755, "\177ELF\2\1\1", 7);
	make_file("exec.not-x", 0644, "\177ELF\2\1\1", 7);
	show(execve, "exec.empty", argv, env);
	show(execve, "exec.text", argv, env);
	show(execve, "exec.arm", argv, env);
	show(execve, "exec.short", argv, env);
	show(execve, "exec.not-x", argv, env);
	show(execve, "exec.missing", argv, env);
	show(execve, "exec.text/x", argv, env);
	show(execve, "/", argv, env);
	show(execve, "", argv, env);
}

/* A program that ends with status 42, built for address @vaddr, but it can run at any other. */
static void position_independent(unsigned long vaddr)
{
	static const unsigned char code[] = {	/* mov edi, 42; mov eax, 231 (exit_group); syscall */
		0xbf, 42, 0, 0, 0, 0xb8, 231, 0, 0, 0, 0x0f, 0x05,
	};
	struct {
		Elf64_Ehdr ehdr;
		Elf64_Phdr phdr;
		unsigned char code[sizeof(code)];
	} file = {
		.ehdr = {
			.e_ident = "\177ELF\2\1\1", .e_type = ET_DYN, .e_machine = EM_X86_64,
			.e_version = 1, .e_ehsize = sizeof(Elf64_Ehdr),
			.e_phoff = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
			.e_entry = vaddr + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
		},
		.phdr = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = vaddr,
			.p_filesz = sizeof(file), .p_memsz = sizeof(file), .p_align = PAGE,
		},
	};
	char *argv[] = { "exec.pie", NULL }, *env[] = { NULL };
	const char *ours = self;

	memcpy(file.code, code, sizeof(code));
	make_file("exec.pie", 0755, &file, sizeof(file));
	self = "exec.pie";
	line("position-independent, built for %#lx: %s", vaddr, ending(run(argv, env)));
	self = ours;
}

int main(int argc, char **argv)
{
	char *path = (char *)getauxval(AT_EXECFN);
	char *strings[] = { "exec", "strings", "", "two words", "\xff\n", NULL };
	char *vars[] = { "A=1", "EMPTY=", "no equals sign", NULL };
	char *auxv[] = { "exec", "auxv", path, NULL };
	char *fpu[] = { "exec", "fpu", NULL };
	char *none[] = { NULL };

	self = path;
	if (argc > 1 && !strcmp(argv[1], "strings"))
		return print_strings(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "auxv"))
		return print_auxv(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "fpu"))
		return print_fpu(argc, argv);
	if (argc > 1 && !strcmp(argv[1], "many"))
		return check_many(argc, argv);
	line("strings: %s", ending(run(strings, vars)));
	line("no environment: %s", ending(run(strings, none)));
	line("auxv: %s", ending(run(auxv, vars)));
	asm volatile("fninit; push $0x27f; fldcw (%%rsp); pop %%rax" : : : "rax");
	asm volatile("push $0x7f80; ldmxcsr (%%rsp); pop %%rax" : : : "rax");
	line("fpu: %s", ending(run(fpu, vars)));
	many_arguments();
	too_long();
	refusals();
	position_independent(0);
	position_independent(0x400000);
	position_independent(0x600000000000);
	position_independent(0x7fffffff0000);
	return verdict();
}
