/*
 * system_limits.c - what needs a machine of its own: limits of the whole system, set through
 * /proc/sys (ping_group_range, file-max), and powers root has not in a container.
 *
 * Needs /proc.
 */
#include "abi.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define PING_RANGE	"/proc/sys/net/ipv4/ping_group_range"
#define FILE_MAX	"/proc/sys/fs/file-max"

static void put(const char *path, const char *value)
{
	long fd = sys(open, path, O_WRONLY);

	CHECK(sys(write, fd, value, strlen(value)) == (long)strlen(value));
	CHECK(sys(close, fd) == 0);
}

static void get(const char *path, char *buf, size_t size)
{
	long fd = sys(open, path, O_RDONLY);
	long n = sys(read, fd, buf, size - 1);

	CHECK(n > 0);
	buf[n > 0 ? n : 0] = '\0';
	if (n > 0 && buf[n - 1] == '\n')
		buf[n - 1] = '\0';
	CHECK(sys(close, fd) == 0);
}

static int ping(void *ids)
{
	const unsigned int *id = ids;	/* gid, one supplementary group, uid */
	long fd;

	CHECK(sys(setgroups, 1, &id[1]) == 0);
	CHECK(sys(setresgid, id[0], id[0], id[0]) == 0);
	CHECK(sys(setresuid, id[2], id[2], id[2]) == 0);
	fd = sys(socket, AF_INET, SOCK_DGRAM, 1);
	line("  gid %u, group %u, uid %u: %s", id[0], id[1], id[2], ok(fd));
	return failures;
}

static void ping_group_range(void)
{
	static const unsigned int ids[][3] = {
		{ 0, 0, 0 }, { 100, 7, 0 }, { 100, 7, NOBODY }, { 200, 7, NOBODY },
		{ 201, 7, NOBODY }, { 99, 150, NOBODY }, { 99, 99, NOBODY },
	};
	static const char *const ranges[] = { "100 200", "0 2147483647", "1 0" };
	char now[64];

	get(PING_RANGE, now, sizeof(now));
	line("[ping_group_range] %s", now);
	CHECK(in_child(ping, (void *)ids[0]) == 0);
	for (size_t r = 0; r < ARRAY_SIZE(ranges); r++) {
		put(PING_RANGE, ranges[r]);
		get(PING_RANGE, now, sizeof(now));
		line("[%s]", now);
		for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
			CHECK(in_child(ping, (void *)ids[i]) == 0);
	}
}

/*
 * Root may exceed file-max, nobody may not; what is open stays open. The limit is 0, because Linux
 * compares it with a count that lags behind.
 */
static int use_files(void *is_nobody)
{
	if (is_nobody)
		become_nobody();
	show_ok(socket, AF_INET, SOCK_STREAM, 0);
	show_ok(open, "/dev/null", O_RDONLY);
	show_ok(socket, AF_INET, SOCK_STREAM, 17);
	show_ok(socket, 46, SOCK_STREAM, 0);
	show_ok(dup, 1);
	show_ok(socket, AF_INET, SOCK_STREAM, 0);
	return failures;
}

static void file_max(void)
{
	char before[64];

	line("[file-max]");
	get(FILE_MAX, before, sizeof(before));
	put(FILE_MAX, "0");
	line("at 0, root:");
	CHECK(in_child(use_files, NULL) == 0);
	line("at 0, nobody:");
	CHECK(in_child(use_files, "yes") == 0);
	put(FILE_MAX, before);
	line("put back, nobody:");
	CHECK(in_child(use_files, "yes") == 0);
}

/* Whoever opened it: what counts is who writes. */
static int use_as_nobody(void *fds)
{
	const long *fd = fds;
	char c;

	become_nobody();
	show(write, fd[0], "1\n", 2);
	show(write, fd[0], "1\n", 0);
	show(read, fd[0], &c, 1);
	show(write, fd[1], "1\n", 2);
	show(read, fd[2], &c, 1);
	show(open, FILE_MAX, O_WRONLY);
	show(open, FILE_MAX, O_RDONLY | O_TRUNC);
	show_ok(open, FILE_MAX, O_RDONLY);
	show(open, "/proc/slabinfo", O_RDONLY);
	return failures;
}

static void privilege_when_used(void)
{
	static const char *const paths[] = {
		FILE_MAX, "/proc/sys/fs/file-nr", PING_RANGE, "/proc/sys/fs", "/proc/slabinfo",
		"/proc/meminfo", "/proc/cmdline", "/proc/modules", "/proc",
	};
	long fd[3];
	char before[64];
	struct stat st;

	line("[privilege is checked when it is used]");
	get(FILE_MAX, before, sizeof(before));
	fd[0] = sys(open, FILE_MAX, O_RDWR);
	fd[1] = sys(open, PING_RANGE, O_RDWR);
	fd[2] = sys(open, "/proc/slabinfo", O_RDONLY);
	CHECK(fd[0] >= 0 && fd[1] >= 0 && fd[2] >= 0);
	CHECK(in_child(use_as_nobody, fd) == 0);
	put(FILE_MAX, before);
	for (int i = 0; i < 3; i++)
		CHECK(sys(close, fd[i]) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		CHECK(sys(newfstatat, AT_FDCWD, paths[i], &st, 0) == 0);
		line("%s: mode %o", paths[i], st.st_mode);
	}
}

/* CAP_SYS_RESOURCE */
static int raise_hard_limit(void *unused)
{
	struct rlimit limit = { 50, 100 }, higher = { 150, 200 }, huge = { 50, 1UL << 40 }, old;

	(void)unused;
	show(setrlimit, RLIMIT_NOFILE, &limit);
	show(prlimit64, 0, RLIMIT_NOFILE, &higher, &old);
	line("  %lu %lu", (unsigned long)old.rlim_cur, (unsigned long)old.rlim_max);
	show(getrlimit, RLIMIT_NOFILE, &old);
	line("  %lu %lu", (unsigned long)old.rlim_cur, (unsigned long)old.rlim_max);
	show(setrlimit, RLIMIT_NOFILE, &huge);
	return failures;
}

/* CAP_SYS_BOOT */
static void reboot_refusals(void)
{
	line("[reboot]");
	show(reboot, 1, 672274793, 0x4321fedc, 0);
	show(reboot, 0xfee1dead, 1, 0x4321fedc, 0);
	show(reboot, 0xfee1dead, 672274793, 0x55555555, 0);
}

int main(void)
{
	close_inherited();
	ping_group_range();
	file_max();
	privilege_when_used();
	line("[hard limit]");
	CHECK(in_child(raise_hard_limit, NULL) == 0);
	reboot_refusals();
	return verdict();
}
