/*
 * leaks.c - does everything come back? Each scenario makes and drops what it is about, round after
 * round; then every counter of the kernel must be where it was. Run as root, on ringwalk: no one
 * else may be busy meanwhile.
 *
 *	leaks				all scenarios, a line each; status 1 when one leaks
 *	leaks hold-socket|hold-page	the same measurement of a leak made on purpose
 */
#define main print_socket_table
#include "../abi/socket_table.c"	/* for its rows: what succeeds and what is refused */
#undef main

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "counters.h"

#define ROUNDS		1000
#define FILE_MAX	"/proc/sys/fs/file-max"

static const struct row makeable[] = { { 2, 1, 0 }, { 2, 2, 0 }, { 2, 3, 1 } };	/* TCP UDP RAW */

/* One socket of each kind. Returns the last descriptor. */
static long open_some(int flags)
{
	long fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(makeable); i++) {
		fd = sys(socket, makeable[i].family, makeable[i].type | flags, makeable[i].protocol);
		CHECK(fd >= 0);
	}
	return fd;
}

/* The first @kinds of them must be refused with @error. */
static void refuse(size_t kinds, long error)
{
	for (size_t i = 0; i < kinds; i++)
		CHECK(sys(socket, makeable[i].family, makeable[i].type, makeable[i].protocol) == error);
}

static void limit_files(rlim_t soft)
{
	struct rlimit limit = { soft, 1024 };

	CHECK(sys(setrlimit, RLIMIT_NOFILE, &limit) == 0);
}

/* --- in this process --- */

static void create_and_close(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(makeable); i++) {
		long fd = sys(socket, makeable[i].family, makeable[i].type, makeable[i].protocol);

		CHECK(fd == 3 && sys(close, fd) == 0);
	}
}

/* Call every row. Returns how many are refused. */
static int call_rows(const struct row *rows, size_t n)
{
	int refused = 0;

	for (size_t i = 0; i < n; i++) {
		long fd = sys(socket, rows[i].family, rows[i].type, rows[i].protocol);

		if (fd >= 0)
			CHECK(sys(close, fd) == 0);
		else
			refused++;
	}
	return refused;
}

#define ROWS(rows)	call_rows(rows, ARRAY_SIZE(rows))

static void every_row(void)
{
	CHECK(ROWS(inet_rows) > 40);
	CHECK(ROWS(range_rows) == ARRAY_SIZE(range_rows));
	ROWS(mptcp_rows);
	ROWS(udplite_rows);
	ROWS(packet_rows);
	ROWS(unix_rows);
	ROWS(inet6_rows);
	ROWS(netlink_rows);
}

static void dups(void)
{
	long fd = sys(socket, AF_INET, SOCK_STREAM, 0);
	long a = sys(dup, fd), b = sys(dup2, fd, 9), c = sys(dup3, fd, 10, O_CLOEXEC);

	CHECK(sys(close, fd) == 0 && sys(dup2, c, b) == b);
	CHECK(sys(close, a) == 0 && sys(close, b) == 0 && sys(close, c) == 0);
	CHECK(sys(dup, fd) == -EBADF);
}

static void no_descriptor(void)
{
	limit_files(3);
	refuse(ARRAY_SIZE(makeable), -EMFILE);
	limit_files(1024);
}

static void exec_refused(void)
{
	char *argv[] = { "x", NULL };

	CHECK(sys(execve, "/proc/meminfo", argv, argv) < 0);
	CHECK(sys(execve, "/no/such/program", argv, argv) == -ENOENT);
}

static void map_and_unmap(void)
{
	char *p = new_pages(600, MAP_PRIVATE);

	for (int i = 0; i < 600; i += 50)
		p[i * PAGE] = 1;
	CHECK(sys(mprotect, p + PAGE, PAGE, PROT_READ) == 0);
	CHECK(sys(munmap, p, 600 * PAGE) == 0);
}

/* --- in a child, which ends as @how says --- */

static void child(int (*fn)(void *), int how)
{
	CHECK(in_child(fn, NULL) == how);
}

static int leave_at_once(void *unused)
{
	(void)unused;
	return 0;
}

static int as_nobody_every_row(void *unused)
{
	(void)unused;
	become_nobody();
	every_row();
	return failures;
}

static int fill_the_table(void *unused)
{
	(void)unused;
	limit_files(300);		/* more than the table a task is born with */
	open_some(0);
	while (sys(dup, 3) >= 0)
		;
	refuse(ARRAY_SIZE(makeable), -EMFILE);
	return failures;
}

static int beyond_file_max(void *unused)
{
	(void)unused;
	become_nobody();
	refuse(2, -ENFILE);	/* RAW is not nobody's anyway */
	return failures;
}

static int exit_without_close(void *unused)
{
	(void)unused;
	sys(dup2, open_some(0), 40);
	open_some(SOCK_CLOEXEC | SOCK_NONBLOCK);
	new_pages(4, MAP_PRIVATE)[PAGE] = 1;
	return failures;
}

static int die_of_sigpipe(void *unused)
{
	(void)unused;
	open_some(0);
	return sys(write, 3, "x", 1) != 0;
}

static int die_of_sigsegv(void *unused)
{
	static volatile int *volatile nowhere = (int *)8;

	(void)unused;
	open_some(0);
	*nowhere = 1;
	return 0;
}

static int become_another_program(void *unused)
{
	char *path = (char *)getauxval(AT_EXECFN), *argv[] = { path, "exit", NULL };

	(void)unused;
	open_some(0);
	open_some(SOCK_CLOEXEC);
	sys(execve, path, argv, argv + 2);
	return 1;
}

/* A script that this program runs, or, with another name in it, nobody. */
static void put_script(const char *interpreter)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "#!%s exit\n", interpreter);
	long fd = sys(open, "leaks.script", O_WRONLY | O_CREAT | O_TRUNC, 0755);

	CHECK(fd >= 0 && sys(write, fd, text, len) == len && sys(close, fd) == 0);
}

static int run_script(void *unused)
{
	char *argv[] = { "x", "y", NULL };

	(void)unused;
	sys(execve, "leaks.script", argv, argv + 2);
	return 1;
}

/* Groups and sessions, the first with a member that lives longer than its leader. */
static int session_and_group(void *unused)
{
	long pid;

	(void)unused;
	CHECK(sys(setsid) > 0);
	pid = sys(fork);
	if (pid == 0) {
		CHECK(sys(setpgid, 0, 0) == 0);
		if (sys(fork) == 0)
			sleep_ms(1);
		return 0;
	}
	CHECK(sys(prctl, PR_SET_CHILD_SUBREAPER, 1) == 0);
	CHECK(sys(wait4, pid, 0, 0, 0) == pid && sys(wait4, -1, 0, 0, 0) > 0);
	return 0;
}

/* Each change of ids makes new credentials, and a user of a number that nobody has had. */
static int become_others(void *unused)
{
	(void)unused;
	for (int uid = 5000; uid < 5010; uid++)
		CHECK(sys(setresuid, uid, -1, 0) == 0 && sys(prctl, PR_SET_KEEPCAPS, uid % 2) == 0);
	return 0;
}

/* The grandchild has sockets of its own, and outlives its parent: process 1 buries it. */
static int leave_an_orphan(void *unused)
{
	(void)unused;
	open_some(0);
	if (sys(fork) == 0)
		sleep_ms(1);
	return 0;
}

/* Timers of all kinds, armed, with a signal in the queue; its end takes them away. */
static int leave_timers(void *unused)
{
	static const struct itimerspec each_ms = { { 0, 1000000 }, { 0, 1 } };
	static const struct itimerval real = { { 0, 1000 }, { 0, 1 } }, hour = { { 0, 0 }, { 3600, 0 } };
	static const int clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_PROCESS_CPUTIME_ID,
				      CLOCK_THREAD_CPUTIME_ID };
	uint64_t block = ~0ul;
	long fd;
	int id;

	(void)unused;
	CHECK(sys(rt_sigprocmask, SIG_BLOCK, &block, 0, 8) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
		CHECK(sys(timer_create, clocks[i], 0, &id) == 0);
		CHECK(sys(timer_settime, id, 0, &each_ms, 0) == 0);
	}
	CHECK(sys(setitimer, ITIMER_REAL, &real, 0) == 0 && sys(setitimer, ITIMER_PROF, &hour, 0) == 0);
	fd = sys(timerfd_create, CLOCK_REALTIME, 0);
	CHECK(fd >= 0 && sys(timerfd_settime, fd, 3, &each_ms, 0) == 0);
	return failures;
}

/* A thousand of them at once. */
static int storm(void *unused)
{
	static const struct itimerspec each_us = { { 0, 1000 }, { 0, 1 } };
	static const struct rlimit more = { 2000, 2000 };
	int id;

	(void)unused;
	CHECK(signal(SIGALRM, SIG_IGN) != SIG_ERR);
	CHECK(sys(setrlimit, RLIMIT_SIGPENDING, &more) == 0); /* each timer has a queue entry for its signal */
	for (int i = 0; i < 1000; i++) {
		CHECK(sys(timer_create, CLOCK_MONOTONIC, 0, &id) == 0);
		CHECK(sys(timer_settime, id, 0, &each_us, 0) == 0);
	}
	sleep_ms(20);
	return failures;
}

static void timers(void)		{ child(leave_timers, 0); }
static void timer_storm(void)		{ child(storm, 0); }
static void as_nobody_rows(void)	{ child(as_nobody_every_row, 0); }
static void full_table(void)		{ child(fill_the_table, 0); }
static void no_close(void)		{ child(exit_without_close, 0); }
static void sigpipe(void)		{ child(die_of_sigpipe, SIGPIPE); }
static void sigsegv(void)		{ child(die_of_sigsegv, SIGSEGV); }
static void exec(void)			{ child(become_another_program, 0); }
static void orphan(void)		{ child(leave_an_orphan, 0); }
static void session(void)		{ child(session_and_group, 0); }
static void others(void)		{ child(become_others, 0); }

static void script(void)
{
	put_script((char *)getauxval(AT_EXECFN));
	child(run_script, 0);
}

static void script_refused(void)
{
	char *argv[] = { "x", NULL };

	put_script("missing");
	CHECK(sys(execve, "leaks.script", argv, argv) == -ENOENT);
	put_script("leaks.script");
	CHECK(sys(execve, "leaks.script", argv, argv) == -ELOOP);
}

/* The child shares our socket; its exit must not close ours. */
static void fork_and_exit(void)
{
	long fd = sys(socket, AF_INET, SOCK_STREAM, 0);

	child(leave_at_once, 0);
	CHECK(sys(close, fd) == 0);
}

static void file_max(void)
{
	char saved[32];
	long fd = sys(open, FILE_MAX, O_RDWR);

	snprintf(saved, sizeof(saved), "%.31s", proc_text(FILE_MAX));
	CHECK(sys(write, fd, "0", 1) == 1);
	child(beyond_file_max, 0);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0 && sys(write, fd, saved, strlen(saved)) > 0);
	CHECK(sys(close, fd) == 0);
}

/* --- leaks on purpose --- */

static void hold_socket(void)
{
	CHECK(sys(socket, AF_INET, SOCK_STREAM, 0) >= 0);
}

static void hold_page(void)
{
	new_pages(1, MAP_PRIVATE)[0] = 1;
}

static const struct scenario scenarios[] = {
	{ "socket and close", create_and_close, ROUNDS },
	{ "every row of the table, root", every_row, ROUNDS },
	{ "every row of the table, nobody", as_nobody_rows, ROUNDS },
	{ "EMFILE", no_descriptor, ROUNDS },
	{ "EMFILE, with a grown table", full_table, ROUNDS },
	{ "ENFILE", file_max, ROUNDS },
	{ "dup, dup2, dup3", dups, ROUNDS },
	{ "exit without close", no_close, ROUNDS },
	{ "fork and exit", fork_and_exit, ROUNDS },
	{ "exec", exec, ROUNDS },
	{ "exec refused", exec_refused, ROUNDS },
	{ "exec of a script", script, ROUNDS },
	{ "exec of a script refused", script_refused, ROUNDS },
	{ "sessions and groups", session, 100 },
	{ "changes of ids", others, 100 },
	{ "killed by SIGPIPE", sigpipe, ROUNDS },
	{ "killed by SIGSEGV", sigsegv, ROUNDS },
	{ "orphans", orphan, 100 },
	{ "timers", timers, ROUNDS },
	{ "1,000 timers of a microsecond", timer_storm, 20 },
	{ "mmap and munmap", map_and_unmap, ROUNDS },
}, on_purpose[] = {
	{ "hold-socket", hold_socket, 1 },
	{ "hold-page", hold_page, 1 },
};

int main(int argc, char **argv)
{
	int leaks = 0;

	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	close_inherited();
	for (size_t i = 0; argc == 1 && i < ARRAY_SIZE(scenarios); i++)
		leaks += measure(&scenarios[i]);
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(on_purpose); i++) {
		if (!strcmp(argv[1], on_purpose[i].name))
			leaks += measure(&on_purpose[i]);
	}
	return leaks || verdict();
}
