/*
 * openat2.c - which structures openat2() takes, and where RESOLVE_* lets a walk go. Leaves nothing. The current
 * directory must be root's, in a file system in memory.
 */
#include "abi.h"

#include <sys/stat.h>
#include <unistd.h>

#define BAD		((void *)1)
#define NR_OPENAT2	437

struct how {
	uint64_t flags, mode, resolve, more[2];
};
#define SIZE	24

#define NO_XDEV		1
#define NO_MAGICLINKS	2
#define NO_SYMLINKS	4
#define BENEATH		8
#define IN_ROOT		16
#define CACHED		32

static long dir;

static void result(const char *what, long fd)
{
	struct stat st;

	if (fd < 0) {
		line("%s: %s", what, text(fd));
		return;
	}
	CHECK(sys(fstat, fd, &st) == 0);
	line("%s: ok, F_GETFL %s", what, octal(sys(fcntl, fd, F_GETFL)));
	line("  type %#o size %ld, F_GETFD %ld", st.st_mode & S_IFMT, S_ISREG(st.st_mode) ? (long)st.st_size : 0l, (long)sys(fcntl, fd, F_GETFD));
	CHECK(sys(close, fd) == 0);
}

static long openat2(long dfd, const char *name, uint64_t flags, uint64_t mode, uint64_t resolve)
{
	struct how how = { flags, mode, resolve, { 0 } };

	return raw_syscall(NR_OPENAT2, dfd, (long)name, (long)&how, SIZE, 0, 0);
}

#define try_open(dfd, name, flags, mode, resolve) \
	result(#name ", " #flags ", " #mode ", " #resolve, openat2(dfd, name, flags, mode, resolve))

static void sizes(void)
{
	static struct { struct how how; char more[8192]; } large;
	struct how how = { .flags = O_RDONLY };

	line("[the structure]");
	for (int size = 0; size <= 40; size += 8)
		line("  %d bytes: %s", size, ok(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&how, size, 0, 0)));
	line("  25 bytes: %s", ok(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&how, 25, 0, 0)));
	how.more[0] = 1;
	line("  24 bytes, more behind: %s", ok(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&how, 24, 0, 0)));
	line("  32 bytes, not zero: %s", text(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&how, 32, 0, 0)));
	how.flags = -1ul;
	line("  32 bytes, wrong flags: %s", text(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&how, 32, 0, 0)));
	line("  4096 bytes: %s", ok(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&large, 4096, 0, 0)));
	line("  4097 bytes: %s", ok(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", (long)&large, 4097, 0, 0)));
	line("  bad address: %s", text(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", 8, 24, 0, 0)));
	line("  bad address, too short: %s", text(raw_syscall(NR_OPENAT2, AT_FDCWD, (long)"w.d/f", 8, 23, 0, 0)));
	line("  bad name: %s", text(openat2(AT_FDCWD, BAD, 0, 0, 0)));
	line("  bad name, wrong flags: %s", text(openat2(AT_FDCWD, BAD, 0x80000000, 0, 0)));
	for (int fd = 4; fd < 20; fd++)
		sys(close, fd);
}

static void arguments(void)
{
	line("[arguments]");
	try_open(dir, "f", O_RDONLY, 0, 0);
	try_open(dir, "f", O_RDWR | O_CLOEXEC | O_APPEND, 0, 0);
	try_open(dir, "f", O_RDONLY | O_LARGEFILE, 0, 0);
	try_open(dir, "f", O_RDONLY, 0600, 0);
	try_open(dir, "f", O_RDONLY | O_CREAT, 0600, 0);
	try_open(dir, "f", O_RDONLY | O_CREAT, 07777, 0);
	try_open(dir, "f", O_RDONLY | O_CREAT, 010000, 0);
	try_open(dir, "f", 0x40000000, 0, 0);
	try_open(dir, "f", 1ul << 32, 0, 0);
	try_open(dir, "f", O_PATH, 0, 0);
	try_open(dir, "f", O_PATH | O_RDWR, 0, 0);
	try_open(dir, "f", O_PATH | O_TRUNC, 0, 0);
	try_open(dir, "f", O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0);
	try_open(dir, "f", O_PATH | 0100000, 0, 0);
	try_open(dir, ".", O_TMPFILE | O_RDWR, 0600, 0);
	try_open(dir, ".", O_TMPFILE, 0600, 0);
	try_open(dir, ".", O_TMPFILE & ~O_DIRECTORY, 0600, 0);
	try_open(dir, ".", O_TMPFILE | O_RDWR | O_CREAT, 0600, 0);
	try_open(dir, "f", 3, 0, 0);
	try_open(dir, "f", 0, 0, 64);
	try_open(dir, "f", 0, 0, 1ul << 40);
	try_open(dir, "f", 0, 0, BENEATH | IN_ROOT);
	try_open(99, "f", 0, 0, 0);
	try_open(99, "/", 0, 0, BENEATH);
	try_open(99, "f", 0, 0, BENEATH);
	try_open(dir, "", 0, 0, BENEATH);
}

static void beneath(void)
{
	line("[RESOLVE_BENEATH]");
	try_open(dir, "sub/g", 0, 0, BENEATH);
	try_open(dir, "sub/../f", 0, 0, BENEATH);
	try_open(dir, "sub/../../w.d/f", 0, 0, BENEATH);
	try_open(dir, "..", 0, 0, BENEATH);
	try_open(dir, "../w.d/f", 0, 0, BENEATH);
	try_open(dir, "/", 0, 0, BENEATH);
	try_open(dir, "/w.d/f", 0, 0, BENEATH);
	try_open(dir, "to-f", 0, 0, BENEATH);
	try_open(dir, "to-up", 0, 0, BENEATH);
	try_open(dir, "to-root", 0, 0, BENEATH);
	try_open(dir, "to-up", O_PATH | O_NOFOLLOW, 0, BENEATH);
	try_open(dir, "sub/to-f", 0, 0, BENEATH);
	try_open(dir, "sub/to-out", 0, 0, BENEATH);
	try_open(dir, "missing", 0, 0, BENEATH);
	try_open(dir, "../missing", 0, 0, BENEATH);
	try_open(dir, "new", O_RDWR | O_CREAT, 0600, BENEATH);
	try_open(dir, "../new", O_RDWR | O_CREAT, 0600, BENEATH);
	try_open(dir, ".", O_TMPFILE | O_RDWR, 0600, BENEATH);
	try_open(AT_FDCWD, "w.d/sub/../../w.d/f", 0, 0, BENEATH);
	CHECK(sys(unlink, "w.d/new") == 0);
}

static void in_root(void)
{
	line("[RESOLVE_IN_ROOT]");
	try_open(dir, "sub/g", 0, 0, IN_ROOT);
	try_open(dir, "/f", 0, 0, IN_ROOT);
	try_open(dir, "/", 0, 0, IN_ROOT);
	try_open(dir, "..", 0, 0, IN_ROOT);
	try_open(dir, "../../../f", 0, 0, IN_ROOT);
	try_open(dir, "../w.d/f", 0, 0, IN_ROOT);
	try_open(dir, "to-up", 0, 0, IN_ROOT);
	try_open(dir, "to-root", 0, 0, IN_ROOT);
	try_open(dir, "to-root-f", 0, 0, IN_ROOT);
	try_open(dir, "sub/to-out", 0, 0, IN_ROOT);
	try_open(dir, "/new", O_RDWR | O_CREAT, 0600, IN_ROOT);
	CHECK(sys(unlink, "w.d/new") == 0);
}

static void no_links(void)
{
	line("[RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS]");
	try_open(dir, "f", 0, 0, NO_SYMLINKS);
	try_open(dir, "to-f", 0, 0, NO_SYMLINKS);
	try_open(dir, "to-sub/g", 0, 0, NO_SYMLINKS);
	try_open(dir, "to-f", O_PATH | O_NOFOLLOW, 0, NO_SYMLINKS);
	try_open(dir, "to-f", O_NOFOLLOW, 0, NO_SYMLINKS);
	try_open(dir, "to-f", 0, 0, NO_MAGICLINKS);
	try_open(dir, "to-sub/g", 0, 0, NO_MAGICLINKS);
	try_open(dir, "loop", 0, 0, NO_SYMLINKS);
	line("[RESOLVE_NO_XDEV]");
	try_open(dir, "f", 0, 0, NO_XDEV);
	try_open(dir, "../w.d/f", 0, 0, NO_XDEV);
	try_open(AT_FDCWD, "/w.d/f", O_PATH | O_CREAT, 0600, NO_XDEV);
	try_open(AT_FDCWD, "/proc", O_DIRECTORY, 0, NO_XDEV);
	try_open(AT_FDCWD, "/proc/cmdline", 0, 0, NO_XDEV);
	try_open(AT_FDCWD, "/proc/..", O_DIRECTORY, 0, NO_XDEV);
	long proc = sys(open, "/proc", O_RDONLY);
	try_open(proc, "cmdline", 0, 0, NO_XDEV);
	try_open(proc, "..", O_DIRECTORY, 0, NO_XDEV);
	try_open(proc, "/", O_DIRECTORY, 0, NO_XDEV);
	try_open(proc, "/proc", O_DIRECTORY, 0, NO_XDEV);
	try_open(proc, "cmdline", 0, 0, BENEATH | NO_XDEV);
	try_open(proc, "..", O_DIRECTORY, 0, BENEATH);
	CHECK(sys(close, proc) == 0);
	line("[RESOLVE_CACHED]");
	try_open(dir, "f", 0, 0, CACHED);
	try_open(dir, "sub/g", 0, 0, CACHED);
	try_open(dir, "missing", 0, 0, CACHED);
	try_open(dir, "f", O_RDWR | O_TRUNC, 0, CACHED);
	try_open(dir, "f", O_RDWR | O_CREAT, 0600, CACHED);
	try_open(dir, ".", O_TMPFILE | O_RDWR, 0600, CACHED);
	try_open(dir, ".", O_TMPFILE, 0600, CACHED);
	try_open(dir, "f", O_RDONLY, 0600, CACHED);
}

/* A walk below a directory, while another process moves what it is in: it never gets out. */
static void race(void)
{
	long inner, child;
	int out = 0;

	line("[a directory moves]");
	CHECK(sys(mkdir, "w.d/sub/deep", 0700) == 0);
	child = sys(fork);
	if (child == 0) {
		for (int i = 0; i < 2000; i++) {
			sys(rename, "w.d/sub/deep", "w.out");
			sys(rename, "w.out", "w.d/sub/deep");
		}
		sys(exit_group, 0);
	}
	for (int i = 0; i < 2000; i++) {
		long fd = openat2(dir, "sub/deep/../../../w.secret", O_RDONLY, 0, BENEATH);

		if (fd >= 0) {
			out++;
			sys(close, fd);
		}
	}
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	line("  got out: %d", out);
	inner = sys(rmdir, "w.d/sub/deep");
	line("  rmdir: %s", text(inner));
}

int main(void)
{
	close_inherited();
	CHECK(sys(mkdir, "w.d", 0755) == 0 && sys(mkdir, "w.d/sub", 0755) == 0);
	CHECK(sys(open, "w.d/f", O_RDWR | O_CREAT, 0644) == 3);
	write_all(3, "12345", 5);
	CHECK(sys(close, 3) == 0 && sys(open, "w.d/sub/g", O_RDWR | O_CREAT, 0644) == 3 && sys(close, 3) == 0);
	CHECK(sys(open, "w.secret", O_RDWR | O_CREAT, 0644) == 3 && sys(close, 3) == 0);
	CHECK(sys(symlink, "f", "w.d/to-f") == 0 && sys(symlink, "../w.d/f", "w.d/to-up") == 0);
	CHECK(sys(symlink, "/", "w.d/to-root") == 0 && sys(symlink, "/f", "w.d/to-root-f") == 0);
	CHECK(sys(symlink, "../f", "w.d/sub/to-f") == 0 && sys(symlink, "../../w.secret", "w.d/sub/to-out") == 0);
	CHECK(sys(symlink, "sub", "w.d/to-sub") == 0 && sys(symlink, "loop", "w.d/loop") == 0);
	dir = sys(open, "w.d", O_RDONLY);
	CHECK(dir == 3);
	sizes();
	arguments();
	beneath();
	in_root();
	no_links();
	race();
	static const char *const left[] = { "w.d/f", "w.d/sub/g", "w.secret", "w.d/to-f", "w.d/to-up", "w.d/to-root",
					    "w.d/to-root-f", "w.d/sub/to-f", "w.d/sub/to-out", "w.d/to-sub", "w.d/loop" };
	for (size_t i = 0; i < ARRAY_SIZE(left); i++)
		CHECK(sys(unlink, left[i]) == 0);
	show(rmdir, "w.d/sub");
	show(rmdir, "w.d");
	return verdict();
}
