/*
 * futex.c - futex(2) between processes: who is woken, what is refused, in which order. Run as root.
 *
 * A waiter is a child that waits at a word of shared memory and exits with what futex() said. How many
 * wait is told by FUTEX_CMP_REQUEUE from the word to itself, so no time has to pass.
 */
#include "abi.h"
#include "futex.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#define MAX_WAITERS	8
#define OP(op, oparg, cmp, cmparg) \
	((unsigned int)(op) << 28 | (cmp) << 24 | ((oparg) & 0xfff) << 12 | ((cmparg) & 0xfff))

static uint32_t *word;	/* in shared memory: 16 words */
static uint32_t *awake;	/* behind them: which waiters have come back from futex() */
static long waiters[MAX_WAITERS];
static int nr_waiters;

/* The waiter's exit code: 0 when it was woken, else the errno. */
static void wait_at(uint32_t *at, long op, const void *timeout, uint32_t bitset)
{
	long pid = sys(fork);

	if (pid == 0) {
		long ret = sys(futex, at, op, *at, timeout, 0, bitset);

		awake[nr_waiters] = 1;
		sys(exit_group, -ret & 0xff);
	}
	CHECK(pid > 0 && nr_waiters < MAX_WAITERS);
	waiters[nr_waiters++] = pid;
}

static long count(uint32_t *at)
{
	return sys(futex, at, FUTEX_CMP_REQUEUE, 0, INT_MAX, at, *at);
}

static void until_waiting(uint32_t *at, long n)
{
	while (count(at) < n)
		sleep_ms(1);
}

/* @n more wait at @at, each before the next one starts. */
static void start(uint32_t *at, int n)
{
	for (int i = 0; i < n; i++) {
		wait_at(at, FUTEX_WAIT, 0, 0);
		until_waiting(at, i + 1);
	}
}

/* All are to be woken by now: print how each ended. */
static void ends(void)
{
	char how[256] = "";
	int status;

	for (int i = 0; i < nr_waiters; i++) {
		CHECK(sys(wait4, waiters[i], &status, 0, 0) == waiters[i]);
		snprintf(how + strlen(how), sizeof(how) - strlen(how), " %s",
			 WEXITSTATUS(status) ? text(-WEXITSTATUS(status)) : "0");
	}
	line("  the waiters got:%s", how);
	nr_waiters = 0;
	memset(awake, 0, MAX_WAITERS * sizeof(*awake));
}

/* Which waiters are awake? The first one is 1. */
static void who_is_awake(void)
{
	char who[64] = "";

	sleep_ms(20);
	for (int i = 0; i < nr_waiters; i++) {
		if (((volatile uint32_t *)awake)[i])
			snprintf(who + strlen(who), sizeof(who) - strlen(who), " %d", i + 1);
	}
	line("  awake:%s", *who ? who : " nobody");
}

static void arguments(void)
{
	char *readable = (char *)new_pages(1, MAP_PRIVATE);
	static const long commands[] = { 2, 6, 7, 8, 11, 12, 13, 14, 127 };

	line("[arguments]");
	show(futex, word, FUTEX_WAKE, 1);
	show(futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, (char *)word + 1, FUTEX_WAKE, 1);
	show(futex, (char *)word + 2, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, 0, FUTEX_WAKE, 1);
	show(futex, 0, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, 4096, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, 0);
	show(futex, -4096, FUTEX_WAKE, 1);
	show(futex, -4096, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, -4095, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, 0x7fffffffeffc, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, word, FUTEX_WAKE_BITSET, 1, 0, 0, 0);
	show(futex, 1, FUTEX_WAKE_BITSET, 1, 0, 0, 0);
	show(futex, word, FUTEX_WAIT_BITSET, 0, 0, 0, 0);
	show(futex, word, FUTEX_WAKE, 0);
	show(futex, word, FUTEX_WAKE, -1);
	show(futex, word, FUTEX_WAKE | 0x200, 1);
	show(futex, word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1);
	show(futex, 1, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1);
	show(futex, word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, 0);
	show(futex, word, FUTEX_CMP_REQUEUE | FUTEX_CLOCK_REALTIME, 0, 0, word, 0);
	line("read-only private memory");
	CHECK(sys(mprotect, readable, PAGE, PROT_READ) == 0);
	show(futex, readable, FUTEX_WAKE, 1);
	show(futex, readable, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, readable, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, 0);
	show(futex, readable, FUTEX_WAIT, 1, 0);
	CHECK(sys(mprotect, readable, PAGE, PROT_NONE) == 0);
	show(futex, readable, FUTEX_WAKE, 1);
	show(futex, readable, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, readable, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		long ret = sys(futex, word, commands[i], 0, 0, 0, 0);

		if (commands[i] == 2 || commands[i] > 13)
			line("futex(word, %ld, 0, 0, 0, 0): %s", commands[i], text(ret));
	}
}

static void wait_errors(void)
{
	struct timespec none = { 0, 0 }, ms = { 0, 1000000 }, bad = { 0, 1000000000 },
			negative = { -1, 0 }, early = { 0, -1 }, past = { 1, 0 };

	line("[wait]");
	*word = 5;
	show(futex, word, FUTEX_WAIT, 4, 0);
	show(futex, word, FUTEX_WAIT, 4, &none);
	show(futex, word, FUTEX_WAIT, 4, &bad);
	show(futex, word, FUTEX_WAIT, 4, 1);
	show(futex, 1, FUTEX_WAIT, 4, &bad);
	show(futex, 1, FUTEX_WAIT, 4, 1);
	show(futex, word, FUTEX_WAIT, 5, &none);
	show(futex, word, FUTEX_WAIT, 5, &ms);
	show(futex, word, FUTEX_WAIT, 5, &bad);
	show(futex, word, FUTEX_WAIT, 5, &negative);
	show(futex, word, FUTEX_WAIT, 5, &early);
	show(futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &ms);
	show(futex, word, FUTEX_WAIT_BITSET, 5, &past, 0, ANY);
	show(futex, word, FUTEX_WAIT_BITSET, 5, &past, 0, 1);
	show(futex, word, FUTEX_WAIT_BITSET, 4, &past, 0, 1);
	show(futex, word, FUTEX_WAIT_BITSET, 5, &past, 0, 0);
	show(futex, word, FUTEX_WAIT_BITSET, 5, &bad, 0, 0);
	show(futex, word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 5, &past, 0, ANY);
	show(futex, word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 5, &bad);
	show(futex, word, FUTEX_WAKE, 1, 1);
	*word = 0;
}

static long now_ms(long clock)
{
	struct timespec t;

	sys(clock_gettime, clock, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void timeouts(void)
{
	struct timespec t = { 0, 30000000 };
	long start = now_ms(CLOCK_MONOTONIC);

	line("[timeouts]");
	show(futex, word, FUTEX_WAIT, 0, &t);
	line("  not early: %d", now_ms(CLOCK_MONOTONIC) - start >= 30);
	sys(clock_gettime, CLOCK_MONOTONIC, &t);
	t.tv_sec += 1;
	start = now_ms(CLOCK_MONOTONIC);
	show(futex, word, FUTEX_WAIT_BITSET, 0, &t, 0, ANY);
	line("  not early: %d", now_ms(CLOCK_MONOTONIC) - start >= 998);
	sys(clock_gettime, CLOCK_REALTIME, &t);
	t.tv_sec += 1;
	start = now_ms(CLOCK_MONOTONIC);
	show(futex, word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &t, 0, ANY);
	line("  not early: %d", now_ms(CLOCK_MONOTONIC) - start >= 998);
}

static void waking(void)
{
	line("[three wait]");
	start(word, 3);
	show(futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9);
	show(futex, word + 1, FUTEX_WAKE, 9);
	show(futex, word, FUTEX_WAKE, 1);
	who_is_awake();
	show(futex, word, FUTEX_WAKE, 0);
	who_is_awake();
	show(futex, word, FUTEX_WAKE, -1);
	show(futex, word, FUTEX_WAKE, 1);
	ends();
	start(word, 3);
	show(futex, word, FUTEX_WAKE, 2);
	show(futex, word, FUTEX_WAKE, INT_MAX);
	show(futex, word, FUTEX_WAKE, INT_MAX);
	ends();
}

static void bitsets(void)
{
	line("[bitsets 1, 2, 3, any]");
	for (uint32_t i = 1; i <= 3; i++) {
		wait_at(word, FUTEX_WAIT_BITSET, 0, i);
		until_waiting(word, i);
	}
	wait_at(word, FUTEX_WAIT, 0, 0);
	until_waiting(word, 4);
	show(futex, word, FUTEX_WAKE_BITSET, 1, 0, 0, 2);
	who_is_awake();
	show(futex, word, FUTEX_WAKE_BITSET, 9, 0, 0, 4);
	who_is_awake();
	show(futex, word, FUTEX_WAKE_BITSET, 9, 0, 0, 8);
	show(futex, word, FUTEX_WAKE_BITSET, 9, 0, 0, 2);
	who_is_awake();
	show(futex, word, FUTEX_WAKE_BITSET, 9, 0, 0, ANY);
	ends();
}

static void requeueing(void)
{
	line("[requeue]");
	show(futex, word, FUTEX_REQUEUE, -1, 1, word + 1);
	show(futex, word, FUTEX_REQUEUE, 1, -1, word + 1);
	show(futex, 1, FUTEX_REQUEUE, 1, -1, word + 1);
	show(futex, word, FUTEX_REQUEUE, 1, 1, 1);
	show(futex, word, FUTEX_REQUEUE, 1, 1, 4096);
	show(futex, word, FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 1, 4096);
	show(futex, word, FUTEX_REQUEUE, 1, 1, word + 1);
	show(futex, word, FUTEX_CMP_REQUEUE, 1, 1, word + 1, 7);
	show(futex, 4096, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, 1, word + 1, 7);
	show(futex, word, FUTEX_CMP_REQUEUE, 1, 1, 1, 7);
	line("four wait");
	start(word, 4);
	show(futex, word, FUTEX_CMP_REQUEUE, 1, 1, word + 1, 7);
	who_is_awake();
	show(futex, word, FUTEX_CMP_REQUEUE, 1, 1, word + 1, 0);
	who_is_awake();
	line("  at the first word: %ld, at the second: %ld", count(word), count(word + 1));
	show(futex, word, FUTEX_REQUEUE, 0, 1, word + 1);
	line("  at the first word: %ld, at the second: %ld", count(word), count(word + 1));
	show(futex, word, FUTEX_REQUEUE, 0, 0, word + 1);
	show(futex, word + 1, FUTEX_WAKE, 1);
	who_is_awake();
	show(futex, word, FUTEX_WAKE, 9);
	show(futex, word + 1, FUTEX_WAKE, 9);
	ends();
}

/* @value before, the operation, and what is left; nobody waits, or one at each word. */
static void wake_op(uint32_t value, unsigned int op, const char *what)
{
	long ret;

	word[1] = value;
	ret = sys(futex, word, FUTEX_WAKE_OP, 1, 1, word + 1, op);
	line("%s of %d: %s, now %d", what, (int)value, text(ret), (int)word[1]);
}

static void wake_ops(void)
{
	static const char *const compare[] = { "==", "!=", "<", "<=", ">", ">=" };

	line("[wake and change]");
	wake_op(5, OP(FUTEX_OP_SET, 7, 0, 0), "set 7");
	wake_op(5, OP(FUTEX_OP_SET, -1, 0, 0), "set -1");
	wake_op(5, OP(FUTEX_OP_ADD, 3, 0, 0), "add 3");
	wake_op(5, OP(FUTEX_OP_ADD, -6, 0, 0), "add -6");
	wake_op(5, OP(FUTEX_OP_OR, 8, 0, 0), "or 8");
	wake_op(5, OP(FUTEX_OP_ANDN, 4, 0, 0), "andn 4");
	wake_op(5, OP(FUTEX_OP_XOR, 6, 0, 0), "xor 6");
	wake_op(5, OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 10, 0, 0), "or 1 << 10");
	wake_op(5, OP(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 33, 0, 0), "or 1 << 33");
	wake_op(5, OP(5, 1, 0, 0), "operation 5");
	wake_op(5, OP(FUTEX_OP_ADD, 1, 6, 0), "add 1 with comparison 6");
	show(futex, word, FUTEX_WAKE_OP, 1, 1, 1, 0);
	show(futex, 1, FUTEX_WAKE_OP, 1, 1, word, 0);
	show(futex, word, FUTEX_WAKE_OP, 1, 1, 4096, 0);
	show(futex, word, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, 1, 4096, 0);
	for (int cmp = 0; cmp < 6; cmp++) {
		for (int arg = -3; arg <= -1; arg++) {
			long ret;

			word[1] = 0;
			wait_at(word, FUTEX_WAIT, 0, 0);
			until_waiting(word, 1);
			wait_at(word + 1, FUTEX_WAIT, 0, 0);
			until_waiting(word + 1, 1);
			word[1] = -2;
			ret = sys(futex, word, FUTEX_WAKE_OP, 1, 1, word + 1, OP(FUTEX_OP_SET, 0, cmp, arg));
			line("-2 %s %d: %s woken", compare[cmp], arg, text(ret));
			sys(futex, word + 1, FUTEX_WAKE, 9);
			for (int i = 0; i < nr_waiters; i++)
				CHECK(sys(wait4, waiters[i], 0, 0, 0) == waiters[i]);
			nr_waiters = 0;
			memset(awake, 0, MAX_WAITERS * sizeof(*awake));
		}
	}
}

/* The same page of a file at two addresses, and a private mapping of it. */
static void files(void)
{
	long fd = sys(open, "futex.file", O_RDWR | O_CREAT, 0600);
	static const char page[PAGE];
	uint32_t *a, *b, *private, *readable;

	line("[a file, mapped several times]");
	CHECK(fd >= 0 && sys(write, fd, page, PAGE) == (long)PAGE);
	a = (uint32_t *)sys(mmap, 0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = (uint32_t *)sys(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	readable = (uint32_t *)sys(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	private = (uint32_t *)sys(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	start(a, 2);
	show(futex, b + 1, FUTEX_WAKE, 9);
	show(futex, a, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 9);
	show(futex, private, FUTEX_WAKE, 9);
	show(futex, b, FUTEX_WAKE, 1);
	show(futex, readable, FUTEX_WAKE, 1);
	ends();
	show(futex, a + PAGE / 4, FUTEX_WAKE, 1);
	show(futex, a + PAGE / 4, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	show(futex, a + PAGE / 4, FUTEX_WAIT, 0, 0);
	CHECK(sys(close, fd) == 0);
}

static int exit_holding(void *arg)
{
	static struct {
		struct robust_list_head head;
		struct { struct robust_list list; uint32_t *unused; } entry[3];
	} mine;
	uint32_t *locks = arg, me = sys(gettid);

	(void)mine;
	for (int i = 0; i < 3; i++) {
		struct robust_list *entry = (struct robust_list *)(locks + 16 + 4 * i);

		entry->next = i < 2 ? (struct robust_list *)(locks + 16 + 4 * (i + 1)) : &mine.head.list;
	}
	mine.head.list.next = (struct robust_list *)(locks + 16);
	mine.head.futex_offset = 8;
	locks[16 + 2] = me | FUTEX_WAITERS;
	locks[16 + 4 + 2] = me + 1;
	locks[16 + 8 + 2] = me;
	mine.head.list_op_pending = (struct robust_list *)(locks + 32);
	locks[32 + 2] = 0;
	CHECK(sys(set_robust_list, &mine.head, sizeof(mine.head)) == 0);
	while (locks[15] == 0)
		sleep_ms(1);
	return 0;
}

static void robust_lists(void)
{
	struct robust_list_head head = { .list = { &head.list } };
	void *seen = (void *)1;
	size_t len = 1;
	int status;
	long pid;

	line("[robust lists]");
	show(set_robust_list, 0, 0);
	show(set_robust_list, &head, 23);
	show(set_robust_list, &head, 25);
	show(set_robust_list, 1, 24);
	show(get_robust_list, 0, &seen, &len);
	line("  head %p, length %zu", seen, len);
	show(set_robust_list, &head, 24);
	show(get_robust_list, 0, &seen, &len);
	line("  the same head: %d", seen == &head);
	show(get_robust_list, 0, 1, &len);
	show(get_robust_list, 0, &seen, 1);
	show(get_robust_list, 0x7ffffff, &seen, &len);
	show(get_robust_list, -1, &seen, &len);
	show(get_robust_list, 0x7ffffff, 1, 1);
	pid = sys(fork);
	if (pid == 0) {
		show(get_robust_list, 0, &seen, &len);
		line("  in a child: none: %d", !seen);
		become_nobody();
		show(get_robust_list, 1, &seen, &len);
		pid = sys(getpid);
		show(get_robust_list, pid, &seen, &len);
		sys(exit_group, 0);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	sys(set_robust_list, 0, 24);

	line("a task ends that holds locks");
	pid = sys(fork);
	if (pid == 0)
		sys(exit_group, exit_holding(word));
	while (word[16 + 8 + 2] != (uint32_t)pid)
		sleep_ms(1);
	wait_at(word + 18, FUTEX_WAIT, 0, 0);
	until_waiting(word + 18, 1);
	wait_at(word + 26, FUTEX_WAIT, 0, 0);
	until_waiting(word + 26, 1);
	wait_at(word + 34, FUTEX_WAIT, 0, 0);
	until_waiting(word + 34, 1);
	word[15] = 1;
	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  owner: %s", ending(status));
	who_is_awake();
	line("  with waiters: %#x, of another: %s, without: %#x, pending: %#x", word[18],
	     word[22] == (uint32_t)pid + 1 ? "as before" : "changed", word[26], word[34]);
	show(futex, word + 26, FUTEX_WAKE, 1);
	ends();
}

/* Heads that are no lists at all. */
static int bad_list(void *arg)
{
	struct robust_list_head *head = arg;

	return sys(set_robust_list, head, 24) != 0;
}

static void hostile_lists(void)
{
	struct robust_list_head *head = (void *)new_pages(2, MAP_PRIVATE);

	line("[lists that are none]");
	try("a head at 8", bad_list, (void *)8);
	try("a head in the kernel's half", bad_list, (void *)-4096);
	try("a head at the end of memory", bad_list, (char *)head + 2 * PAGE - 8);
	head->list.next = (void *)-8;
	try("an entry in the kernel's half", bad_list, head);
	head->list.next = (void *)3;
	try("an entry at 3", bad_list, head);
	head->list.next = (void *)(head + 1);
	*(void **)(head + 1) = head + 1;
	try("an entry that follows itself", bad_list, head);
	head->futex_offset = 1;
	try("a word that is not aligned", bad_list, head);
	head->futex_offset = LONG_MIN;
	try("a word before all memory", bad_list, head);
	head->list.next = &head->list;
	head->list_op_pending = (void *)5;
	try("a pending entry at 5", bad_list, head);
}

int main(void)
{
	close_inherited();
	word = (uint32_t *)new_pages(1, MAP_SHARED);
	awake = word + 512;
	arguments();
	wait_errors();
	timeouts();
	waking();
	bitsets();
	requeueing();
	wake_ops();
	files();
	robust_lists();
	hostile_lists();
	return verdict();
}
