/*
 * fpu.c - SSE and x87 state belongs to a task: it survives preemption, system calls and faults, is
 * inherited by fork, and never leaks from one task into another.
 */
#include "abi.h"

struct state {
	uint64_t xmm[16][2];
	uint32_t mxcsr;
	uint16_t fcw;
	double st0;
} __attribute__((aligned(16)));

#define EACH_XMM(x)	x(0) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) x(10) x(11) x(12)	\
			x(13) x(14) x(15)
#define LOAD(n)		"movdqa " #n "*16(%0), %%xmm" #n "\n"
#define STORE(n)	"movdqa %%xmm" #n ", " #n "*16(%0)\n"

/* Load all of @in, do @call, store all in @out: nothing compiled may come between. */
#define ROUND_TRIP(in, out, call)					\
	do {								\
		asm volatile("fninit; fldcw %1; fldl %2; ldmxcsr %3\n"	\
			     EACH_XMM(LOAD)				\
			     : : "r" ((in)->xmm), "m" ((in)->fcw),	\
			     "m" ((in)->st0), "m" ((in)->mxcsr));	\
		call;							\
		asm volatile("fstpl %2; fnstcw %1; stmxcsr %3\n"	\
			     EACH_XMM(STORE)				\
			     : : "r" ((out)->xmm), "m" ((out)->fcw),	\
			     "m" ((out)->st0), "m" ((out)->mxcsr) : "memory");	\
		asm volatile("fninit; ldmxcsr %0" : : "m" (plain_mxcsr));	\
	} while (0)

static const uint32_t plain_mxcsr = 0x1f80;

static void fill(struct state *s, uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < 16; i++) {
		s->xmm[i][0] = seed * 0x9e3779b97f4a7c15 + (uint64_t)i;
		s->xmm[i][1] = ~s->xmm[i][0];
	}
	s->mxcsr = plain_mxcsr | (uint32_t)(seed & 3) << 13;	/* rounding */
	s->fcw = (uint16_t)(0x037f | (seed & 3) << 10);
	s->st0 = (double)seed + 0.5;
}

static int same(const struct state *a, const struct state *b)
{
	return !memcmp(a->xmm, b->xmm, sizeof(a->xmm)) && a->mxcsr == b->mxcsr &&
	       a->fcw == b->fcw && a->st0 == b->st0;
}

static long elapsed_ms(const struct timespec *start)
{
	struct timespec now;

	sys(clock_gettime, CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

static inline void spin(void)
{
	asm volatile("mov $200000, %%ecx; 1: dec %%ecx; jnz 1b" : : : "rcx", "cc");
}

static inline void ask(void)
{
	sys(getppid);
	sys(write, 1, 8, 8);
}

/* For @duration ms: hold a state of our own while others run theirs. Returns how often it broke. */
static int hold(void *seed)
{
	const long duration = 200;
	struct state in, out;
	struct timespec start;
	int broken = 0;

	fill(&in, (uint64_t)seed);
	sys(clock_gettime, CLOCK_MONOTONIC, &start);
	while (elapsed_ms(&start) < duration) {
		ROUND_TRIP(&in, &out, spin());
		broken += !same(&in, &out);
		ROUND_TRIP(&in, &out, ask());
		broken += !same(&in, &out);
	}
	return broken != 0;
}

static long start(uint64_t seed)
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, hold((void *)seed));
	CHECK(pid > 0);
	return pid;
}

static void together(void)
{
	long pids[3];
	int status = -1;

	for (uint64_t i = 0; i < 3; i++)
		pids[i] = start(i + 1);
	for (int i = 0; i < 3; i++) {
		CHECK(sys(wait4, pids[i], &status, 0, 0) == pids[i]);
		line("busy child %d: %s", i, ending(status));
	}
}

static void through_fork(void)
{
	struct state in, out;
	long pid;
	int status = -1;

	fill(&in, 6);
	ROUND_TRIP(&in, &out, pid = sys(fork));
	if (pid == 0)
		sys(exit_group, !same(&in, &out));
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("fork, parent: %d", same(&in, &out));
	line("fork, child: %s", ending(status));
}

static void through_sleep_and_faults(void)
{
	char *page = new_pages(2, MAP_PRIVATE);
	struct timespec ms = { 0, 5000000 };
	struct state in, out;

	fill(&in, 7);
	ROUND_TRIP(&in, &out, sys(nanosleep, &ms, 0));
	line("nanosleep: %d", same(&in, &out));
	ROUND_TRIP(&in, &out, *(volatile char *)page = 1);
	line("demand paging: %d", same(&in, &out));
	ROUND_TRIP(&in, &out, sys(uname, page + PAGE));
	line("copy to a fresh page: %d", same(&in, &out));
}

/* A dead child's registers must not turn up in the next one, which starts from its parent's. */
static int leave_secret(void *u)
{
	struct state in, out;

	fill(&in, 0x5ec7e7);
	ROUND_TRIP(&in, &out, sys(exit_group, 0));
	return u != NULL;
}

int main(void)
{
	struct state in, out;
	long pid;
	int status = -1;

	together();
	through_fork();
	through_sleep_and_faults();
	fill(&in, 9);
	try("child with a secret", leave_secret, NULL);
	ROUND_TRIP(&in, &out, pid = sys(fork));
	if (pid == 0)
		sys(exit_group, !same(&in, &out));
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("the next child has its parent's state: %s", ending(status));
	line("the parent its own: %d", same(&in, &out));
	return verdict();
}
