/*
 * flags.c - ring 3 sets AC, DF and NT, then enters the kernel in every way there is.
 *
 * The kernel must work with its own flags (AC would switch SMAP off, DF turns string copies round, NT
 * breaks IRET) and give the program's back.
 */
#include "abi.h"

#include <sys/auxv.h>

#define DF	0x400UL
#define NT	0x4000UL
#define AC	0x40000UL

static unsigned long wanted;

static inline void set_flags(unsigned long flags)
{
	asm volatile("push %0; popfq" : : "r" (flags | 0x202) : "cc", "memory");
}

static inline unsigned long get_flags(void)
{
	unsigned long flags;

	asm volatile("pushfq; pop %0" : "=r" (flags) : : "memory");
	return flags & (AC | DF | NT);
}

static int breakpoint(void *u)
{
	set_flags(wanted);
	asm volatile("int3");
	return u != NULL;
}

static int undefined(void *u)
{
	set_flags(wanted);
	asm volatile("ud2");
	return u != NULL;
}

static int bad_access(void *u)
{
	set_flags(wanted);
	*(volatile char *)u = 1;
	return 0;
}

static int protection_fault(void *u)
{
	set_flags(wanted);
	asm volatile("hlt");
	return u != NULL;
}

static int divide(void *u)
{
	set_flags(wanted);
	asm volatile("div %0" : : "r" (0L) : "rax", "rdx");
	return u != NULL;
}

/* A fault the kernel mends: the flags are still ours afterwards. */
static int demand_page(void *p)
{
	unsigned long after = 0;

	for (unsigned long i = 0; i < 64; i++) {
		set_flags(wanted);
		((volatile char *)p)[i * PAGE] = 1;
		after |= get_flags() ^ wanted;
		set_flags(0);
	}
	return after != 0;
}

/* Copies in both directions: the text goes in with DF set, the answer comes out with it. */
static int system_call(void *u)
{
	static char name[6 * 65];
	long written, named;
	unsigned long after;

	set_flags(wanted);
	written = sys(write, 1, "0123456789abcdef\n", 17);
	named = sys(uname, name);
	after = get_flags() ^ wanted;
	set_flags(0);
	return u != NULL || written != 17 || named != 0 || strncmp(name, "Li", 2) || after;
}

static int failing_copy(void *u)
{
	long ret;
	unsigned long after;

	set_flags(wanted);
	ret = sys(write, 1, 8, 8);
	after = get_flags() ^ wanted;
	set_flags(0);
	return u != NULL || ret != -EFAULT || after;
}

static int fork_child(void *u)
{
	int status = -1;
	unsigned long after;
	long pid;

	set_flags(wanted);
	pid = sys(fork);
	after = get_flags() ^ wanted;
	set_flags(0);
	if (pid == 0)
		sys(exit_group, after != 0);
	sys(wait4, pid, &status, 0, 0);
	return u != NULL || after || status;
}

/* Long enough for the timer to interrupt many times. */
static int interrupted(void *u)
{
	struct timespec start, now;
	unsigned long after = 0;

	sys(clock_gettime, CLOCK_MONOTONIC, &start);
	do {
		set_flags(wanted);
		for (volatile int i = 0; i < 100000; i++)
			continue;
		after |= get_flags() ^ wanted;
		set_flags(0);
		sys(clock_gettime, CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000 < 50);
	return u != NULL || after;
}

/* A new program starts with plain flags, whatever the old one had. */
static int execute(void *path)
{
	static char *argv[] = { "flags", "print", NULL }, *env[] = { NULL };

	set_flags(wanted);
	return (int)-sys(execve, path, argv, env);
}

static void all(char *hole)
{
	char *pages = new_pages(64, MAP_PRIVATE);

	try("int3", breakpoint, NULL);
	try("ud2", undefined, NULL);
	try("bad access", bad_access, hole);
	try("hlt", protection_fault, NULL);
	try("divide by zero", divide, NULL);
	try("demand paging", demand_page, pages);
	memset(pages, 2, 64 * PAGE);
	try("copy on write", demand_page, pages);
	CHECK(sys(munmap, pages, 64 * PAGE) == 0);
	try("system call", system_call, NULL);
	try("system call, bad pointer", failing_copy, NULL);
	try("fork", fork_child, NULL);
	try("timer", interrupted, NULL);
	try("execve", execute, (void *)getauxval(AT_EXECFN));
}

int main(int argc, char **argv)
{
	static const unsigned long sets[] = { AC, DF, AC | DF, NT, AC | DF | NT };
	char *hole = new_pages(1, MAP_PRIVATE);

	if (argc > 1 && !strcmp(argv[1], "print")) {
		line("flags at the start: %#lx", get_flags());
		return 0;
	}
	CHECK(sys(mprotect, hole, PAGE, PROT_NONE) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		wanted = sets[i];
		line("[%s%s%s]", wanted & AC ? " AC" : "", wanted & DF ? " DF" : "",
		     wanted & NT ? " NT" : "");
		all(hole);
	}
	return verdict();
}
