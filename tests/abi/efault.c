/*
 * efault.c - hostile pointers for every call that takes one: -EFAULT, and nothing half done.
 *
 * Works in a file "efault.tmp" of the current directory.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>

static struct {
	const char *name;
	char *p;
} bad[] = {
	{ "null", NULL },
	{ "one", (char *)1 },
	{ "unmapped", NULL },
	{ "prot-none", NULL },
	{ "last-user-byte", (char *)0x7fffffffffff },
	{ "first-non-canonical", (char *)0x800000000000 },
	{ "non-canonical", (char *)0xdead000000000000 },
	{ "direct-map", (char *)0xffff888000000000 },
	{ "kernel-text", (char *)0xffffffff81000000 },
	{ "minus-1", (char *)-1 },
};

static char *crossing;		/* the last 4 bytes before a page that is not mapped */
static char *read_only;		/* a page of zeros that cannot be written */
static int file;		/* efault.tmp, open for reading and writing */
static int ended;		/* is there a dead child to wait for? */

static void set_up(void)
{
	char *pages = new_pages(4, MAP_PRIVATE);

	CHECK(sys(munmap, pages + PAGE, PAGE) == 0);
	CHECK(sys(mprotect, pages + 2 * PAGE, PAGE, PROT_NONE) == 0);
	CHECK(sys(mprotect, pages + 3 * PAGE, PAGE, PROT_READ) == 0);
	bad[2].p = pages + PAGE;
	bad[3].p = pages + 2 * PAGE;
	crossing = pages + PAGE - 4;
	read_only = pages + 3 * PAGE;
	file = (int)sys(open, "efault.tmp", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(file == 3);
	CHECK(sys(write, file, "0123456789", 10) == 10);
	CHECK(sys(lseek, file, 2, SEEK_SET) == 2);
}

/* What each call is given @p for. A call that must not change anything checks that in main(). */
static long do_read(char *p) { return sys(read, file, p, 8); }
static long do_write(char *p) { return sys(write, file, p, 8); }
static long do_open(char *p) { return sys(open, p, O_RDONLY); }
static long do_creat(char *p) { return sys(open, p, O_RDWR | O_CREAT, 0600); }
static long do_openat(char *p) { return sys(openat, AT_FDCWD, p, O_RDONLY); }
static long do_fstat(char *p) { return sys(fstat, file, p); }
static long do_fstatat_path(char *p)
{
	struct stat st;

	return sys(newfstatat, AT_FDCWD, p, &st, 0);
}
static long do_fstatat(char *p) { return sys(newfstatat, AT_FDCWD, "/", p, 0); }
static long do_writev(char *p) { return sys(writev, file, p, 1); }
static long do_writev_base(char *p)
{
	struct iovec iov = { p, 8 };

	return sys(writev, file, &iov, 1);
}
static long do_fionread(char *p)
{
	long fd = sys(socket, AF_INET, SOCK_STREAM, 0);
	long ret = sys(ioctl, fd, 0x541b, p);

	CHECK(sys(close, fd) == 0);
	return ret;
}
static long do_uname(char *p) { return sys(uname, p); }
static long do_getrlimit(char *p) { return sys(getrlimit, RLIMIT_CORE, p); }
static long do_setrlimit(char *p) { return sys(setrlimit, RLIMIT_CORE, p); }
static long do_prlimit_old(char *p) { return sys(prlimit64, 0, RLIMIT_CORE, 0, p); }
static long do_prlimit_new(char *p) { return sys(prlimit64, 0, RLIMIT_CORE, p, 0); }
static long do_getresuid(char *p)
{
	unsigned int id;

	return sys(getresuid, &id, &id, p);
}
static long do_getresgid(char *p)
{
	unsigned int id;

	return sys(getresgid, p, &id, &id);
}
static long do_getgroups(char *p) { return sys(getgroups, 2, p); }
static long do_setgroups(char *p) { return sys(setgroups, 2, p); }
static long do_clock_gettime(char *p) { return sys(clock_gettime, CLOCK_MONOTONIC, p); }
static long do_nanosleep(char *p) { return sys(nanosleep, p, 0); }
static long do_getrandom(char *p) { return sys(getrandom, p, 8, 0); }
static long do_get_fs(char *p) { return sys(arch_prctl, 0x1003, p); }
static long do_execve_path(char *p)
{
	char *argv[] = { "x", NULL };

	return sys(execve, p, argv, argv + 1);
}
static long do_execve_argv(char *p) { return sys(execve, getauxval(AT_EXECFN), p, 0); }
static long do_execve_arg(char *p)
{
	char *argv[] = { "x", "x", p, NULL };

	return sys(execve, getauxval(AT_EXECFN), argv, argv + 3);
}
static long do_execve_env(char *p)
{
	char *argv[] = { "x", "x", NULL };

	return sys(execve, getauxval(AT_EXECFN), argv, p);
}
static long do_wait4(char *p)
{
	long pid = sys(fork);

	if (pid == 0)
		sys(exit_group, 0);
	ended = 1;
	return sys(wait4, pid, p, 0, 0);
}

/* Which special pointers a call is tried with, besides those in bad[]. */
#define NULL_IS_FINE	1	/* null means "do not tell me" */
#define CROSSING	2	/* needs more than the 4 bytes before the hole */
#define OUTPUT		4	/* the kernel writes there: a read-only page will not do */

static const struct {
	const char *name;
	long (*call)(char *);
	int how;
} calls[] = {
	{ "read", do_read, OUTPUT },
	{ "write", do_write, 0 },
	{ "open", do_open, CROSSING },
	{ "open O_CREAT", do_creat, CROSSING },
	{ "openat", do_openat, CROSSING },
	{ "fstat", do_fstat, CROSSING | OUTPUT },
	{ "newfstatat path", do_fstatat_path, CROSSING },
	{ "newfstatat", do_fstatat, CROSSING | OUTPUT },
	{ "writev iov", do_writev, CROSSING },
	{ "writev iov_base", do_writev_base, 0 },
	{ "ioctl FIONREAD", do_fionread, OUTPUT },
	{ "uname", do_uname, CROSSING | OUTPUT },
	{ "getrlimit", do_getrlimit, CROSSING | OUTPUT },
	{ "setrlimit", do_setrlimit, CROSSING },
	{ "prlimit64 old", do_prlimit_old, CROSSING | OUTPUT | NULL_IS_FINE },
	{ "prlimit64 new", do_prlimit_new, CROSSING | NULL_IS_FINE },
	{ "getresuid", do_getresuid, OUTPUT },
	{ "getresgid", do_getresgid, OUTPUT },
	{ "getgroups", do_getgroups, CROSSING | OUTPUT },
	{ "setgroups", do_setgroups, CROSSING },
	{ "clock_gettime", do_clock_gettime, CROSSING | OUTPUT },
	{ "nanosleep", do_nanosleep, CROSSING },
	{ "getrandom", do_getrandom, OUTPUT },
	{ "arch_prctl ARCH_GET_FS", do_get_fs, CROSSING | OUTPUT },
	{ "execve path", do_execve_path, CROSSING },
	{ "execve argv", do_execve_argv, CROSSING | NULL_IS_FINE },
	{ "execve one argument", do_execve_arg, CROSSING | NULL_IS_FINE },
	{ "execve envp", do_execve_env, CROSSING | NULL_IS_FINE },
	{ "wait4", do_wait4, OUTPUT | NULL_IS_FINE },
};

static void try_call(size_t i)
{
	int how = calls[i].how;
	size_t efaults = 0;

	for (size_t k = how & NULL_IS_FINE ? 1 : 0; k < ARRAY_SIZE(bad); k++) {
		long ret = calls[i].call(bad[k].p);

		if (ret == -EFAULT)
			efaults++;
		else
			line("%s, %s: %s", calls[i].name, bad[k].name, text(ret));
	}
	line("%s: EFAULT for %zu of the bad pointers", calls[i].name, efaults);
	memcpy(crossing, "abcd", 4);
	if (how & CROSSING)
		line("  into the hole: %s", text(calls[i].call(crossing)));
	if (how & OUTPUT)
		line("  read-only page: %s", text(calls[i].call(read_only)));
}

static void nothing_half_done(void)
{
	char content[16] = "";
	int status;

	show(lseek, file, 0, SEEK_CUR);
	show(lseek, file, 0, SEEK_END);
	show(lseek, file, 0, SEEK_SET);
	show(read, file, content, sizeof(content));
	line("content: %s", content);
	show(dup, file);
	show(close, file + 1);
	CHECK(ended);
	show(wait4, -1, &status, WNOHANG, 0);
}

/* read(2) and write(2) that reach the hole move what lies before it, as short counts. */
static void partial(void)
{
	memcpy(crossing, "abcd", 4);
	show(lseek, file, 1, SEEK_SET);
	show(write, file, crossing, 8);
	show(lseek, file, 0, SEEK_CUR);
	show(lseek, file, 0, SEEK_SET);
	show(read, file, crossing, 8);
	line("  %.4s", crossing);
	show(lseek, file, 0, SEEK_CUR);
}

int main(int argc, char **argv)
{
	unsigned int groups[] = { 1, 2 };

	(void)argv;
	if (argc > 1) {
		line("an execve with a bad pointer succeeded");
		return 1;
	}
	close_inherited();
	set_up();
	CHECK(sys(setgroups, 2, groups) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		try_call(i);
	nothing_half_done();
	show(write, file, NULL, 0);
	show(getrandom, NULL, 0, 0);
	show(clock_gettime, 99, 1);
	partial();
	return verdict();
}
