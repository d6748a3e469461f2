/*
 * mapping.c - what a mapping may become: files opened for reading only, programs that run, areas that
 * grow downwards; and which of several errors mmap(2) and mprotect(2) tell.
 *
 * Leaves a file "mapping.data" behind.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/resource.h>

#ifndef MAP_SYNC
#define MAP_SYNC	0x80000
#endif
#define UNKNOWN_FLAG	0x800000
#define FAR_DOWN	((char *)0x20000)	/* so low that growing leads to page 0 */
#define NO_USER		((char *)0x7ffffffff000)	/* where ring 3's half ends */

static int poke(void *p)
{
	*(volatile char *)p = 'w';
	return 0;
}

static void mprotect_of_a_file(const char *what, int flags, int prot, int share)
{
	long fd = sys(open, "mapping.data", flags);
	char *p = (char *)sys(mmap, 0, PAGE, PROT_READ, share, fd, 0);

	line("%s: mmap %s, mprotect %s", what, is_error((long)p) ? text((long)p) : "ok",
	     text(sys(mprotect, p, PAGE, prot)));
	line("  write: %s", ending(in_child(poke, p)));
	CHECK(sys(munmap, p, PAGE) == 0);
	CHECK(sys(close, fd) == 0);
}

static void files(void)
{
	long fd = sys(open, "mapping.data", O_RDWR | O_CREAT | O_TRUNC, 0644);
	char first = 0;

	line("[a file's mapping made writable]");
	CHECK(sys(write, fd, "data", 4) == 4);
	mprotect_of_a_file("read-only, shared", O_RDONLY, PROT_READ | PROT_WRITE, MAP_SHARED);
	mprotect_of_a_file("read-only, shared, only write", O_RDONLY, PROT_WRITE, MAP_SHARED);
	mprotect_of_a_file("read-only, shared, execute", O_RDONLY, PROT_EXEC, MAP_SHARED);
	mprotect_of_a_file("read-only, private", O_RDONLY, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0 && sys(read, fd, &first, 1) == 1);
	line("the file still begins with %c", first);
	mprotect_of_a_file("both ways, shared", O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0 && sys(read, fd, &first, 1) == 1);
	line("now with %c", first);
	CHECK(sys(close, fd) == 0);
}

/* The part of a range before the area that refuses is changed all the same. */
static void half_refused(void)
{
	long fd = sys(open, "mapping.data", O_RDONLY);
	char *p = new_pages(2, MAP_PRIVATE);

	line("[mprotect across two areas]");
	show(mprotect, p, 2 * PAGE, PROT_READ);
	CHECK((char *)sys(mmap, p + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == p + PAGE);
	show(mprotect, p, 2 * PAGE, PROT_READ | PROT_WRITE);
	try("write to the first", poke, p);
	try("write to the second", poke, p + PAGE);
	CHECK(sys(munmap, p, 2 * PAGE) == 0);
	CHECK(sys(close, fd) == 0);
}

static int open_it(void *path)
{
	show(open, path, O_WRONLY);
	show(open, path, O_RDONLY | O_TRUNC);
	return 0;
}

static void running_program(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);

	line("[a program that runs]");
	show(open, path, O_WRONLY);
	show(open, path, O_RDWR | O_TRUNC);
	try("and in a child", open_it, (void *)path);
}

static int grow(void *to)
{
	long p = sys(mmap, FAR_DOWN, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);

	CHECK((char *)p == FAR_DOWN);
	return poke(to);
}

static void growing(void)
{
	line("[areas that grow downwards]");
	try("by a page", grow, FAR_DOWN - PAGE);
	try("to 64 KiB", grow, (char *)0x10000);
	try("below 64 KiB", grow, (char *)0xfff8);
	try("to page 1", grow, (char *)PAGE);
	try("to page 0", grow, (char *)8);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
}

/* Write a byte to each page of half a megabyte of stack. */
static int use_stack(void *unused)
{
	volatile char stack[512 * 1024];

	(void)unused;
	for (size_t i = sizeof(stack); i; i -= PAGE)
		stack[i - 1] = 's';
	return stack[PAGE - 1] != 's';
}

static long limit_stack(void)
{
	struct rlimit small = { 64 * 1024, 64 * 1024 };

	return sys(setrlimit, RLIMIT_STACK, &small);
}

/* The child shares the parent's memory, but limits are its own. */
static int limit_in_vfork(void *unused)
{
	long pid = sys(vfork);

	if (pid == 0)
		sys(exit_group, limit_stack() != 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid);
	return use_stack(unused);
}

static int limit_and_use(void *unused)
{
	CHECK(limit_stack() == 0);
	return use_stack(unused);
}

static void stack_limits(void)
{
	line("[RLIMIT_STACK]");
	try("512 KiB of stack", use_stack, NULL);
	try("with a limit of 64 KiB", limit_and_use, NULL);
	try("after a vfork() child has set its own", limit_in_vfork, NULL);
}

static void order_of_errors(void)
{
	const int fixed = MAP_PRIVATE | MAP_FIXED, anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	long file = sys(open, "mapping.data", O_RDONLY), out = sys(open, "mapping.data", O_WRONLY);
	long sock = sys(socket, 2, 2, 0);

	line("[which error]");
	show_ok(mmap, NO_USER + 1, PAGE, PROT_READ, fixed | MAP_ANONYMOUS, -1, 0);
	show_ok(mmap, NO_USER - PAGE, PAGE, PROT_READ, MAP_FIXED | anonymous | 0xf, -1, 0);
	show_ok(mmap, 0x10001, PAGE, PROT_READ, fixed, sock, 0);
	show_ok(mmap, NO_USER, PAGE, PROT_READ, fixed, sock, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, sock, 0);
	show_ok(mmap, 0, PAGE, PROT_WRITE, MAP_SHARED, sock, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, out, 0);
	show_ok(mmap, 0x10001, PAGE, PROT_READ, fixed, out, 0);
	show_ok(mmap, 0, 0, PROT_READ, MAP_PRIVATE, out, 0);
	show_ok(mmap, 0, PAGE, PROT_WRITE, MAP_SHARED, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, 0, file, 0);
	show_ok(mmap, 0, 1UL << 47, PROT_READ, 0, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, file, 0);
	show_ok(mmap, 0, PAGE, PROT_WRITE, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED | UNKNOWN_FLAG, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | UNKNOWN_FLAG, file, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, file, 0);
	show_ok(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, -PAGE);
	show_ok(mmap, 0, 2 * PAGE, PROT_READ, 0, file, -PAGE);
	show_ok(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 1UL << 63);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, file, (1UL << 63) - PAGE);
	show_ok(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, (1UL << 63) - PAGE);
	show_ok(mmap, 0, 2 * PAGE, PROT_READ, anonymous, -1, -PAGE);
	show_ok(mmap, 0, 2UL << 20, PROT_READ, anonymous | MAP_HUGETLB, -1, 0);
	show_ok(mmap, 0, 2UL << 20, PROT_READ, anonymous | MAP_HUGETLB | 22 << 26, -1, 0);
	show_ok(mmap, 0, 2UL << 20, PROT_READ, MAP_PRIVATE | MAP_HUGETLB, file, 0);
	show(mprotect, new_pages(1, MAP_PRIVATE), PAGE, PROT_READ | 8);
	show(mprotect, FAR_DOWN, PAGE, 0x10);
	show(mprotect, FAR_DOWN + 1, PAGE, 0x10);
	show(mprotect, FAR_DOWN, 0, 0x10);
	show(mprotect, FAR_DOWN, -1UL, 0x10);
	show(mprotect, FAR_DOWN, PAGE, PROT_READ);
	CHECK(sys(close, file) == 0 && sys(close, out) == 0 && sys(close, sock) == 0);
}

static void places(void)
{
	const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = new_pages(4, MAP_PRIVATE), *low;

	line("[places]");
	CHECK(sys(munmap, p + PAGE, 2 * PAGE) == 0);
	line("a hint is rounded down: %d",
	     (char *)sys(mmap, p + PAGE + 5, PAGE, PROT_READ, anonymous, -1, 0) == p + PAGE);
	line("a hint without room is not taken: %d",
	     (char *)sys(mmap, p + 2 * PAGE, 2 * PAGE, PROT_READ, anonymous, -1, 0) != p + 2 * PAGE);
	low = (char *)sys(mmap, 0, PAGE, PROT_READ, anonymous | MAP_32BIT, -1, 0);
	line("MAP_32BIT is in the second GiB: %d", (unsigned long)low >> 30 == 1);
	CHECK(sys(munmap, low, PAGE) == 0);
	low = (char *)sys(mmap, 0x8000, PAGE, PROT_READ, anonymous, -1, 0);
	line("a hint below 64 KiB is 64 KiB: %d", (unsigned long)low == 0x10000);
	CHECK(sys(munmap, low, PAGE) == 0);
}

/* The heap ends a page below the next area at least. */
static void heap_meets_area(void)
{
	char *start = (char *)sys(brk, 0);
	char *first = (char *)(((unsigned long)start + PAGE - 1) & -PAGE);

	line("[brk below an area]");
	CHECK((char *)sys(mmap, first + 3 * PAGE, PAGE, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == first + 3 * PAGE);
	line("two pages below: %d", (char *)sys(brk, first + PAGE) == first + PAGE);
	line("one page below: %d", (char *)sys(brk, first + 2 * PAGE) == first + 2 * PAGE);
	line("up to it: %d", (char *)sys(brk, first + 3 * PAGE) == first + 3 * PAGE);
	line("beyond it: %d", (char *)sys(brk, first + 5 * PAGE) == first + 5 * PAGE);
	CHECK((char *)sys(brk, start) == start);
	CHECK(sys(munmap, first + 3 * PAGE, PAGE) == 0);
}

/* PROT_GROWSDOWN stretches the range to the start of the area. */
static void protect_to_the_start(void)
{
	char *p = (char *)sys(mmap, 0, 4 * PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0);
	char *plain = new_pages(2, MAP_PRIVATE);

	line("[PROT_GROWSDOWN]");
	show(mprotect, p + PAGE, PAGE, PROT_READ | PROT_GROWSDOWN);
	try("the page below", poke, p);
	try("the page", poke, p + PAGE);
	try("the page above", poke, p + 2 * PAGE);
	show(mprotect, plain + PAGE, PAGE, PROT_READ | PROT_GROWSDOWN);
	show(mprotect, plain + PAGE, PAGE, PROT_READ | PROT_GROWSUP);
	show(mprotect, plain + PAGE, PAGE, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN);
	show(mprotect, plain + 1, PAGE, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN);
	show(mprotect, plain, 0, PROT_READ | PROT_GROWSUP);
	show(mprotect, FAR_DOWN, PAGE, PROT_READ | PROT_GROWSUP);
	CHECK(sys(munmap, p, 4 * PAGE) == 0 && sys(munmap, plain, 2 * PAGE) == 0);
}

/*
 * The CPU remembers how a page was mapped. Each of these has used the page just before it changes,
 * and uses it at once afterwards, in the same process, so that what is remembered would be seen.
 */
static int write_after_read_only(void *p)
{
	poke(p);
	CHECK(sys(mprotect, p, PAGE, PROT_READ) == 0);
	return poke(p);
}

static int read_after_none(void *p)
{
	poke(p);
	CHECK(sys(mprotect, p, PAGE, PROT_NONE) == 0);
	return *(volatile char *)p != 'w';
}

static int read_after_unmap(void *p)
{
	poke(p);
	CHECK(sys(munmap, p, PAGE) == 0);
	return *(volatile char *)p != 'w';
}

static int read_after_shrinking(void *unused)
{
	char *start = (char *)sys(brk, 0), *page = (char *)(((unsigned long)start + PAGE) & -PAGE);

	(void)unused;
	CHECK((char *)sys(brk, page + PAGE) == page + PAGE);
	poke(page);
	CHECK((char *)sys(brk, page) == page);
	return *(volatile char *)page != 'w';
}

static int map_over(void *p)
{
	poke(p);
	CHECK((void *)sys(mmap, p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
	return *(volatile char *)p;
}

static int write_after_fork(void *p)
{
	volatile char *byte = p;
	int status = -1;
	long pid;

	*byte = 'b';
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, *byte);
	*byte = 'a';
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	return WEXITSTATUS(status);
}

/* An area that has no neighbours goes as a whole. */
static int read_after_unmapping_all(void *unused)
{
	char *p = (char *)sys(mmap, 0x30000000, PAGE, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	(void)unused;
	poke(p);
	CHECK(sys(munmap, p, PAGE) == 0);
	return *(volatile char *)p;
}

static int read_after_moving(void *p)
{
	poke(p);
	CHECK(!is_error(sys(mremap, p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)0x30000000)));
	return *(volatile char *)p != 'w';
}

/* The page is still mapped there, but another one. */
static int read_after_moving_and_keeping(void *p)
{
	poke(p);
	CHECK(!is_error(sys(mremap, p, PAGE, PAGE, MREMAP_MAYMOVE | 4, 0)));
	return *(volatile char *)p;
}

static int read_after_dontneed(void *p)
{
	poke(p);
	CHECK(sys(madvise, p, PAGE, MADV_DONTNEED) == 0);
	return *(volatile char *)p;
}

static int write_after_dontneed(void *p)
{
	volatile char *byte = p;

	*byte = 'o';
	CHECK(sys(madvise, p, PAGE, MADV_DONTNEED) == 0);
	byte[1] = 'n';
	return *byte;
}

static void forgotten(void)
{
	char *p = new_pages(1, MAP_PRIVATE);

	line("[what was mapped is forgotten]");
	try("write after mprotect(PROT_READ)", write_after_read_only, p);
	try("read after mprotect(PROT_NONE)", read_after_none, p);
	try("read after munmap()", read_after_unmap, p);
	try("read after munmap() of a whole area", read_after_unmapping_all, 0);
	try("read after brk() has shrunk", read_after_shrinking, p);
	try("read after mmap(MAP_FIXED)", map_over, p);
	try("read after mremap()", read_after_moving, p);
	try("read after mremap(MREMAP_DONTUNMAP)", read_after_moving_and_keeping, p);
	try("read after madvise(MADV_DONTNEED)", read_after_dontneed, p);
	try("write and read after madvise(MADV_DONTNEED)", write_after_dontneed, p);
	line("a child sees what was there before fork(): %d",
	     WEXITSTATUS(in_child(write_after_fork, p)) == 'b');
	CHECK(sys(munmap, p, PAGE) == 0);
}

/* A file's pages stay where they are when its area is cut. */
static void cut_in_two(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	char bytes[64];
	long fd = sys(open, path, O_RDONLY);
	char *p = (char *)sys(mmap, 0, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	CHECK(sys(lseek, fd, PAGE, SEEK_SET) == PAGE);
	CHECK(sys(read, fd, bytes, sizeof(bytes)) == sizeof(bytes));
	CHECK(sys(mprotect, p, PAGE, PROT_NONE) == 0);
	line("[an area of a file is cut]");
	line("its second page is still the second: %d", memcmp(p + PAGE, bytes, sizeof(bytes)) == 0);
	CHECK(sys(munmap, p, 3 * PAGE) == 0 && sys(close, fd) == 0);
}

/* Where ringwalk answers otherwise on purpose: docs/differences.md has our lines. */
static void differences(void)
{
	const int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	long sock = sys(socket, 2, 1, 0), zero = sys(open, "/dev/zero", O_RDONLY);

	line("[differences]");
	show_ok(mmap, 0, PAGE, PROT_READ, anonymous | MAP_FIXED, -1, 0);
	show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, sock, 0);
	show_ok(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	CHECK(sys(close, sock) == 0 && sys(close, zero) == 0);
}

int main(void)
{
	close_inherited();
	files();
	half_refused();
	running_program();
	growing();
	stack_limits();
	order_of_errors();
	places();
	heap_meets_area();
	protect_to_the_start();
	forgotten();
	cut_in_two();
	differences();
	return verdict();
}
