/*
 * memory.c - what memory.t runs on ringwalk: memory VERB, one observation per verb.
 */
#include "../abi/abi.h"

#include <stdlib.h>

/* IRET to the same privilege: a frame of RIP, CS, RFLAGS, RSP, SS. Some QEMUs refuse to read it. */
static int iret(void *unused)
{
	(void)unused;
	asm volatile("mov %%rsp, %%rax\n\t"
		     "mov %%ss, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "push %%rax\n\t"
		     "pushfq\n\t"
		     "mov %%cs, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "lea 1f(%%rip), %%rcx\n\t"
		     "push %%rcx\n\t"
		     "iretq\n"
		     "1:" : : : "rax", "rcx", "memory");
	return 0;
}

static int far_return(void *unused)
{
	(void)unused;
	asm volatile("mov %%cs, %%ecx\n\t"
		     "push %%rcx\n\t"
		     "lea 1f(%%rip), %%rcx\n\t"
		     "push %%rcx\n\t"
		     "lretq\n"
		     "1:" : : : "rcx", "memory");
	return 0;
}

static inline uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* @n areas of a page each: every other page of a range is read-only. Returns how many there are. */
static unsigned long cut_into_areas(char *p, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n / 2 && !sys(mprotect, p + (2 * i + 1) * PAGE, PAGE, PROT_READ); i++)
		;
	return 2 * i;
}

/* What mprotect(2) and munmap(2) of @n areas in one call cost, for each area. */
static void areas(unsigned long n)
{
	char *p = new_pages(n, MAP_PRIVATE | MAP_NORESERVE);
	uint64_t start, changed, merged;

	CHECK(cut_into_areas(p, n) == n);
	start = tsc();
	CHECK(sys(mprotect, p, n * PAGE, PROT_NONE) == 0);
	changed = tsc();
	CHECK(sys(mprotect, p, n * PAGE, PROT_READ | PROT_WRITE) == 0);
	CHECK(cut_into_areas(p, n) == n);
	merged = tsc();
	CHECK(sys(munmap, p, n * PAGE) == 0);
	line("%lu areas: %lu to protect, %lu to unmap", n, (unsigned long)(changed - start) / n,
	     (unsigned long)(tsc() - merged) / n);
}

/* vm.max_map_count: 65530 areas, and no more. */
static void too_many_areas(void)
{
	const unsigned long pages = 70000;
	char *p = new_pages(pages, MAP_PRIVATE | MAP_NORESERVE);
	unsigned long n = cut_into_areas(p, pages);

	line("areas: %s", n > 65500 && n <= 65530 ? "as many as there may be" : text(n));
	show(mprotect, p + (n + 5) * PAGE, PAGE, PROT_READ);
	show(munmap, p + (n + 5) * PAGE, PAGE);
	show_ok(mmap, 0, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show(munmap, p, pages * PAGE);
	show(mprotect, new_pages(3, MAP_PRIVATE), PAGE, PROT_READ);
}

/* --- calls that take as long as ring 3 wants --- */

/* Between parent and child. */
static volatile struct {
	int started, ended;
} *shared;

#define MIB (1UL << 20)

/* @mib MiB of addresses that all show one and the same MiB of memory. */
static char *long_buffer(unsigned long mib)
{
	char *p = (char *)sys(mmap, 0, mib * MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long fd = sys(open, "memory.data", O_RDWR | O_CREAT, 0600);

	CHECK(sys(write, fd, new_pages(MIB / PAGE, MAP_PRIVATE), MIB) == MIB);
	for (unsigned long i = 0; i < mib; i++) {
		char *at = p + i * MIB;

		CHECK((char *)sys(mmap, at, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
				  0) == at);
	}
	CHECK(sys(close, fd) == 0);
	return p;
}

/* The call, between the marks for the parent. */
#define LONG_CALL(...)			\
	do {				\
		shared->started = 1;	\
		sys(__VA_ARGS__);	\
		shared->ended = 1;	\
	} while (0)

static void read_zeros(void)
{
	char *buffer = long_buffer(256);
	long fd = sys(open, "/dev/zero", O_RDONLY);

	LONG_CALL(read, fd, buffer, 256 * MIB);
}

static void read_hole(void)
{
	char *buffer = long_buffer(256);
	long fd = sys(open, "hole", O_RDWR | O_CREAT, 0600);

	CHECK(sys(lseek, fd, 256 * MIB, SEEK_SET) > 0 && sys(write, fd, "x", 1) == 1);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	LONG_CALL(read, fd, buffer, 256 * MIB);
}

static void write_channel(void)
{
	char *buffer = long_buffer(1);

	LONG_CALL(write, 2, buffer, MIB);
}

static void get_random(void)
{
	char *p = new_pages(2048, MAP_PRIVATE);

	LONG_CALL(getrandom, p, 2048 * PAGE, 0);
}

/* A million arguments: more than there may be, which is known when they are counted. */
static void many_arguments(void)
{
	static char *empty[] = { NULL };
	const unsigned long n = 1 << 20;
	char **argv = (char **)new_pages(n * sizeof(*argv) / PAGE + 1, MAP_PRIVATE);

	for (unsigned long i = 0; i < n; i++)
		argv[i] = "x";
	LONG_CALL(execve, "/init", argv, empty);
}

static char *many_areas(void)
{
	char *p = new_pages(40000, MAP_PRIVATE | MAP_NORESERVE);

	CHECK(cut_into_areas(p, 40000) == 40000);
	return p;
}

static void protect_areas(void)
{
	char *p = many_areas();

	LONG_CALL(mprotect, p, 40000 * PAGE, PROT_NONE);
}

static void unmap_areas(void)
{
	char *p = many_areas();

	LONG_CALL(munmap, p, 40000 * PAGE);
}

static void fork_areas(void)
{
	long parent = sys(getpid);

	many_areas();
	shared->started = 1;
	sys(fork);
	if (sys(getpid) == parent)
		shared->ended = 1;
}

static const struct {
	const char *name;
	void (*call)(void);
} long_calls[] = {
	{ "read of /dev/zero", read_zeros },
	{ "read of a file", read_hole },
	{ "write to a host channel", write_channel },
	{ "getrandom", get_random },
	{ "execve", many_arguments },
	{ "mprotect", protect_areas },
	{ "munmap", unmap_areas },
	{ "fork", fork_areas },
};

/* Run one of them in a child; come back when it is in the call. */
static long start_call(size_t i)
{
	long pid;

	shared->started = shared->ended = 0;
	pid = sys(fork);
	if (pid == 0) {
		long_calls[i].call();
		sys(exit_group, failures);
	}
	while (!shared->started)
		sleep_ms(1);
	return pid;
}

/* Do we get the CPU while a child is in the call? */
static void busy(size_t i)
{
	int status = -1, turns = 0;
	long pid = start_call(i);

	for (; !shared->ended; turns++)
		sleep_ms(1);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid && status == 0);
	line("%s: %s", long_calls[i].name, turns > 1 ? "others run meanwhile" : "nobody else runs");
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "iret"))
		try("iret", iret, NULL);
	if (!strcmp(verb, "far-return"))
		try("far return", far_return, NULL);
	if (!strcmp(verb, "areas"))
		areas(argc > 2 ? strtoul(argv[2], NULL, 10) : 0);
	if (!strcmp(verb, "too-many-areas"))
		too_many_areas();
	if (!strcmp(verb, "busy")) {
		shared = (void *)new_pages(1, MAP_SHARED);
		for (size_t i = 0; i < ARRAY_SIZE(long_calls); i++)
			busy(i);
	}
	return verdict();
}
