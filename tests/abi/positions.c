/*
 * positions.c - reads and writes with several buffers or at a position: readv, writev, preadv, pwritev, pread64,
 * pwrite64, by the kind of file. Then stat, lstat and access, by what the name leads to and who asks. Leaves files
 * "positions.*" in the current directory, which must be fresh and root's.
 */
#include "abi.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define BAD	((void *)1)
#define KERNEL	((void *)0xffff888000000000)

static char a[8], b[8];
static struct iovec two[2] = { { a, 3 }, { b, 4 } };
static struct iovec empty[2] = { { a, 0 }, { b, 0 } };
static struct iovec negative[2] = { { a, 3 }, { b, (size_t)-1 } };
static struct iovec half_bad[2] = { { a, 3 }, { BAD, 4 } };
static struct iovec kernels[1] = { { KERNEL, 4 } };
static struct iovec huge[2] = { { a, 3 }, { b, 0x7fffffff } };
static struct iovec many[1025];

/* What the two buffers hold, with dots for zeros. */
static const char *held(void)
{
	static char text[9];

	for (int i = 0; i < 8; i++)
		text[i] = (i < 4 ? a[i] : b[i - 4]) ?: '.';
	memset(a, 0, sizeof(a));
	memset(b, 0, sizeof(b));
	return text;
}

static void all_calls(const char *what, int fd)
{
	line("[%s]", what);
	show(readv, fd, two, 2);
	line("  holds %s", held());
	show(writev, fd, two, 2);
	show(preadv, fd, two, 2, 1);
	line("  holds %s", held());
	show(pwritev, fd, two, 2, 1);
	show(pread64, fd, a, 4, 2);
	line("  holds %s", held());
	show(pwrite64, fd, "pq", 2, 2);
	show(pread64, fd, a, 4, -1);
	show(pwrite64, fd, a, 4, -1);
	show(preadv, fd, two, 2, -1);
	show(pwritev, fd, two, 2, -1);
	show(pread64, fd, a, 4, 0x7ffffffffffffffe);
	show(pwrite64, fd, a, 4, 0x7ffffffffffffffe);
	show(pread64, fd, BAD, 4, 0);
	show(pread64, fd, KERNEL, 4, 0);
	show(pread64, fd, a, -1, 0);
	show(lseek, fd, 0, SEEK_CUR);
	held();
}

static void lists(int fd)
{
	line("[lists of buffers]");
	for (int i = 0; i < 1025; i++)
		many[i] = (struct iovec){ a, 1 };
	show(readv, fd, two, 0);
	show(readv, fd, NULL, 0);
	show(readv, fd, NULL, 1);
	show(readv, fd, BAD, 2);
	show(readv, fd, KERNEL, 2);
	show(readv, fd, empty, 2);
	show(readv, fd, negative, 2);
	show(readv, fd, kernels, 1);
	show(readv, fd, many, 1025);
	show(readv, fd, many, -1);
	show(readv, fd, many, 0x100000000);
	show(lseek, fd, 0, SEEK_SET);
	show(readv, fd, half_bad, 2);
	show(lseek, fd, 0, SEEK_SET);
	show(readv, fd, many, 1024);
	show(lseek, fd, 0, SEEK_SET);
	show(readv, fd, huge, 2);
	show(writev, fd, half_bad, 2);
	show(writev, fd, many, 1025);
	show(preadv, fd, many, 1025, 0);
	show(preadv, fd, negative, 2, 0);
	show(preadv, 99, NULL, 1, -1);
	show(preadv, 99, NULL, 1, 0);
	show(pread64, 99, NULL, 1, -1);
	show(pread64, 99, NULL, 1, 0);
	show(pwrite64, 99, NULL, 1, 0);
	show(readv, 99, NULL, -1);
	show(preadv, fd, two, 2, 0, -1);
	held();
}

static void appended(void)
{
	long fd = sys(open, "positions.b", O_RDWR | O_CREAT | O_APPEND, 0600);

	line("[opened for appending]");
	CHECK(sys(write, fd, "0123", 4) == 4);
	show(pwrite64, fd, "ab", 2, 0);
	show(lseek, fd, 0, SEEK_CUR);
	show(pread64, fd, a, 8, 0);
	line("  holds %.6s", a);
	show(pwrite64, fd, "z", 1, 100);
	show(lseek, fd, 0, SEEK_END);
	CHECK(sys(close, fd) == 0);
	held();
}

static void kinds_of_files(void)
{
	long fd = sys(open, "positions.a", O_RDWR | O_CREAT, 0600);
	long read_only = sys(open, "positions.a", O_RDONLY), write_only = sys(open, "positions.a", O_WRONLY);

	CHECK(sys(write, fd, "abcdefghijklmnop", 16) == 16 && sys(lseek, fd, 0, SEEK_SET) == 0);
	all_calls("a file", fd);
	lists(fd);
	all_calls("a file, for reading", read_only);
	all_calls("a file, for writing", write_only);
	all_calls("a directory", sys(open, ".", O_RDONLY));
	all_calls("/dev/null", sys(open, "/dev/null", O_RDWR));
	all_calls("/dev/zero", sys(open, "/dev/zero", O_RDWR));
	all_calls("a socket", sys(socket, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0));
	appended();
}

/* A text that is made when it is read has positions, but none to write at. */
static void made_when_read(void)
{
	long fd = sys(open, "/proc/sys/fs/file-max", O_RDONLY), seq = sys(open, "/proc/meminfo", O_RDONLY);

	line("[files of /proc]");
	show_ok(pread64, fd, a, 8, 0);
	show(pwrite64, fd, a, 8, 0);
	show_ok(pread64, seq, a, 8, 0);
	show_ok(preadv, seq, two, 2, 1);
	show(pwrite64, seq, a, 8, 0);
	show(pwritev, seq, two, 2, 0);
	held();
}

static void statted(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(stat, name, &st);

	line("stat(%s): %s mode %#o size %ld", name, text(ret), st.st_mode, S_ISREG(st.st_mode) ? (long)st.st_size : 0);
	memset(&st, 0, sizeof(st));
	ret = sys(lstat, name, &st);
	line("lstat(%s): %s mode %#o size %ld", name, text(ret), st.st_mode, S_ISREG(st.st_mode) ? (long)st.st_size : 0);
}

static void stats(void)
{
	struct stat st;

	line("[stat, lstat]");
	for (const char *const *name = (const char *const[]){ "positions.a", "positions.a/", "missing", "positions.a/x", "", ".",
			"/", "/dev/null", NULL }; *name; name++)
		statted(*name);
	show(stat, BAD, &st);
	show(stat, "positions.a", BAD);
	show(lstat, "missing", BAD);
	show(lstat, KERNEL, &st);
}

static void asked(const char *who)
{
	static const char *const names[] = { "positions.a", "positions.x", "positions.0", ".", "missing", "positions.a/x", "" };

	line("[access as %s]", who);
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		for (int mode = 0; mode < 8; mode += mode ? mode : 1)
			line("access(%s, %d): %s", names[i], mode, text(sys(access, names[i], mode)));
	show(access, "positions.x", R_OK | W_OK | X_OK);
	show(access, "missing", 8);
	show(access, BAD, 0);
	show(access, BAD, 8);
	show(access, "positions.a", -1);
	show(faccessat, AT_FDCWD, "positions.a", R_OK);
	show(faccessat, 99, "positions.a", R_OK);
	show(faccessat, 99, "/dev/null", R_OK);
	show(faccessat, 0, "positions.a", R_OK);
	show(faccessat2, AT_FDCWD, "positions.0", W_OK, AT_EACCESS);
	show(faccessat2, AT_FDCWD, "positions.0", W_OK, 0);
	show(faccessat2, AT_FDCWD, "", F_OK, AT_EMPTY_PATH);
	show(faccessat2, 99, "", F_OK, AT_EMPTY_PATH);
	show(faccessat2, AT_FDCWD, "positions.a", R_OK, AT_SYMLINK_NOFOLLOW);
	show(faccessat2, AT_FDCWD, "positions.a", R_OK, 0x8000);
	show(faccessat2, AT_FDCWD, "positions.a", 8, 0x8000);
	show(faccessat2, AT_FDCWD, BAD, R_OK, AT_EACCESS);
}

/* The effective user is not asked, but the real one; and whoever has been root keeps what he may have. */
static void accesses(void)
{
	CHECK(sys(open, "positions.x", O_WRONLY | O_CREAT, 0711) >= 0);
	CHECK(sys(open, "positions.0", O_WRONLY | O_CREAT, 0) >= 0);
	asked("root");
	CHECK(sys(setresuid, NOBODY, 0, 0) == 0);
	asked("nobody, who acts as root");
	CHECK(sys(setresuid, 0, NOBODY, 0) == 0);
	asked("root, who acts as nobody");
	CHECK(sys(setresuid, 0, 0, 0) == 0 && sys(setresuid, NOBODY, NOBODY, NOBODY) == 0);
	asked("nobody");
}

int main(void)
{
	kinds_of_files();
	made_when_read();
	stats();
	accesses();
	return verdict();
}
