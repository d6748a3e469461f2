/*
 * bench_calls.c - instructions that processes, signals, threads and memory cost, counted by the TSC.
 *
 * One line per row: "futex wake, nobody waits 120", or "... ENOSYS". Run by `make bench`.
 */
#include "bench.h"

#include <sys/auxv.h>

#define WARM_UP		20
#define ROUNDS		200
#define FAULTS		256

static const char *self; /* this program's path */

static void row(const char *name, long possible, void (*fn)(void))
{
	if (is_error(possible))
		line("%s %s", name, text(possible));
	else
		line("%s %lu", name, (unsigned long)average(fn, WARM_UP, ROUNDS));
}

static void fork_exec_wait(void)
{
	char *argv[] = { "bench_calls", "exit", NULL }, *envp[] = { NULL };
	long pid = call(SYS_fork, 0, 0, 0);
	int status = -1;

	if (pid == 0) {
		call(SYS_execve, (long)self, (long)argv, (long)envp);
		call1(SYS_exit_group, 99);
	}
	raw_syscall(SYS_wait4, pid, (long)&status, 0, 0, 0, 0);
	CHECK(status == 0);
}

/* --- signals -------------------------------------------------------------------------------- */

static volatile int handled;
static long pid;

static void handler(int sig)
{
	(void)sig;
	handled++;
}

static void signal_self(void)
{
	call(SYS_kill, pid, SIGUSR1, 0);
}

static long install_handler(void)
{
	struct sigaction action = { .sa_handler = handler };
	long ret = sys(rt_sigaction, SIGUSR1, 0, 0, sizeof(uint64_t));

	if (is_error(ret))
		return ret;
	CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
	pid = sys(getpid);
	ret = sys(kill, pid, SIGUSR1);
	CHECK(is_error(ret) || handled == 1);
	return ret;
}

/* --- the scheduler -------------------------------------------------------------------------- */

/* Two processes that do nothing but give way to each other: what one such call costs. */
static void yield_row(const char *name)
{
	volatile struct {
		int stop;
		unsigned long yields;
	} *shared = (void *)new_pages(1, MAP_SHARED);
	unsigned long mine = 0, before;
	long child, ret = sys(sched_yield);
	uint64_t start;

	if (is_error(ret)) {
		line("%s %s", name, text(ret));
		return;
	}
	child = sys(fork);
	if (child == 0) {
		for (; !shared->stop; shared->yields++)
			call(SYS_sched_yield, 0, 0, 0);
		sys(exit_group, 0);
	}
	for (int i = 0; i < WARM_UP; i++)
		call(SYS_sched_yield, 0, 0, 0);
	before = shared->yields;
	start = tsc();
	for (; mine < 10 * ROUNDS; mine++)
		call(SYS_sched_yield, 0, 0, 0);
	start = tsc() - start;
	mine += shared->yields - before;
	shared->stop = 1;
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	line("%s %lu", name, (unsigned long)(start / mine));
}

/* --- memory --------------------------------------------------------------------------------- */

/* Write to each of many pages for the first time; the kernel also clears each of them. */
static void fault_row(const char *name)
{
	uint64_t best = ~0ull;

	for (int round = 0; round < 10; round++) {
		volatile char *pages = new_pages(FAULTS, MAP_PRIVATE);
		uint64_t start = tsc();

		for (int i = 0; i < FAULTS; i++)
			pages[i * PAGE] = 1;
		start = tsc() - start;
		if (start < best)
			best = start;
		sys(munmap, pages, FAULTS * PAGE);
	}
	line("%s %lu", name, (unsigned long)(best / FAULTS));
}

/* --- threads -------------------------------------------------------------------------------- */

static int word; /* that nobody waits for */

static void futex_wake(void)
{
	call(SYS_futex, (long)&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

static void thread(void)
{
	static char stack[4 * PAGE] __attribute__((aligned(16)));
	static int tid;

	start_thread(end_thread, stack + sizeof(stack), &tid);
	join_thread(&tid);
}

int main(int argc, char **argv __attribute__((unused)))
{
	self = (const char *)getauxval(AT_EXECFN);
	if (argc > 1)
		return 0; /* fork_exec_wait() started us */
	row("fork+exec+wait", 0, fork_exec_wait);
	row("signal to self and return", install_handler(), signal_self);
	yield_row("sched_yield between two");
	fault_row("anonymous page fault, with clearing");
	row("futex wake, nobody waits", sys(futex, &word, FUTEX_WAKE, 1), futex_wake);
	row("clone+join of a thread", try_thread(), thread);
	return verdict();
}
