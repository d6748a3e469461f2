/*
 * open_flags.c - what the flags of open() mean: creating, O_PATH and every call on such a descriptor, O_TMPFILE,
 * O_NOATIME, O_DIRECT, O_SYNC; and which of them go together. Leaves nothing. The current directory must be root's, in
 * a ramfs.
 */
#include "abi.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define BAD		((void *)1)
#define EMPTY_PATH	0x1000
#define TMPFILE_BIT	020000000

static void is(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(lstat, name, &st);

	if (ret)
		line("  %s: %s", name, text(ret));
	else
		line("  %s: mode %#o nlink %lu", name, st.st_mode, S_ISDIR(st.st_mode) ? 0ul : (unsigned long)st.st_nlink);
}

/* Open, show what F_GETFL says, and close. */
static void opened(const char *what, const char *name, int flags, int mode)
{
	long fd = sys(open, name, flags, mode);

	if (fd < 0) {
		line("open(%s, %s): %s", name, what, text(fd));
		return;
	}
	line("open(%s, %s): ok, F_GETFL %s", name, what, octal(sys(fcntl, fd, F_GETFL)));
	CHECK(sys(close, fd) == 0);
}

#define open_with(name, flags, mode)	opened(#flags, name, flags, mode)

static void flags_kept(void)
{
	line("[flags that are kept]");
	open_with("o.d/f", O_RDONLY, 0);
	open_with("o.d/f", O_RDONLY | O_SYNC, 0);
	open_with("o.d/f", O_RDONLY | O_DSYNC, 0);
	open_with("o.d/f", O_RDONLY | (O_SYNC & ~O_DSYNC), 0);
	open_with("o.d/f", O_RDONLY | O_NOATIME, 0);
	open_with("o.d/f", O_RDONLY | O_NONBLOCK | O_APPEND, 0);
	open_with("o.d/f", O_RDONLY | O_NOFOLLOW, 0);
	open_with("o.d/f", O_RDONLY | O_NOCTTY | O_EXCL | O_CLOEXEC, 0);
	open_with("o.d/f", O_RDONLY | O_ASYNC, 0);
	open_with("o.d/f", O_RDONLY | 0x40000000, 0);
	open_with("o.d/f", O_RDONLY | O_DIRECT, 0);
	open_with("o.d", O_RDONLY | O_DIRECT, 0);
	open_with("/dev/null", O_RDONLY | O_DIRECT, 0);
	open_with("o.d/f", 3, 0);
	open_with("o.d", O_DIRECTORY, 0);
	open_with("o.d/f", O_DIRECTORY, 0);
	open_with("o.d/to-d", O_DIRECTORY, 0);
	open_with("o.d/to-d", O_DIRECTORY | O_NOFOLLOW, 0);
	open_with("o.d/to-f", O_NOFOLLOW, 0);
	open_with("o.d/to-d/", O_NOFOLLOW, 0);
}

static void creating(void)
{
	line("[O_CREAT]");
	open_with("o.d/new", O_WRONLY | O_CREAT, 0751);
	is("o.d/new");
	open_with("o.d/new", O_WRONLY | O_CREAT | O_EXCL, 0751);
	CHECK(sys(unlink, "o.d/new") == 0);
	open_with("o.d/new", O_RDONLY | O_CREAT | O_EXCL | O_TRUNC, 07777);
	is("o.d/new");
	CHECK(sys(unlink, "o.d/new") == 0);
	open_with("o.d/new", O_RDWR | O_CREAT, 0); /* who made it may use it */
	CHECK(sys(unlink, "o.d/new") == 0);
	open_with("o.d/to-none", O_RDWR | O_CREAT | O_EXCL, 0600);
	open_with("o.d/to-none", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	open_with("o.d/to-none", O_RDWR | O_CREAT, 0600);
	is("o.d/none");
	CHECK(sys(unlink, "o.d/none") == 0);
	open_with("o.d/to-d", O_RDONLY | O_CREAT, 0600);
	open_with("o.d", O_RDONLY | O_CREAT | O_EXCL, 0600);
	open_with("o.d/.", O_RDONLY | O_CREAT, 0600);
	open_with("o.d/..", O_RDONLY | O_CREAT | O_EXCL, 0600);
	open_with("o.d/new/", O_RDWR | O_CREAT, 0600);
	open_with("o.d/f/", O_RDWR | O_CREAT, 0600);
	open_with("o.d/new", O_RDWR | O_CREAT | O_DIRECTORY, 0600);
	is("o.d/new");
	sys(unlink, "o.d/new");
	open_with("o.d", O_RDONLY | O_CREAT | O_DIRECTORY, 0600);
	open_with("o.d/f", O_RDONLY | O_CREAT | O_DIRECTORY, 0600);
	open_with("o.d/fifo", O_RDWR | O_CREAT | O_EXCL, 0600);
	show_ok(creat, "o.d/new", 0640);
	is("o.d/new");
	show_octal(fcntl, 3, F_GETFL);
	CHECK(sys(close, 3) == 0);
	show(creat, "o.d/missing/x", 0640);
	show(creat, "o.d", 0640);
	CHECK(sys(unlink, "o.d/new") == 0);
}

static void path_opened(void)
{
	line("[O_PATH]");
	open_with("o.d/f", O_PATH, 0);
	open_with("o.d/f", O_PATH | O_RDWR | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_CLOEXEC, 0);
	open_with("o.d/f", O_PATH | O_DIRECTORY, 0);
	open_with("o.d", O_PATH | O_DIRECTORY, 0);
	open_with("o.d/to-f", O_PATH, 0);
	open_with("o.d/to-f", O_PATH | O_NOFOLLOW, 0);
	open_with("o.d/to-none", O_PATH, 0);
	open_with("o.d/to-none", O_PATH | O_NOFOLLOW, 0);
	open_with("o.d/to-d/", O_PATH | O_NOFOLLOW, 0);
	open_with("o.d/missing", O_PATH | O_CREAT, 0600);
	open_with("o.d/sock", O_PATH, 0);
	open_with("o.d/fifo", O_PATH, 0);
	open_with("o.d/f", O_PATH | TMPFILE_BIT, 0);
	open_with("", O_PATH, 0);
	open_with("o.d/f/", O_PATH, 0);
}

/* Which calls work on a descriptor that only says where a file is? */
static void calls_on_path(void)
{
	char buf[64];
	struct iovec iov = { buf, sizeof(buf) };
	struct pollfd p = { 3, POLLIN, 0 };

	line("[calls on an O_PATH descriptor of a file]");
	CHECK(sys(open, "o.d/f", O_PATH) == 3);
	show(read, 3, buf, 1);
	show(write, 3, buf, 1);
	show(read, 3, BAD, 0);
	show(pread64, 3, buf, 1, 0);
	show(pwrite64, 3, buf, 1, 0);
	show(readv, 3, &iov, 1);
	show(writev, 3, &iov, 1);
	show(lseek, 3, 0, SEEK_CUR);
	show(getdents64, 3, buf, sizeof(buf));
	show(ioctl, 3, FIONREAD, buf);
	show(fsync, 3);
	show(fdatasync, 3);
	show(syncfs, 3);
	show(sync_file_range, 3, 0, 0, 0);
	show(fadvise64, 3, 0, 0, 0);
	show(readahead, 3, 0, 1);
	show(ftruncate, 3, 0);
	show(fallocate, 3, 0, 0, 1);
	show(fchmod, 3, 0600);
	show(fchown, 3, 0, 0);
	show(utimensat, 3, 0, 0, 0);
	show(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, 3, 0);
	show(poll, &p, 1, 0);
	line("  revents %#x", p.revents);
	show(fchdir, 3);
	CHECK(sys(close, 3) == 0);
}

static void descriptors_of_path(void)
{
	char buf[64];
	struct stat st;

	CHECK(sys(open, "o.d/f", O_PATH) == 3);
	show(fcntl, 3, F_SETFL, O_APPEND);
	show(fcntl, 3, F_GETLK, buf);
	show(fcntl, 3, F_GETOWN);
	show(fcntl, 3, 9999);
	show(fcntl, 3, F_GETFD);
	show(fcntl, 3, F_SETFD, FD_CLOEXEC);
	show(fcntl, 3, F_GETFD);
	show_octal(fcntl, 3, F_GETFL);
	show(fcntl, 3, F_DUPFD, 10);
	show(fcntl, 3, F_DUPFD_CLOEXEC, 20);
	show(dup, 3);
	show(dup2, 3, 5);
	show(fstat, 5, &st);
	line("  mode %#o", st.st_mode);
	show(newfstatat, 5, "", &st, EMPTY_PATH);
	show(fchownat, 5, "", 0, 0, EMPTY_PATH);
	show(utimensat, 5, "", 0, EMPTY_PATH);
	show(faccessat2, 5, "", R_OK, EMPTY_PATH);
	show(linkat, 5, "", AT_FDCWD, "o.d/linked", EMPTY_PATH);
	is("o.d/f");
	CHECK(sys(unlink, "o.d/linked") == 0);
	show(openat, 5, "", O_RDONLY);
	show(openat, 5, "x", O_RDONLY);
	for (int fd = 3; fd < 21; fd++)
		sys(close, fd);
}

static void links_and_directories(void)
{
	char buf[64];
	struct stat st;

	line("[of a link, of a directory]");
	CHECK(sys(open, "o.d/to-f", O_PATH | O_NOFOLLOW) == 3);
	show(fstat, 3, &st);
	line("  mode %#o", st.st_mode);
	memset(buf, 0, sizeof(buf));
	show(readlinkat, 3, "", buf, sizeof(buf));
	line("  %s", buf);
	CHECK(sys(open, "o.d", O_PATH) == 4);
	show(openat, 4, "f", O_RDONLY);
	show(mkdirat, 4, "sub", 0700);
	show(unlinkat, 4, "sub", AT_REMOVEDIR);
	show(getdents64, 4, buf, sizeof(buf));
	show(fchdir, 4);
	is("f");
	show(chdir, "..");
	for (int fd = 3; fd < 6; fd++)
		CHECK(sys(close, fd) == 0);
	CHECK(sys(open, "o.d/none", O_RDWR | O_CREAT, 0) == 3);
	CHECK(sys(setresuid, -1, NOBODY, -1) == 0);
	show(open, "o.d/none", O_RDONLY);
	show_ok(open, "o.d/none", O_PATH); /* nothing of the file is asked for */
	CHECK(sys(setresuid, -1, 0, -1) == 0);
	for (int fd = 3; fd < 6; fd++)
		sys(close, fd);
	CHECK(sys(unlink, "o.d/none") == 0);
}

static void nameless(void)
{
	struct stat st = { 0 };
	char c = 'x';

	line("[O_TMPFILE]");
	show(open, "o.d", O_TMPFILE | O_RDONLY, 0600);
	show(open, "o.d", TMPFILE_BIT | O_RDWR, 0600);
	show(open, "o.d", O_TMPFILE | O_RDWR | O_CREAT, 0600);
	show(open, "o.d/f", O_TMPFILE | O_RDWR, 0600);
	show(open, "o.d/missing", O_TMPFILE | O_RDWR, 0600);
	show(open, "/proc", O_TMPFILE | O_RDWR, 0600);
	show(open, "o.d", O_TMPFILE | O_RDWR, 06777);
	show_octal(fcntl, 3, F_GETFL);
	show(fstat, 3, &st);
	line("  mode %#o nlink %lu", st.st_mode, (unsigned long)st.st_nlink);
	show(write, 3, &c, 1);
	show(rmdir, "o.d");
	show(linkat, 3, "", AT_FDCWD, "o.d/named", EMPTY_PATH);
	is("o.d/named");
	show(linkat, 3, "", AT_FDCWD, "o.d/named2", EMPTY_PATH);
	CHECK(sys(unlink, "o.d/named") == 0 && sys(unlink, "o.d/named2") == 0);
	show(linkat, 3, "", AT_FDCWD, "o.d/named", EMPTY_PATH);
	CHECK(sys(close, 3) == 0);
	show(open, "o.d", O_TMPFILE | O_WRONLY | O_EXCL, 0600);
	show(linkat, 3, "", AT_FDCWD, "o.d/named", EMPTY_PATH);
	CHECK(sys(close, 3) == 0);
	show(open, "o.d/to-d", O_TMPFILE | O_WRONLY, 0600);
	sys(close, 3);
	show(open, "o.d/to-d", O_TMPFILE | O_WRONLY | O_NOFOLLOW, 0600);
	sys(close, 3);
	CHECK(sys(mkdir, "o.d/gone", 0700) == 0);
	CHECK(sys(open, "o.d/gone", O_TMPFILE | O_RDWR, 0600) == 3);
	show(rmdir, "o.d/gone"); /* the file is in no directory */
	CHECK(sys(close, 3) == 0);
	CHECK(sys(setresuid, -1, NOBODY, -1) == 0);
	show(open, "o.d", O_TMPFILE | O_RDWR, 0600);
	show(open, "o.d/f", O_RDONLY | O_NOATIME);
	show_ok(open, "o.d/f", O_RDONLY);
	show(fcntl, 3, F_SETFL, O_NOATIME);
	sys(close, 3);
	CHECK(sys(setresuid, -1, 0, -1) == 0);
}

int main(void)
{
	close_inherited();
	sys(umask, 022);
	CHECK(sys(mkdir, "o.d", 0755) == 0);
	CHECK(sys(open, "o.d/f", O_RDWR | O_CREAT, 0644) == 3 && sys(close, 3) == 0);
	CHECK(sys(symlink, "f", "o.d/to-f") == 0 && sys(symlink, "none", "o.d/to-none") == 0);
	CHECK(sys(symlink, ".", "o.d/to-d") == 0);
	CHECK(sys(mknod, "o.d/fifo", S_IFIFO | 0600, 0) == 0 && sys(mknod, "o.d/sock", S_IFSOCK | 0600, 0) == 0);
	flags_kept();
	creating();
	path_opened();
	calls_on_path();
	descriptors_of_path();
	links_and_directories();
	nameless();
	CHECK(sys(unlink, "o.d/f") == 0 && sys(unlink, "o.d/to-f") == 0 && sys(unlink, "o.d/to-none") == 0);
	CHECK(sys(unlink, "o.d/to-d") == 0 && sys(unlink, "o.d/fifo") == 0 && sys(unlink, "o.d/sock") == 0);
	show(rmdir, "o.d");
	return verdict();
}
