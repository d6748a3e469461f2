/*
 * bench_many.c N - what calls cost in instructions while N processes exist that sleep.
 *
 * Means what it says only where the TSC counts instructions: under QEMU with -icount shift=0.
 * One line per call: "find a task by PID, 10000 tasks 480". Run by `make bench` with few and with
 * many, which must cost the same.
 */
#include "abi.h"

#include <stdlib.h>
#include <sys/resource.h>

#define ROUNDS 200

static inline uint64_t tsc(void)
{
	uint32_t low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static long middle; /* the PID of a sleeper neither old nor new */

static void sleepers(int n)
{
	for (int i = 0; i < n; i++) {
		long pid = sys(fork);

		if (pid == 0) {
			for (;;)
				sleep_ms(1000000000);
		}
		CHECK(pid > 0);
		if (i == n / 2)
			middle = pid;
	}
}

static void find_task(void)
{
	struct rlimit limit;

	sys(prlimit64, middle, RLIMIT_CORE, 0, &limit);
}

static void fork_exit_wait(void)
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, 0);
	sys(wait4, pid, 0, 0, 0);
}

/* Instructions one call of @fn takes. The least of all rounds: the timer's interrupts are not its. */
static uint64_t measure(void (*fn)(void))
{
	uint64_t least = ~0ull;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = tsc();

		fn();
		start = tsc() - start;
		if (start < least)
			least = start;
	}
	return least;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 1;

	sleepers(n);
	sleep_ms(100); /* until the last of them sleeps */
	line("find a task by PID, %d tasks %lu", n, (unsigned long)measure(find_task));
	line("fork+exit+wait, %d tasks %lu", n, (unsigned long)measure(fork_exit_wait));
	return verdict();
}
