/*
 * cwd.c - chdir, fchdir, getcwd, chroot: also in directories that were removed, and outside of the root. Leaves nothing.
 * The current directory must be "/" and root's.
 */
#include "abi.h"

#include <sys/stat.h>
#include <unistd.h>

#define BAD	((void *)1)

static char long_name[257];

static void where(void)
{
	char buf[4200] = "";
	long ret = sys(getcwd, buf, sizeof(buf));

	line("  getcwd: %s %s", text(ret), ret > 100 ? "..." : buf);
}

static void changed(void)
{
	char buf[64];

	line("[chdir, getcwd]");
	show(chdir, "/c.d");
	where();
	show(getcwd, buf, 5);
	show(getcwd, buf, 4);
	show(getcwd, buf, 0);
	show(getcwd, BAD, 64);
	show(getcwd, BAD, 1);
	show(chdir, "sub");
	where();
	show(chdir, "../sub/../sub/.");
	where();
	show(chdir, "..");
	where();
	show(chdir, "to-sub");
	where();
	show(chdir, "/c.d/file");
	show(chdir, "missing");
	show(chdir, "");
	show(chdir, BAD);
	show(chdir, long_name);
	show(chdir, "../to-none");
	where();
	long fd = sys(open, "/c.d", O_RDONLY), path = sys(open, "/c.d/sub", O_PATH), file = sys(open, "/c.d/file", O_RDONLY);
	show(fchdir, fd);
	where();
	show(fchdir, path);
	where();
	show(fchdir, file);
	show(fchdir, 99);
	CHECK(sys(close, fd) == 0 && sys(close, path) == 0 && sys(close, file) == 0);
	CHECK(sys(chdir, "/c.d") == 0 && sys(rename, "/c.d", "/c.e") == 0);
	where();
	CHECK(sys(rename, "/c.e", "/c.d") == 0);
	show(chdir, "/");
	where();
}

static void removed(void)
{
	struct stat st;

	line("[a directory that was removed]");
	CHECK(sys(mkdir, "/c.d/gone", 0755) == 0 && sys(chdir, "/c.d/gone") == 0);
	CHECK(sys(rmdir, "/c.d/gone") == 0);
	where();
	show(stat, ".", &st);
	line("  nlink %lu", (unsigned long)st.st_nlink);
	show(stat, "..", &st);
	show(open, "x", O_RDWR | O_CREAT, 0600);
	show(mkdir, "x", 0700);
	show(access, "x", F_OK);
	show(chdir, ".");
	show(chdir, "..");
	where();
	CHECK(sys(mkdir, "/c.d/gone", 0755) == 0 && sys(mkdir, "/c.d/gone/in", 0755) == 0);
	CHECK(sys(chdir, "/c.d/gone/in") == 0 && sys(rmdir, "/c.d/gone/in") == 0 && sys(rmdir, "/c.d/gone") == 0);
	where();
	show(chdir, "..");
	where();
	show(chdir, "..");
	where();
	CHECK(sys(chdir, "/") == 0);
}

/* 1000 directories, each in the one before: deeper than a path can say. */
static void deep(void)
{
	int made = 0;

	line("[1000 deep]");
	for (; made < 1000; made++)
		if (sys(mkdir, "a-name-of-20-letters", 0700) || sys(chdir, "a-name-of-20-letters"))
			break;
	line("  made: %d", made);
	where();
	show(access, "../../../a-name-of-20-letters", F_OK);
	for (; made > 0; made--)
		if (sys(chdir, "..") || sys(rmdir, "a-name-of-20-letters"))
			break;
	line("  left: %d", made);
	where();
}

static int in_a_root(void *unused)
{
	struct stat st, up;
	long fd = sys(open, "/", O_RDONLY);

	(void)unused;
	show(chroot, "/c.d/missing");
	show(chroot, "/c.d/file");
	show(chroot, "");
	show(chroot, BAD);
	CHECK(sys(chdir, "/c.d/sub") == 0);
	show(chroot, "/c.d");
	where();
	show(chdir, "..");
	where();
	show(chdir, "..");
	where();
	show(stat, "/sub", &st);
	show(stat, "/..", &up);
	CHECK(sys(stat, "/", &st) == 0 && st.st_ino == up.st_ino);
	show(stat, "/c.d", &st);
	show(access, "/to-root/sub", F_OK);
	show(fchdir, fd); /* a way out */
	where();
	show(access, "c.d/sub", F_OK);
	show(chdir, "c.d/sub");
	where();
	show(chdir, "../..");
	where();
	show(chdir, "..");
	where();
	show(chroot, ".");
	where();
	CHECK(sys(setresuid, NOBODY, NOBODY, NOBODY) == 0);
	show(chroot, "/");
	show(chroot, "/c.d/private");
	show(chroot, "/c.d/missing");
	show(chdir, "/c.d/private");
	show(chdir, "/c.d/private/x");
	return failures;
}

int main(void)
{
	close_inherited();
	memset(long_name, 'x', 256);
	CHECK(sys(mkdir, "/c.d", 0755) == 0 && sys(mkdir, "/c.d/sub", 0755) == 0 && sys(mkdir, "/c.d/private", 0700) == 0);
	CHECK(sys(open, "/c.d/file", O_RDWR | O_CREAT, 0644) == 3 && sys(close, 3) == 0);
	CHECK(sys(symlink, "sub", "/c.d/to-sub") == 0 && sys(symlink, "/", "/c.d/to-root") == 0);
	changed();
	removed();
	deep();
	line("[chroot]");
	CHECK(in_child(in_a_root, NULL) == 0);
	where();
	CHECK(sys(unlink, "/c.d/file") == 0 && sys(unlink, "/c.d/to-sub") == 0 && sys(unlink, "/c.d/to-root") == 0);
	CHECK(sys(rmdir, "/c.d/sub") == 0 && sys(rmdir, "/c.d/private") == 0);
	show(rmdir, "/c.d");
	return verdict();
}
