/*
 * full.c - programs that take all that a file system gives: its blocks, its inodes, mounts, locks, watches.
 * Run on ringwalk as root: each ends with an errno, and every counter is where it was.
 */
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "../abi/abi.h"
#include "counters.h"

#define LOCKS	3000
#define WATCHES	2000
#define MOUNTS	500

static void in_mount(void (*fill)(void), const char *options)
{
	sys(mkdir, "/full", 0755);
	CHECK(sys(mount, "x", "/full", "tmpfs", 0, options) == 0);
	fill();
	CHECK(sys(umount2, "/full", 0) == 0);
	CHECK(sys(rmdir, "/full") == 0);
}

static void fill_blocks(void)
{
	static char buf[65536];
	int fd = sys(open, "/full/file", O_RDWR | O_CREAT, 0600);
	long n, all = 0;

	while ((n = sys(write, fd, buf, sizeof(buf))) > 0)
		all += n;
	CHECK(n == -ENOSPC && all == 4 << 20);
	CHECK(sys(fallocate, fd, 3, 0, 1 << 20) == 0);
	CHECK(sys(pwrite64, fd, buf, sizeof(buf), 0) == sizeof(buf));
	CHECK(sys(mkdir, "/full/dir", 0755) == 0); /* names need no block */
	sys(close, fd);
}

static void fill_inodes(void)
{
	char name[32];
	long n = 0;

	for (int i = 0; !n; i++) {
		snprintf(name, sizeof(name), "/full/%d", i);
		n = i % 2 ? sys(mkdir, name, 0755) : sys(mknod, name, S_IFREG | 0600, 0);
	}
	CHECK(n == -ENOSPC);
}

static void blocks(void)	{ in_mount(fill_blocks, "size=4m"); }
static void inodes(void)	{ in_mount(fill_inodes, "nr_inodes=1k"); }

/* Until memory is short: the file gets an error, and no program dies. */
static void fill_memory(void)
{
	static char buf[65536];
	int fd = sys(open, "/full/file", O_RDWR | O_CREAT, 0600);
	long n;

	while ((n = sys(write, fd, buf, sizeof(buf))) > 0)
		;
	CHECK(n == -ENOMEM || n == -ENOSPC);
	sys(close, fd);
}

static void memory(void)	{ in_mount(fill_memory, "size=0"); }

/* Each on the one before, with a bind of it all; and they go at once. */
static void stacked_mounts(void)
{
	sys(mkdir, "/full", 0755);
	sys(mkdir, "/copy", 0755);
	for (int i = 0; i < MOUNTS; i++)
		CHECK(sys(mount, "x", "/full", i % 2 ? "tmpfs" : "ramfs", 0, 0) == 0);
	CHECK(sys(mount, "/", "/copy", 0, MS_BIND | MS_REC, 0) == 0);
	CHECK(sys(umount2, "/copy", MNT_DETACH) == 0);
	for (int i = 0; i < MOUNTS; i++)
		CHECK(sys(umount2, "/full", i % 3 ? 0 : MNT_DETACH) == 0);
	CHECK(sys(rmdir, "/full") == 0);
	CHECK(sys(rmdir, "/copy") == 0);
}

static void many_locks(void)
{
	int fd = sys(memfd_create, "locks", 0);

	for (int i = 0; i < LOCKS; i++) {
		struct flock fl = { .l_type = F_WRLCK, .l_start = 2 * i, .l_len = 1 };

		CHECK(sys(fcntl, fd, F_SETLK, &fl) == 0);
	}
	CHECK(sys(close, fd) == 0);
}

static void many_watches(void)
{
	int in = sys(inotify_init1, IN_NONBLOCK);
	char name[32];

	sys(mkdir, "/full", 0755);
	for (int i = 0; i < WATCHES; i++) {
		snprintf(name, sizeof(name), "/full/%d", i);
		sys(mknod, name, S_IFREG | 0600, 0);
		CHECK(sys(inotify_add_watch, in, name, IN_ALL_EVENTS) == i + 1);
	}
	for (int i = 0; i < WATCHES; i++) {
		snprintf(name, sizeof(name), "/full/%d", i);
		CHECK(sys(unlink, name) == 0);
	}
	CHECK(sys(close, in) == 0);
	CHECK(sys(rmdir, "/full") == 0);
}

static const struct scenario scenarios[] = {
	{ "all blocks of a tmpfs", blocks, 5 },
	{ "all inodes of a tmpfs", inodes, 5 },
	{ "all memory in a file", memory, 2 },
	{ "mounts on mounts, and a copy of all", stacked_mounts, 3 },
	{ "thousands of locks", many_locks, 3 },
	{ "thousands of watches", many_watches, 3 },
};

int main(void)
{
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
