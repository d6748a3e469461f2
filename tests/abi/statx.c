/*
 * statx.c - statx, statfs and fstatfs: arguments, and what of the answer does not depend on the machine. Leaves nothing.
 * The current directory must be root's, in a ramfs.
 */
#include "abi.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define BAD		((void *)1)
#define EMPTY_PATH	0x1000
#define NO_AUTOMOUNT	0x800
#define FORCE_SYNC	0x2000
#define DONT_SYNC	0x4000

struct x {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	struct { int64_t sec; uint32_t nsec; int32_t pad; } atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t mnt_id, dio;
	uint64_t spare[12];
};

static struct x x;

static void tell(const char *what, long ret)
{
	int spare = 0;

	for (size_t i = 0; i < ARRAY_SIZE(x.spare); i++)
		spare |= !!x.spare[i];
	if (ret) {
		line("statx(%s): %s", what, text(ret));
		return;
	}
	line("statx(%s): mask %#x attributes %#lx of %#lx", what, x.mask, (unsigned long)x.attributes,
	     (unsigned long)x.attributes_mask);
	line("  mode %#o nlink %u owner %u:%u size %ld blocks %ld of %u, device %u:%u, birth %d, rest %d", x.mode,
	     S_ISDIR(x.mode) ? 0 : x.nlink, x.uid, x.gid, S_ISDIR(x.mode) ? 0l : (long)x.size, (long)x.blocks, x.blksize,
	     x.rdev_major, x.rdev_minor, !!x.btime.sec, spare || x.pad || x.dio);
	memset(&x, 0xff, sizeof(x));
}

#define show_statx(dfd, name, flags, mask) \
	tell(#dfd ", " #name ", " #flags ", " #mask, sys(statx, dfd, name, flags, mask, &x))

static void extended(void)
{
	struct timespec t[2] = { { 111, 222 }, { 333, 444 } };
	struct stat st;

	line("[statx]");
	CHECK(sizeof(x) == 256);
	show_statx(AT_FDCWD, "s.d/f", 0, 0x7ff);
	show_statx(AT_FDCWD, "s.d/f", 0, 0);
	show_statx(AT_FDCWD, "s.d/f", 0, 0xfff);
	show_statx(AT_FDCWD, "s.d/f", 0, 0x7fffffff);
	show_statx(AT_FDCWD, "s.d/f", 0, 0x80000000);
	show_statx(AT_FDCWD, "s.d", 0, 0x7ff);
	show_statx(AT_FDCWD, "/", 0, 0x7ff);
	show_statx(AT_FDCWD, "s.d/to-f", 0, 0x7ff);
	show_statx(AT_FDCWD, "s.d/to-f", AT_SYMLINK_NOFOLLOW, 0x7ff);
	show_statx(AT_FDCWD, "s.d/dev", 0, 0x7ff);
	show_statx(AT_FDCWD, "s.d/fifo", NO_AUTOMOUNT | FORCE_SYNC, 0x7ff);
	show_statx(AT_FDCWD, "s.d/fifo", DONT_SYNC, 0x7ff);
	show_statx(AT_FDCWD, "s.d/fifo", FORCE_SYNC | DONT_SYNC, 0x7ff);
	show_statx(AT_FDCWD, "s.d/f", AT_SYMLINK_FOLLOW, 0x7ff);
	show_statx(AT_FDCWD, "s.d/f", 1, 0x7ff);
	show_statx(AT_FDCWD, "s.d/missing", 0, 0x7ff);
	show_statx(AT_FDCWD, "s.d/f/x", 0, 0x7ff);
	show_statx(AT_FDCWD, "", 0, 0x7ff);
	show_statx(AT_FDCWD, BAD, 0, 0x7ff);
	show_statx(AT_FDCWD, BAD, 1, 0x7ff);
	show_statx(99, "f", 0, 0x7ff);
	show_statx(99, BAD, 0, 0x80000000);
	show_statx(AT_FDCWD, "", EMPTY_PATH, 0x7ff);
	line("a bad buffer: %s", text(sys(statx, AT_FDCWD, "s.d/f", 0, 0x7ff, BAD)));
	line("a bad buffer and no file: %s", text(sys(statx, AT_FDCWD, "s.d/missing", 0, 0x7ff, BAD)));
	long fd = sys(open, "s.d/f", O_RDONLY), path = sys(open, "s.d/f", O_PATH), dir = sys(open, "s.d", O_RDONLY);
	show_statx(fd, "", EMPTY_PATH, 0x7ff);
	show_statx(path, "", EMPTY_PATH, 0x7ff);
	show_statx(fd, "", 0, 0x7ff);
	show_statx(fd, "x", EMPTY_PATH, 0x7ff);
	show_statx(dir, "f", EMPTY_PATH, 0x7ff);
	CHECK(sys(utimensat, fd, 0, t, 0) == 0);
	CHECK(sys(statx, fd, "", EMPTY_PATH, 0x7ff, &x) == 0 && sys(fstat, fd, &st) == 0);
	line("  atime %ld.%u mtime %ld.%u", (long)x.atime.sec, x.atime.nsec, (long)x.mtime.sec, x.mtime.nsec);
	CHECK(x.ctime.sec == st.st_ctime && x.ino == st.st_ino);
	CHECK(makedev(x.dev_major, x.dev_minor) == st.st_dev);
	uint64_t mount = x.mnt_id;
	CHECK(sys(statx, AT_FDCWD, "/", 0, 0x7ff, &x) == 0);
	line("  the same mount as /: %d", mount == x.mnt_id);
	CHECK(sys(statx, AT_FDCWD, "/proc", 0, 0x7ff, &x) == 0);
	line("  and as /proc: %d", mount == x.mnt_id);
	for (int i = 3; i < 6; i++)
		CHECK(sys(close, i) == 0);
}

static void tell_fs(const char *what, long ret, const struct statfs *s)
{
	if (ret)
		line("%s: %s", what, text(ret));
	else
		line("%s: type %#lx block %ld blocks %ld free %ld available %ld files %ld free %ld names %ld fragment %ld",
		     what, (long)s->f_type, (long)s->f_bsize, (long)s->f_blocks, (long)s->f_bfree, (long)s->f_bavail,
		     (long)s->f_files, (long)s->f_ffree, (long)s->f_namelen, (long)s->f_frsize);
}

#define show_statfs(name)	tell_fs("statfs(" #name ")", sys(statfs, name, &s), &s)
#define show_fstatfs(fd)	tell_fs("fstatfs(" #fd ")", sys(fstatfs, fd, &s), &s)

static void file_systems(void)
{
	struct statfs s;

	line("[statfs]");
	show_statfs("s.d");
	show_statfs("s.d/f");
	show_statfs("s.d/to-f");
	show_statfs("s.d/to-none");
	show_statfs("s.d/fifo");
	show_statfs("/");
	show_statfs("/proc");
	show_statfs("");
	show_statfs("s.d/missing");
	show_statfs("s.d/f/x");
	show_statfs(BAD);
	show(statfs, "s.d", BAD);
	show(statfs, "s.d/missing", BAD);
	long fd = sys(open, "s.d/f", O_RDONLY), path = sys(open, "s.d/f", O_PATH);
	long sock = sys(socket, AF_INET, SOCK_STREAM, 0);
	show_fstatfs(fd);
	show_fstatfs(path);
	show_fstatfs(sock);
	show_fstatfs(99);
	show(fstatfs, fd, BAD);
	CHECK(sys(close, fd) == 0 && sys(close, path) == 0 && sys(close, sock) == 0);
}

int main(void)
{
	close_inherited();
	CHECK(sys(mkdir, "s.d", 0755) == 0);
	CHECK(sys(open, "s.d/f", O_RDWR | O_CREAT, 0644) == 3);
	write_all(3, "12345", 5);
	CHECK(sys(close, 3) == 0);
	CHECK(sys(symlink, "f", "s.d/to-f") == 0 && sys(symlink, "none", "s.d/to-none") == 0);
	CHECK(sys(mknod, "s.d/fifo", S_IFIFO | 0600, 0) == 0 && sys(mknod, "s.d/dev", S_IFCHR | 0600, makedev(1, 3)) == 0);
	memset(&x, 0xff, sizeof(x));
	extended();
	file_systems();
	CHECK(sys(unlink, "s.d/f") == 0 && sys(unlink, "s.d/to-f") == 0 && sys(unlink, "s.d/to-none") == 0);
	CHECK(sys(unlink, "s.d/fifo") == 0 && sys(unlink, "s.d/dev") == 0);
	show(rmdir, "s.d");
	return verdict();
}
