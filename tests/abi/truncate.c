/*
 * truncate.c - truncate, ftruncate, fallocate, lseek to data and holes, and what is said of files in memory by
 * fsync, sync, syncfs, sync_file_range, fadvise64 and readahead. Leaves nothing. The current directory must be
 * root's, in a ramfs.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BAD	((void *)1)

static void is(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(stat, name, &st);

	line("  %s: %s mode %#o size %ld", name, text(ret), st.st_mode, S_ISDIR(st.st_mode) ? 0l : (long)st.st_size);
}

static void sizes(void)
{
	char buf[16] = "";

	line("[truncate]");
	long fd = sys(open, "t.d/f", O_RDWR | O_CREAT, 0644);
	write_all(fd, "0123456789", 10);
	show(truncate, "t.d/f", 4);
	is("t.d/f");
	show(truncate, "t.d/f", 10000);
	is("t.d/f");
	show(pread64, fd, buf, 8, 0);
	line("  %.4s %d %d", buf, buf[4], buf[7]);
	show(ftruncate, fd, 0);
	is("t.d/f");
	show(lseek, fd, 0, SEEK_CUR); /* stays where it is */
	show(ftruncate, fd, 0x7fffffffffffffff);
	is("t.d/f");
	show(ftruncate, fd, 100);
	show(truncate, "t.d/f", -1);
	show(truncate, BAD, -1);
	show(truncate, BAD, 0);
	show(truncate, "", 0);
	show(truncate, "t.d/missing", 0);
	show(truncate, "t.d/f/", 0);
	show(truncate, "t.d", 0);
	show(truncate, "t.d/to-f", 5);
	is("t.d/f");
	show(truncate, "t.d/to-none", 5);
	show(truncate, "/dev/null", 0);
	show(truncate, "t.d/fifo", 0);
	show(ftruncate, 99, -1);
	show(ftruncate, 99, 0);
	show(ftruncate, fd, -1);
	long ro = sys(open, "t.d/f", O_RDONLY), dir = sys(open, "t.d", O_RDONLY), null = sys(open, "/dev/null", O_RDWR);
	long sock = sys(socket, AF_INET, SOCK_STREAM, 0);
	show(ftruncate, ro, 0);
	show(ftruncate, dir, 0);
	show(ftruncate, null, 0);
	show(ftruncate, sock, 0);
	CHECK(sys(close, ro) == 0 && sys(close, dir) == 0 && sys(close, null) == 0 && sys(close, sock) == 0);
	CHECK(sys(close, fd) == 0);
}

static void rights(void)
{
	static const int all[] = { 04755, 02755, 02745, 06777 };
	struct stat st;

	line("[who may, and what it costs]");
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		CHECK(sys(chmod, "t.d/f", all[i]) == 0 && sys(truncate, "t.d/f", i) == 0);
		CHECK(sys(stat, "t.d/f", &st) == 0);
		line("  root: %#o, then %#o", all[i], st.st_mode);
	}
	CHECK(sys(chmod, "t.d/f", 0644) == 0);
	CHECK(sys(setresgid, -1, NOBODY, -1) == 0 && sys(setresuid, -1, NOBODY, -1) == 0);
	show(truncate, "t.d/f", 0);
	show(truncate, "t.d", 0);
	CHECK(sys(setresuid, -1, 0, -1) == 0 && sys(setresgid, -1, 0, -1) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		CHECK(sys(chmod, "t.d/f", all[i] | 0666) == 0);
		CHECK(sys(setresgid, -1, NOBODY, -1) == 0 && sys(setresuid, -1, NOBODY, -1) == 0);
		line("  nobody: %#o: %s", all[i] | 0666, text(sys(truncate, "t.d/f", i)));
		CHECK(sys(setresuid, -1, 0, -1) == 0 && sys(setresgid, -1, 0, -1) == 0);
		CHECK(sys(stat, "t.d/f", &st) == 0);
		line("  then %#o", st.st_mode);
	}
	const char *self = (const char *)getauxval(AT_EXECFN); /* a program that runs */
	show(truncate, self, 0);
	show(open, self, O_WRONLY);
	show(open, self, O_RDONLY | O_TRUNC);
}

static volatile int exceeded;

static void count(int sig)
{
	(void)sig;
	exceeded++;
}

static void limits(void)
{
	struct rlimit limit = { 1000, RLIM_INFINITY };
	long fd = sys(open, "t.d/l", O_RDWR | O_CREAT, 0600);

	line("[RLIMIT_FSIZE]");
	signal(SIGXFSZ, count);
	show(ftruncate, fd, 2000);
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	show(ftruncate, fd, 3000);
	show(ftruncate, fd, 2000);
	show(ftruncate, fd, 1500); /* shorter is always allowed */
	show(ftruncate, fd, 1501);
	show(ftruncate, fd, 999);
	show(ftruncate, fd, 1000);
	show(ftruncate, fd, 1001);
	show(truncate, "t.d/l", 1001);
	line("  signals: %d", exceeded);
	limit.rlim_cur = RLIM_INFINITY;
	CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(sys(close, fd) == 0 && sys(unlink, "t.d/l") == 0);
}

#define KEEP	1
#define PUNCH	2
#define COLLAPSE 8
#define ZERO	16
#define INSERT	32
#define UNSHARE	64

static void allocated(void)
{
	long fd = sys(open, "t.d/f", O_RDWR), ro = sys(open, "t.d/f", O_RDONLY), dir = sys(open, "t.d", O_RDONLY);
	long null = sys(open, "/dev/null", O_RDWR), sock = sys(socket, AF_INET, SOCK_STREAM, 0);

	line("[fallocate]");
	show(fallocate, fd, 0, -1, 1);
	show(fallocate, fd, 0, 0, 0);
	show(fallocate, fd, 0, 0, -1);
	show(fallocate, fd, 4, 0, 1);
	show(fallocate, fd, 4, 0, 0);
	show(fallocate, fd, 128, 0, 1);
	show(fallocate, fd, PUNCH, 0, 1);
	show(fallocate, fd, PUNCH | KEEP | ZERO, 0, 1);
	show(fallocate, fd, COLLAPSE | KEEP, 0, 1);
	show(fallocate, fd, INSERT | KEEP, 0, 1);
	show(fallocate, fd, UNSHARE | ZERO, 0, 1);
	show(fallocate, fd, COLLAPSE | INSERT, 0, 1);
	show(fallocate, ro, 0, 0, 1);
	show(fallocate, ro, COLLAPSE | KEEP, 0, 1);
	show(fallocate, dir, 0, 0, 1);
	show(fallocate, null, 0, 0, 1);
	show(fallocate, sock, 0, 0, 1);
	show(fallocate, 99, 0, -1, 1);
	show(fallocate, fd, 0, 0x7fffffffffffffff, 1);
	show(fallocate, fd, 0, 1, 0x7fffffffffffffff);
	show(fallocate, fd, 0, 0, 1);
	show(fallocate, fd, PUNCH | KEEP, 0, 1);
	CHECK(sys(close, fd) == 0 && sys(close, ro) == 0 && sys(close, dir) == 0 && sys(close, null) == 0 && sys(close, sock) == 0);
}

static void synced(void)
{
	int ends[2] = { -1, -1 };
	long fd = sys(open, "t.d/f", O_RDWR), ro = sys(open, "t.d/f", O_RDONLY), dir = sys(open, "t.d", O_RDONLY);
	long null = sys(open, "/dev/null", O_RDWR), sock = sys(socket, AF_INET, SOCK_STREAM, 0);
	long wo = sys(open, "t.d/f", O_WRONLY);

	(void)ends;
	line("[fsync and its kin]");
	show(fsync, fd);
	show(fsync, ro);
	show(fsync, dir);
	show(fsync, null);
	show(fsync, sock);
	show(fsync, 99);
	show(fdatasync, fd);
	show(fdatasync, dir);
	show(fdatasync, sock);
	show(fdatasync, 99);
	show(sync);
	show(syncfs, fd);
	show(syncfs, dir);
	show(syncfs, null);
	show(syncfs, sock);
	show(syncfs, 99);
	show(sync_file_range, fd, 0, 0, 0);
	show(sync_file_range, fd, 0, 0, 7);
	show(sync_file_range, fd, 0, 0, 8);
	show(sync_file_range, fd, -1, 0, 7);
	show(sync_file_range, fd, 1, -1, 7);
	show(sync_file_range, fd, 1, -2, 7);
	show(sync_file_range, fd, 5, 10, 2);
	show(sync_file_range, dir, 0, 0, 0);
	show(sync_file_range, null, 0, 0, 0);
	show(sync_file_range, sock, 0, 0, 0);
	show(sync_file_range, sock, 0, 0, 8);
	show(sync_file_range, 99, 0, 0, 8);
	line("[fadvise64, readahead]");
	for (int advice = -1; advice <= 6; advice++)
		show(fadvise64, fd, 0, 0, advice);
	show(fadvise64, fd, -1, 10, 3);
	show(fadvise64, fd, 0, -1, 3);
	show(fadvise64, fd, 0, -1, 7);
	show(fadvise64, wo, 0, 100, 3);
	show(fadvise64, dir, 0, 100, 3);
	show(fadvise64, null, 0, 100, 3);
	show(fadvise64, sock, 0, 100, 3);
	show(fadvise64, sock, 0, 100, 9);
	show(fadvise64, 99, 0, 0, 9);
	show(readahead, fd, 0, 4096);
	show(readahead, fd, -1, 4096);
	show(readahead, fd, 0, -1);
	show(readahead, wo, 0, 4096);
	show(readahead, dir, 0, 4096);
	show(readahead, null, 0, 4096);
	show(readahead, sock, 0, 4096);
	show(readahead, 99, 0, 4096);
	for (int i = 3; i < 12; i++)
		sys(close, i);
}

static void holes(void)
{
	long fd = sys(open, "t.d/h", O_RDWR | O_CREAT, 0600), dir = sys(open, "t.d", O_RDONLY);

	line("[SEEK_DATA, SEEK_HOLE]");
	show(lseek, fd, 0, SEEK_DATA);
	show(lseek, fd, 0, SEEK_HOLE);
	CHECK(sys(ftruncate, fd, 10000) == 0);
	show(lseek, fd, 0, SEEK_DATA);
	show(lseek, fd, 5, SEEK_DATA);
	show(lseek, fd, 9999, SEEK_DATA);
	show(lseek, fd, 10000, SEEK_DATA);
	show(lseek, fd, -1, SEEK_DATA);
	show(lseek, fd, 0, SEEK_HOLE);
	show(lseek, fd, 9999, SEEK_HOLE);
	show(lseek, fd, 10000, SEEK_HOLE);
	show(lseek, fd, -1, SEEK_HOLE);
	show(lseek, fd, 0, 5);
	show(lseek, dir, 0, SEEK_DATA);
	show(lseek, dir, 0, SEEK_HOLE);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0 && sys(unlink, "t.d/h") == 0);
}

int main(void)
{
	close_inherited();
	CHECK(sys(mkdir, "t.d", 0755) == 0);
	CHECK(sys(symlink, "f", "t.d/to-f") == 0 && sys(symlink, "none", "t.d/to-none") == 0);
	CHECK(sys(mknod, "t.d/fifo", S_IFIFO | 0600, 0) == 0);
	sizes();
	rights();
	limits();
	allocated();
	synced();
	holes();
	CHECK(sys(unlink, "t.d/f") == 0 && sys(unlink, "t.d/to-f") == 0 && sys(unlink, "t.d/to-none") == 0);
	CHECK(sys(unlink, "t.d/fifo") == 0);
	show(rmdir, "t.d");
	return verdict();
}
