/*
 * files.c - open and its flags, offsets, stat, writev. Leaves files "files.*" in the current
 * directory, which must be fresh and root's.
 */
#include "abi.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

static void print_stat(long ret, const struct stat *st)
{
	line("  %s mode %#o nlink %lu uid %u gid %u size %ld", text(ret), st->st_mode,
	     (unsigned long)st->st_nlink, st->st_uid, st->st_gid, (long)st->st_size);
}

static void open_flags(void)
{
	line("[open]");
	show(open, "files.a", O_RDWR);
	show(open, "files.a", O_RDWR | O_CREAT | O_EXCL, 0666);
	show(open, "files.a", O_RDWR | O_CREAT | O_EXCL, 0666);
	show(open, "files.a", O_RDWR | O_CREAT, 0);
	show_octal(fcntl, 4, F_GETFL);
	show(open, "files.a", O_WRONLY | O_APPEND | O_TRUNC | O_CLOEXEC | O_NONBLOCK);
	show_octal(fcntl, 5, F_GETFL);
	show(fcntl, 5, F_GETFD);
	show(openat, AT_FDCWD, "files.a", O_RDONLY);
	show_octal(fcntl, 6, F_GETFL);
	show(open, ".", O_RDONLY | O_DIRECTORY);
	show_octal(fcntl, 7, F_GETFL);
	show(openat, 7, "files.a", O_RDONLY);
	show(openat, 7, "files.b", O_WRONLY | O_CREAT, 0640);
	show(openat, 99, "/dev/null", O_RDWR);
	show(openat, 99, "files.a", O_RDWR);
	show(openat, 3, "files.a", O_RDWR);
	for (int fd = 3; fd <= 10; fd++)
		CHECK(sys(close, fd) == 0);
}

static void open_errors(void)
{
	static char component[258], path[4200];

	line("[open errors]");
	memset(component, 'x', 256);
	memset(path, '/', sizeof(path) - 1);
	show(open, "", O_RDONLY);
	show(open, "files.missing", O_RDONLY);
	show(open, "missing/x", O_RDWR | O_CREAT, 0600);
	show(open, "files.a/x", O_RDONLY);
	show(open, "files.a/", O_RDONLY);
	show(open, "files.a/.", O_RDONLY);
	show(open, "files.c/", O_RDWR | O_CREAT, 0600);
	show(open, "files.a", O_RDONLY | O_DIRECTORY);
	show(open, ".", O_RDWR);
	show(open, ".", O_WRONLY);
	show(open, ".", O_RDWR | O_CREAT, 0600);
	show(open, ".", O_RDONLY | O_CREAT, 0600);
	show(open, "/", O_RDWR);
	show(open, component, O_RDONLY);
	show(open, component, O_RDWR | O_CREAT, 0600);
	component[255] = '\0';
	show(open, component, O_RDONLY);
	show(open, path, O_RDONLY);
	path[4095] = '\0';
	show(open, path, O_RDONLY);
	CHECK(sys(close, 3) == 0);
	show(close, 3);
}

static void offsets(void)
{
	char buf[16] = "";

	line("[offsets]");
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 3);
	show(write, 3, "0123456789", 10);
	show(lseek, 3, 0, SEEK_CUR);
	show(read, 3, buf, 4);
	show(lseek, 3, -3, SEEK_END);
	show(read, 3, buf, sizeof(buf));
	line("  %s", buf);
	show(read, 3, buf, sizeof(buf));
	show(lseek, 3, -1, SEEK_SET);
	show(lseek, 3, -11, SEEK_CUR);
	show(lseek, 3, 0, 77);
	show(lseek, 3, 3, SEEK_SET);
	show(write, 3, "", 0);
	show(dup, 3);
	show(read, 4, buf, 2);
	show(lseek, 3, 0, SEEK_CUR);
	show(lseek, 3, 5000, SEEK_SET);
	show(write, 3, "end", 3);
	show(lseek, 3, 0, SEEK_END);
	show(lseek, 3, 10, SEEK_SET);
	memset(buf, 'x', sizeof(buf));
	show(read, 3, buf, 16);
	line("  the hole is zero: %d", !memcmp(buf, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16));
	CHECK(sys(close, 3) == 0 && sys(close, 4) == 0);
}

static void access_modes(void)
{
	char c;

	line("[access modes]");
	CHECK(sys(open, "files.a", O_RDONLY) == 3);
	CHECK(sys(open, "files.a", O_WRONLY) == 4);
	CHECK(sys(open, ".", O_RDONLY) == 5);
	show(write, 3, "x", 1);
	show(read, 4, &c, 1);
	show(read, 5, &c, 1);
	show(write, 5, "x", 1);
	show(read, 99, &c, 1);
	show(write, 99, &c, 1);
	show(lseek, 99, 0, SEEK_SET);
	CHECK(sys(close, 3) == 0 && sys(close, 4) == 0 && sys(close, 5) == 0);
}

static void appending(void)
{
	line("[O_APPEND, O_TRUNC]");
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 3);
	CHECK(sys(open, "files.a", O_WRONLY | O_APPEND) == 4);
	show(lseek, 3, 0, SEEK_END);
	show(write, 3, "abc", 3);
	show(write, 4, "def", 3);
	show(lseek, 4, 0, SEEK_CUR);
	show(lseek, 4, 1, SEEK_SET);
	show(write, 4, "ghi", 3);
	show(lseek, 4, 0, SEEK_CUR);
	show(lseek, 3, 0, SEEK_CUR);
	show(lseek, 3, 0, SEEK_END);
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 5);
	show(lseek, 3, 0, SEEK_END);
	CHECK(sys(close, 3) == 0 && sys(close, 4) == 0 && sys(close, 5) == 0);
}

#define APPENDERS 2
#define APPENDS 16

/* Each has the file open for itself; no write may land on another one. */
static void appending_at_once(void)
{
	static char block[1 << 20];
	struct stat st;

	line("[O_APPEND by two processes]");
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 3);
	for (int child = 0; child < APPENDERS; child++) {
		if (sys(fork))
			continue;
		CHECK(sys(open, "files.a", O_WRONLY | O_APPEND) == 4);
		for (int i = 0; i < APPENDS; i++)
			CHECK(sys(write, 4, block, sizeof(block)) == sizeof(block));
		sys(exit, 0);
	}
	for (int child = 0; child < APPENDERS; child++)
		CHECK(sys(wait4, -1, 0, 0, 0) > 0);
	CHECK(sys(fstat, 3, &st) == 0);
	CHECK(st.st_size == (long)(APPENDERS * APPENDS * sizeof(block)));
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 4);
	CHECK(sys(close, 3) == 0 && sys(close, 4) == 0);
}

static void status(void)
{
	struct stat st;

	line("[stat]");
	CHECK(sys(open, "files.b", O_RDWR | O_TRUNC) == 3);
	CHECK(sys(write, 3, "12345", 5) == 5);
	print_stat(sys(fstat, 3, &st), &st);
	print_stat(sys(newfstatat, AT_FDCWD, "files.b", &st, 0), &st);
	print_stat(sys(newfstatat, AT_FDCWD, "files.b", &st, AT_SYMLINK_NOFOLLOW), &st);
	print_stat(sys(newfstatat, 3, "", &st, AT_EMPTY_PATH), &st);
	print_stat(sys(newfstatat, AT_FDCWD, "files.a", &st, 0), &st);
	show(newfstatat, AT_FDCWD, "", &st, 0);
	show(newfstatat, AT_FDCWD, "files.missing", &st, 0);
	show(newfstatat, AT_FDCWD, "files.b/x", &st, 0);
	show(newfstatat, 3, "x", &st, 0);
	show(newfstatat, 99, "x", &st, 0);
	show(newfstatat, 99, "", &st, AT_EMPTY_PATH);
	show(newfstatat, AT_FDCWD, "files.b", &st, 0x80000000);
	show(fstat, 99, &st);
	CHECK(sys(newfstatat, AT_FDCWD, ".", &st, 0) == 0);
	line("  a directory: %d", S_ISDIR(st.st_mode));
	CHECK(sys(close, 3) == 0);
}

static void devices(void)
{
	struct stat st;
	char buf[4] = "xxx";

	line("[/dev/null, /dev/zero]");
	CHECK(sys(open, "/dev/null", O_RDWR) == 3);
	CHECK(sys(fstat, 3, &st) == 0);
	line("  character device: %d, %u:%u", S_ISCHR(st.st_mode), major(st.st_rdev),
	     minor(st.st_rdev));
	show(write, 3, "abc", 3);
	show(read, 3, buf, 3);
	show(lseek, 3, 100, SEEK_SET);
	CHECK(sys(open, "/dev/zero", O_RDWR) == 4);
	show(read, 4, buf, 3);
	line("  %d %d %d", buf[0], buf[1], buf[2]);
	show(write, 4, "abc", 3);
	show(openat, 3, "x", O_RDONLY);
	CHECK(sys(close, 3) == 0 && sys(close, 4) == 0);
}

static void gather(void)
{
	struct iovec iov[] = { { "one ", 4 }, { "", 0 }, { "two", 3 }, { "three", (size_t)-1 } };
	char buf[16] = "";

	line("[writev]");
	CHECK(sys(open, "files.a", O_RDWR | O_TRUNC) == 3);
	show(writev, 3, iov, 3);
	show(lseek, 3, 0, SEEK_SET);
	show(read, 3, buf, sizeof(buf));
	line("  %s", buf);
	show(writev, 3, iov, 0);
	show(writev, 3, iov, -1);
	show(writev, 3, iov, 1025);
	show(writev, 3, iov, 1l << 32); /* the upper half is not looked at */
	show(writev, 3, iov, (1l << 32) + 1025);
	show(writev, 3, iov, 4);
	show(lseek, 3, 0, SEEK_END);
	show(writev, 99, iov, 3);
	iov[1].iov_len = 1;
	iov[1].iov_base = (void *)8;
	show(writev, 3, iov, 3);
	show(lseek, 3, 0, SEEK_END);
	CHECK(sys(close, 3) == 0);
}

static int as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	show(open, "files.b", O_RDONLY);
	show(open, "files.a", O_RDWR);
	show(open, "files.new", O_RDWR | O_CREAT, 0600);
	return failures;
}

#define SHARED_CHUNK (1L << 20)
#define SHARED_CHUNKS 4

static int write_chunks(void *arg)
{
	long fd = *(long *)arg;
	void *chunk = (void *)sys(mmap, 0, SHARED_CHUNK, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(chunk, 'x', SHARED_CHUNK);
	for (int i = 0; i < SHARED_CHUNKS; i++)
		CHECK(sys(write, fd, chunk, SHARED_CHUNK) == SHARED_CHUNK);
	return failures;
}

/* Two processes write at the position they share, each longer than its time slice. */
static void shared_position(void)
{
	long fd = sys(open, "files.p", O_RDWR | O_CREAT | O_TRUNC, 0600);
	pid_t child;

	line("[shared position]");
	child = fork();
	if (!child)
		_exit(write_chunks(&fd));
	CHECK(write_chunks(&fd) == 0);
	CHECK(sys(wait4, child, 0, 0, 0) == child);
	line("the position: %ld chunks", (long)sys(lseek, fd, 0, SEEK_CUR) / SHARED_CHUNK);
	line("the end: %ld chunks", (long)sys(lseek, fd, 0, SEEK_END) / SHARED_CHUNK);
	CHECK(sys(close, fd) == 0);
	fd = sys(open, "files.p", O_WRONLY | O_TRUNC);
	CHECK(sys(close, fd) == 0);
}

#define FIGETBSZ 2
#define FIOQSIZE 0x5460

static void sizes_by_ioctl(void)
{
	static const char *const paths[] = { "files.q", "/dev/null" };
	long sock = sys(socket, AF_INET, SOCK_STREAM, 0);
	int block = -1;
	int64_t bytes = -1;
	long fd = sys(open, "files.q", O_RDWR | O_CREAT, 0600);

	line("[sizes by ioctl]");
	CHECK(sys(close, fd) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		fd = sys(open, paths[i], O_RDONLY);
		line("%s", paths[i]);
		show(ioctl, fd, FIGETBSZ, &block);
		line("  %d", block);
		show(ioctl, fd, FIGETBSZ, 1);
		show(ioctl, fd, FIOQSIZE, &bytes);
		line("  %ld", (long)bytes);
		show(ioctl, fd, FIOQSIZE, 1);
		CHECK(sys(close, fd) == 0);
	}
	show(ioctl, sock, FIGETBSZ, &block);
	line("  %d", block);
	show(ioctl, sock, FIOQSIZE, &bytes);
	CHECK(sys(close, sock) == 0);
}

int main(void)
{
	close_inherited();
	open_flags();
	open_errors();
	offsets();
	access_modes();
	appending();
	appending_at_once();
	status();
	devices();
	gather();
	sizes_by_ioctl();
	shared_position();
	line("[nobody]");
	CHECK(in_child(as_nobody, NULL) == 0);
	return verdict();
}
