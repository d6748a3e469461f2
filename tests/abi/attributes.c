/*
 * attributes.c - chmod, chown, utimensat and their kin: who may change what, in which order that is checked, and which
 * rights a file loses. Leaves nothing. The current directory must be root's.
 */
#include "abi.h"

#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#define BAD		((void *)1)
#define EMPTY_PATH	0x1000
#define OTHER		1000

static char long_name[257];

static void is(const char *name)
{
	struct stat st = { 0 };
	long ret = sys(lstat, name, &st);

	line("  %s: %s mode %#o owner %u:%u", name, text(ret), st.st_mode, st.st_uid, st.st_gid);
}

static void times_are(const char *name)
{
	struct stat st = { 0 };
	long now = time(NULL);
	int recent_a, recent_m, recent_c;

	CHECK(sys(lstat, name, &st) == 0);
	recent_a = st.st_atime > now - 100 && st.st_atime < now + 100;
	recent_m = st.st_mtime > now - 100 && st.st_mtime < now + 100;
	recent_c = st.st_ctime > now - 100 && st.st_ctime < now + 100;
	line("  %s: atime %s %ld.%09ld, mtime %s %ld.%09ld, ctime %s", name, recent_a ? "now" : "",
	     recent_a ? 0 : (long)st.st_atime, recent_a ? 0 : st.st_atim.tv_nsec, recent_m ? "now" : "",
	     recent_m ? 0 : (long)st.st_mtime, recent_m ? 0 : st.st_mtim.tv_nsec, recent_c ? "now" : "then");
}

static void make_file(const char *name, int mode)
{
	long fd = sys(open, name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0 && sys(close, fd) == 0 && sys(chmod, name, mode) == 0);
}

/* Effective and file system ids; groups: none, or the one given. */
static void act_as(int uid, int gid, int group)
{
	CHECK(sys(setgroups, group >= 0, &group) == 0);
	CHECK(sys(setresgid, -1, gid, -1) == 0);
	CHECK(sys(setresuid, -1, uid, -1) == 0);
}

static void act_as_root(void)
{
	CHECK(sys(setresuid, -1, 0, -1) == 0);
	CHECK(sys(setresgid, -1, 0, -1) == 0);
	CHECK(sys(setgroups, 0, 0) == 0);
}

static void modes(void)
{
	line("[chmod]");
	show(chmod, "a.d/f", 0);
	is("a.d/f");
	show(chmod, "a.d/f", 07777);
	is("a.d/f");
	show(chmod, "a.d/f", 0100644);
	is("a.d/f");
	show(chmod, "a.d/f", 040755);
	is("a.d/f");
	show(chmod, "a.d/f", 0xffff8000 | 0600);
	is("a.d/f");
	show(chmod, "a.d", 01777);
	is("a.d");
	show(chmod, "a.d", 0755);
	show(chmod, "a.d/to-f", 0640); /* the link is followed */
	is("a.d/f");
	is("a.d/to-f");
	show(chmod, "a.d/to-none", 0600);
	show(chmod, "a.d/missing", 0600);
	show(chmod, "missing/x", 0600);
	show(chmod, "a.d/f/", 0600);
	show(chmod, "", 0600);
	show(chmod, BAD, 0600);
	show(chmod, long_name, 0600);
	show(chmod, "/proc/cmdline", 0444);
	long fd = sys(open, "a.d/f", O_RDONLY), dir = sys(open, "a.d", O_RDONLY);
	show(fchmod, fd, 0751);
	is("a.d/f");
	show(fchmod, 99, 0751);
	show(fchmod, dir, 02755);
	is("a.d");
	show(fchmod, dir, 0755);
	show(fchmodat, dir, "f", 0604);
	is("a.d/f");
	show(fchmodat, 99, "f", 0604);
	show(fchmodat, fd, "f", 0604);
	show(fchmodat, dir, "", 0604);
	show(fchmodat, 99, BAD, 0604);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
}

static void owners(void)
{
	line("[chown]");
	show(chown, "a.d/f", 1, 2);
	is("a.d/f");
	show(chown, "a.d/f", -1, 3);
	is("a.d/f");
	show(chown, "a.d/f", 4, -1);
	is("a.d/f");
	show(chown, "a.d/f", -1, -1);
	is("a.d/f");
	show(chown, "a.d/to-f", 5, 5);
	is("a.d/f");
	show(lchown, "a.d/to-f", 6, 6);
	is("a.d/to-f");
	is("a.d/f");
	show(chown, "a.d/to-none", 0, 0);
	show(lchown, "a.d/to-none", 7, 7);
	is("a.d/to-none");
	show(chown, "missing", 0, 0);
	show(chown, "", 0, 0);
	show(chown, BAD, 0, 0);
	show(chown, "a.d/f/", 0, 0);
	long fd = sys(open, "a.d/f", O_RDONLY), dir = sys(open, "a.d", O_RDONLY);
	show(fchown, fd, 8, 9);
	is("a.d/f");
	show(fchown, 99, 8, 9);
	show(fchownat, dir, "f", 10, 11, 0);
	is("a.d/f");
	show(fchownat, dir, "to-f", 12, 13, AT_SYMLINK_NOFOLLOW);
	is("a.d/to-f");
	show(fchownat, fd, "", 14, 15, EMPTY_PATH);
	is("a.d/f");
	show(fchownat, fd, "", 14, 15, 0);
	show(fchownat, dir, "f", 1, 1, AT_SYMLINK_FOLLOW);
	show(fchownat, 99, BAD, 1, 1, 1);
	show(fchownat, 99, "f", 1, 1, 0);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
}

/* What chown by @who leaves of each mode; for a file and for a directory. */
static void kept_modes(const char *who)
{
	static const int all[] = { 04755, 02755, 06755, 02745, 06711, 02700, 01777, 06777 };
	char path[32];
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(path, sizeof(path), "a.d/m%zu", i);
		long ret = sys(chown, path, -1, OTHER);
		CHECK(sys(lstat, path, &st) == 0);
		line("  %s: %#o: %s, then %#o", who, all[i], text(ret), st.st_mode);
	}
}

static void make_modes(int uid, int gid)
{
	static const int all[] = { 04755, 02755, 06755, 02745, 06711, 02700, 01777, 06777 };
	char path[32];

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(path, sizeof(path), "a.d/m%zu", i);
		sys(unlink, path);
		make_file(path, 0600);
		CHECK(sys(chown, path, uid, gid) == 0 && sys(chmod, path, all[i]) == 0);
	}
}

static void set_id_bits(void)
{
	char path[32];

	line("[set-ID bits and chown]");
	make_modes(0, 0);
	kept_modes("root");
	make_modes(OTHER, OTHER);
	act_as(OTHER, OTHER, -1);
	kept_modes("owner");
	act_as_root();
	make_modes(OTHER, 5);
	act_as(OTHER, OTHER, -1);
	kept_modes("owner from a group he is not in");
	act_as_root();
	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "a.d/m%d", i);
		CHECK(sys(unlink, path) == 0);
	}
	CHECK(sys(mkdir, "a.d/dir", 0700) == 0 && sys(chmod, "a.d/dir", 06755) == 0);
	show(chown, "a.d/dir", 1, 1);
	is("a.d/dir");
	show(chown, "a.d/dir", 0, 0);
}

/* The file is OTHER's, and of the group OTHER. */
static void permissions(void)
{
	line("[who may]");
	CHECK(sys(chown, "a.d/f", OTHER, OTHER) == 0 && sys(chmod, "a.d/f", 0644) == 0);
	act_as(NOBODY, NOBODY, -1);
	line(" another user");
	show(chmod, "a.d/f", 0644);
	show(chmod, "a.d/missing", 0644);
	show(chown, "a.d/f", NOBODY, -1);
	show(chown, "a.d/f", OTHER, -1);
	show(chown, "a.d/f", -1, NOBODY);
	show(chown, "a.d/f", -1, -1);
	show(chmod, "a.d/dir/x", 0600);
	act_as_root();
	line(" its owner");
	act_as(OTHER, OTHER, 77);
	show(chmod, "a.d/f", 0600);
	show(chown, "a.d/f", NOBODY, -1);
	show(chown, "a.d/f", 0, -1);
	show(chown, "a.d/f", OTHER, -1);
	show(chown, "a.d/f", OTHER, OTHER);
	show(chown, "a.d/f", -1, 0);
	show(chown, "a.d/f", -1, 77);
	is("a.d/f");
	show(chmod, "a.d/f", 02755); /* its group is one of his */
	is("a.d/f");
	show(chown, "a.d/f", -1, OTHER);
	is("a.d/f");
	act_as_root();
	CHECK(sys(chown, "a.d/f", OTHER, 88) == 0);
	act_as(OTHER, OTHER, 77);
	line(" its owner, who is not in its group");
	show(chmod, "a.d/f", 02755);
	is("a.d/f");
	show(chmod, "a.d/f", 06755);
	is("a.d/f");
	show(chown, "a.d/f", OTHER, 88);
	act_as_root();
	show(chmod, "a.d/f", 06755);
	is("a.d/f");
}

/* In a directory with the set-group-ID bit, new files have its group, and new directories its bit. */
static void set_group_id_directory(void)
{
	line("[set-group-ID directory]");
	CHECK(sys(chown, "a.d/dir", 0, 88) == 0 && sys(chmod, "a.d/dir", 02777) == 0);
	sys(umask, 0);
	show_ok(open, "a.d/dir/roots", O_RDWR | O_CREAT, 02775);
	is("a.d/dir/roots");
	show(mkdir, "a.d/dir/sub", 0755);
	is("a.d/dir/sub");
	act_as(OTHER, OTHER, -1);
	show_ok(open, "a.d/dir/others", O_RDWR | O_CREAT, 02775);
	is("a.d/dir/others");
	show_ok(open, "a.d/dir/lock", O_RDWR | O_CREAT, 02765);
	is("a.d/dir/lock");
	show(mknod, "a.d/dir/node", S_IFREG | 02711, 0);
	is("a.d/dir/node");
	show(mknod, "a.d/dir/fifo", S_IFIFO | 02711, 0);
	is("a.d/dir/fifo");
	show(mkdir, "a.d/dir/sub2", 07755);
	is("a.d/dir/sub2");
	show(symlink, "x", "a.d/dir/link");
	is("a.d/dir/link");
	act_as_root();
	sys(umask, 022);
	static const char *const names[] = { "roots", "others", "lock", "node", "fifo", "link" };
	char path[32];
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "a.d/dir/%s", names[i]);
		CHECK(sys(unlink, path) == 0);
	}
	CHECK(sys(rmdir, "a.d/dir/sub") == 0 && sys(rmdir, "a.d/dir/sub2") == 0);
	for (int fd = 3; fd < 10; fd++)
		sys(close, fd);
}

static void times(void)
{
	struct timespec t[2] = { { 1000, 1 }, { 2000, 999999999 } };

	line("[utimensat]");
	make_file("a.d/t", 0644);
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	times_are("a.d/t");
	t[0].tv_nsec = UTIME_OMIT;
	t[1].tv_sec = 2001;
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	times_are("a.d/t");
	t[1].tv_nsec = UTIME_NOW;
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	times_are("a.d/t");
	t[1].tv_nsec = UTIME_OMIT;
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	show(utimensat, 99, BAD, t, 77); /* nothing to do: nothing is looked at */
	t[0] = (struct timespec){ 7, 1000000000 };
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	show(utimensat, AT_FDCWD, "a.d/missing", t, 0);
	t[0].tv_nsec = -1;
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	t[0] = (struct timespec){ -1, UTIME_NOW }; /* the seconds do not matter then */
	t[1] = (struct timespec){ 5, UTIME_NOW };
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	times_are("a.d/t");
	t[0] = (struct timespec){ 8, 8 };
	t[1] = (struct timespec){ 9, 9 };
	show(utimensat, AT_FDCWD, "a.d/to-t", t, AT_SYMLINK_NOFOLLOW);
	times_are("a.d/to-t");
	show(utimensat, AT_FDCWD, "a.d/to-t", t, 0);
	times_are("a.d/t");
	show(utimensat, AT_FDCWD, "a.d/t", 0, 0);
	times_are("a.d/t");
}

static void times_of_what(void)
{
	struct timespec t[2] = { { 8, 8 }, { 9, 9 } };

	show(utimensat, AT_FDCWD, "a.d/t", t, AT_SYMLINK_FOLLOW);
	show(utimensat, AT_FDCWD, "a.d/t", BAD, AT_SYMLINK_FOLLOW);
	show(utimensat, AT_FDCWD, BAD, t, 0);
	show(utimensat, AT_FDCWD, 0, t, 0);
	show(utimensat, AT_FDCWD, "", t, 0);
	show(utimensat, 99, "t", t, 0);
	show(utimensat, 99, 0, t, 0);
	show(utimensat, 99, 0, t, AT_SYMLINK_NOFOLLOW);
	long fd = sys(open, "a.d/t", O_RDONLY), dir = sys(open, "a.d", O_RDONLY);
	show(utimensat, fd, 0, t, 0);
	times_are("a.d/t");
	show(utimensat, fd, 0, t, AT_SYMLINK_NOFOLLOW);
	t[0].tv_sec = 10;
	show(utimensat, fd, "", t, EMPTY_PATH);
	times_are("a.d/t");
	show(utimensat, fd, "x", t, 0);
	t[0].tv_sec = 11;
	show(utimensat, dir, "t", t, 0);
	times_are("a.d/t");
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
}

static void older_calls(void)
{
	struct timeval v[2] = { { 3000, 3 }, { 4000, 999999 } };
	struct utimbuf u = { 5000, 6000 };
	long fd = sys(open, "a.d/t", O_RDONLY), dir = sys(open, "a.d", O_RDONLY);

	line("[utimes, futimesat, utime]");
	show(utimes, "a.d/t", v);
	times_are("a.d/t");
	v[0].tv_usec = 1000000;
	show(utimes, "a.d/t", v);
	show(utimes, "a.d/missing", v);
	v[0].tv_usec = -1;
	show(futimesat, dir, "t", v);
	v[0].tv_usec = 0;
	show(futimesat, dir, "t", v);
	times_are("a.d/t");
	show(futimesat, fd, 0, v);
	show(futimesat, dir, "missing", v);
	show(futimesat, 99, "t", v);
	show(futimesat, dir, "t", BAD);
	show(futimesat, dir, "t", 0);
	times_are("a.d/t");
	show(utime, "a.d/t", &u);
	times_are("a.d/t");
	show(utime, "a.d/t", 0);
	times_are("a.d/t");
	show(utime, "a.d/t", BAD);
	show(utime, BAD, BAD);
	show(utime, "a.d/missing", &u);
	CHECK(sys(close, fd) == 0 && sys(close, dir) == 0);
}

static void who_may_set_times(void)
{
	struct timespec t[2] = { { 1, 1 }, { 2, 2 } }, now[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	struct timespec half[2] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };

	line("[who may set times]");
	make_file("a.d/w", 0);
	CHECK(sys(chmod, "a.d/w", 0666) == 0 && sys(chmod, "a.d/t", 0644) == 0);
	act_as(NOBODY, NOBODY, -1);
	show(utimensat, AT_FDCWD, "a.d/t", 0, 0);
	show(utimensat, AT_FDCWD, "a.d/t", now, 0);
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	show(utimensat, AT_FDCWD, "a.d/w", 0, 0);
	show(utimensat, AT_FDCWD, "a.d/w", now, 0);
	show(utimensat, AT_FDCWD, "a.d/w", t, 0);
	show(utimensat, AT_FDCWD, "a.d/w", half, 0);
	act_as_root();
	CHECK(sys(chown, "a.d/t", NOBODY, 0) == 0 && sys(chmod, "a.d/t", 0) == 0);
	act_as(NOBODY, NOBODY, -1);
	line(" its owner, who may not write to it");
	show(utimensat, AT_FDCWD, "a.d/t", 0, 0);
	show(utimensat, AT_FDCWD, "a.d/t", t, 0);
	show(utimensat, AT_FDCWD, "a.d/t", half, 0);
	act_as_root();
	CHECK(sys(unlink, "a.d/w") == 0);
}

int main(void)
{
	close_inherited();
	sys(umask, 022);
	memset(long_name, 'x', 256);
	CHECK(sys(mkdir, "a.d", 0755) == 0);
	make_file("a.d/f", 0600);
	CHECK(sys(symlink, "f", "a.d/to-f") == 0 && sys(symlink, "none", "a.d/to-none") == 0);
	CHECK(sys(symlink, "t", "a.d/to-t") == 0);
	modes();
	owners();
	set_id_bits();
	permissions();
	set_group_id_directory();
	times();
	times_of_what();
	older_calls();
	who_may_set_times();
	CHECK(sys(unlink, "a.d/f") == 0 && sys(unlink, "a.d/to-f") == 0 && sys(unlink, "a.d/to-none") == 0);
	CHECK(sys(unlink, "a.d/t") == 0 && sys(unlink, "a.d/to-t") == 0);
	CHECK(sys(rmdir, "a.d/dir") == 0);
	show(rmdir, "a.d");
	return verdict();
}
