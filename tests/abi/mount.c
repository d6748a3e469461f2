/*
 * mount.c - mount(): the order of its checks, new instances, the same files at two places, mounts that move,
 * mounts on mounts, and what names mean where something is mounted.
 */
#include "abi.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_file(const char *name)
{
	int fd = sys(open, name, O_CREAT | O_WRONLY, 0600);

	sys(close, fd);
}

/* Is there such a name? And of a directory: what is its inode's place? */
static void exists(const char *name)
{
	struct stat st;
	long ret = sys(lstat, name, &st);

	line("%s: %s", name, ret ? text(ret) : S_ISDIR(st.st_mode) ? "directory" : "file");
}

static int same(const char *a, const char *b)
{
	struct stat x, y;

	if (sys(stat, a, &x) || sys(stat, b, &y))
		return -1;
	return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static void checks(void)
{
	static char long_type[5000];

	line("[order of checks]");
	show(mount, "x", "/m/none", "tmpfs", 0, 0);
	show(mount, "x", 1, "tmpfs", 0, 0);
	show(mount, 1, "/m/none", "tmpfs", 0, 0);
	show(mount, "x", "/m/none", 1, 0, 0);
	show(mount, "x", "/m/none", "tmpfs", 0, 1);
	memset(long_type, 'x', sizeof(long_type) - 1);
	show(mount, "x", "/m/none", long_type, 0, 0);
	show(mount, long_type, "/m/none", "tmpfs", 0, 0);
	show(mount, "x", "/m/a", 0, 0, 0);
	show(mount, "x", "/m/a", "", 0, 0);
	show(mount, "x", "/m/a", "no-such-type", 0, 0);
	show(mount, "x", "/m/file", "no-such-type", 0, 0);
	show(mount, "x", "/m/file", "tmpfs", 0, 0);
	show(mount, "x", "/m/a", "tmpfs", 0, "colour=red");
	show(mount, "x", "/m/a", "tmpfs", 0x80000000, 0);
	show(mount, 0, "/m/a", 0, MS_BIND, 0);
	show(mount, "", "/m/a", 0, MS_BIND, 0);
	show(mount, "/m/none", "/m/a", 0, MS_BIND, 0);
	show(mount, "/m/file", "/m/a", 0, MS_BIND, 0);
	show(mount, "/m/a", "/m/file", 0, MS_BIND, 0);
	show(mount, 0, "/m/a", 0, MS_MOVE, 0);
	show(mount, "/m/none", "/m/a", 0, MS_MOVE, 0);
	show(mount, "/m/b", "/m/a", 0, MS_MOVE, 0);
	show(mount, 0, "/m/a", 0, MS_REMOUNT, 0);
	show(mount, 0, "/m/a", 0, MS_REMOUNT | MS_BIND, 0);
	show(mount, 0, "/m/a", 0, MS_PRIVATE, 0);
	show(mount, 0, "/m/a", 0, MS_UNBINDABLE, 0);
	show(umount2, "/m/none", 0);
	show(umount2, "/m/none", 16);
	show(umount2, 1, 0);
	show(umount2, "/m/a", 0);
	show(umount2, "/m/file", 0);
	if (!sys(fork)) {
		sys(setresuid, NOBODY, NOBODY, NOBODY);
		show(mount, "x", "/m/none", "tmpfs", 0, 0);
		show(mount, "x", "/m/a", "tmpfs", 0, 0);
		show(mount, "x", "/m/a", "tmpfs", 0x80000000, 0);
		show(mount, 0, "/m/a", 0, 0, 0);
		show(umount2, "/m/a", 16);
		show(umount2, "/m/a", 0);
		show(umount2, "/m/none", 0);
		sys(exit_group, 0);
	}
	sys(wait4, -1, 0, 0, 0);
}

static void new_instance(void)
{
	line("[a new instance]");
	make_file("/m/a/below");
	show(mount, "x", "/m/a", "tmpfs", 0, 0);
	exists("/m/a/below");
	make_file("/m/a/above");
	exists("/m/a/above");
	line("another device: %d", !same("/m/a", "/m"));
	line("/m/a/.. is /m: %d", same("/m/a/..", "/m"));
	line("/m/a/../b: %d", same("/m/a/../b", "/m/b"));
	line("/m/a/./.. is /m: %d", same("/m/a/./..", "/m"));
	show(rmdir, "/m/a");
	show(unlink, "/m/a");
	show(rename, "/m/a", "/m/c");
	show(rename, "/m/b", "/m/a");
	show(rename, "/m/a/above", "/m/above");
	show(link, "/m/a/above", "/m/above");
	show(mkdir, "/m/a", 0777);
	line("[on top of it]");
	show(mount, "y", "/m/a", "tmpfs", 0, "mode=0700,size=1m");
	exists("/m/a/above");
	line("/m/a/.. is /m: %d", same("/m/a/..", "/m"));
	show(umount2, "/m/a", 0);
	exists("/m/a/above");
	show(umount2, "/m/a", 0);
	exists("/m/a/below");
	exists("/m/a/above");
	show(umount2, "/m/a", 0);
	show(mount, "x", "/m/a", "ramfs", 0, 0);
	exists("/m/a/below");
	show(umount2, "/m/a", 0);
	show(mount, "x", "/m/a", "proc", 0, 0);
	exists("/m/a/meminfo");
	show(umount2, "/m/a", 0);
	show(unlink, "/m/a/below");
}

static void binds(void)
{
	line("[bind]");
	sys(mkdir, "/m/b/d", 0755);
	make_file("/m/b/d/f");
	show(mount, "/m/b/d", "/m/a", 0, MS_BIND, 0);
	exists("/m/a/f");
	line("the same: %d, and its file: %d", same("/m/a", "/m/b/d"), same("/m/a/f", "/m/b/d/f"));
	line("/m/a/.. is /m: %d", same("/m/a/..", "/m"));
	show(link, "/m/a/f", "/m/b/d/g");
	show(rename, "/m/a/f", "/m/b/d/g");
	show(link, "/m/a/f", "/m/a/g");
	exists("/m/b/d/g");
	show(unlink, "/m/b/d/g");
	show(rmdir, "/m/b/d");
	show(mount, "/m/b/d/f", "/m/file", 0, MS_BIND, 0);
	line("a file: %d", same("/m/file", "/m/a/f"));
	show(unlink, "/m/file");
	show(unlink, "/m/b/d/f");
	exists("/m/file");
	show(umount2, "/m/file", 0);
	exists("/m/file");
	make_file("/m/b/d/f");
	line("[bind, with what is mounted below]");
	show(mount, "x", "/m/b/d", "tmpfs", 0, 0);
	make_file("/m/b/d/inner");
	exists("/m/a/f");
	exists("/m/a/inner");
	show(mount, "/m/b", "/m/c", 0, MS_BIND, 0);
	exists("/m/c/d/inner");
	exists("/m/c/d/f");
	show(umount2, "/m/c", 0);
	show(mount, "/m/b", "/m/c", 0, MS_BIND | MS_REC, 0);
	exists("/m/c/d/inner");
	show(umount2, "/m/c", 0);
	show(umount2, "/m/c/d", 0);
	show(umount2, "/m/c", 0);
	line("[unbindable]");
	show(mount, 0, "/m/b/d", 0, MS_UNBINDABLE, 0);
	show(mount, "/m/b/d", "/m/c", 0, MS_BIND, 0);
	show(mount, "/m/b", "/m/c", 0, MS_BIND | MS_REC, 0);
	exists("/m/c/d/inner");
	show(umount2, "/m/c", 0);
	show(mount, 0, "/m/b/d", 0, MS_PRIVATE | MS_REC, 0);
	show(mount, 0, "/m/b/d", 0, MS_PRIVATE | MS_SLAVE, 0);
	show(mount, 0, "/m/b/d", 0, MS_SLAVE, 0);
	show(mount, "/m/b/d", "/m/c", 0, MS_BIND, 0);
	show(umount2, "/m/c", 0);
	show(umount2, "/m/b/d", 0);
	show(umount2, "/m/a", 0);
}

static void moves(void)
{
	line("[move]");
	show(mount, "x", "/m/a", "tmpfs", 0, 0);
	make_file("/m/a/moved");
	sys(mkdir, "/m/a/d", 0755);
	show(mount, "y", "/m/a/d", "tmpfs", 0, 0);
	make_file("/m/a/d/too");
	show(mount, "/m/a/d", "/m/file", 0, MS_MOVE, 0);
	show(mount, "/m/a", "/m/a/d", 0, MS_MOVE, 0);
	show(mount, "/m/a/moved", "/m/c", 0, MS_MOVE, 0);
	show(mount, "/", "/m/c", 0, MS_MOVE, 0);
	show(mount, "/m/a", "/m/c", 0, MS_MOVE, 0);
	exists("/m/a/moved");
	exists("/m/c/moved");
	exists("/m/c/d/too");
	line("/m/c/.. is /m: %d", same("/m/c/..", "/m"));
	show(rmdir, "/m/a");
	show(mkdir, "/m/a", 0755);
	show(mount, "/m/c/d", "/m/a", 0, MS_MOVE, 0);
	exists("/m/a/too");
	exists("/m/c/d/too");
	show(umount2, "/m/c", 0);
	show(umount2, "/m/a", 0);
}

/* The current directory, and ".." from it, when something is mounted over it. */
static void directories(void)
{
	char buf[64] = "";

	line("[current directory]");
	sys(chdir, "/m/a");
	show(mount, "x", "/m/a", "tmpfs", 0, 0);
	make_file("below");
	exists("/m/a/below");
	show(chdir, "/m/a");
	make_file("inside");
	exists("/m/a/inside");
	line("%s", text(sys(getcwd, buf, sizeof(buf))));
	line("%s", buf);
	show(umount2, "/m/a", 0);
	sys(chdir, "..");
	line("%s", text(sys(getcwd, buf, sizeof(buf))));
	line("%s", buf);
	show(umount2, "a", 0);
	exists("a/below");
	sys(unlink, "a/below");
	sys(symlink, "/m/a", "/m/link");
	show(mount, "x", "/m/link", "tmpfs", 0, 0);
	line("through a link: %d", same("/m/a", "/m/link"));
	show(umount2, "/m/link", UMOUNT_NOFOLLOW);
	show(umount2, "/m/link", 0);
	show(chdir, "/");
	show(unlink, "/m/link");
}

int main(void)
{
	sys(umask, 022);
	sys(mkdir, "/m", 0755);
	sys(mkdir, "/m/a", 0755);
	sys(mkdir, "/m/b", 0755);
	sys(mkdir, "/m/c", 0755);
	make_file("/m/file");
	checks();
	new_instance();
	binds();
	moves();
	directories();
	return verdict();
}
