/*
 * hogs.c - programs that take all the memory they can get. Each must come to an end, by an error or by
 * being killed; whoever is not to blame goes on, and all memory comes back. Run as root, on ringwalk.
 *
 *	hogs		all kinds, a line each; status 1 when one leaves something behind
 */
#include "counters.h"

#define MIB	(1UL << 20)
#define GIB	(1UL << 30)
#define RW	(PROT_READ | PROT_WRITE)

static int last;	/* how the last hog ended: a status of wait4(2) */

static char *reserve(unsigned long len, int flags)
{
	return (char *)sys(mmap, 0, len, RW, MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
}

static void fill(char *p, unsigned long len)
{
	for (unsigned long i = 0; i < len; i += PAGE)
		p[i] = 'h';
}

static void sleep_for_ever(void)
{
	for (;;)
		sleep_ms(1000);
}

/* --- the hogs: each runs in a child --- */

static int anonymous(void *unused)
{
	(void)unused;
	fill(reserve(GIB, MAP_PRIVATE), GIB);
	return 1;
}

static int shared_memory(void *unused)
{
	(void)unused;
	fill(reserve(GIB, MAP_SHARED), GIB);
	return 1;
}

/* Nothing but page tables: one page of zeros is mapped again and again. */
static int page_tables(void *unused)
{
	unsigned long len = 512 * GIB;
	char *p = reserve(len, MAP_PRIVATE);

	(void)unused;
	for (unsigned long i = 0; i < len; i += 2 * MIB)
		(void)*(volatile char *)(p + i);
	return 1;
}

/* The kernel writes, not the program. */
static int user_copy(void *unused)
{
	long fd = sys(open, "/dev/zero", O_RDONLY);

	(void)unused;
	return sys(read, fd, reserve(GIB, MAP_PRIVATE), GIB) < 0 ? 2 : 1;
}

/* Half of all memory, and then a child that needs a copy of each page. */
static int copies(void *megabytes)
{
	unsigned long len = (unsigned long)megabytes * MIB;
	char *p = reserve(len, MAP_PRIVATE);
	int status = 0;
	long pid;

	fill(p, len);
	pid = sys(fork);
	if (pid == 0) {
		fill(reserve(MIB, MAP_PRIVATE), MIB);	/* now it is the larger one */
		for (unsigned long i = 0; i < len; i += PAGE)
			p[i] = 'c';
		sleep_for_ever();
	}
	if (pid < 0)
		return 0;
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	for (unsigned long i = 0; i < len; i += PAGE)
		CHECK(p[i] == 'h');
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 0 : 1;
}

static int populate(void *unused)
{
	char *p = (char *)sys(mmap, 0, GIB, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_POPULATE, -1, 0);

	(void)unused;
	CHECK(!is_error((long)p));
	CHECK(sys(munmap, p, GIB) == 0);
	p = reserve(GIB, MAP_PRIVATE);
	CHECK(sys(mlock, p, GIB) == -EAGAIN);
	CHECK(sys(madvise, p, GIB, 23) == -ENOMEM);	/* MADV_POPULATE_WRITE */
	CHECK(sys(munmap, p, GIB) == 0);
	return failures;
}

/* Processes with tens of thousands of areas each, until one more does not fit; then all are killed. */
static int areas(void *unused)
{
	static long pids[2000];
	char *p = reserve(60000 * PAGE, MAP_PRIVATE);
	int n = 0;

	(void)unused;
	for (unsigned long i = 0; i < 60000; i += 2)
		CHECK(sys(mprotect, p + i * PAGE, PAGE, PROT_READ) == 0);
	for (; n < 2000; n++) {
		pids[n] = sys(fork);
		if (pids[n] == 0)
			sleep_for_ever();
		if (pids[n] < 0)
			break;
	}
	CHECK(n < 2000 && pids[n] == -ENOMEM);
	while (n--) {
		CHECK(sys(kill, pids[n], SIGKILL) == 0);
		CHECK(sys(wait4, pids[n], 0, 0, 0) == pids[n]);
	}
	return failures;
}

/* A file that becomes as long as it can. */
static int file(void *unused)
{
	char *p = reserve(MIB, MAP_PRIVATE);
	long fd = sys(open, "hog.data", O_RDWR | O_CREAT | O_TRUNC, 0600), n = 0;

	(void)unused;
	fill(p, MIB);
	for (int i = 0; i < 1024; i++) {
		n = sys(write, fd, p, MIB);
		if (n <= 0)
			break;
	}
	CHECK(n == -ENOMEM || n == -ENOSPC);
	CHECK(*reserve(PAGE, MAP_PRIVATE) == 0);	/* there is memory for a program all the same */
	*reserve(PAGE, MAP_PRIVATE) = 1;
	fd = sys(open, "hog.data", O_RDWR | O_TRUNC);
	CHECK(fd >= 0);
	return failures;
}

/* --- what they are asked --- */

static int hog(int (*fn)(void *), void *arg)
{
	last = in_child(fn, arg);
	return WIFSIGNALED(last) ? -WTERMSIG(last) : WEXITSTATUS(last);
}

/* Forty processes with a little memory each, one of which takes everything: the others stay. */
static void among_many(void)
{
	long pids[40];
	int dead = 0;

	for (int i = 0; i < 40; i++) {
		pids[i] = sys(fork);
		if (pids[i] == 0) {
			fill(reserve(64 * PAGE, MAP_PRIVATE), 64 * PAGE);
			sleep_for_ever();
		}
	}
	sleep_ms(50);
	CHECK(hog(anonymous, NULL) == -SIGKILL);
	for (int i = 0; i < 40; i++) {
		dead += sys(wait4, pids[i], 0, WNOHANG, 0) != 0;
		CHECK(sys(kill, pids[i], SIGKILL) == 0);
		CHECK(sys(wait4, pids[i], 0, 0, 0) == pids[i]);
	}
	CHECK(dead == 0);
}

/* The hog sleeps on what it has, and somebody small asks for the next page: the hog has to go. */
static void hog_sleeps(void)
{
	unsigned long free = (unsigned long)number_of(proc_text("/proc/meminfo"), "MemFree:") * 1024;
	long pid = sys(fork);
	int status = -1;

	if (pid == 0) {
		fill(reserve(GIB, MAP_PRIVATE), free - free / 16);
		sleep_for_ever();
	}
	sleep_ms(200);
	CHECK(sys(wait4, pid, 0, WNOHANG, 0) == 0);
	fill(reserve(GIB, MAP_PRIVATE), free / 8);
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int small_neighbour(void *unused)
{
	(void)unused;
	hog_sleeps();
	return failures;
}

static void anonymous_hog(void)	{ CHECK(hog(anonymous, NULL) == -SIGKILL); }
static void shared_hog(void)	{ CHECK(hog(shared_memory, NULL) == -SIGKILL); }
static void tables_hog(void)	{ CHECK(hog(page_tables, NULL) == -SIGKILL); }
static void copy_hog(void)	{ CHECK(hog(user_copy, NULL) == -SIGKILL); }
static void fork_hog(void)	{ CHECK(hog(copies, (void *)30) == 0); }
static void populate_hog(void)	{ CHECK(hog(populate, NULL) == 0); }
static void areas_hog(void)	{ CHECK(hog(areas, NULL) == 0); }
static void file_hog(void)	{ CHECK(hog(file, NULL) == 0); }
static void neighbour(void)	{ CHECK(hog(small_neighbour, NULL) == 0); }

static const struct scenario scenarios[] = {
	{ "anonymous memory", anonymous_hog, 5 },
	{ "shared memory", shared_hog, 5 },
	{ "page tables", tables_hog, 3 },
	{ "the kernel writes", copy_hog, 5 },
	{ "copies after fork", fork_hog, 5 },
	{ "MAP_POPULATE, mlock", populate_hog, 3 },
	{ "areas", areas_hog, 2 },
	{ "a file", file_hog, 3 },
	{ "among forty processes", among_many, 3 },
	{ "a hog that sleeps", neighbour, 3 },
};

int main(void)
{
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
