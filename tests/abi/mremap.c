/*
 * mremap.c - mremap(2): which calls are refused, and in which order; what is where afterwards.
 *
 * Leaves a file "mremap.data" behind.
 */
#include "pages.h"

#include <sys/resource.h>

#define DONTUNMAP	4
#define FIXED		(MREMAP_MAYMOVE | MREMAP_FIXED)
#define KEEP		(MREMAP_MAYMOVE | DONTUNMAP)
#define NOTHING		((char *)0x10000000)	/* nothing is mapped there */
#define NO_USER		((char *)0x7ffffffff000)	/* where ring 3's half ends */
#define MIB		(1UL << 20)

static int poke(void *p)
{
	*(volatile char *)p = 'w';
	return 0;
}

/* @n pages with room for @room pages behind them; the first bytes are a, b, c ... */
static char *pages(int n, int room, int flags)
{
	char *p = (char *)sys(mmap, 0, (n + room) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK((char *)sys(mmap, p, n * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	if (room)
		CHECK(sys(munmap, p + n * PAGE, room * PAGE) == 0);
	for (int i = 0; i < n; i++)
		p[i * PAGE] = 'a' + i;
	return p;
}

static void done(char *p, int n)
{
	CHECK(sys(munmap, p, n * PAGE) == 0);
}

static int as_nobody_below_64k(void *p)
{
	become_nobody();
	show_ok(mremap, p, PAGE, PAGE, FIXED, 0);
	show_ok(mremap, p, PAGE, PAGE, FIXED, 0x8000);
	return 0;
}

static void refused(void)
{
	char *p = pages(4, 4, MAP_PRIVATE);

	line("[refused]");
	show_ok(mremap, p, PAGE, PAGE, 8, 0);
	show_ok(mremap, p, PAGE, PAGE, MREMAP_FIXED, p + 4 * PAGE);
	show_ok(mremap, p, PAGE, PAGE, DONTUNMAP, 0);
	show_ok(mremap, p, PAGE, 2 * PAGE, KEEP, 0);
	show_ok(mremap, p, PAGE, PAGE - 1, KEEP, 0);
	show_ok(mremap, p + 1, PAGE, PAGE, 0, 0);
	show_ok(mremap, p, PAGE, 0, 0, 0);
	show_ok(mremap, p, PAGE, -1UL, 0, 0);
	show_ok(mremap, p, PAGE, -PAGE, MREMAP_MAYMOVE, 0);
	show_ok(mremap, p, -PAGE, PAGE, 0, 0);
	show_ok(mremap, NOTHING, PAGE, 2 * PAGE, 0, 0);
	show_ok(mremap, NOTHING, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0);
	show_ok(mremap, NOTHING, PAGE, 0, MREMAP_MAYMOVE, 0);
	show_ok(mremap, NOTHING + 1, PAGE, PAGE, 0, 0);
	show_ok(mremap, NOTHING, 2 * PAGE, PAGE, 0, 0);
	show_ok(mremap, NO_USER, PAGE, 2 * PAGE, 0, 0);
	show_ok(mremap, 0xffff800000000000, PAGE, 2 * PAGE, 0, 0);
	show_ok(mremap, p, 5 * PAGE, 6 * PAGE, MREMAP_MAYMOVE, 0);
	show_ok(mremap, p, 5 * PAGE, 5 * PAGE, 0, 0);
	show_ok(mremap, p, 0, PAGE, MREMAP_MAYMOVE, 0);
	show_ok(mremap, p, 0, PAGE, 0, 0);
	show_ok(mremap, p, PAGE, PAGE, FIXED, p + 4 * PAGE + 1);
	show_ok(mremap, p, PAGE, PAGE, FIXED, NO_USER);
	show_ok(mremap, p, PAGE, PAGE, FIXED, -PAGE);
	show_ok(mremap, p, 2 * PAGE, 2 * PAGE, FIXED, p);
	show_ok(mremap, p, 2 * PAGE, 2 * PAGE, FIXED, p + PAGE);
	show_ok(mremap, p + PAGE, PAGE, 3 * PAGE, FIXED, p);
	show_ok(mremap, p + PAGE, 2 * PAGE, PAGE, FIXED, p + 2 * PAGE);
	show_ok(mremap, NOTHING, PAGE, PAGE, FIXED, NOTHING);
	show_ok(mremap, p, 5 * PAGE, 5 * PAGE, KEEP, 0);
	show_ok(mremap, p, 1UL << 46, 1UL << 46, KEEP, 0);
	show_ok(mremap, p, PAGE, 1UL << 46, 0, 0);
	show_ok(mremap, p, PAGE, 1UL << 47, MREMAP_MAYMOVE, 0);
	line("nothing has moved: %s", bytes(p, 5));
	in_child(as_nobody_below_64k, p);
	line("nor then: %s", bytes(p, 5));
	done(p, 8);
}

static void in_place(void)
{
	char *p = pages(4, 4, MAP_PRIVATE);

	line("[in place]");
	line("shorter: %d", (char *)sys(mremap, p, 4 * PAGE, 2 * PAGE, 0, 0) == p);
	line("  %s", bytes(p, 4));
	line("longer: %d", (char *)sys(mremap, p, 2 * PAGE, 5 * PAGE, 0, 0) == p);
	line("  %s", bytes(p, 6));
	line("the same: %d", (char *)sys(mremap, p, 5 * PAGE, 5 * PAGE, 0, 0) == p);
	line("by a byte: %d", (char *)sys(mremap, p, 5 * PAGE, 5 * PAGE + 1, 0, 0) == p);
	line("  %s", bytes(p, 7));
	line("part of it shorter: %d", (char *)sys(mremap, p, 3 * PAGE, 2 * PAGE, 0, 0) == p);
	line("  %s", bytes(p, 6));
	line("from the middle: %d", (char *)sys(mremap, p + PAGE, PAGE, 2 * PAGE, 0, 0) == p + PAGE);
	line("  %s", bytes(p, 6));
	line("where something is in the way: %s", ok(sys(mremap, p, 3 * PAGE, 8 * PAGE, 0, 0)));
	line("a part, into its own other part: %s", ok(sys(mremap, p, PAGE, 2 * PAGE, 0, 0)));
	done(p, 8);
}

static void moved(void)
{
	char *p = pages(4, 4, MAP_PRIVATE), *q, *to = pages(4, 0, MAP_PRIVATE);

	line("[moved]");
	CHECK((char *)sys(mmap, p + 4 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + 4 * PAGE);
	q = (char *)sys(mremap, p, 4 * PAGE, 6 * PAGE, MREMAP_MAYMOVE, 0);
	line("elsewhere: %d", q != p && !is_error((long)q));
	line("  there: %s", bytes(q, 6));
	line("  before: %s", bytes(p, 4));
	line("over something else: %d", (char *)sys(mremap, q, 2 * PAGE, 2 * PAGE, FIXED, to + PAGE) == to + PAGE);
	line("  there: %s", bytes(to, 4));
	line("  before: %s", bytes(q, 6));
	line("longer as well: %d", (char *)sys(mremap, q + 2 * PAGE, PAGE, 3 * PAGE, FIXED, p) == p);
	line("  there: %s", bytes(p, 4));
	line("  before: %s", bytes(q, 6));
	line("shorter as well: %d", (char *)sys(mremap, to, 4 * PAGE, PAGE, FIXED, p + 5 * PAGE) == p + 5 * PAGE);
	line("  there: %s", bytes(p, 7));
	line("  before: %s", bytes(to, 4));
	done(p, 8);
	done(q, 6);
	done(to, 4);
}

static void permissions(void)
{
	char *p = pages(2, 2, MAP_PRIVATE), *to = pages(2, 0, MAP_PRIVATE);

	line("[permissions move along]");
	CHECK(sys(mprotect, p, 2 * PAGE, PROT_READ) == 0);
	CHECK((char *)sys(mremap, p, 2 * PAGE, 2 * PAGE, FIXED, to) == to);
	line("content: %s", bytes(to, 2));
	try("write", poke, to);
	show(mprotect, to, 2 * PAGE, PROT_READ | PROT_WRITE);
	try("write then", poke, to);
	CHECK(sys(mprotect, to, PAGE, PROT_NONE) == 0);
	line("across two areas: %s", ok(sys(mremap, to, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, 0)));
	line("shorter across two areas: %s", ok(sys(mremap, to, 2 * PAGE, PAGE, 0, 0)));
	line("  %s", bytes(to, 2));
	CHECK((char *)sys(mremap, to, PAGE, PAGE, FIXED, p) == p);
	CHECK(sys(mprotect, p, PAGE, PROT_READ) == 0);
	line("PROT_NONE and back: %s", bytes(p, 1));
	done(p, 4);
}

static void kept(void)
{
	char *p = pages(3, 0, MAP_PRIVATE), *q, *to = pages(3, 0, MAP_PRIVATE);

	line("[MREMAP_DONTUNMAP]");
	q = (char *)sys(mremap, p, 3 * PAGE, 3 * PAGE, KEEP, 0);
	line("elsewhere: %d", q != p && !is_error((long)q));
	line("  there: %s", bytes(q, 3));
	line("  before: %s", bytes(p, 3));
	poke(p);
	line("  written: %s %s", bytes(p, 1), bytes(q, 1));
	line("with FIXED: %d", (char *)sys(mremap, q, 2 * PAGE, 2 * PAGE, KEEP | MREMAP_FIXED, to) == to);
	line("  there: %s", bytes(to, 3));
	line("  before: %s", bytes(q, 3));
	done(p, 3);
	done(q, 3);
	done(to, 3);
}

static void shared(void)
{
	char *p = pages(2, 0, MAP_SHARED), *q, *r;

	line("[shared]");
	q = (char *)sys(mremap, p, 0, 2 * PAGE, MREMAP_MAYMOVE, 0);
	line("old length 0 is a second mapping: %d", q != p && !is_error((long)q));
	line("  %s", bytes(q, 2));
	line("  without MAYMOVE: %s", ok(sys(mremap, p, 0, 2 * PAGE, 0, 0)));
	poke(q);
	line("  a write is seen by the first: %s", bytes(p, 2));
	r = (char *)sys(mremap, p, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0);
	line("longer than the object: %d", !is_error((long)r));
	line("  %s", bytes(r, 4));
	try("read behind the object", peek, r + 2 * PAGE);
	q = (char *)sys(mremap, q, 2 * PAGE, 2 * PAGE, KEEP, 0);
	line("DONTUNMAP of shared memory: %d", !is_error((long)q));
	line("  %s", is_error((long)q) ? "" : bytes(q, 2));
	done(r, 4);
}

static void files(void)
{
	long fd = sys(open, "mremap.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char page[PAGE], *p, *q;

	line("[a file]");
	for (int i = 0; i < 4; i++) {
		memset(page, 'A' + i, PAGE);
		CHECK(sys(write, fd, page, PAGE) == (long)PAGE);
	}
	p = (char *)sys(mmap, 0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	poke(p + PAGE);
	q = (char *)sys(mremap, p + PAGE, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, 0);
	line("its offset moves along: %s", bytes(q, 3));
	line("  before: %s", bytes(p, 4));
	q = (char *)sys(mremap, q, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE, 0);
	line("beyond its end: %s", bytes(q, 5));
	try("read there", peek, q + 4 * PAGE);
	done(q, 5);
	done(p, 4);
	p = (char *)sys(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, (1UL << 63) - 8 * PAGE);
	line("to an offset that overflows: %s", ok(sys(mremap, p, 2 * PAGE, 1UL << 46, MREMAP_MAYMOVE, 0)));
	done(p, 2);
	CHECK(sys(close, fd) == 0);
}

/* Large ranges, at places that fit page tables and at others: each page is where it should be. */
static void large(const char *what, unsigned long from, unsigned long to)
{
	const unsigned long len = 6 * MIB;
	char *p = (char *)(0x200000000UL + from), *q = (char *)(0x280000000UL + to);
	int wrong = 0;

	CHECK((char *)sys(mmap, p, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	for (unsigned long i = 0; i < len; i += 5 * PAGE)
		*(unsigned long *)(p + i) = i + 1;
	CHECK((char *)sys(mremap, p, len, len, FIXED, q) == q);
	for (unsigned long i = 0; i < len; i += PAGE)
		wrong += *(unsigned long *)(q + i) != (i % (5 * PAGE) ? 0 : i + 1);
	line("%s: %d wrong", what, wrong);
	try("  the old place", peek, p);
	CHECK(sys(munmap, q, len) == 0);
}

/* What is moved is what both processes had, and a write after it is the writer's alone. */
static int move_and_write(void *p)
{
	char *q = (char *)sys(mremap, p, PAGE, PAGE, FIXED, NOTHING);

	if (*q != 'a')
		return 1;
	*q = 'x';
	return 0;
}

static void forked(void)
{
	char *p = pages(1, 0, MAP_PRIVATE);

	line("[after fork]");
	try("the child moves and writes", move_and_write, p);
	line("the parent's is as before: %s", bytes(p, 1));
	done(p, 1);
}

int main(void)
{
	close_inherited();
	refused();
	in_place();
	moved();
	permissions();
	kept();
	shared();
	files();
	line("[large]");
	large("by whole tables", 0, 0);
	large("from within a table", 5 * PAGE, 0);
	large("to within a table", 0, 7 * PAGE);
	large("both", 3 * PAGE, 3 * PAGE);
	forked();
	return verdict();
}
