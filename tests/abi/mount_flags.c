/*
 * mount_flags.c - what the flags of a mount forbid: writing, programs, devices, set-user-ID; times of access;
 * MS_REMOUNT, of one mount and of its instance; the options and limits of tmpfs.
 */
#include "abi.h"

#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

static char *self;

static void show_open(const char *what, const char *name, int flags)
{
	long fd = sys(open, name, flags, 0600);

	line("%s: %s", what, ok(fd));
	if (fd >= 0)
		sys(close, fd);
}

static void read_only(void)
{
	struct timespec now[2] = { { 1, 0 }, { 1, 0 } };

	line("[read-only: names]");
	show(mkdir, "/m/a/new", 0755);
	show(mkdir, "/m/a/dir", 0755);
	show(mkdir, "/m/a/none/new", 0755);
	show(mknod, "/m/a/new", S_IFIFO | 0600, 0);
	show(symlink, "x", "/m/a/new");
	show(link, "/m/a/file", "/m/a/new");
	show(link, "/m/a/file", "/m/a/dir");
	show(unlink, "/m/a/file");
	show(unlink, "/m/a/none");
	show(unlink, "/m/a/.");
	show(rmdir, "/m/a/dir");
	show(rmdir, "/m/a/none");
	show(rename, "/m/a/file", "/m/a/new");
	show(rename, "/m/a/none", "/m/a/new");
	line("[read-only: open]");
	show_open("to read", "/m/a/file", O_RDONLY);
	show_open("to write", "/m/a/file", O_WRONLY);
	show_open("both", "/m/a/file", O_RDWR);
	show_open("truncate", "/m/a/file", O_RDONLY | O_TRUNC);
	show_open("create, there", "/m/a/file", O_RDONLY | O_CREAT);
	show_open("create, there, exclusive", "/m/a/file", O_RDONLY | O_CREAT | O_EXCL);
	show_open("create", "/m/a/new", O_RDONLY | O_CREAT);
	show_open("directory to write", "/m/a/dir", O_WRONLY);
	show_open("a device to write", "/m/a/null", O_WRONLY);
	line("[read-only: attributes]");
	show(chmod, "/m/a/file", 0644);
	show(chmod, "/m/a/none", 0644);
	show(chown, "/m/a/file", 1, 1);
	show(truncate, "/m/a/file", 1);
	show(truncate, "/m/a/dir", 1);
	show(utimensat, AT_FDCWD, "/m/a/file", 0, 0);
	show(utimensat, AT_FDCWD, "/m/a/file", now, 0);
	show(access, "/m/a/file", W_OK);
	show(access, "/m/a/file", R_OK);
	show(access, "/m/a/null", W_OK);
	show(access, "/m/a/dir", W_OK);
}

static void remounts(void)
{
	int fd;

	line("[remount]");
	show(mount, 0, "/m/a", 0, MS_REMOUNT, 0);
	show_open("to write", "/m/a/file", O_WRONLY);
	fd = sys(open, "/m/a/file", O_RDWR);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_RDONLY, 0);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0);
	sys(close, fd);
	fd = sys(open, "/m/a/file", O_RDONLY);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0);
	show_open("to write", "/m/a/file", O_WRONLY);
	show(fchmod, fd, 0600);
	sys(close, fd);
	show(mount, 0, "/m/a/dir", 0, MS_REMOUNT | MS_BIND, 0);
	line("[two mounts of one instance]");
	show(mount, "/m/a", "/m/b", 0, MS_BIND | MS_RDONLY, 0);
	show_open("the copy", "/m/b/file", O_WRONLY);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
	show_open("the first", "/m/a/file", O_WRONLY);
	show_open("the copy", "/m/b/file", O_WRONLY);
	show(mount, 0, "/m/b", 0, MS_REMOUNT | MS_BIND, 0);
	fd = sys(open, "/m/b/file", O_WRONLY);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0);
	show_open("the first", "/m/a/file", O_WRONLY);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_RDONLY, 0);
	sys(close, fd);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_RDONLY, 0);
	show_open("the copy", "/m/b/file", O_WRONLY);
	show(mount, 0, "/m/b", 0, MS_REMOUNT | MS_BIND, 0);
	show_open("the copy", "/m/b/file", O_WRONLY);
	show(mount, 0, "/m/b", 0, MS_REMOUNT, 0);
	show_open("the copy", "/m/b/file", O_WRONLY);
	show_open("the first", "/m/a/file", O_WRONLY);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
	show(umount2, "/m/b", 0);
}

/* Runs /m/a/prog: it exits with its effective uid, or 111 when it could not be started. */
static void run(const char *what)
{
	int status;
	long pid = sys(fork);

	if (!pid) {
		char *argv[] = { "prog", "euid", 0 }, *envp[] = { 0 };
		long ret;

		sys(setresuid, 7, 7, 7);
		ret = sys(execve, "/m/a/prog", argv, envp);
		line("execve: %s", text(ret));
		sys(exit_group, 111);
	}
	sys(wait4, pid, &status, 0, 0);
	line("%s: %s", what, ending(status));
}

static void copy_self(void)
{
	static char buf[65536];
	int from = sys(open, self, O_RDONLY), to = sys(open, "/m/a/prog", O_WRONLY | O_CREAT, 0755);
	long n;

	while ((n = sys(read, from, buf, sizeof(buf))) > 0)
		sys(write, to, buf, n);
	sys(close, from);
	sys(close, to);
	sys(chmod, "/m/a/prog", 04755);
}

static void programs(void)
{
	int fd;

	line("[programs]");
	copy_self();
	run("set-user-ID");
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_NOSUID, 0);
	run("nosuid");
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_NOEXEC, 0);
	run("noexec");
	show(access, "/m/a/prog", X_OK);
	show(access, "/m/a/dir", X_OK);
	fd = sys(open, "/m/a/prog", O_RDONLY);
	show(mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	show_ok(mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	sys(close, fd);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
	run("again");
	line("[devices]");
	show_open("a device", "/m/a/null", O_RDWR);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_NODEV, 0);
	show_open("nodev", "/m/a/null", O_RDWR);
	show_open("nodev, to read", "/m/a/null", O_RDONLY);
	show(access, "/m/a/null", R_OK);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
}

/* Does a read change the time of access from the one set here? */
static void access_time(const char *what, long atime, long mtime)
{
	struct timespec times[2] = { { atime, 0 }, { mtime, 0 } };
	struct stat st;
	char c;
	int fd;

	sys(utimensat, AT_FDCWD, "/m/a/file", times, 0);
	fd = sys(open, "/m/a/file", O_RDWR);
	sys(read, fd, &c, 1);
	sys(fstat, fd, &st);
	sys(close, fd);
	line("%s: %s", what, st.st_atime == atime ? "as before" : "changed");
}

static void times(void)
{
	struct timespec now;
	int fd = sys(open, "/m/a/file", O_WRONLY);

	line("[time of access]");
	sys(write, fd, "x", 1);
	sys(close, fd);
	sys(clock_gettime, CLOCK_REALTIME, &now);
	access_time("relatime, old", 1000, 500);
	access_time("relatime, new", now.tv_sec + 100, 500);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_STRICTATIME, 0);
	access_time("strictatime, new", now.tv_sec + 100, 500);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
	access_time("as it was", now.tv_sec + 100, 500);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_NOATIME, 0);
	access_time("noatime", 1000, 500);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND | MS_RELATIME, 0);
	access_time("relatime", 1000, 500);
}

static void show_statfs(const char *what, const char *name)
{
	struct statfs st;
	long ret = sys(statfs, name, &st);

	line("%s: %s type %#lx, %ld of %ld blocks, %ld of %ld inodes, flags %#lx", what, text(ret),
	     (long)st.f_type, (long)st.f_bfree, (long)st.f_blocks, (long)st.f_ffree, (long)st.f_files,
	     (long)st.f_flags);
}

static void limits(void)
{
	static char buf[4096];
	struct stat st;
	int fd;

	line("[options of tmpfs]");
	show(mount, "x", "/m/b", "tmpfs", 0, "size=16k,nr_inodes=4,mode=710,uid=5,gid=6");
	sys(stat, "/m/b", &st);
	line("mode %o, uid %d, gid %d, size %ld", st.st_mode, st.st_uid, st.st_gid, (long)st.st_size);
	fd = sys(open, "/m/b/f", O_RDWR | O_CREAT, 0600);
	for (int i = 0; i < 5; i++)
		show(write, fd, buf, 4096);
	show(pwrite64, fd, buf, 100, 100);
	show(pwrite64, fd, buf, 4096, 100000);
	show(ftruncate, fd, 4096 * 3);
	show(pwrite64, fd, buf, 4096, 100000);
	show(pwrite64, fd, buf, 4096, 200000);
	show_statfs("full", "/m/b");
	show(symlink, "short", "/m/b/l");
	show(mkdir, "/m/b/d", 0755);
	show(mkdir, "/m/b/e", 0755);
	show(link, "/m/b/f", "/m/b/g");
	sys(stat, "/m/b", &st);
	line("size %ld, links %ld", (long)st.st_size, (long)st.st_nlink);
	show(unlink, "/m/b/l");
	show(link, "/m/b/f", "/m/b/g");
	show(unlink, "/m/b/f");
	show(mkdir, "/m/b/e", 0755);
	show_statfs("with names", "/m/b");
	show(mount, 0, "/m/b", 0, MS_REMOUNT, "size=8k");
	show(mount, 0, "/m/b", 0, MS_REMOUNT, "nr_inodes=2");
	show(mount, 0, "/m/b", 0, MS_REMOUNT, "size=1m,nr_inodes=100");
	show(pwrite64, fd, buf, 4096, 200000);
	show(mkdir, "/m/b/h", 0755);
	show(mount, 0, "/m/b", 0, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME, 0);
	show_statfs("flags", "/m/b");
	show(umount2, "/m/b", 0);
	sys(close, fd);
	show(umount2, "/m/b", 0);
	show(mount, "x", "/m/b", "tmpfs", 0, "size=");
	show(mount, "x", "/m/b", "tmpfs", 0, "size");
	show(mount, "x", "/m/b", "tmpfs", 0, "size=10%%");
	show(mount, "x", "/m/b", "tmpfs", 0, "mode=8");
	show(mount, "x", "/m/b", "tmpfs", 0, "uid=x");
	show(mount, "x", "/m/b", "tmpfs", 0, "size=10%,,nr_blocks=4k");
	show(umount2, "/m/b", 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "euid"))
		return sys(geteuid);
	self = (char *)getauxval(AT_EXECFN);
	sys(umask, 0);
	sys(mkdir, "/m", 0755);
	sys(mkdir, "/m/a", 0755);
	sys(mkdir, "/m/b", 0755);
	sys(mount, "x", "/m/a", "tmpfs", 0, 0);
	sys(mkdir, "/m/a/dir", 0755);
	sys(mknod, "/m/a/file", S_IFREG | 0600, 0);
	sys(mknod, "/m/a/null", S_IFCHR | 0666, 0x103);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_RDONLY, 0);
	read_only();
	remounts();
	programs();
	times();
	limits();
	show(umount2, "/m/a", 0);
	line("[read-only from the start]");
	show(mount, "x", "/m/a", "tmpfs", MS_RDONLY, 0);
	show(mkdir, "/m/a/new", 0755);
	show(umount2, "/m/a", 0);
	return verdict();
}
