/*
 * mlock.c - mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2), MAP_LOCKED, MAP_POPULATE: what
 * is brought in, and what RLIMIT_MEMLOCK refuses, to root and to others.
 */
#include "pages.h"

#include <sys/resource.h>

#define NOTHING		((char *)0x10000000)	/* nothing is mapped there */
#define ONFAULT		1
#define MCL_ONFAULT_	4

static char *map(int pages, int prot, int flags)
{
	return (char *)sys(mmap, 0, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

#define RW	(PROT_READ | PROT_WRITE)

static void arguments(void)
{
	char *p = new_pages(4, MAP_PRIVATE);

	line("[arguments]");
	show(mlock, p, 0);
	show(mlock, p + 1, 0);
	show(mlock, NOTHING, 0);
	show(mlock, NOTHING, PAGE);
	show(mlock, p, -1UL);
	show(mlock, p, -PAGE);
	show(mlock, p + PAGE, -PAGE);
	show(mlock, p + 5, 1UL << 63);
	show(munlock, p, 0);
	show(munlock, NOTHING, PAGE);
	show(munlock, p, -PAGE);
	show(munlock, p, PAGE);
	show(mlock2, p, PAGE, 2);
	show(mlock2, p, PAGE, -1);
	show(mlock2, NOTHING, PAGE, 2);
	show(mlock2, NOTHING, PAGE, ONFAULT);
	show(mlockall, 0);
	show(mlockall, 8);
	show(mlockall, MCL_ONFAULT_);
	show(mlockall, MCL_CURRENT | 8);
	show(munlockall);
	CHECK(sys(munmap, p + 2 * PAGE, PAGE) == 0);
	show(mlock, p, 4 * PAGE);
	line("up to the hole: %s", resident(p, 2));
	show(munlock, p, 4 * PAGE);
	CHECK(sys(munmap, p, 4 * PAGE) == 0);
}

static void brought_in(void)
{
	char *p = new_pages(6, MAP_PRIVATE), *q;

	line("[brought in]");
	line("before: %s", resident(p, 6));
	show(mlock, p + PAGE + 5, PAGE);
	line("mlock: %s", resident(p, 6));
	show(mlock2, p + 3 * PAGE, 2 * PAGE, ONFAULT);
	line("mlock2 with ONFAULT: %s", resident(p, 6));
	p[4 * PAGE] = 'x';
	line("one of them used: %s", resident(p, 6));
	show(mlock2, p + 3 * PAGE, 2 * PAGE, 0);
	line("mlock2 without: %s", resident(p, 6));
	CHECK(sys(munmap, p, 6 * PAGE) == 0);
	p = map(3, PROT_READ, 0);
	show(mlock, p, 3 * PAGE);
	line("read-only: %s", resident(p, 3));
	CHECK(sys(munmap, p, 3 * PAGE) == 0);
	p = map(2, PROT_NONE, 0);
	show(mlock, p, 2 * PAGE);
	line("PROT_NONE: %s", resident(p, 2));
	CHECK(sys(munmap, p, 2 * PAGE) == 0);
	line("MAP_POPULATE: %s", resident(map(3, RW, MAP_POPULATE), 3));
	line("MAP_POPULATE, read-only: %s", resident(map(3, PROT_READ, MAP_POPULATE), 3));
	line("MAP_POPULATE, PROT_NONE: %s", resident(map(3, PROT_NONE, MAP_POPULATE), 3));
	line("MAP_POPULATE, MAP_NONBLOCK: %s", resident(map(3, RW, MAP_POPULATE | MAP_NONBLOCK), 3));
	line("MAP_LOCKED: %s", resident(map(3, RW, MAP_LOCKED), 3));
	line("MAP_LOCKED, PROT_NONE: %s", resident(map(3, PROT_NONE, MAP_LOCKED), 3));
	q = (char *)sys(mmap, 0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	line("MAP_POPULATE, shared: %s", resident(q, 2));
	q = (char *)sys(mremap, map(2, RW, MAP_LOCKED), 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0);
	line("a locked area made longer: %s", resident(q, 4));
}

static int everything(void *unused)
{
	char *start = (char *)sys(brk, 0), *p = new_pages(2, MAP_PRIVATE);
	char *first = (char *)(((unsigned long)start + PAGE - 1) & -PAGE);

	(void)unused;
	show(mlockall, MCL_CURRENT);
	line("those that are there: %s", resident(p, 2));
	line("a new one: %s", resident(map(2, RW, 0), 2));
	show(mlockall, MCL_FUTURE);
	line("with MCL_FUTURE: %s", resident(map(2, RW, 0), 2));
	CHECK((char *)sys(brk, first + 2 * PAGE) == first + 2 * PAGE);
	line("brk: %s", resident(first, 2));
	show(munlockall);
	line("after munlockall: %s", resident(map(2, RW, 0), 2));
	show(mlockall, MCL_FUTURE | MCL_ONFAULT_);
	line("with MCL_ONFAULT: %s", resident(map(2, RW, 0), 2));
	show(mlockall, MCL_CURRENT | MCL_FUTURE);
	show(madvise, p, PAGE, MADV_DONTNEED);
	show(msync, p, PAGE, MS_INVALIDATE);
	return failures;
}

static int in_fork(void *p)
{
	line("a child's is not locked: %s", text(sys(madvise, p, PAGE, MADV_DONTNEED)));
	line("nor what it maps: %s", resident(map(2, RW, 0), 2));
	return 0;
}

static void inherited(void)
{
	char *p = new_pages(1, MAP_PRIVATE);

	line("[fork]");
	show(mlockall, MCL_CURRENT | MCL_FUTURE);
	in_child(in_fork, p);
	show(munlockall);
	CHECK(sys(munmap, p, PAGE) == 0);
}

static void limit(rlim_t bytes)
{
	struct rlimit lim = { bytes, 1UL << 30 };

	CHECK(sys(setrlimit, RLIMIT_MEMLOCK, &lim) == 0);
}

/* Does the heap become longer by @bytes? */
static int heap_grows(unsigned long bytes)
{
	long now = sys(brk, 0);

	return sys(brk, now + bytes) == now + (long)bytes;
}

static int limited(void *who)
{
	char *p = new_pages(8, MAP_PRIVATE), *q;

	limit(4 * PAGE);
	if (who)
		become_nobody();
	line("[RLIMIT_MEMLOCK of 4 pages, %s]", who ? "nobody" : "root");
	show(mlock, p, 5 * PAGE);
	show(mlock, p, 3 * PAGE);
	show(mlock, p + 4 * PAGE, 2 * PAGE);
	show(mlock, p, 3 * PAGE);
	show(mlock, p + PAGE, 3 * PAGE);
	show(mlock, p + 6 * PAGE, PAGE);
	show(munlock, p, PAGE);
	show(mlock, p + 6 * PAGE, PAGE);
	show(mlock2, p + 7 * PAGE, PAGE, ONFAULT);
	show(mlock, NOTHING, PAGE);
	line("MAP_LOCKED: %s", ok((long)map(1, RW, MAP_LOCKED)));
	line("MAP_LOCKED, nothing else: %s", ok(sys(mmap, 0, PAGE, RW, MAP_LOCKED, 99, 0)));
	show(munlock, p + PAGE, 3 * PAGE);
	q = map(2, RW, MAP_LOCKED);
	line("with room: %s", ok((long)q));
	line("made longer: %s", ok(sys(mremap, q, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0)));
	line("by one: %s", ok(sys(mremap, q, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, 0)));
	show(munlockall);
	show(mlock, p, 4 * PAGE);
	CHECK(sys(munmap, p, 2 * PAGE) == 0);
	show(mlock, p + 6 * PAGE, 2 * PAGE);
	show(munlockall);
	show(mlockall, MCL_CURRENT);
	show(mlockall, MCL_FUTURE);
	line("a page with MCL_FUTURE: %s", ok((long)map(1, RW, 0)));
	line("five pages: %s", ok((long)map(5, RW, 0)));
	line("brk by five pages: %d", heap_grows(5 * PAGE));
	limit(0);
	show(mlock, p + 2 * PAGE, PAGE);
	show(mlock, p + 2 * PAGE, 0);
	show(mlockall, MCL_FUTURE);
	show(mlockall, 0);
	show(mlock2, p, PAGE, 2);
	show(munlock, p + 2 * PAGE, PAGE);
	line("MAP_LOCKED: %s", ok((long)map(1, RW, MAP_LOCKED)));
	line("a page: %s", ok((long)map(1, RW, 0)));
	return failures;
}

int main(void)
{
	close_inherited();
	arguments();
	brought_in();
	line("[mlockall]");
	CHECK(in_child(everything, NULL) == 0);
	inherited();
	CHECK(in_child(limited, NULL) == 0);
	CHECK(in_child(limited, "nobody") == 0);
	return verdict();
}
