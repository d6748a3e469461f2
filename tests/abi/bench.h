/*
 * bench.h - what the programs that count instructions share.
 *
 * They mean what they say only where the TSC counts instructions: under QEMU with -icount shift=0. Each
 * row is a line "NAME NUMBER", or "NAME ENOSYS" where the kernel does not have the call yet. The same
 * static programs run on ringwalk (`make bench`) and on Linux (`make bench-linux`).
 */
#ifndef BENCH_H
#define BENCH_H

#include "abi.h"

#include <sched.h>

/* <linux/futex.h>, which musl does not bring. */
#define FUTEX_WAIT		0
#define FUTEX_WAKE		1
#define FUTEX_PRIVATE_FLAG	128

static inline uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* No more around SYSCALL than the call needs: what is counted is the kernel. */
static inline long call(long nr, long a, long b, long c)
{
	asm volatile("syscall" : "+a"(nr) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return nr;
}

static inline long call1(long nr, long a)
{
	asm volatile("syscall" : "+a"(nr) : "D"(a) : "rcx", "r11", "memory");
	return nr;
}

/* Instructions one call of @fn takes on average, the loop around it included. */
__attribute__((unused))
static uint64_t average(void (*volatile fn)(void), int warm_up, int rounds)
{
	uint64_t start;

	for (int i = 0; i < warm_up; i++)
		fn();
	start = tsc();
	for (int i = 0; i < rounds; i++)
		fn();
	return (tsc() - start + rounds / 2) / rounds;
}

/* The same, the least of all rounds: the timer's interrupts are not its. */
__attribute__((unused))
static uint64_t least(void (*volatile fn)(void), int rounds)
{
	uint64_t best = ~0ull;

	for (int i = 0; i < rounds; i++) {
		uint64_t start = tsc();

		fn();
		start = tsc() - start;
		if (start < best)
			best = start;
	}
	return best;
}

/* A child that does nothing: what the kernel does for a process as such. */
__attribute__((unused))
static void fork_exit_wait(void)
{
	long pid = call(SYS_fork, 0, 0, 0);

	if (pid == 0)
		call1(SYS_exit_group, 0);
	raw_syscall(SYS_wait4, pid, 0, 0, 0, 0, 0);
}

/* --- threads -------------------------------------------------------------------------------- */

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
		      CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

/*
 * A thread that runs @fn, which must not return, on the stack below @stack. *@tid holds its number
 * until it has ended, then 0, and who waits for that by futex() is woken.
 */
__attribute__((unused))
static long start_thread(void (*fn)(void), char *stack, int *tid)
{
	register long r10 asm("r10") = (long)tid;
	register void (*r9)(void) asm("r9") = fn;
	long ret;

	asm volatile("syscall; test %%eax, %%eax; jnz 1f; xor %%ebp, %%ebp; call *%%r9; 1:"
		     : "=a" (ret)
		     : "a" (SYS_clone), "D" (THREAD_FLAGS), "S" (stack), "d" (tid), "r" (r10), "r" (r9)
		     : "rcx", "r11", "memory");
	return ret;
}

__attribute__((unused))
static void end_thread(void)
{
	for (;;)
		call1(SYS_exit, 0);
}

__attribute__((unused))
static void join_thread(volatile int *tid)
{
	for (int value; (value = *tid);)
		sys(futex, tid, FUTEX_WAIT, value, 0);
}

/* 0 when there are threads that can be waited for; otherwise -errno. */
__attribute__((unused))
static long try_thread(void)
{
	static char stack[PAGE] __attribute__((aligned(16)));
	static int word, tid;
	long ret = sys(futex, &word, FUTEX_WAKE, 1);

	if (!is_error(ret))
		ret = start_thread(end_thread, stack + sizeof(stack), &tid);
	if (is_error(ret))
		return ret;
	join_thread(&tid);
	return 0;
}

#endif
