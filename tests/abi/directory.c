/*
 * directory.c - the current directory: chdir, fchdir, getcwd, and who shares it. Leaves the files
 * "directory.*" in the current directory, which must be fresh and root's.
 */
#include "abi.h"

#include <sys/stat.h>
#include <unistd.h>

static char start[PAGE]; /* where we were at first */

/* getcwd() with a buffer of @size bytes: "/dev", "/proc", "/", or where we began. */
static void where(unsigned long size)
{
	char buf[PAGE] = "?";
	long ret = sys(getcwd, buf, size);

	if (ret < 0)
		line("  getcwd: %s", text(ret));
	else
		line("  getcwd: '%s', right length %d", strcmp(buf, start) ? buf : "/",
		     ret == (long)strlen(buf) + 1);
}

static void moves(void)
{
	struct stat st;

	line("[moves]");
	where(PAGE);
	show(chdir, "/dev");
	where(PAGE);
	show(chdir, "..");
	where(PAGE);
	show(chdir, "..");
	where(PAGE);
	show(chdir, "/./dev/../proc//");
	where(PAGE);
	show_ok(newfstatat, AT_FDCWD, "sys/kernel", &st, 0);
	show(chdir, "/dev");
	show_ok(newfstatat, AT_FDCWD, "null", &st, 0);
	show_ok(open, "null", O_RDONLY);
	CHECK(sys(close, 3) == 0);
	CHECK(sys(chdir, start) == 0);
	where(PAGE);
}

static void errors(void)
{
	static char path[PAGE + 2];

	line("[errors]");
	CHECK(sys(open, "directory.file", O_RDWR | O_CREAT, 0777) == 3);
	show(chdir, "");
	show(chdir, "directory.missing");
	show(chdir, "directory.file");
	show(chdir, "directory.file/");
	show(chdir, "directory.file/x");
	show(chdir, (char *)8);
	show(fchdir, 3);
	show(fchdir, 99);
	show(fchdir, -1);
	show(fchdir, (1L << 32) + 3);
	memset(path, '/', PAGE + 1);
	memcpy(path + PAGE - 4, "dev", 4);
	show(chdir, path); /* PATH_MAX with its NUL: the longest there is */
	where(PAGE);
	memcpy(path, "//", 2);
	memcpy(path + PAGE - 4, "/dev", 5);
	show(chdir, path);
	memcpy(path + PAGE - 40, "dev", 4); /* too long to lie behind its struct filename */
	show(chdir, path);
	CHECK(sys(chdir, start) == 0);
	show(getcwd, NULL, PAGE);
	show(getcwd, (char *)8, PAGE);
	show(getcwd, NULL, 0);
	CHECK(sys(chdir, "/dev") == 0);
	where(0);
	where(4);
	where(5);
	CHECK(sys(chdir, start) == 0);
	CHECK(sys(close, 3) == 0);
}

static int go_away(void *unused)
{
	(void)unused;
	CHECK(sys(chdir, "/dev") == 0);
	where(PAGE);
	return failures;
}

static int as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	show(chdir, "/dev");
	show(fchdir, 3);
	show(chdir, "/proc/sys/../..");
	return failures;
}

static void others(void)
{
	line("[others]");
	CHECK(sys(open, ".", O_RDONLY | O_DIRECTORY) == 3);
	CHECK(in_child(go_away, NULL) == 0);
	where(PAGE);
	CHECK(in_child(as_nobody, NULL) == 0);
	CHECK(sys(chdir, "/") == 0);
	show(fchdir, 3);
	where(PAGE);
	CHECK(sys(close, 3) == 0);
}

int main(void)
{
	long len = sys(getcwd, start, sizeof(start));

	CHECK(len == (long)strlen(start) + 1);
	moves();
	errors();
	others();
	return verdict();
}
