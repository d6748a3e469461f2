/*
 * links.c - link, linkat, mknod, mknodat, readlink, readlinkat: what gets a name, what a link says, and in which
 * order that is checked; by what is there and who asks. Leaves nothing. The current directory must be root's.
 */
#include "abi.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BAD		((void *)1)
#define EMPTY_PATH	0x1000

static char long_name[257];

static void is(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(lstat, name, &st);

	if (ret)
		line("  %s: %s", name, text(ret));
	else
		line("  %s: mode %#o nlink %lu device %u:%u", name, st.st_mode,
		     S_ISDIR(st.st_mode) ? 0ul : (unsigned long)st.st_nlink, major(st.st_rdev), minor(st.st_rdev));
}

static void hard(void)
{
	line("[link]");
	CHECK(sys(open, "l.d/f", O_RDWR | O_CREAT, 0640) == 3 && sys(close, 3) == 0);
	CHECK(sys(symlink, "f", "l.d/to-f") == 0 && sys(symlink, "none", "l.d/to-none") == 0);
	CHECK(sys(symlink, "sub", "l.d/to-sub") == 0 && sys(mkdir, "l.d/sub", 0755) == 0);
	show(link, "l.d/f", "l.d/g");
	is("l.d/g");
	show(link, "l.d/f", "l.d/g");
	show(link, "l.d/f", "l.d/f");
	show(link, "l.d/missing", "l.d/g");
	show(link, "l.d/missing", "l.d/h");
	show(link, "l.d/f", "missing/h");
	show(link, "l.d/f/", "l.d/h");
	show(link, "l.d/f", "l.d/h/");
	show(link, "l.d/f", "l.d/sub/");
	show(link, "l.d/f", "l.d/.");
	show(link, "l.d/f", "l.d/..");
	show(link, "l.d/f", "/");
	show(link, "l.d/f", "l.d/f/x");
	show(link, "l.d/sub", "l.d/h");
	show(link, "l.d/sub", "l.d/g");
	show(link, "", "l.d/h");
	show(link, "l.d/f", "");
	show(link, BAD, "");
	show(link, "", BAD);
	show(link, "l.d/missing", BAD);
	show(link, "l.d/f", BAD);
	show(link, long_name, "l.d/h");
	show(link, "l.d/f", long_name);
	show(link, "/proc/cmdline", "l.d/x");
}

static void hard_at(void)
{
	show(link, "l.d/to-f", "l.d/l"); /* a name of the link itself */
	is("l.d/l");
	is("l.d/f");
	show(linkat, AT_FDCWD, "l.d/to-f", AT_FDCWD, "l.d/m", AT_SYMLINK_FOLLOW);
	is("l.d/m");
	show(linkat, AT_FDCWD, "l.d/to-none", AT_FDCWD, "l.d/n", AT_SYMLINK_FOLLOW);
	show(linkat, AT_FDCWD, "l.d/to-sub", AT_FDCWD, "l.d/n", AT_SYMLINK_FOLLOW);
	show(linkat, AT_FDCWD, "l.d/f", AT_FDCWD, "l.d/to-none", 0);
	show(linkat, AT_FDCWD, BAD, AT_FDCWD, "l.d/n", 1);
	show(linkat, AT_FDCWD, "l.d/f", AT_FDCWD, "l.d/n", AT_SYMLINK_NOFOLLOW);
	show(linkat, 99, "f", AT_FDCWD, "l.d/n", 0);
	show(linkat, AT_FDCWD, "l.d/f", 99, "n", 0);
	show(linkat, AT_FDCWD, "l.d/f", 99, BAD, 0);

	long fd = sys(open, "l.d/f", O_RDONLY), dir = sys(open, "l.d", O_RDONLY);
	show(linkat, dir, "f", dir, "o", 0);
	show(linkat, fd, "", dir, "p", 0);
	show(linkat, fd, "", dir, "p", EMPTY_PATH);
	show(linkat, dir, "", dir, "q", EMPTY_PATH);
	show(linkat, AT_FDCWD, "", dir, "q", EMPTY_PATH);
	show(linkat, fd, "x", dir, "q", EMPTY_PATH);
	show(linkat, dir, "f", dir, "q", EMPTY_PATH | AT_SYMLINK_FOLLOW);
	is("l.d/f");
	static const char *const names[] = { "f", "g", "m", "o", "p", "q", "l", "to-f", "to-none", "to-sub" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK(sys(unlinkat, dir, names[i], 0) == 0);
	struct stat st;
	CHECK(sys(fstat, fd, &st) == 0);
	line("  no name is left: nlink %lu", (unsigned long)st.st_nlink);
	show(linkat, fd, "", dir, "back", EMPTY_PATH); /* a file that was removed stays so */
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
	show(rmdir, "l.d/sub");
}

static void nodes(void)
{
	line("[mknod]");
	show(mknod, "l.d/reg", S_IFREG | 04755, 0);
	is("l.d/reg");
	show(mknod, "l.d/zero", 0666, 77);
	is("l.d/zero");
	show(mknod, "l.d/fifo", S_IFIFO | 0666, makedev(1, 3));
	is("l.d/fifo");
	show(mknod, "l.d/sock", S_IFSOCK | 01777, 0);
	is("l.d/sock");
	show(mknod, "l.d/chr", S_IFCHR | 0600, makedev(1, 3));
	is("l.d/chr");
	show(mknod, "l.d/blk", S_IFBLK | 0600, makedev(0x123, 0x45678));
	is("l.d/blk");
	show(mknod, "l.d/dir", S_IFDIR | 0700, 0);
	show(mknod, "l.d/lnk", S_IFLNK | 0777, 0);
	show(mknod, "l.d/odd", 0170000, 0);
	show(mknod, "l.d/odd", 0110000, 0);
	show(mknod, BAD, 0110000, 0);
	show(mknod, BAD, S_IFDIR, 0);
	show(mknod, BAD, S_IFREG, 0);
	show(mknod, "l.d/reg", S_IFREG | 0600, 0);
	show(mknod, "l.d/reg", S_IFDIR | 0600, 0);
	show(mknod, "l.d/new/", S_IFREG | 0600, 0);
	show(mknod, "l.d/reg/", S_IFREG | 0600, 0);
	show(mknod, "l.d/.", S_IFREG | 0600, 0);
	show(mknod, "missing/x", S_IFREG | 0600, 0);
	show(mknod, "l.d/reg/x", S_IFREG | 0600, 0);
	show(mknod, "", S_IFREG | 0600, 0);
	show(mknod, long_name, S_IFIFO | 0600, 0);
	show(mknodat, 99, "x", S_IFIFO | 0600, 0);
	long dir = sys(open, "l.d", O_RDONLY);
	show(mknodat, dir, "at", S_IFIFO | 0600, 0);
	is("l.d/at");
	CHECK(sys(close, dir) == 0);
	char c = 'x';
	long fd = sys(open, "l.d/chr", O_RDWR);
	line("  its driver: write %s", text(sys(write, fd, &c, 1)));
	line("  read %s", text(sys(read, fd, &c, 1)));
	CHECK(sys(close, fd) == 0);
	show(open, "l.d/sock", O_RDONLY);
	show(open, "l.d/sock", O_WRONLY | O_TRUNC);
	show(open, "l.d/blk", O_RDONLY);
}

static void texts(void)
{
	char buf[64] = "", big[300];

	line("[readlink]");
	CHECK(sys(symlink, "some/text", "l.d/to") == 0);
	show(readlink, "l.d/to", buf, sizeof(buf));
	line("  %s", buf);
	memset(buf, '.', 12);
	show(readlink, "l.d/to", buf, 4);
	line("  %.12s", buf);
	show(readlink, "l.d/to", buf, 9);
	show(readlink, "l.d/to", buf, 0);
	show(readlink, "l.d/to", buf, -1);
	show(readlink, BAD, buf, 0);
	show(readlink, BAD, buf, 1);
	show(readlink, "l.d/to", BAD, 1);
	show(readlink, "l.d/to/", buf, 4);
	show(readlink, "l.d/reg", buf, 4);
	show(readlink, "l.d", buf, 4);
	show(readlink, "l.d/missing", buf, 4);
	show(readlink, "l.d/reg/x", buf, 4);
	show(readlink, "", buf, 4);
	show(readlink, long_name, buf, 4);
	show(readlinkat, 99, "l.d/to", buf, 4);
	show(readlinkat, 99, "", buf, 4);
	show(readlinkat, AT_FDCWD, "", buf, 4);
	long fd = sys(open, "l.d/reg", O_RDONLY), dir = sys(open, "l.d", O_RDONLY);
	show(readlinkat, fd, "", buf, 4);
	show(readlinkat, fd, "x", buf, 4);
	show(readlinkat, dir, "to", buf, 4);
	show(readlinkat, dir, "", buf, 4);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
	memset(big, 'y', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	CHECK(sys(symlink, big, "l.d/big") == 0);
	show(readlink, "l.d/big", big, sizeof(big));
	show(open, "l.d/big", O_RDONLY);
}

/* Links one after the other: 40 may be followed in one walk. */
static void chains(void)
{
	char from[16], to[32], path[64];

	line("[chains]");
	CHECK(sys(open, "l.d/c0", O_RDWR | O_CREAT, 0600) == 3 && sys(close, 3) == 0);
	for (int i = 1; i <= 41; i++) {
		snprintf(from, sizeof(from), "c%d", i - 1);
		snprintf(to, sizeof(to), "l.d/c%d", i);
		CHECK(sys(symlink, from, to) == 0);
	}
	show(access, "l.d/c40", F_OK);
	show(access, "l.d/c41", F_OK);
	CHECK(sys(symlink, "loop-b", "l.d/loop-a") == 0 && sys(symlink, "loop-a", "l.d/loop-b") == 0);
	show(access, "l.d/loop-a", F_OK);
	show(access, "l.d/loop-a/x", F_OK);
	show(open, "l.d/loop-a", O_RDWR | O_CREAT, 0600);
	show(open, "l.d/loop-a", O_RDWR | O_CREAT | O_EXCL, 0600);
	show(mkdir, "l.d/loop-a", 0700);
	show(unlink, "l.d/loop-a/");
	CHECK(sys(symlink, "../l.d", "l.d/here") == 0);
	for (int n = 39; n <= 42; n++) {
		static char deep[42 * 5 + 16];

		strcpy(deep, "l.d/");
		for (int i = 0; i < n; i++)
			strcat(deep, "here/");
		strcat(deep, "c0");
		line("  %d in the middle: %s", n, text(sys(access, deep, F_OK)));
	}
	CHECK(sys(symlink, "here/here/here/c2", "l.d/mixed") == 0);
	show(access, "l.d/mixed", F_OK);
	for (int i = 0; i <= 41; i++) {
		snprintf(path, sizeof(path), "l.d/c%d", i);
		CHECK(sys(unlink, path) == 0);
	}
	CHECK(sys(unlink, "l.d/loop-a") == 0 && sys(unlink, "l.d/loop-b") == 0);
	CHECK(sys(unlink, "l.d/here") == 0 && sys(unlink, "l.d/mixed") == 0);
}

/* Links in a directory that all may write to, which is sticky, are followed only by their owner or the directory's. */
static void others(void)
{
	line("[as nobody]");
	CHECK(sys(mkdir, "l.d/open", 0) == 0 && sys(chmod, "l.d/open", 0777) == 0);
	CHECK(sys(mkdir, "l.d/tmp", 0) == 0 && sys(chmod, "l.d/tmp", 01777) == 0);
	CHECK(sys(open, "l.d/open/private", O_RDWR | O_CREAT, 0600) == 3 && sys(close, 3) == 0);
	CHECK(sys(open, "l.d/open/readable", O_RDWR | O_CREAT, 0644) == 3 && sys(close, 3) == 0);
	CHECK(sys(open, "l.d/open/all", O_RDWR | O_CREAT, 0) == 3 && sys(close, 3) == 0);
	CHECK(sys(chmod, "l.d/open/all", 0666) == 0);
	CHECK(sys(open, "l.d/open/setuid", O_RDWR | O_CREAT, 0) == 3 && sys(close, 3) == 0);
	CHECK(sys(chmod, "l.d/open/setuid", 04666) == 0);
	CHECK(sys(symlink, "../open/all", "l.d/tmp/roots") == 0);
	CHECK(sys(setresuid, -1, NOBODY, -1) == 0);
	show(link, "l.d/reg", "l.d/x");
	show(link, "l.d/open/private", "l.d/open/x");
	show(link, "l.d/open/readable", "l.d/open/x");
	show(link, "l.d/open/setuid", "l.d/open/x");
	show(link, "l.d/fifo", "l.d/open/x");
	show(link, "l.d/open/all", "l.d/open/x");
	show(link, "l.d/open/private", "l.d/open/x");
	show(link, "l.d/open", "l.d/open/y");
	show(mknod, "l.d/open/fifo", S_IFIFO | 0600, 0);
	show(mknod, "l.d/open/sock", S_IFSOCK | 0600, 0);
	show(mknod, "l.d/open/chr", S_IFCHR | 0600, makedev(1, 3));
	show(mknod, "l.d/open/white", S_IFCHR | 0600, 0);
	show(mknod, "l.d/open/blk", S_IFBLK | 0600, 0);
	show(mknod, "l.d/x", S_IFCHR | 0600, makedev(1, 3));
	show(mknod, "l.d/open/dir", S_IFDIR | 0600, 0);
	show(access, "l.d/tmp/roots", F_OK);
	CHECK(sys(symlink, "../open/all", "l.d/tmp/nobodys") == 0);
	show(access, "l.d/tmp/nobodys", F_OK);
	long fd = sys(open, "l.d/open/all", O_RDONLY), dir = sys(open, "l.d/open", O_RDONLY);
	show(linkat, fd, "", dir, "z", EMPTY_PATH);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
	CHECK(sys(setresuid, -1, 0, -1) == 0);
	line("[root]");
	show(access, "l.d/tmp/roots", F_OK);
	show(open, "l.d/tmp/nobodys", O_RDONLY);
	show(open, "l.d/tmp/nobodys", O_RDONLY | O_NOFOLLOW);
	show(access, "l.d/tmp/nobodys/x", F_OK);
}

int main(void)
{
	static const char *const left[] = { "reg", "zero", "fifo", "sock", "chr", "blk", "at", "to", "big",
					    "open/private", "open/readable", "open/all", "open/setuid", "open/x",
					    "open/fifo", "open/sock", "open/white", "tmp/roots", "tmp/nobodys" };
	char path[64];

	close_inherited();
	memset(long_name, 'x', 256);
	CHECK(sys(mkdir, "l.d", 0755) == 0);
	hard();
	hard_at();
	nodes();
	texts();
	chains();
	others();
	for (size_t i = 0; i < ARRAY_SIZE(left); i++) {
		snprintf(path, sizeof(path), "l.d/%s", left[i]);
		CHECK(sys(unlink, path) == 0);
	}
	show(rmdir, "l.d/open");
	show(rmdir, "l.d/tmp");
	show(rmdir, "l.d");
	return verdict();
}
