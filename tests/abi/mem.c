/*
 * mem.c - brk, mmap, munmap, mprotect: what is mapped, how, and what is refused.
 */
#include "abi.h"

static int poke(void *p)
{
	*(volatile char *)p = 1;
	return 0;
}

static int peek(void *p)
{
	(void)*(volatile char *)p;
	return 0;
}

static int run(void *p)
{
	return ((int (*)(void))p)();
}

/* How reading and writing each of @n pages ends, as one word per page. */
static void access_pages(const char *what, char *p, int n)
{
	char words[256] = "";

	for (int i = 0; i < n; i++) {
		int r = in_child(peek, p + (unsigned long)i * PAGE);
		int w = in_child(poke, p + (unsigned long)i * PAGE);

		strcat(strcat(words, r ? " -" : " r"), w ? "-" : "w");
	}
	line("%s:%s", what, words);
}

static int all_zero(const char *p, unsigned long len)
{
	for (unsigned long i = 0; i < len; i++)
		if (p[i])
			return 0;
	return 1;
}

/* Does brk(2) put the end of the data where we want it? */
static int break_at(char *end)
{
	return (char *)sys(brk, end) == end;
}

static void program_break(void)
{
	char *start = (char *)sys(brk, 0);
	char *first = (char *)(((unsigned long)start + PAGE - 1) & -PAGE);

	line("[brk]");
	line("brk(0) twice is the same: %d", (char *)sys(brk, 0) == start);
	line("grown by 4 pages: %d", break_at(first + 4 * PAGE));
	line("zero: %d", all_zero(first, 4 * PAGE));
	memset(first, 'x', 4 * PAGE);
	access_pages("4 pages, 1 behind", first, 5);
	line("shrunk by 2 pages: %d", break_at(first + 2 * PAGE));
	access_pages("2 pages, 2 behind", first, 4);
	line("content kept: %d", first[0] == 'x' && first[2 * PAGE - 1] == 'x');
	line("grown again: %d", break_at(first + 4 * PAGE));
	line("zero: %d", all_zero(first + 2 * PAGE, 2 * PAGE));
	line("by a byte: %d", break_at(first + 4 * PAGE + 1));
	line("below the start: %d", break_at((char *)PAGE));
	line("into the kernel: %d", break_at((char *)0xffffffff81000000));
	line("still there: %d", (char *)sys(brk, 0) == first + 4 * PAGE + 1);
	line("execute there: %s", ending(in_child(run, first)));
	CHECK(break_at(start));
}

/* mmap(2) of one page that can be read, at @hint. */
static char *map_page(char *hint, int flags)
{
	return (char *)sys(mmap, hint, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void map_and_unmap(void)
{
	char *p = new_pages(6, MAP_PRIVATE);
	char *again;

	line("[mmap, munmap]");
	line("6 pages aligned: %d, zero: %d", (unsigned long)p % PAGE == 0, all_zero(p, 6 * PAGE));
	memset(p, 'y', 6 * PAGE);
	show(munmap, p + PAGE, PAGE);
	show(munmap, p + 3 * PAGE, 2 * PAGE);
	access_pages("of 6, 1, 3 and 4 unmapped", p, 6);
	show(munmap, p, 6 * PAGE);
	show(munmap, p, 6 * PAGE);
	access_pages("all unmapped", p, 6);
	line("a free hint is taken: %d", map_page(p, 0) == p);
	line("zero: %d", all_zero(p, PAGE));
	again = map_page(p + 5, 0);
	line("a hint that is in use is not: %d", again != p && (unsigned long)again % PAGE == 0);
	show(munmap, again, 1);
	access_pages("one byte unmapped", again, 1);
	show(munmap, p, PAGE);
}

static void fixed(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = new_pages(4, MAP_PRIVATE);

	line("[MAP_FIXED]");
	memset(p, 'z', 4 * PAGE);
	line("over page 1: %d", map_page(p + PAGE, MAP_FIXED) == p + PAGE);
	line("it is zero: %d, its neighbours are not: %d", all_zero(p + PAGE, PAGE),
	     p[PAGE - 1] == 'z' && p[2 * PAGE] == 'z');
	access_pages("4 pages, page 1 only to read", p, 4);
	show_ok(mmap, p + 1, PAGE, PROT_READ, flags | MAP_FIXED, -1, 0);
	show_ok(mmap, p, PAGE, PROT_READ, flags | MAP_FIXED_NOREPLACE, -1, 0);
	show(munmap, p + 2 * PAGE, PAGE);
	line("NOREPLACE into the hole: %d",
	     map_page(p + 2 * PAGE, MAP_FIXED_NOREPLACE) == p + 2 * PAGE);
	show_ok(mmap, 0xffff800000000000, PAGE, PROT_READ, flags | MAP_FIXED, -1, 0);
	show_ok(mmap, 0x7ffffffff000, PAGE, PROT_READ, flags | MAP_FIXED, -1, 0);
	show_ok(mmap, -PAGE, 2 * PAGE, PROT_READ, flags | MAP_FIXED, -1, 0);
	show(munmap, p, 4 * PAGE);
}

static void protection(void)
{
	char *p = new_pages(6, MAP_PRIVATE);

	line("[mprotect]");
	memset(p, 'p', 6 * PAGE);
	show(mprotect, p + PAGE, PAGE, PROT_READ);
	show(mprotect, p + 2 * PAGE, 2 * PAGE, PROT_NONE);
	access_pages("rw r none none rw rw", p, 6);
	show(mprotect, p + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE);
	access_pages("page 2 back", p, 6);
	line("content: %d", p[PAGE] == 'p' && p[2 * PAGE] == 'p');
	show(mprotect, p, 6 * PAGE, PROT_READ);
	show(mprotect, p, 6 * PAGE, PROT_READ | PROT_WRITE);
	access_pages("all rw", p, 6);
	show(munmap, p + 3 * PAGE, PAGE);
	show(mprotect, p, 6 * PAGE, PROT_READ);
	access_pages("read-only up to the hole", p, 6);
	show(mprotect, p + 1, PAGE, PROT_READ);
	show(mprotect, p, 0, PROT_READ);
	show(mprotect, p, PAGE, 0x100);
	show(mprotect, p + 3 * PAGE, PAGE, PROT_READ);
	show(mprotect, -PAGE, 2 * PAGE, PROT_READ);
	show(munmap, p, 6 * PAGE);
}

static void execution(void)
{
	/* mov eax, 42; ret */
	static const char code[] = { (char)0xb8, 42, 0, 0, 0, (char)0xc3 };
	char *p = new_pages(1, MAP_PRIVATE);

	line("[PROT_EXEC]");
	memcpy(p, code, sizeof(code));
	try("run what can be written", run, p);
	show(mprotect, p, PAGE, PROT_READ | PROT_EXEC);
	try("run what can be executed", run, p);
	try("write it", poke, p);
	show(mprotect, p, PAGE, PROT_READ);
	try("run what can be read", run, p);
	show(munmap, p, PAGE);
}

static void errors(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;

	line("[errors]");
	show_ok(mmap, 0, 0, PROT_READ, flags, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_ANONYMOUS | MAP_SHARED | MAP_PRIVATE, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, 99, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, flags, -1, 1);
	show_ok(mmap, 0, 1UL << 47, PROT_READ, flags, -1, 0);
	show_ok(mmap, 0, -1UL, PROT_READ, flags, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, flags, 99, 0);
	show(munmap, 0x10001, PAGE);
	show(munmap, 0x10000, 0);
	show(munmap, 0xffff800000000000, PAGE);
	show(munmap, 0x10000, -1UL);
}

static int poke_both(void *p)
{
	char **pages = p;

	pages[0][0] = pages[1][0] = 'c';
	pages[0][2 * PAGE] = 'd';
	return 0;
}

static void sharing(void)
{
	char *pages[] = { new_pages(3, MAP_SHARED), new_pages(1, MAP_PRIVATE) };

	line("[shared, private]");
	pages[0][0] = pages[1][0] = 'p';
	try("child writes", poke_both, pages);
	line("shared: %c, untouched before the fork: %c, private: %c", pages[0][0],
	     pages[0][2 * PAGE], pages[1][0]);
	show(mprotect, pages[0], PAGE, PROT_READ);
	access_pages("shared made read-only", pages[0], 2);
	show(munmap, pages[0], 3 * PAGE);
}

int main(void)
{
	program_break();
	map_and_unmap();
	fixed();
	protection();
	execution();
	errors();
	sharing();
	return verdict();
}
