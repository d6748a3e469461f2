/*
 * paths.c - names made, read and removed: mkdir, symlink, unlink, rmdir, unlinkat, getdents64, and what stat, lstat
 * and access say of symbolic links; by what is there and who asks. Leaves nothing. The current directory must be
 * root's, and nobody else may write to it.
 */
#include "abi.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAD	((void *)1)

static char long_name[257];

static void mode_of(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(lstat, name, &st);

	line("lstat(%s): %s mode %#o uid %u nlink %lu size %ld", name, text(ret), st.st_mode, st.st_uid,
	     S_ISDIR(st.st_mode) ? (unsigned long)0 : (unsigned long)st.st_nlink, S_ISLNK(st.st_mode) ? (long)st.st_size : 0);
}

static void made(void)
{
	line("[mkdir]");
	show(mkdir, "paths.d", 0777);
	mode_of("paths.d");
	show(mkdir, "paths.d", 0777);
	show(mkdir, "paths.d/", 0777);
	show(mkdir, "paths.d/.", 0777);
	show(mkdir, "paths.d/..", 0777);
	show(mkdir, "paths.d/a/", 07777);
	mode_of("paths.d/a");
	show(mkdir, "paths.missing/a", 0777);
	show(mkdir, "", 0777);
	show(mkdir, "/", 0777);
	show(mkdir, ".", 0777);
	show(mkdir, BAD, 0777);
	show(mkdir, long_name, 0777);
	show(mkdirat, 99, "paths.x", 0777);
	show(mkdirat, 99, "/", 0777);
	long fd = sys(open, "paths.d", O_RDONLY);
	show(mkdirat, fd, "b", 0700);
	mode_of("paths.d/b");
	show(open, "paths.d/f", O_RDWR | O_CREAT, 0600);
	show(mkdir, "paths.d/f/a", 0777);
	show(mkdirat, fd, "f", 0777);
	CHECK(sys(close, fd + 1) == 0);
	CHECK(sys(close, fd) == 0);
}

static void linked(void)
{
	line("[symlink]");
	show(symlink, "f", "paths.d/to-f");
	show(symlink, "f", "paths.d/to-f");
	show(symlink, "nowhere", "paths.d/to-nowhere");
	show(symlink, ".", "paths.d/to-dir");
	show(symlink, "to-itself", "paths.d/to-itself");
	show(symlink, "", "paths.d/empty");
	show(symlink, "a", "");
	show(symlink, BAD, "paths.d/x");
	show(symlink, "a", BAD);
	show(symlink, BAD, BAD);
	show(symlink, "a", "paths.d/x/");
	show(symlink, "a", "paths.missing/x");
	show(symlink, "a", "paths.d/..");
	show(symlink, long_name, "paths.d/long");
	show(symlinkat, "a", 99, "paths.x");
	mode_of("paths.d/to-f");
	mode_of("paths.d/to-f/");
	mode_of("paths.d/to-dir");
	mode_of("paths.d/to-dir/");
	mode_of("paths.d/to-dir/f");
	mode_of("paths.d/to-nowhere");
	struct stat st;
	show(stat, "paths.d/to-f", &st);
	line("  mode %#o", st.st_mode);
	show(stat, "paths.d/to-nowhere", &st);
	show(stat, "paths.d/to-itself", &st);
	show(access, "paths.d/to-f", R_OK);
	show(access, "paths.d/to-nowhere", F_OK);
	show(access, "paths.d/to-itself", F_OK);
	show(faccessat2, AT_FDCWD, "paths.d/to-nowhere", W_OK, AT_SYMLINK_NOFOLLOW);
	show(mkdir, "paths.d/to-nowhere", 0777);
	show(open, "paths.d/to-nowhere", O_RDWR | O_CREAT | O_EXCL, 0600);
	show(open, "paths.d/to-f", O_RDONLY | O_NOFOLLOW);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All names in @fd, read by buffers of @size bytes, in the order of the alphabet. */
static void listed(long fd, unsigned int size)
{
	static char bufs[64][512], *names[64];
	int n = 0, calls = 0;
	long got;

	while ((got = sys(getdents64, fd, bufs[calls], size)) > 0 && calls < 63) {
		for (long at = 0; at < got;) {
			struct dirent64 *entry = (void *)(bufs[calls] + at);

			CHECK(entry->d_ino && entry->d_reclen % 8 == 0);
			names[n++] = entry->d_name - 1;
			*names[n - 1] = '0' + entry->d_type;
			at += entry->d_reclen;
		}
		calls++;
	}
	line("  then %s, %d names", text(got), n);
	qsort(names, n, sizeof(names[0]), by_name);
	for (int i = 0; i < n; i++)
		line("  type %c: %s", *names[i], names[i] + 1);
}

static void read_names(void)
{
	char buf[512];
	long fd = sys(open, "paths.d", O_RDONLY | O_DIRECTORY), file = sys(open, "paths.d/f", O_RDONLY);

	line("[getdents64]");
	show(getdents64, 99, buf, sizeof(buf));
	show(getdents64, file, buf, sizeof(buf));
	show(getdents64, fd, buf, 0);
	show(getdents64, fd, buf, 16);
	show(getdents64, fd, BAD, sizeof(buf));
	show(getdents64, fd, BAD, 0);
	listed(fd, 512);
	show(getdents64, fd, buf, sizeof(buf));
	show(getdents64, fd, BAD, sizeof(buf));
	show(lseek, fd, 0, SEEK_SET);
	listed(fd, 40);
	show(lseek, fd, 0, SEEK_SET);
	CHECK(sys(mkdir, "paths.d/gone", 0700) == 0);
	long gone = sys(open, "paths.d/gone", O_RDONLY);
	CHECK(sys(rmdir, "paths.d/gone") == 0);
	show(getdents64, gone, buf, sizeof(buf));
	show(mkdirat, gone, "x", 0700);
	show(openat, gone, "x", O_RDWR | O_CREAT, 0600);
	CHECK(sys(close, gone) == 0);
	CHECK(sys(close, file) == 0);
	CHECK(sys(close, fd) == 0);
}

/* Nobody may write to the directory; the owner of the sticky one is root. */
static void others(void)
{
	CHECK(sys(mkdir, "paths.d/sticky", 0) == 0);
	CHECK(sys(open, "paths.d/sticky/roots", O_RDWR | O_CREAT, 0666) >= 0);
	CHECK(sys(setresuid, -1, NOBODY, -1) == 0);
	line("[as nobody]");
	show(mkdir, "paths.d/n", 0777);
	show(symlink, "a", "paths.d/n");
	show(unlink, "paths.d/f");
	show(unlink, "paths.d/missing");
	show(rmdir, "paths.d/a");
	show(mkdir, "paths.d/f", 0777);
	show(unlink, "paths.d/sticky/roots");
	show(mkdir, "paths.d/sticky/n", 0777);
	CHECK(sys(setresuid, -1, 0, -1) == 0);
}

static void removed(void)
{
	line("[unlink, rmdir]");
	show(unlink, "paths.d/a");
	show(unlink, "paths.d/a/");
	show(unlink, "paths.d/f/");
	show(unlink, "paths.d/missing/");
	show(unlink, "paths.d/missing");
	show(unlink, "paths.d/f/x");
	show(unlink, "paths.d/.");
	show(unlink, "paths.d/..");
	show(unlink, "/");
	show(unlink, "");
	show(unlink, BAD);
	show(unlink, long_name);
	show(rmdir, "paths.d");
	show(rmdir, "paths.d/f");
	show(rmdir, "paths.d/to-dir");
	show(rmdir, "paths.d/to-dir/");
	show(rmdir, "paths.d/.");
	show(rmdir, "paths.d/..");
	show(rmdir, "paths.d/missing");
	show(rmdir, "/");
	show(rmdir, "");
	show(unlinkat, AT_FDCWD, "paths.d/a", 1);
	show(unlinkat, AT_FDCWD, "paths.d/a", 0);
	show(unlinkat, AT_FDCWD, "paths.d/a", AT_REMOVEDIR);
	show(unlinkat, 99, "paths.d/b", AT_REMOVEDIR);
	show(unlinkat, 99, BAD, 7);
	show(rmdir, "paths.d/b/");
	show(unlink, "paths.d/sticky/roots");
	show(rmdir, "paths.d/sticky");
	long fd = sys(open, "paths.d/f", O_RDWR);
	show(write, fd, "abc", 3);
	show(unlink, "paths.d/f");
	show(lseek, fd, 0, SEEK_END);
	struct stat st;
	CHECK(sys(fstat, fd, &st) == 0 && st.st_nlink == 0);
	CHECK(sys(close, fd) == 0);
	show(unlink, "paths.d/to-f");
	show(unlink, "paths.d/to-nowhere");
	show(unlink, "paths.d/to-dir");
	show(unlink, "paths.d/to-itself");
	show(rmdir, "paths.d");
	mode_of("paths.d");
}

int main(void)
{
	memset(long_name, 'x', 256);
	made();
	linked();
	read_names();
	others();
	removed();
	return verdict();
}
