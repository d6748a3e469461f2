/*
 * exec_limits.c - how much execve(2) takes: strings and pointers to them, beside a large and a small
 * stack; program headers; and what it makes of an ELF file whose numbers lead nowhere. What it looks
 * at first: the arguments or the file.
 *
 * Executes itself with many arguments. Leaves a file "limits.elf" behind.
 */
#include "abi.h"

#include <elf.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/resource.h>

#define LOAD_ADDR	0x400000UL
#define MAX_HEADERS	80

static const char *self;

/* argv of @n strings, the first two "limits" and @second, all others empty. */
static char **arguments(unsigned long n, char *second)
{
	char **argv = (char **)new_pages((n + 1) * sizeof(*argv) / PAGE + 1, MAP_PRIVATE);

	argv[0] = "limits";
	argv[1] = second;
	for (unsigned long i = 2; i < n; i++)
		argv[i] = "";
	return argv;
}

static int execute(void *argv)
{
	char *env[] = { NULL };

	line("  %s", text(sys(execve, self, argv, env)));
	return 97;
}

static void many(unsigned long n)
{
	line("%lu arguments: %s", n, ending(in_child(execute, arguments(n, ""))));
}

static void long_one(unsigned long len)
{
	char *string = new_pages(len / PAGE + 1, MAP_PRIVATE);

	memset(string, 'x', len - 1);
	line("a string of %lu bytes: %s", len, ending(in_child(execute, arguments(2, string))));
}

static int small_stack(void *unused)
{
	const struct rlimit limit = { 65536, 65536 };

	(void)unused;
	CHECK(sys(setrlimit, RLIMIT_STACK, &limit) == 0);
	many(1000);
	many(17000);
	long_one(50000);
	long_one(66000);
	long_one(130000);
	return failures;
}

/* exit(42), behind @headers program headers of which the first loads the whole file. */
struct program {
	Elf64_Ehdr ehdr;
	Elf64_Phdr phdr[MAX_HEADERS];
	unsigned char code[16];
};

static struct program new_program(unsigned int headers)
{
	return (struct program){
		.ehdr = {
			.e_ident = "\177ELF\2\1\1", .e_type = ET_EXEC, .e_machine = EM_X86_64,
			.e_version = 1, .e_entry = LOAD_ADDR + offsetof(struct program, code),
			.e_phoff = offsetof(struct program, phdr), .e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = (Elf64_Half)headers,
		},
		.phdr[0] = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = LOAD_ADDR,
			.p_filesz = sizeof(struct program), .p_memsz = sizeof(struct program),
			.p_align = PAGE,
		},
		.code = { 0xb8, 60, 0, 0, 0, 0xbf, 42, 0, 0, 0, 0x0f, 0x05 },
	};
}

static void run_program(const char *what, const struct program *program)
{
	long fd = sys(open, "limits.elf", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	const char *path = self;

	CHECK(sys(write, fd, program, sizeof(*program)) == sizeof(*program));
	CHECK(sys(close, fd) == 0);
	self = "limits.elf";
	line("%s: %s", what, ending(in_child(execute, arguments(2, ""))));
	self = path;
}

static void headers(void)
{
	struct program program = new_program(1);

	run_program("1 program header", &program);
	program = new_program(73);
	run_program("73", &program);
	program = new_program(74);
	run_program("74", &program);
	program = new_program(0);
	run_program("none", &program);
	program = new_program(1);
	program.ehdr.e_phoff = sizeof(program);
	run_program("at the end of the file", &program);
	program.ehdr.e_phoff = 1UL << 63;
	run_program("at a negative offset", &program);
	program.ehdr.e_phoff = -1UL;
	run_program("at -1", &program);
}

/* Arguments that cannot be read, of a file that is not there: which is noticed first? */
static void arguments_first(void)
{
	char **nowhere = (char **)8, *argv[] = { "limits", NULL }, *bad[] = { "limits", (char *)8, NULL };

	show(execve, "limits.missing", nowhere, NULL);
	show(execve, "limits.missing", argv, nowhere);
	show(execve, "limits.missing", bad, NULL);
	show(execve, "limits.missing", argv, NULL);
	show(execve, (char *)8, nowhere, NULL);
	show(execve, "", nowhere, NULL);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 42;
	self = (const char *)getauxval(AT_EXECFN);
	many(2);
	many(100000);
	many(300000);
	many(1000000);
	long_one(131072);
	long_one(131073);
	try("with a stack of 64 KiB", small_stack, NULL);
	headers();
	arguments_first();
	return verdict();
}
