/*
 * sockops.c - the generic file calls on a fresh socket: unconnected, unbound.
 *
 * mmap of a TCP socket is left out: Linux grants it, for zero-copy receive.
 */
#include "abi.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

/* Linux: include/uapi/asm-generic/sockios.h, linux/sockios.h */
#define OWNER_FIO 0x8903
#define OWNER_SIO 0x8904
#define STAMP 0x8906
#define STAMP_NS 0x8907
#define STAMP_NEW 0x80108906
#define STAMP_NS_NEW 0x80108907

struct kind {
	const char *name;
	int type, protocol;
};

static const struct kind kinds[] = {
	{ "TCP", SOCK_STREAM, 0 },
	{ "UDP", SOCK_DGRAM, 0 },
	{ "RAW", SOCK_RAW, 253 },	/* 253 is kept for experiments: nobody sends any */
};

static long new_socket(const struct kind *k, int flags)
{
	return sys(socket, AF_INET, k->type | flags, k->protocol);
}

/* In a child, because SIGPIPE kills. Exit code 0 tells that the call came back at all. */
static int write_one(void *fd)
{
	line("  write returned %s", text(sys(write, *(long *)fd, "x", 1)));
	return 0;
}

static int write_none(void *fd)
{
	line("  write returned %s", text(sys(write, *(long *)fd, "", 0)));
	return 0;
}

static int writev_two(void *fd)
{
	struct iovec iov[] = { { "x", 1 }, { "y", 1 } };

	line("  writev returned %s", text(sys(writev, *(long *)fd, iov, 2)));
	return 0;
}

static void writing(long fd)
{
	struct iovec empty = { "", 0 };

	try("write", write_one, &fd);
	try("write of 0 bytes", write_none, &fd);
	try("writev", writev_two, &fd);
	show(writev, fd, NULL, 0);
	show(writev, fd, &empty, 1);
	show(writev, fd, &empty, -1);
	show(write, fd + 1, "", 0);
}

static void reading(const struct kind *k, long fd)
{
	char c;
	long nonblocking = new_socket(k, SOCK_NONBLOCK);

	show(read, fd, &c, 0);
	show(read, nonblocking, &c, 1);
	CHECK(sys(close, nonblocking) == 0);
	if (k->type == SOCK_STREAM)
		show(read, fd, &c, 1);
	show(fcntl, fd, F_SETFL, O_NONBLOCK);
	show(read, fd, &c, 1);
	show(fcntl, fd, F_SETFL, 0);
}

static void status(const struct kind *k, long fd)
{
	struct stat st, at, other;
	long second = new_socket(k, 0);

	memset(&st, 0xff, sizeof(st));
	show(fstat, fd, &st);
	line("  mode %#o nlink %lu uid %u gid %u size %ld blksize %ld blocks %ld", st.st_mode,
	     (unsigned long)st.st_nlink, st.st_uid, st.st_gid, (long)st.st_size,
	     (long)st.st_blksize, (long)st.st_blocks);
	show(newfstatat, fd, "", &at, AT_EMPTY_PATH);
	CHECK(at.st_ino == st.st_ino && at.st_dev == st.st_dev && at.st_mode == st.st_mode);
	CHECK(sys(fstat, second, &other) == 0);
	line("  inode number not 0: %d, same device: %d, same inode: %d", st.st_ino != 0,
	     st.st_dev == other.st_dev, st.st_ino == other.st_ino);
	CHECK(sys(close, second) == 0);
}

/* Who gets SIGIO and SIGURG, and when the last packet came: nobody, and none has come. */
static void owner_and_stamp(long fd)
{
	long stamp[2] = { 77, 77 };
	int n = 77;

	show(ioctl, fd, OWNER_FIO, &n);
	line("  %d", n);
	n = 77;
	show(ioctl, fd, OWNER_SIO, &n);
	line("  %d", n);
	show(ioctl, fd, OWNER_FIO, (void *)8);
	show(ioctl, fd, STAMP, stamp);
	show(ioctl, fd, STAMP, stamp);
	show(ioctl, fd, STAMP_NS, stamp);
	show(ioctl, fd, STAMP_NEW, stamp);
	show(ioctl, fd, STAMP_NS_NEW, stamp);
	show(ioctl, fd, STAMP, (void *)8);
	line("  %ld %ld", stamp[0], stamp[1]);
}

static void positions_and_control(const struct kind *k, long fd)
{
	int n = 77;

	show(lseek, fd, 0, SEEK_SET);
	show(lseek, fd, 0, SEEK_CUR);
	show(lseek, fd, 0, 99);
	show(ioctl, fd, TCGETS, &n);
	show(ioctl, fd, TIOCGWINSZ, &n);
	show(ioctl, fd, 0x1234, &n);
	show(ioctl, fd, 0, &n);
	show(ioctl, fd, FIONREAD, &n);
	line("  %d", n);
	n = 77;
	show(ioctl, fd, TIOCOUTQ, &n);
	line("  %d", n);
	owner_and_stamp(fd);
	if (k->type != SOCK_STREAM) {
		show_ok(mmap, 0, PAGE, PROT_READ, MAP_SHARED, fd, 0);
		show_ok(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	show(openat, fd, "x", O_RDONLY);
}

static int still_open(void *fd)
{
	struct stat st;

	return sys(fstat, *(long *)fd, &st) || !S_ISSOCK(st.st_mode);
}

static void references(const struct kind *k)
{
	struct stat before, after;
	long fd = new_socket(k, 0);
	long copy = sys(dup, fd);

	CHECK(sys(fstat, fd, &before) == 0);
	show(close, fd);
	show(fstat, fd, &after);
	show(fstat, copy, &after);
	line("  the same inode: %d", before.st_ino == after.st_ino);
	try("open in a child", still_open, &copy);
	show(close, copy);
	show(close, copy);
}

/* The inode belongs to the filesystem uid and gid of the moment it was made. */
static int owner(void *unused)
{
	struct stat st;
	long fd;

	(void)unused;
	sys(setfsgid, 1234);
	sys(setfsuid, 4321);
	fd = new_socket(&kinds[0], 0);
	CHECK(sys(fstat, fd, &st) == 0);
	line("[owner] uid %u gid %u", st.st_uid, st.st_gid);
	return failures;
}

int main(void)
{
	close_inherited();
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind *k = &kinds[i];
		long fd = new_socket(k, 0);

		line("[%s]", k->name);
		CHECK(fd == 3);
		status(k, fd);
		writing(fd);
		reading(k, fd);
		positions_and_control(k, fd);
		CHECK(sys(close, fd) == 0);
		references(k);
	}
	CHECK(in_child(owner, NULL) == 0);
	return verdict();
}
