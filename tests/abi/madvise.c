/*
 * madvise.c - madvise(2): which advice is known, for which memory, and what has an effect.
 *
 * Leaves a file "madvise.data" behind.
 */
#include "pages.h"

#define DONTNEED_LOCKED	24
#define COLLAPSE	25
#define POPULATE_READ	22
#define POPULATE_WRITE	23
#define NOTHING		((char *)0x10000000)	/* nothing is mapped there */
#define NO_USER		((char *)0x7ffffffff000)	/* where ring 3's half ends */

static char *letters(int n, int flags)
{
	char *p = new_pages(n, flags);

	for (int i = 0; i < n; i++)
		p[i * PAGE] = 'a' + i;
	return p;
}

static char *file_pages(int n, int prot, int flags, int open_flags)
{
	long fd = sys(open, "madvise.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char page[PAGE], *p;

	for (int i = 0; i < n; i++) {
		memset(page, 'A' + i, PAGE);
		CHECK(sys(write, fd, page, PAGE) == (long)PAGE);
	}
	CHECK(sys(close, fd) == 0);
	fd = sys(open, "madvise.data", open_flags);
	p = (char *)sys(mmap, 0, n * PAGE, prot, flags, fd, 0);
	CHECK(sys(close, fd) == 0);
	return p;
}

/* Every number there is, on one page of private anonymous memory, and on a file. */
static void known(void)
{
	char *p = new_pages(1, MAP_PRIVATE), *f = file_pages(1, PROT_READ | PROT_WRITE, MAP_PRIVATE, O_RDWR);

	line("[which advice is known]");
	for (int advice = -1; advice < 28; advice++) {
		p[0] = f[0] = 'x';
		line("%d: %s, of a private file %s", advice, text(sys(madvise, p, PAGE, advice)),
		     text(sys(madvise, f, PAGE, advice)));
	}
	show(madvise, p, PAGE, 99);
	show(madvise, p, PAGE, 102);
	show(madvise, p, PAGE, 0x7fffffff);
	show(madvise, p, PAGE, 0x100000000 + MADV_DONTNEED);
	CHECK(sys(munmap, p, PAGE) == 0 && sys(munmap, f, PAGE) == 0);
}

static void arguments(void)
{
	char *p = letters(4, MAP_PRIVATE);

	line("[arguments]");
	show(madvise, p + 1, PAGE, MADV_DONTNEED);
	show(madvise, p + 1, PAGE, 77);
	show(madvise, p + 1, 0, MADV_DONTNEED);
	show(madvise, p, 0, MADV_DONTNEED);
	show(madvise, p, 0, 77);
	show(madvise, NOTHING, 0, MADV_DONTNEED);
	show(madvise, p, -1UL, MADV_DONTNEED);
	show(madvise, p, -PAGE, MADV_DONTNEED);
	show(madvise, p, -2 * PAGE, MADV_NORMAL);
	show(madvise, NOTHING, PAGE, MADV_DONTNEED);
	show(madvise, NOTHING, PAGE, MADV_NORMAL);
	show(madvise, NO_USER, PAGE, MADV_NORMAL);
	show(madvise, 0xffff800000000000, PAGE, MADV_NORMAL);
	line("still there: %s", bytes(p, 4));
	show(madvise, p + PAGE, 1, MADV_DONTNEED);
	line("one byte is a page: %s", bytes(p, 4));
	CHECK(sys(munmap, p + 2 * PAGE, PAGE) == 0);
	show(madvise, p, 4 * PAGE, MADV_DONTNEED);
	line("on both sides of a hole: %s", bytes(p, 4));
	CHECK(sys(munmap, p, 4 * PAGE) == 0);
}

static int write_both(void *p)
{
	char *q = p;

	sys(madvise, q, PAGE, MADV_DONTNEED);
	return q[0] ? q[0] : '0';
}

static void dontneed(void)
{
	char *p = letters(3, MAP_PRIVATE), *s = letters(2, MAP_SHARED), *f;

	line("[MADV_DONTNEED]");
	line("before: %s", resident(p, 3));
	show(madvise, p, 2 * PAGE, MADV_DONTNEED);
	line("after: %s", resident(p, 3));
	line("read: %c%c%c", p[0] ? p[0] : '0', p[PAGE] ? p[PAGE] : '0', p[2 * PAGE]);
	p[0] = 'n';
	line("written: %s", bytes(p, 3));
	line("in a child: %c, and then the parent: %s", WEXITSTATUS(in_child(write_both, p)), bytes(p, 1));
	show(madvise, s, 2 * PAGE, MADV_DONTNEED);
	line("shared memory stays: %s", bytes(s, 2));
	f = file_pages(2, PROT_READ | PROT_WRITE, MAP_PRIVATE, O_RDWR);
	f[0] = 'x';
	show(madvise, f, 2 * PAGE, MADV_DONTNEED);
	line("a private file is the file again: %s", bytes(f, 2));
	CHECK(sys(mprotect, p, PAGE, PROT_NONE) == 0);
	show(madvise, p, PAGE, MADV_DONTNEED);
	CHECK(sys(mprotect, p, PAGE, PROT_READ) == 0);
	line("PROT_NONE: %s", bytes(p, 1));
	CHECK(sys(mlock, p, 3 * PAGE) == 0);
	show(madvise, p, PAGE, MADV_DONTNEED);
	show(madvise, p, PAGE, MADV_FREE);
	show(madvise, p, PAGE, MADV_COLD);
	show(madvise, p, PAGE, MADV_PAGEOUT);
	show(madvise, p, PAGE, DONTNEED_LOCKED);
	show(madvise, s, PAGE, MADV_FREE);
	show(madvise, f, PAGE, MADV_FREE);
	CHECK(sys(munmap, p, 3 * PAGE) == 0 && sys(munmap, s, 2 * PAGE) == 0 && sys(munmap, f, 2 * PAGE) == 0);
}

/* Of four pages: not copied, wiped, as usual, both taken back. */
static void forks(void)
{
	char *p = letters(5, MAP_PRIVATE), *s = letters(1, MAP_SHARED);
	char *f = file_pages(1, PROT_READ | PROT_WRITE, MAP_PRIVATE, O_RDWR);

	line("[fork]");
	show(madvise, p, PAGE, MADV_DONTFORK);
	show(madvise, p + PAGE, PAGE, MADV_WIPEONFORK);
	show(madvise, p + 3 * PAGE, PAGE, MADV_DONTFORK);
	show(madvise, p + 3 * PAGE, PAGE, MADV_DOFORK);
	show(madvise, p + 4 * PAGE, PAGE, MADV_WIPEONFORK);
	show(madvise, p + 4 * PAGE, PAGE, MADV_KEEPONFORK);
	line("children see: %s", bytes(p, 5));
	line("we see: %c%c%c%c%c", p[0], p[PAGE], p[2 * PAGE], p[3 * PAGE], p[4 * PAGE]);
	show(madvise, s, PAGE, MADV_WIPEONFORK);
	show(madvise, s, PAGE, MADV_KEEPONFORK);
	show(madvise, f, PAGE, MADV_WIPEONFORK);
	show(madvise, f, PAGE, MADV_DONTFORK);
	line("a file not copied: %s", bytes(f, 1));
	show(madvise, s, PAGE, MADV_DONTFORK);
	line("shared memory not copied: %s", bytes(s, 1));
	show(madvise, p, 5 * PAGE, MADV_DOFORK);
	show(madvise, p, 5 * PAGE, MADV_KEEPONFORK);
	line("all taken back: %s", bytes(p, 5));
	CHECK(sys(munmap, p, 5 * PAGE) == 0 && sys(munmap, s, PAGE) == 0 && sys(munmap, f, PAGE) == 0);
}

static void populate(void)
{
	char *p = new_pages(6, MAP_PRIVATE), *f = file_pages(2, PROT_READ, MAP_SHARED, O_RDONLY), *big;

	line("[MADV_POPULATE]");
	show(madvise, p, 2 * PAGE, POPULATE_READ);
	show(madvise, p + 3 * PAGE, PAGE, POPULATE_WRITE);
	line("present: %s", resident(p, 6));
	CHECK(sys(mprotect, p, PAGE, PROT_READ) == 0 && sys(mprotect, p + PAGE, PAGE, PROT_NONE) == 0);
	show(madvise, p, PAGE, POPULATE_WRITE);
	show(madvise, p, PAGE, POPULATE_READ);
	show(madvise, p + PAGE, PAGE, POPULATE_READ);
	show(madvise, p, 3 * PAGE, POPULATE_READ);
	show(madvise, f, 2 * PAGE, POPULATE_WRITE);
	show(madvise, f, 2 * PAGE, POPULATE_READ);
	CHECK(sys(munmap, p + 4 * PAGE, PAGE) == 0);
	show(madvise, p + 2 * PAGE, 4 * PAGE, POPULATE_WRITE);
	line("up to the hole: %s%s", resident(p + 2 * PAGE, 2), resident(p + 5 * PAGE, 1));
	show(madvise, NOTHING, PAGE, POPULATE_READ);
	big = file_pages(2, PROT_READ | PROT_WRITE, MAP_SHARED, O_RDWR);
	big = (char *)sys(mremap, big, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0);
	show(madvise, big, 4 * PAGE, POPULATE_READ);
	show(madvise, big, 4 * PAGE, POPULATE_WRITE);
	CHECK(sys(munmap, p, 6 * PAGE) == 0 && sys(munmap, f, 2 * PAGE) == 0 && sys(munmap, big, 4 * PAGE) == 0);
}

static void removed(void)
{
	char *p = letters(3, MAP_PRIVATE), *s = letters(3, MAP_SHARED), *f, *second;

	line("[MADV_REMOVE]");
	show(madvise, p, PAGE, MADV_REMOVE);
	second = (char *)sys(mremap, s, 0, 3 * PAGE, MREMAP_MAYMOVE, 0);
	line("shared before: %s %s", bytes(s, 3), bytes(second, 3));
	show(madvise, s + PAGE, PAGE, MADV_REMOVE);
	line("shared: %s", bytes(s, 3));
	line("by its other mapping: %s", bytes(second, 3));
	CHECK(sys(mprotect, s, 3 * PAGE, PROT_READ) == 0);
	show(madvise, s, PAGE, MADV_REMOVE);
	f = file_pages(3, PROT_READ | PROT_WRITE, MAP_PRIVATE, O_RDWR);
	show(madvise, f, PAGE, MADV_REMOVE);
	CHECK(sys(munmap, f, 3 * PAGE) == 0);
	f = file_pages(3, PROT_READ, MAP_SHARED, O_RDONLY);
	show(madvise, f, PAGE, MADV_REMOVE);
	CHECK(sys(munmap, f, 3 * PAGE) == 0);
	CHECK(sys(mlock, second, PAGE) == 0);
	show(madvise, second, PAGE, MADV_REMOVE);
	CHECK(sys(munmap, p, 3 * PAGE) == 0 && sys(munmap, s, 3 * PAGE) == 0 && sys(munmap, second, 3 * PAGE) == 0);
}

/* An area that does not begin with its file; and a private copy of the page that goes. */
static void removed_from_the_middle(void)
{
	long fd = sys(memfd_create, "madvise", 0);
	char data[4 * PAGE], *first, *s, *p;

	for (int i = 0; i < 4; i++)
		memset(data + i * PAGE, 'k' + i, PAGE);
	CHECK(sys(write, fd, data, sizeof(data)) == sizeof(data));
	first = (char *)sys(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	s = (char *)sys(mmap, 0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
	p = (char *)sys(mmap, 0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	p[2 * PAGE] = 'x';
	line("[MADV_REMOVE in the middle of a file]");
	line("before: %s", bytes(s, 3));
	line("privately: %s", bytes(p, 4));
	show(madvise, s + PAGE, 2 * PAGE, MADV_REMOVE);
	line("after: %s", bytes(s, 3));
	line("privately: %s", bytes(p, 4));
	CHECK(sys(munmap, s, 3 * PAGE) == 0 && sys(munmap, p, 4 * PAGE) == 0);
	CHECK(sys(munmap, first, PAGE) == 0 && sys(close, fd) == 0);
}

/* Advice that has no effect that a program can see, and changes nothing that it can. */
static void advice_only(void)
{
	static const int advice[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_COLD,
				      MADV_PAGEOUT, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP,
				      MADV_DODUMP, MADV_MERGEABLE, MADV_UNMERGEABLE };
	char *p = letters(3, MAP_PRIVATE), *s = letters(3, MAP_SHARED);

	line("[only advice]");
	for (size_t i = 0; i < ARRAY_SIZE(advice); i++)
		line("%d of the page in the middle: %s, %s", advice[i], text(sys(madvise, p + PAGE, PAGE, advice[i])),
		     text(sys(madvise, s + PAGE, PAGE, advice[i])));
	line("content: %s %s", bytes(p, 3), bytes(s, 3));
	CHECK(sys(munmap, p, 3 * PAGE) == 0 && sys(munmap, s, 3 * PAGE) == 0);
}

int main(void)
{
	close_inherited();
	known();
	arguments();
	dontneed();
	forks();
	populate();
	removed();
	removed_from_the_middle();
	advice_only();
	return verdict();
}
