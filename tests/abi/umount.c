/*
 * umount.c - who keeps a mount busy, and what becomes of it when it goes all the same.
 */
#include "abi.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_file(const char *name)
{
	int fd = sys(open, name, O_CREAT | O_WRONLY, 0600);

	sys(write, fd, "text", 4);
	sys(close, fd);
}

static void new_mount(void)
{
	sys(mount, "x", "/m/a", "tmpfs", 0, 0);
	sys(mkdir, "/m/a/d", 0755);
	make_file("/m/a/f");
}

static void busy(void)
{
	int fd, status;
	char *p;
	long pid;

	line("[busy]");
	new_mount();
	fd = sys(open, "/m/a/f", O_RDWR);
	show(umount2, "/m/a", 0);
	show(umount2, "/m/a", MNT_FORCE);
	p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	sys(close, fd);
	show(umount2, "/m/a", 0);
	sys(munmap, p, 4096);
	sys(chdir, "/m/a/d");
	show(umount2, "/m/a", 0);
	sys(chdir, "/");
	sys(mount, "y", "/m/a/d", "tmpfs", 0, 0);
	show(umount2, "/m/a", 0);
	show(umount2, "/m/a/d", 0);
	fd = sys(open, "/m/a", O_RDONLY | O_DIRECTORY);
	show(umount2, "/m/a", 0);
	sys(close, fd);
	pid = sys(fork);
	if (!pid) {
		long me = sys(getpid);

		sys(chdir, "/m/a");
		sys(kill, me, SIGSTOP);
		sys(exit_group, 0);
	}
	sys(wait4, pid, &status, WUNTRACED, 0);
	show(umount2, "/m/a", 0);
	sys(kill, pid, SIGCONT);
	sys(wait4, pid, &status, 0, 0);
	show(umount2, "/m/a/f", 0);
	show(umount2, "/m/a/d", 0);
	show(umount2, "/m/a", 0);
	show(umount2, "/m/a", 0);
}

static void detached(void)
{
	char buf[16] = "", path[64] = "";
	int fd;

	line("[detach]");
	new_mount();
	sys(mount, "y", "/m/a/d", "tmpfs", 0, 0);
	make_file("/m/a/d/inner");
	fd = sys(open, "/m/a/f", O_RDWR);
	sys(chdir, "/m/a/d");
	show(umount2, "/m/a", MNT_DETACH);
	show(open, "/m/a/f", O_RDONLY);
	show(read, fd, buf, 4);
	line("%s", buf);
	show(access, "inner", F_OK);
	show(chdir, "..");
	show(access, "inner", F_OK);
	show(mkdir, "more", 0755);
	line("getcwd: %s", text(sys(getcwd, path, sizeof(path))));
	line("%s", path);
	show(mount, "x", "more", "tmpfs", 0, 0);
	show(mount, "more", "/m/a", 0, MS_BIND, 0);
	show(umount2, ".", 0);
	show(umount2, ".", MNT_DETACH);
	sys(chdir, "/");
	sys(close, fd);
	show(umount2, "/m/a", MNT_DETACH);
	show(rmdir, "/m/a");
	show(mkdir, "/m/a", 0755);
}

static void expiring(void)
{
	int fd;

	line("[expire]");
	new_mount();
	show(umount2, "/m/a", MNT_EXPIRE | MNT_FORCE);
	show(umount2, "/m/a", MNT_EXPIRE | MNT_DETACH);
	fd = sys(open, "/m/a/f", O_RDONLY);
	show(umount2, "/m/a", MNT_EXPIRE);
	sys(close, fd);
	show(umount2, "/m/a", MNT_EXPIRE);
	show(access, "/m/a/f", F_OK);
	show(umount2, "/m/a", MNT_EXPIRE);
	show(umount2, "/m/a", MNT_EXPIRE);
	show(umount2, "/m/a", MNT_EXPIRE);
	show(umount2, "/", MNT_EXPIRE);
}

int main(void)
{
	sys(umask, 022);
	sys(mkdir, "/m", 0755);
	sys(mkdir, "/m/a", 0755);
	busy();
	detached();
	expiring();
	return verdict();
}
