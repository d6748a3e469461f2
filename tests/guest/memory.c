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
	return verdict();
}
