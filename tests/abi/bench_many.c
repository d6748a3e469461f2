/*
 * bench_many.c KIND N - what calls cost in instructions while N of a kind exist: tasks (processes
 * that sleep), threads, timers, areas of memory.
 *
 * One line per call: "find a task by PID, 10000 tasks 480". Run by `make bench` with few and with
 * many, which must cost the same.
 */
#include "bench.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define ROUNDS 200

static int n;			/* how many there are */
static const char *kind;	/* of what */

static void row(const char *name, long possible, void (*fn)(void))
{
	if (is_error(possible))
		line("%s, %d %s %s", name, n, kind, text(possible));
	else
		line("%s, %d %s %lu", name, n, kind, (unsigned long)least(fn, ROUNDS));
}

/* --- processes ------------------------------------------------------------------------------ */

static long middle; /* the PID of a sleeper neither old nor new */

static void sleepers(void)
{
	for (int i = 0; i < n; i++) {
		long pid = sys(fork);

		if (pid == 0) {
			sys(prctl, PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				sleep_ms(1000000000);
		}
		CHECK(pid > 0);
		if (i == n / 2)
			middle = pid;
	}
	sleep_ms(100); /* until the last of them sleeps */
}

static void find_task(void)
{
	struct rlimit limit;

	sys(prlimit64, middle, RLIMIT_CORE, 0, &limit);
}

static void may_signal(void)
{
	call(SYS_kill, middle, 0, 0);
}

static void tasks(void)
{
	sleepers();
	row("find a task by PID", 0, find_task);
	row("kill with signal 0", sys(kill, middle, 0), may_signal);
	row("fork+exit+wait", 0, fork_exit_wait);
}

/* --- threads -------------------------------------------------------------------------------- */

static volatile int waiting; /* threads that have begun to wait */
static int *words;           /* one for each thread to wait for */

static void wait_for_ever(void)
{
	int *word = &words[__atomic_fetch_add(&waiting, 1, __ATOMIC_RELAXED)];

	for (;;)
		sys(futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, 0);
}

static void futex_wake(void)
{
	static int nobodys;

	call(SYS_futex, (long)&nobodys, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

static void thread(void)
{
	static char stack[4 * PAGE] __attribute__((aligned(16)));
	static int tid;

	start_thread(end_thread, stack + sizeof(stack), &tid);
	join_thread(&tid);
}

static void threads(void)
{
	long possible = try_thread();

	if (!is_error(possible)) {
		char *stacks = new_pages(n, MAP_PRIVATE);
		int *tids = (int *)new_pages((n * sizeof(int) + PAGE - 1) / PAGE, MAP_PRIVATE);

		words = (int *)new_pages((n * sizeof(int) + PAGE - 1) / PAGE, MAP_PRIVATE);
		for (int i = 0; i < n; i++)
			CHECK(start_thread(wait_for_ever, stacks + (i + 1) * PAGE, &tids[i]) > 0);
		while (waiting < n)
			sleep_ms(10);
		sleep_ms(100);
	}
	row("futex wake, nobody waits", possible, futex_wake);
	row("clone+join of a thread", possible, thread);
}

/* --- timers --------------------------------------------------------------------------------- */

static int timer; /* another one, that is armed and disarmed */

static void set_timer(void)
{
	struct itimerspec hour = { .it_value.tv_sec = 3600 }, never = { };

	call(SYS_timer_settime, timer, 0, (long)&hour);
	call(SYS_timer_settime, timer, 0, (long)&never);
}

static long new_timer(int *id)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };

	return sys(timer_create, CLOCK_MONOTONIC, &event, id);
}

static void timers(void)
{
	struct rlimit limit = { 20000, 20000 };
	struct itimerspec later = { };
	long possible = new_timer(&timer);
	int id;

	CHECK(sys(prlimit64, 0, RLIMIT_SIGPENDING, &limit, 0) == 0);
	for (int i = 0; i < n && !is_error(possible); i++) {
		CHECK(new_timer(&id) == 0);
		later.it_value.tv_sec = 3000 + i * 7 % 1000;
		CHECK(sys(timer_settime, id, 0, &later, 0) == 0);
	}
	row("timer armed and disarmed", possible, set_timer);
}

/* --- areas ---------------------------------------------------------------------------------- */

static volatile char *page;

static void fault(void)
{
	*page = 1;
	page += 2 * PAGE;
}

/* Every other page of a range is of another kind. Each round has its page in the middle of them. */
static void areas(void)
{
	char *p = new_pages(2 * n + 2 * ROUNDS, MAP_PRIVATE);

	for (int i = 0; i < n + ROUNDS; i++)
		sys(mprotect, p + (2 * i + 1) * PAGE, PAGE, PROT_READ);
	page = p + n / 2 * 2 * PAGE;
	row("anonymous page fault, with clearing", 0, fault);
}

/* --- watched files -------------------------------------------------------------------------- */

static long ep;

static void one_ready(void)
{
	struct epoll_event event;

	call(SYS_epoll_wait, ep, (long)&event, 1);
}

/* They are counters, and one of them can be read. */
static void watched(void)
{
	struct rlimit limit = { n + 100, n + 100 };
	struct epoll_event in = { .events = EPOLLIN };

	CHECK(sys(prlimit64, 0, RLIMIT_NOFILE, &limit, 0) == 0);
	ep = sys(epoll_create1, 0);
	for (int i = 0; i < n && !is_error(ep); i++) {
		long fd = sys(eventfd2, i == n / 2, 0);

		CHECK(sys(epoll_ctl, ep, EPOLL_CTL_ADD, fd, &in) == 0);
	}
	row("epoll_wait, 1 ready", ep, one_ready);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} kinds[] = {
		{ "tasks", tasks }, { "threads", threads }, { "timers", timers }, { "areas", areas },
		{ "watched", watched },
	};

	kind = argc > 2 ? argv[1] : "tasks";
	n = argc > 2 ? atoi(argv[2]) : 1;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kind, kinds[i].name))
			kinds[i].fn();
	return verdict();
}
