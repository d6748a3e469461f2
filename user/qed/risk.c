/*
 * risk.c - the puzzle. Each step of the construction is made to fail, many times; each time every
 * object that had come to life must be freed, and the kernel's counters must be where they were.
 * puzzle_probe follows the objects by their addresses, and makes fail what ring 3 cannot.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "qed.h"

#define CALLS 50
#define NOBODY 65534
#define FILE_MAX "/proc/sys/fs/file-max"

struct scenario scenarios[] = {
	{ .fail = "none", .claim = "nothing fails, close()", .inode = true, .sock = true },
	{ .fail = "exit", .claim = "nothing fails, exit() without close()", .inode = true,
	  .sock = true },
	{ .fail = "security_socket_create", .claim = "the security hook refuses", .error = EACCES,
	  .inject = true },
	{ .fail = "new_inode_pseudo", .claim = "no inode", .error = ENFILE, .inject = true },
	{ .fail = "sk_alloc", .claim = "no sock", .error = ENOMEM, .inject = true, .inode = true },
	{ .fail = "tcp_v4_init_sock", .claim = "the protocol's start fails", .error = ENOBUFS,
	  .inject = true, .inode = true, .sock = true },
	{ .fail = "security_socket_post_create", .claim = "the second hook refuses",
	  .error = EACCES, .inject = true, .inode = true, .sock = true },
	{ .fail = "EMFILE", .claim = "no free descriptor", .error = EMFILE, .inode = true,
	  .sock = true },
	{ .fail = "ENFILE", .claim = "no file: file-max is reached", .error = ENFILE, .inode = true,
	  .sock = true },
};
const int nr_scenarios = sizeof(scenarios) / sizeof(scenarios[0]);

static const char *const caches[] = { "sock_inode_cache", "TCP", "filp", "dentry" };
#define NR_CACHES (int)(sizeof(caches) / sizeof(caches[0]))

const struct scenario *scenario(const char *fail)
{
	for (int i = 0; i < nr_scenarios; i++)
		if (strcmp(scenarios[i].fail, fail) == 0)
			return &scenarios[i];
	return NULL;
}

/* The lowest free descriptor: what the next open() would get. */
static int lowest_fd(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

/*
 * socket() again and again; how often it gave @error (0: a descriptor, which is closed). None, when
 * a number is lost by it.
 */
static int call_often(int error)
{
	int good = 0, lowest = lowest_fd();

	for (int i = 0; i < CALLS; i++) {
		long fd = syscall(__NR_socket, 2, 1, 0);

		good += error ? fd < 0 && errno == error : fd >= 0;
		if (fd >= 0)
			close((int)fd);
	}
	return lowest_fd() == lowest ? good : 0;
}

/* Run @good() in a child; how often it went well: its exit status. */
static int in_child(int (*good)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(good());
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static int open_and_forget(void)
{
	return syscall(__NR_socket, 2, 1, 0) >= 0;
}

/* Root may open more files than file-max says. */
static int call_as_nobody(void)
{
	return setuid(NOBODY) ? 0 : call_often(ENFILE);
}

static int with_full_table(void)
{
	struct rlimit old, full;
	int fd = lowest_fd(), good;

	if (getrlimit(RLIMIT_NOFILE, &old))
		return 0;
	full = old;
	full.rlim_cur = (unsigned long)fd;
	if (setrlimit(RLIMIT_NOFILE, &full))
		return 0;
	good = call_often(EMFILE);
	setrlimit(RLIMIT_NOFILE, &old);
	return good;
}

static int with_no_files(void)
{
	char old[32];
	int good;

	snprintf(old, sizeof(old), "%ld\n", file_number(FILE_MAX));
	if (!write_file(FILE_MAX, "0\n"))
		return 0;
	good = in_child(call_as_nobody);
	write_file(FILE_MAX, old);
	return good;
}

/* Make the calls; how many went as they should, of CALLS. */
static int perform(const struct scenario *s)
{
	int good = 0;

	if (strcmp(s->fail, "exit") == 0) {
		for (int i = 0; i < CALLS; i++)
			good += in_child(open_and_forget) == 1;
		return good;
	}
	if (strcmp(s->fail, "EMFILE") == 0)
		return with_full_table();
	if (strcmp(s->fail, "ENFILE") == 0)
		return with_no_files();
	return call_often(s->error);
}

/* --- was everything freed? ------------------------------------------------------------------- */

struct counters {
	long active[8];
	long files;
	int lowest_fd;
};

static void take(struct counters *counters)
{
	for (int i = 0; i < NR_CACHES; i++)
		counters->active[i] = slab_active(caches[i]);
	counters->files = file_number("/proc/sys/fs/file-nr");
	counters->lowest_fd = lowest_fd();
}

/*
 * Linux counts objects per CPU and lets its sums lag behind, so there the objects' addresses are
 * all there is to go by. Here the counters are exact.
 */
static bool balanced(const struct counters *old, const struct counters *new, struct words *words)
{
	HOLDS(old->lowest_fd == new->lowest_fd);
	if (!on_ringwalk())
		return true;
	for (int i = 0; i < NR_CACHES; i++) {
		if (old->active[i] == new->active[i])
			continue;
		say(words, "%s: %ld objects before %d calls, %ld behind them", caches[i],
		    old->active[i], CALLS, new->active[i]);
		return false;
	}
	HOLDS(old->active[0] >= 0 && old->active[1] >= 0);
	HOLDS(old->files == new->files);
	return true;
}

/* In the records of the first call: born, then __sock_release() of it, then freed. */
static bool released_in_order(const struct span *span, struct words *words)
{
	const struct record *born = find(span, "puzzle_probe", "born", "sock_alloc_inode");
	const struct record *release = find(span, "puzzle_probe", "entry", "__sock_release");
	const struct record *freed = NULL;

	HOLDS(born && release && born->index < release->index);
	for (int i = release->index; i < span->to && !freed; i++) {
		const struct record *r = log_record(i);

		if (is(r, "at", "freed") && is(r, "fn", "sock_free_inode") &&
		    pointer(r, "object") == pointer(born, "object"))
			freed = r;
	}
	HOLDS(freed);
	return true;
}

static bool evaluate(const struct scenario *s, const struct span *span, int good,
		     struct words *words)
{
	const struct record *total = find(span, "puzzle_probe", "total",
					  s->inject ? s->fail : "none");

	if (good != CALLS) {
		say(words, "%d of %d calls gave errno %d", good, CALLS, s->error);
		return false;
	}
	HOLDS(total);
	HOLDS(number(total, "injected") == (s->inject ? CALLS : 0));
	HOLDS(number(total, "inodes_born") == (s->inode ? CALLS : 0));
	HOLDS(number(total, "socks_born") == (s->sock ? CALLS : 0));
	HOLDS(number(total, "inodes_freed") == number(total, "inodes_born"));
	HOLDS(number(total, "socks_freed") == number(total, "socks_born"));
	if (s->inode && !released_in_order(span, words))
		return false;
	say(words, "puzzle_probe: errno %d each time; sockets born %s, freed %s; socks born %s, freed %s",
	    s->error, text(total, "inodes_born"), text(total, "inodes_freed"),
	    text(total, "socks_born"), text(total, "socks_freed"));
	return true;
}

static void run_scenario(struct scenario *s)
{
	struct counters old, new;
	struct span span = { .pid = 0 }; /* children take part */
	char parameters[80];
	const char *key;
	int good;

	log_read();
	span.from = log_length();
	take(&old);
	snprintf(parameters, sizeof(parameters), "comm=%.15s fail=%s", own_name,
		 s->inject ? s->fail : "");
	load("puzzle_probe", parameters);
	good = perform(s);
	if (!on_ringwalk())
		sleep_ms(300); /* Linux frees inodes a grace period later */
	unload("puzzle_probe");
	take(&new);
	log_read();
	span.to = log_length();
	missing_key();
	s->holds = evaluate(s, &span, good, &s->words) && balanced(&old, &new, &s->words);
	key = missing_key();
	if (key) {
		s->holds = false;
		say(&s->words, "a record has no %s=", key);
	}
}

void run_scenarios(void)
{
	for (int i = 0; i < nr_scenarios; i++)
		run_scenario(&scenarios[i]);
}
