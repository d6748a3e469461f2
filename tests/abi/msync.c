/*
 * msync.c - msync(2) and mincore(2): which arguments are refused, and what they say of which pages.
 *
 * Leaves a file "msync.data" behind.
 */
#include "abi.h"

#define NOTHING		((char *)0x10000000)	/* nothing is mapped there */
#define NO_USER		((char *)0x7ffffffff000)	/* where ring 3's half ends */

static long data_file(int pages)
{
	long fd = sys(open, "msync.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char page[PAGE];

	memset(page, 'd', PAGE);
	for (int i = 0; i < pages; i++)
		CHECK(sys(write, fd, page, PAGE) == (long)PAGE);
	return fd;
}

static void msync_calls(void)
{
	long fd = data_file(2);
	char *p = new_pages(4, MAP_PRIVATE), *f = (char *)sys(mmap, 0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char byte;

	line("[msync]");
	show(msync, p, PAGE, 0);
	show(msync, p, PAGE, MS_ASYNC);
	show(msync, p, PAGE, MS_SYNC);
	show(msync, p, PAGE, MS_INVALIDATE);
	show(msync, p, PAGE, MS_SYNC | MS_INVALIDATE);
	show(msync, p, PAGE, MS_SYNC | MS_ASYNC);
	show(msync, p, PAGE, 8);
	show(msync, p, PAGE, -1);
	show(msync, p + 1, PAGE, MS_SYNC);
	show(msync, p + 1, 0, MS_SYNC);
	show(msync, p, 0, MS_SYNC);
	show(msync, p, 0, 8);
	show(msync, NOTHING, 0, MS_SYNC);
	show(msync, NOTHING, PAGE, MS_SYNC);
	show(msync, NOTHING, PAGE, MS_ASYNC);
	show(msync, NOTHING + 1, PAGE, MS_ASYNC);
	show(msync, p, -1UL, MS_SYNC);
	show(msync, p, -PAGE, MS_SYNC);
	show(msync, NO_USER, PAGE, MS_SYNC);
	f[0] = 'm';
	show(msync, f, 2 * PAGE, MS_SYNC);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0 && sys(read, fd, &byte, 1) == 1);
	line("the file begins with %c", byte);
	show(msync, f, 1, MS_ASYNC);
	CHECK(sys(munmap, p + PAGE, PAGE) == 0);
	show(msync, p, 4 * PAGE, MS_SYNC);
	show(msync, p, 4 * PAGE, MS_ASYNC);
	show(msync, p + PAGE, PAGE, MS_SYNC);
	show(msync, p + PAGE, 2 * PAGE, 0);
	CHECK(sys(mlock, p + 2 * PAGE, PAGE) == 0);
	show(msync, p + 2 * PAGE, PAGE, MS_INVALIDATE);
	show(msync, p + 2 * PAGE, PAGE, MS_SYNC);
	show(msync, p + 3 * PAGE, PAGE, MS_INVALIDATE);
	show(msync, p, 4 * PAGE, MS_INVALIDATE);
	show(msync, p, 2 * PAGE, MS_INVALIDATE);
	CHECK(sys(munmap, p, 4 * PAGE) == 0 && sys(munmap, f, 2 * PAGE) == 0 && sys(close, fd) == 0);
}

static const char *words(const unsigned char *vec, int n)
{
	static char text[64];

	for (int i = 0; i < n; i++)
		text[i] = vec[i] == 1 ? 'x' : vec[i] == 0 ? '.' : '?';
	text[n] = '\0';
	return text;
}

static void say(const char *what, char *p, int n)
{
	unsigned char vec[64];
	long ret;

	memset(vec, 7, sizeof(vec));
	ret = sys(mincore, p, n * PAGE, vec);
	line("%s: %s %s", what, text(ret), words(vec, n));
}

static int mincore_as_nobody(void *f)
{
	become_nobody();
	say("another one's file, as nobody", f, 3);
	return 0;
}

static void mincore_calls(void)
{
	long fd = data_file(2), other = sys(open, "msync.data", O_RDONLY);
	char *p = new_pages(8, MAP_PRIVATE), *s = new_pages(3, MAP_SHARED), *f, *g;
	unsigned char vec[64];

	line("[mincore]");
	show(mincore, p + 1, PAGE, vec);
	show(mincore, p + 1, PAGE, 8);
	show(mincore, p, PAGE, 8);
	show(mincore, p, PAGE, 0xffff800000000000);
	show(mincore, p, -1UL, vec);
	show(mincore, p, -PAGE, 8);
	show(mincore, p, 0, vec);
	show(mincore, p, 0, 8);
	show(mincore, NOTHING, 0, vec);
	show(mincore, NOTHING, PAGE, vec);
	show(mincore, NOTHING, PAGE, 8);
	show(mincore, NO_USER, PAGE, vec);
	show(mincore, 0xffff800000000000, PAGE, vec);
	p[PAGE] = 'x';
	(void)*(volatile char *)(p + 3 * PAGE);
	say("one written, one read", p, 5);
	CHECK(sys(mprotect, p + PAGE, PAGE, PROT_NONE) == 0);
	say("PROT_NONE", p, 5);
	CHECK(sys(munmap, p + 4 * PAGE, PAGE) == 0);
	say("up to a hole", p, 6);
	say("behind it", p + 5 * PAGE, 2);
	vec[0] = vec[1] = 7;
	show(mincore, p + 3 * PAGE, 1, vec);
	line("one byte is a page: %d %d", vec[0], vec[1]);
	s[PAGE] = 'x';
	say("shared memory", s, 3);
	f = (char *)sys(mmap, 0, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	say("a file, private, never used", f, 3);
	g = (char *)sys(mmap, 0, 3 * PAGE, PROT_READ, MAP_SHARED, other, 0);
	say("and shared", g, 3);
	in_child(mincore_as_nobody, g);
	CHECK(sys(munmap, p, 8 * PAGE) == 0 && sys(munmap, s, 3 * PAGE) == 0 && sys(munmap, f, 3 * PAGE) == 0);
	CHECK(sys(munmap, g, 3 * PAGE) == 0 && sys(close, fd) == 0 && sys(close, other) == 0);
}

int main(void)
{
	close_inherited();
	msync_calls();
	mincore_calls();
	return verdict();
}
