/*
 * memory_limits.c - how much memory may be mapped: RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK, what is
 * larger than all memory, reservations of gigabytes; the heap; areas that grow; the end of a file.
 *
 * Leaves a file "limits.data" behind.
 */
#include "abi.h"

#include <sys/resource.h>

#define RW	(PROT_READ | PROT_WRITE)
#define PRIVATE	(MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED	(MAP_SHARED | MAP_ANONYMOUS)
#define MIB	(1UL << 20)
#define GIB	(1UL << 30)
#define TIB	(1UL << 40)

static int poke(void *p)
{
	*(volatile char *)p = 'w';
	return 0;
}

static int peek(void *p)
{
	return *(volatile char *)p;
}

static void limit(int which, rlim_t bytes)
{
	struct rlimit lim = { bytes, RLIM_INFINITY };

	CHECK(sys(setrlimit, which, &lim) == 0);
}

/* Map and unmap at once. */
static long try_map(unsigned long len, int prot, int flags)
{
	long p = sys(mmap, 0, len, prot, flags, -1, 0);

	if (!is_error(p))
		CHECK(sys(munmap, p, len) == 0);
	return p;
}

/* Does the heap become longer by @bytes? */
static int heap_grows(unsigned long bytes)
{
	long now = sys(brk, 0);

	return sys(brk, now + bytes) == now + (long)bytes;
}

static void reservations(void)
{
	char *p;

	line("[more than there is]");
	line("1 GiB, PROT_NONE: %s", ok(try_map(GIB, PROT_NONE, PRIVATE)));
	line("1 TiB, PROT_NONE: %s", ok(try_map(TIB, PROT_NONE, PRIVATE)));
	line("64 TiB, PROT_NONE: %s", ok(try_map(64 * TIB, PROT_NONE, PRIVATE)));
	line("1 TiB, PROT_READ: %s", ok(try_map(TIB, PROT_READ, PRIVATE)));
	line("1 TiB, writable: %s", ok(try_map(TIB, RW, PRIVATE)));
	line("1 TiB, writable, MAP_NORESERVE: %s", ok(try_map(TIB, RW, PRIVATE | MAP_NORESERVE)));
	line("1 TiB, shared: %s", ok(try_map(TIB, RW, SHARED)));
	line("1 TiB, shared, MAP_NORESERVE: %s", ok(try_map(TIB, RW, SHARED | MAP_NORESERVE)));
	p = (char *)sys(mmap, 0, TIB, PROT_NONE, PRIVATE, -1, 0);
	try("write to a reservation", poke, p + TIB / 2);
	show(mprotect, p + TIB / 2, PAGE, RW);
	try("then", poke, p + TIB / 2);
	try("beside it", poke, p + TIB / 2 + PAGE);
	show(mprotect, p, TIB, RW);
	show(mprotect, p, TIB, PROT_READ);
	try("read a page in it", peek, p + TIB / 4);
	show(munmap, p + PAGE, TIB - 2 * PAGE);
	show(munmap, p, TIB);
	p = (char *)sys(mmap, 0, TIB, PROT_NONE, PRIVATE, -1, 0);
	line("moved: %s", ok(sys(mremap, p, TIB, 2 * TIB, MREMAP_MAYMOVE, 0)));
}

static int address_space(void *unused)
{
	char *p;

	(void)unused;
	limit(RLIMIT_AS, 64 * MIB);
	line("[RLIMIT_AS of 64 MiB]");
	line("32 MiB: %s", ok(try_map(32 * MIB, PROT_NONE, PRIVATE)));
	line("64 MiB: %s", ok(try_map(64 * MIB, PROT_NONE, PRIVATE)));
	line("64 MiB, shared: %s", ok(try_map(64 * MIB, RW, SHARED)));
	p = (char *)sys(mmap, 0, 40 * MIB, PROT_READ, PRIVATE, -1, 0);
	line("40 MiB, then 32: %s", ok(try_map(32 * MIB, PROT_NONE, PRIVATE)));
	line("over the 40 MiB: %s", ok(sys(mmap, p, 40 * MIB, RW, PRIVATE | MAP_FIXED, -1, 0)));
	line("over half of them and beyond: %s", ok(sys(mmap, p + 20 * MIB, 60 * MIB, RW, PRIVATE | MAP_FIXED, -1, 0)));
	line("made longer: %s", ok(sys(mremap, p, 40 * MIB, 60 * MIB, MREMAP_MAYMOVE, 0)));
	line("  twice: %s", ok(sys(mremap, p, 40 * MIB, 80 * MIB, MREMAP_MAYMOVE, 0)));
	line("kept and moved: %s", ok(sys(mremap, p, 40 * MIB, 40 * MIB, MREMAP_MAYMOVE | 4, 0)));
	line("brk by 64 MiB: %d", heap_grows(64 * MIB));
	limit(RLIMIT_AS, PAGE);
	line("[RLIMIT_AS of a page]");
	show_ok(mmap, 0, PAGE, PROT_READ, PRIVATE, -1, 0);
	show(munmap, p, PAGE);
	show(mprotect, p + PAGE, PAGE, PROT_NONE);
	line("a child: %s", ending(in_child(poke, p + 4 * MIB)));
	return failures;
}

static int data(void *unused)
{
	char *p;

	(void)unused;
	limit(RLIMIT_DATA, 32 * MIB);
	line("[RLIMIT_DATA of 32 MiB]");
	line("64 MiB, writable: %s", ok(try_map(64 * MIB, RW, PRIVATE)));
	line("64 MiB, PROT_READ: %s", ok(try_map(64 * MIB, PROT_READ, PRIVATE)));
	line("64 MiB, shared: %s", ok(try_map(64 * MIB, RW, SHARED)));
	line("64 MiB, growing: %s", ok(try_map(64 * MIB, RW, PRIVATE | MAP_GROWSDOWN)));
	p = (char *)sys(mmap, 0, 64 * MIB, PROT_NONE, PRIVATE, -1, 0);
	show(mprotect, p, 64 * MIB, RW);
	show(mprotect, p, 16 * MIB, RW);
	show(mprotect, p + 16 * MIB, 20 * MIB, RW);
	show(munmap, p, 16 * MIB);
	show(mprotect, p + 16 * MIB, 20 * MIB, RW);
	show(mprotect, p + 16 * MIB, 20 * MIB, PROT_READ);
	line("brk by 31 MiB: %d", heap_grows(31 * MIB));
	line("brk by 2 MiB more: %d", heap_grows(2 * MIB));
	limit(RLIMIT_DATA, 0);
	line("[RLIMIT_DATA of 0]");
	line("a page, writable: %s", ok(try_map(PAGE, RW, PRIVATE)));
	p = (char *)sys(brk, 0);
	line("brk by a page: %d", (char *)sys(brk, p + PAGE) == p + PAGE);
	line("brk shorter: %d", (char *)sys(brk, p - PAGE) == p - PAGE);
	return failures;
}

static void heap(void)
{
	char *start = (char *)sys(brk, 0), *first = (char *)(((unsigned long)start + PAGE - 1) & -PAGE);

	line("[the heap]");
	CHECK((char *)sys(brk, first + 8 * PAGE) == first + 8 * PAGE);
	show(munmap, first + 4 * PAGE, PAGE);
	line("shorter, across a hole: %d", (char *)sys(brk, first + 2 * PAGE) == first + 2 * PAGE);
	CHECK((char *)sys(brk, first + 8 * PAGE) == first + 8 * PAGE);
	show(munmap, first + 6 * PAGE, 2 * PAGE);
	line("shorter, what is gone: %d", (char *)sys(brk, first + 7 * PAGE) == first + 7 * PAGE);
	line("shorter, more than that: %d", (char *)sys(brk, first + 5 * PAGE) == first + 5 * PAGE);
	show(mprotect, first, PAGE, PROT_READ);
	line("longer: %d", (char *)sys(brk, first + 9 * PAGE) == first + 9 * PAGE);
	try("write to the page that was made read-only", poke, first);
	try("write to the new one", poke, first + 8 * PAGE);
	line("by 1 TiB: %d", (char *)sys(brk, first + TIB) == first + TIB);
	line("all away: %d", (char *)sys(brk, start) == start);
}

/* An area of two pages that grows downwards, @room bytes above another one; touch @down bytes below it. */
static int grow_towards(unsigned long room, unsigned long down, int prot)
{
	char *p = (char *)sys(mmap, 0, 16 * MIB, PROT_NONE, PRIVATE | MAP_NORESERVE, -1, 0), *top = p + 12 * MIB;

	CHECK(sys(munmap, p, 16 * MIB) == 0);
	CHECK(!is_error(sys(mmap, top, 2 * PAGE, RW, PRIVATE | MAP_GROWSDOWN | MAP_FIXED, -1, 0)));
	CHECK(!is_error(sys(mmap, top - room - PAGE, PAGE, prot, PRIVATE | MAP_FIXED, -1, 0)));
	return poke(top - down);
}

static int gap_far(void *down)
{
	return grow_towards(2 * MIB, (unsigned long)down, PROT_READ);
}

static int gap_near(void *down)
{
	return grow_towards(MIB, (unsigned long)down, PROT_READ);
}

static int gap_none(void *down)
{
	return grow_towards(MIB, (unsigned long)down, PROT_NONE);
}

static int gap_limited(void *down)
{
	limit(RLIMIT_STACK, 64 * 1024);
	return grow_towards(2 * MIB, (unsigned long)down, PROT_READ);
}

static void growing(void)
{
	line("[areas that grow downwards, and what lies below]");
	try("2 MiB below, by a page", gap_far, (void *)PAGE);
	try("  by 1 MiB - 4 KiB", gap_far, (void *)(MIB - PAGE));
	try("  by 1 MiB", gap_far, (void *)MIB);
	try("  by 1 MiB + 4 KiB", gap_far, (void *)(MIB + PAGE));
	try("1 MiB below, by a byte", gap_near, (void *)1);
	try("1 MiB below, PROT_NONE, by a page", gap_none, (void *)PAGE);
	try("  up to it", gap_none, (void *)MIB);
	try("  into it", gap_none, (void *)(MIB + PAGE));
	try("a limit of 64 KiB, by a page", gap_limited, (void *)PAGE);
	try("  by 56 KiB", gap_limited, (void *)(14 * PAGE));
	try("  by 60 KiB", gap_limited, (void *)(15 * PAGE));
}

/* The end of a file: what is beyond its last page is SIGBUS, also when the file has become shorter. */
static void ends(int flags, const char *what)
{
	long fd = sys(open, "limits.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char bytes[PAGE + 100], *p;

	memset(bytes, 'b', sizeof(bytes));
	CHECK(sys(write, fd, bytes, sizeof(bytes)) == sizeof(bytes));
	p = (char *)sys(mmap, 0, 4 * PAGE, RW, flags, fd, 0);
	line("[the end of a file, %s]", what);
	line("the last byte: %c, and behind it: %d", p[PAGE + 99], p[PAGE + 100]);
	try("read the page behind", peek, p + 2 * PAGE);
	try("write the page behind", poke, p + 2 * PAGE);
	show(read, fd, p + 2 * PAGE, PAGE);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	show(read, fd, p + 2 * PAGE, PAGE);
	show(write, fd, p + 3 * PAGE, 5);
	line("written behind the last byte: %d", poke(p + PAGE + 200));
	CHECK(sys(lseek, fd, 3 * PAGE, SEEK_SET) == (long)(3 * PAGE) && sys(write, fd, "x", 1) == 1);
	try("the file has become longer: read", peek, p + 2 * PAGE);
	line("  its new last byte: %c", p[3 * PAGE]);
	CHECK(sys(munmap, p, 4 * PAGE) == 0 && sys(close, fd) == 0);
}

/* The file becomes empty while it is mapped: its pages and the copies of them are gone. */
static void truncated(int flags, const char *what)
{
	long fd = sys(open, "limits.data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char bytes[3 * PAGE], *p, *q;

	memset(bytes, 'b', sizeof(bytes));
	CHECK(sys(write, fd, bytes, sizeof(bytes)) == sizeof(bytes));
	p = (char *)sys(mmap, 0, 3 * PAGE, RW, flags, fd, 0);
	q = (char *)sys(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	p[0] = 'w';
	line("[a file is truncated, %s]", what);
	line("before: %c%c %c", p[0], p[2 * PAGE], q[0]);
	CHECK(sys(open, "limits.data", O_RDWR | O_TRUNC) == fd + 1 && sys(close, fd + 1) == 0);
	try("read", peek, p + PAGE);
	try("read what was written", peek, p);
	try("write", poke, p + 2 * PAGE);
	try("read the other mapping", peek, q);
	show(write, fd, p, 1);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0 && sys(write, fd, "nn", 2) == 2);
	line("with a new page: %c", p[0]);
	try("and the next", peek, p + PAGE);
	CHECK(sys(munmap, p, 3 * PAGE) == 0 && sys(munmap, q, PAGE) == 0 && sys(close, fd) == 0);
}

int main(void)
{
	close_inherited();
	reservations();
	CHECK(in_child(address_space, NULL) == 0);
	CHECK(in_child(data, NULL) == 0);
	heap();
	growing();
	ends(MAP_SHARED, "shared");
	ends(MAP_PRIVATE, "private");
	truncated(MAP_SHARED, "shared");
	truncated(MAP_PRIVATE, "private");
	return verdict();
}
