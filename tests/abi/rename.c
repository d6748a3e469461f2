/*
 * rename.c - rename, renameat, renameat2: which pairs of names can be renamed, in which order that is checked, and
 * what is there afterwards; by what is at both places and who asks. Leaves nothing. The current directory must be
 * root's, in a file system in memory.
 */
#include "abi.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAD		((void *)1)
#define NOREPLACE	1
#define EXCHANGE	2
#define WHITEOUT	4

static char long_name[257];

/* Make a file that holds its own name. */
static void make_file(const char *name)
{
	long fd = sys(open, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	write_all(fd, name, strlen(name));
	CHECK(sys(close, fd) == 0);
}

/* What @name is now, and how its file was called when it was made. */
static void is(const char *name)
{
	char text_in[64] = "";
	struct stat st = { 0 };
	long ret = sys(lstat, name, &st), fd;

	if (ret) {
		line("  %s: %s", name, text(ret));
	} else if (S_ISREG(st.st_mode)) {
		fd = sys(open, name, O_RDONLY);
		CHECK(fd >= 0 && sys(read, fd, text_in, sizeof(text_in) - 1) >= 0);
		CHECK(sys(close, fd) == 0);
		line("  %s: file %s, nlink %lu", name, text_in, (unsigned long)st.st_nlink);
	} else if (S_ISLNK(st.st_mode)) {
		CHECK(sys(readlink, name, text_in, sizeof(text_in) - 1) > 0);
		line("  %s: link to %s", name, text_in);
	} else {
		line("  %s: type %#o, nlink %lu", name, st.st_mode & S_IFMT, (unsigned long)st.st_nlink);
	}
}

static void files(void)
{
	line("[files]");
	make_file("r.d/a");
	show(rename, "r.d/a", "r.d/b");
	is("r.d/a");
	is("r.d/b");
	make_file("r.d/a");
	show(rename, "r.d/a", "r.d/b");
	is("r.d/a");
	is("r.d/b");
	show(rename, "r.d/b", "r.d/b");
	show(link, "r.d/b", "r.d/c");
	show(rename, "r.d/b", "r.d/c"); /* two names of one file: nothing is done */
	is("r.d/b");
	is("r.d/c");
	show(rename, "r.d/b", "r.d/sub/moved");
	is("r.d/sub/moved");
	show(rename, "r.d/sub/moved", "r.d/c");
	is("r.d/sub/moved");
	is("r.d/c");
	show(unlink, "r.d/c");
	is("r.d/sub/moved");

	long fd = sys(open, "r.d", O_RDONLY), sub = sys(open, "r.d/sub", O_RDONLY);
	make_file("r.d/a");
	show(renameat, fd, "a", sub, "b");
	is("r.d/sub/b");
	show(renameat, sub, "b", fd, "../r.d/a");
	show(renameat, 99, "a", fd, "b");
	show(renameat, fd, "a", 99, "b");
	show(renameat, fd, "missing", 99, "b");
	CHECK(sys(close, fd) == 0 && sys(close, sub) == 0);
	fd = sys(open, "r.d/a", O_RDONLY);
	make_file("r.d/b");
	show(rename, "r.d/b", "r.d/a");
	struct stat st;
	CHECK(sys(fstat, fd, &st) == 0);
	line("  the file that was replaced: nlink %lu", (unsigned long)st.st_nlink);
	CHECK(sys(close, fd) == 0);
	show(unlink, "r.d/a");
}

static void directories(void)
{
	line("[directories]");
	CHECK(sys(mkdir, "r.d/x", 0700) == 0 && sys(mkdir, "r.d/x/y", 0700) == 0);
	CHECK(sys(mkdir, "r.d/empty", 0700) == 0);
	make_file("r.d/file");
	is("r.d");
	show(rename, "r.d/x", "r.d/x/y/z"); /* into itself */
	show(rename, "r.d/x", "r.d/x/z");
	show(rename, "r.d/x", "r.d/x");
	show(rename, "r.d/x/y", "r.d/x"); /* onto what holds it */
	show(rename, "r.d/x/y", "r.d");
	show(rename, "r.d/empty", "r.d/x");
	show(rename, "r.d/x", "r.d/file");
	show(rename, "r.d/x", "r.d/file/");
	show(rename, "r.d/file", "r.d/x");
	show(rename, "r.d/file", "r.d/empty");
	show(rename, "r.d/file", "r.d/empty/");
	show(rename, "r.d/file/", "r.d/new");
	show(rename, "r.d/file", "r.d/new/");
	show(rename, "r.d/x/", "r.d/new/");
	is("r.d/new");
	is("r.d/new/y");
	show(rename, "r.d/new", "r.d/empty");
	is("r.d/empty");
	is("r.d");
	show(rename, "r.d/empty/y", "r.d/sub/y");
	is("r.d/empty");
	is("r.d/sub");
	is("r.d/sub/y/..");
	show(rename, "r.d/sub/y", "r.d/empty");
	is("r.d/sub");
	is("r.d");
	/* what is in a directory goes with it, and those who are there stay there */
	CHECK(sys(mkdir, "r.d/empty/in", 0700) == 0 && sys(chdir, "r.d/empty/in") == 0);
	make_file("here");
	show(rename, "../../empty", "../../sub/other");
	is("here");
	is("../../other/in/here");
	CHECK(sys(chdir, "../../../..") == 0);
	is("r.d/sub/other/in/here");
	show(unlink, "r.d/sub/other/in/here");
	show(rmdir, "r.d/sub/other/in");
	show(rmdir, "r.d/sub/other");
	/* a directory that was removed takes no names */
	CHECK(sys(mkdir, "r.d/gone", 0700) == 0);
	long fd = sys(open, "r.d/gone", O_RDONLY);
	CHECK(sys(mkdir, "r.d/over", 0700) == 0);
	show(rename, "r.d/over", "r.d/gone");
	show(renameat, AT_FDCWD, "r.d/file", fd, "x");
	show(openat, fd, "x", O_WRONLY | O_CREAT, 0600);
	CHECK(sys(close, fd) == 0);
	show(rmdir, "r.d/gone");
}

static void links(void)
{
	line("[symbolic links]");
	CHECK(sys(symlink, "file", "r.d/to-file") == 0 && sys(symlink, "sub", "r.d/to-sub") == 0);
	CHECK(sys(symlink, "nowhere", "r.d/to-nowhere") == 0);
	show(rename, "r.d/to-file", "r.d/renamed");
	is("r.d/renamed");
	show(rename, "r.d/to-sub", "r.d/to-nowhere");
	is("r.d/to-nowhere");
	show(rename, "r.d/renamed", "r.d/to-nowhere/in-sub");
	is("r.d/sub/in-sub");
	show(rename, "r.d/to-nowhere/in-sub", "r.d/renamed");
	show(rename, "r.d/to-nowhere/", "r.d/x");
	show(rename, "r.d/sub", "r.d/to-nowhere");
	show(rename, "r.d/file", "r.d/renamed");
	is("r.d/renamed");
	show(rename, "r.d/renamed", "r.d/file");
	show(unlink, "r.d/to-nowhere");
}

static void names(void)
{
	line("[names]");
	show(rename, "r.d/missing", "r.d/x");
	show(rename, "r.d/missing", "r.d/file");
	show(rename, "missing/x", "r.d/x");
	show(rename, "r.d/file", "missing/x");
	show(rename, "r.d/file/x", "r.d/x");
	show(rename, "r.d/file", "r.d/file/x");
	show(rename, "", "r.d/x");
	show(rename, "r.d/file", "");
	show(rename, BAD, "");
	show(rename, "", BAD);
	show(rename, "r.d/file", BAD);
	show(rename, "r.d/missing", BAD);
	show(rename, "r.d/.", "r.d/x");
	show(rename, "r.d/..", "r.d/x");
	show(rename, "/", "r.d/x");
	show(rename, "r.d/file", "r.d/.");
	show(rename, "r.d/file", "r.d/..");
	show(rename, "r.d/file", "/");
	show(rename, "r.d/missing", "r.d/..");
	show(rename, long_name, "r.d/x");
	show(rename, "r.d/file", long_name);
	show(rename, "r.d/file", "/proc/x");
	show(rename, "r.d/.", "/proc/x");
	show(rename, "/proc/x", "r.d/file");
}

static void with_flags(void)
{
	line("[renameat2]");
	make_file("r.d/other");
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/x", 8);
	show(renameat2, AT_FDCWD, BAD, AT_FDCWD, "r.d/x", 8);
	show(renameat2, AT_FDCWD, BAD, AT_FDCWD, BAD, EXCHANGE | NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/x", EXCHANGE | NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/x", EXCHANGE | WHITEOUT);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/other", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/file", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/missing", AT_FDCWD, "r.d/other", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/..", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/..", AT_FDCWD, "r.d/..", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/x/", NOREPLACE);
	show(renameat2, AT_FDCWD, "r.d/file", AT_FDCWD, "r.d/x", NOREPLACE);
	is("r.d/x");
	show(renameat2, AT_FDCWD, "r.d/x", AT_FDCWD, "r.d/other", EXCHANGE);
	is("r.d/x");
	is("r.d/other");
	show(renameat2, AT_FDCWD, "r.d/x", AT_FDCWD, "r.d/missing", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/x", AT_FDCWD, "r.d/other/", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/x/", AT_FDCWD, "r.d/other", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/x", AT_FDCWD, "r.d/sub/", EXCHANGE);
	is("r.d/x");
	is("r.d/sub");
	show(renameat2, AT_FDCWD, "r.d/x", AT_FDCWD, "r.d/sub", EXCHANGE);
	show(mkdir, "r.d/sub/deep", 0700);
	show(renameat2, AT_FDCWD, "r.d/sub/deep", AT_FDCWD, "r.d/sub", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/sub", AT_FDCWD, "r.d/sub/deep", EXCHANGE);
	is("r.d");
	show(renameat2, AT_FDCWD, "r.d/sub/deep", AT_FDCWD, "r.d/x", EXCHANGE);
	is("r.d");
	is("r.d/sub");
	is("r.d/sub/deep");
	is("r.d/x");
	show(renameat2, AT_FDCWD, "r.d/sub/deep", AT_FDCWD, "r.d/sub/deep", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/other", AT_FDCWD, "r.d/white", WHITEOUT);
	is("r.d/other");
	is("r.d/white");
	show(unlink, "r.d/sub/deep");
	show(rmdir, "r.d/x");
	show(unlink, "r.d/other");
}

/* Root made them all; nobody may write to some of them. */
static void others(void)
{
	line("[as nobody]");
	CHECK(sys(mkdir, "r.d/open", 0) == 0 && sys(mkdir, "r.d/sticky", 0) == 0);
	CHECK(sys(chmod, "r.d/open", 0777) == 0 && sys(chmod, "r.d/sticky", 01777) == 0);
	make_file("r.d/closed");
	make_file("r.d/sticky/roots");
	make_file("r.d/open/roots");
	CHECK(sys(mkdir, "r.d/open/dir", 0700) == 0 && sys(mkdir, "r.d/open/to", 0777) == 0);
	CHECK(sys(chmod, "r.d/open/to", 0777) == 0);
	CHECK(sys(setresuid, -1, NOBODY, -1) == 0);
	make_file("r.d/sticky/nobodys");
	make_file("r.d/open/nobodys");
	show(rename, "r.d/closed", "r.d/open/x");
	show(rename, "r.d/open/roots", "r.d/x");
	show(rename, "r.d/open/roots", "r.d/closed");
	show(rename, "r.d/missing", "r.d/open/x");
	show(rename, "r.d/open/roots", "r.d/open/x");
	show(rename, "r.d/open/x", "r.d/sticky/x");
	show(rename, "r.d/sticky/x", "r.d/sticky/y");
	show(rename, "r.d/sticky/roots", "r.d/sticky/y");
	show(rename, "r.d/sticky/nobodys", "r.d/sticky/y");
	show(rename, "r.d/sticky/y", "r.d/sticky/roots");
	show(rename, "r.d/open/nobodys", "r.d/sticky/roots");
	show(rename, "r.d/open/dir", "r.d/open/to/dir"); /* its ".." would change */
	show(rename, "r.d/open/dir", "r.d/open/dir2");
	show(renameat2, AT_FDCWD, "r.d/open/dir2", AT_FDCWD, "r.d/sticky/y", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/sticky/y", AT_FDCWD, "r.d/open/dir2", EXCHANGE);
	show(renameat2, AT_FDCWD, "r.d/sticky/y", AT_FDCWD, "r.d/sticky/roots", EXCHANGE);
	CHECK(sys(setresuid, -1, 0, -1) == 0);
}

int main(void)
{
	static const char *const left[] = { "r.d/closed", "r.d/file", "r.d/renamed", "r.d/x", "r.d/sub/moved", "r.d/open/nobodys",
					    "r.d/open/roots", "r.d/open/x", "r.d/sticky/x", "r.d/sticky/y",
					    "r.d/sticky/roots", "r.d/sticky/nobodys" };
	static const char *const folders[] = { "r.d/open/to/dir", "r.d/open/to", "r.d/open/dir", "r.d/open/dir2",
					       "r.d/open", "r.d/sticky", "r.d/sub", "r.d" };

	memset(long_name, 'x', 256);
	CHECK(sys(mkdir, "r.d", 0755) == 0 && sys(mkdir, "r.d/sub", 0755) == 0);
	files();
	directories();
	links();
	names();
	with_flags();
	others();
	for (size_t i = 0; i < ARRAY_SIZE(left); i++)
		sys(unlink, left[i]);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		sys(rmdir, folders[i]);
	is("r.d");
	return verdict();
}
