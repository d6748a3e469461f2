/*
 * inotify.c - watches: the order of the calls' checks, which events each call on files causes, in which order,
 * with which names; reading, polling, overflow.
 */
#include "abi.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int in;

static const struct { unsigned int bit; const char *name; } bits[] = {
	{ IN_ACCESS, "ACCESS" }, { IN_MODIFY, "MODIFY" }, { IN_ATTRIB, "ATTRIB" },
	{ IN_CLOSE_WRITE, "CLOSE_WRITE" }, { IN_CLOSE_NOWRITE, "CLOSE_NOWRITE" }, { IN_OPEN, "OPEN" },
	{ IN_MOVED_FROM, "MOVED_FROM" }, { IN_MOVED_TO, "MOVED_TO" }, { IN_CREATE, "CREATE" },
	{ IN_DELETE, "DELETE" }, { IN_DELETE_SELF, "DELETE_SELF" }, { IN_MOVE_SELF, "MOVE_SELF" },
	{ IN_UNMOUNT, "UNMOUNT" }, { IN_Q_OVERFLOW, "Q_OVERFLOW" }, { IN_IGNORED, "IGNORED" },
	{ IN_ISDIR, "ISDIR" },
};

/* All events there are. */
static void events(const char *what)
{
	static char buf[8192] __attribute__((aligned(8)));
	static unsigned int first;
	long n = sys(read, in, buf, sizeof(buf));

	line("%s:%s", what, n == -EAGAIN ? " nothing" : "");
	for (char *p = buf; n > 0 && p < buf + n;) {
		struct inotify_event *e = (struct inotify_event *)p;
		char text_of[128] = "";

		for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
			if (e->mask & bits[i].bit) {
				strcat(text_of, " ");
				strcat(text_of, bits[i].name);
			}
		}
		if (e->cookie && !first)
			first = e->cookie;
		line("  %d%s%s%s (%u) cookie %d", e->wd, text_of, e->len ? " " : "",
		     e->len ? e->name : "", e->len, e->cookie ? (int)(e->cookie - first + 1) : 0);
		p += sizeof(*e) + e->len;
	}
}

static void checks(void)
{
	int null = sys(open, "/dev/null", O_RDONLY), fd;

	line("[order of checks]");
	show(inotify_init1, 1);
	show(inotify_init1, 0x80000000);
	fd = sys(inotify_init1, IN_CLOEXEC);
	show(fcntl, fd, F_GETFD, 0);
	show_octal(fcntl, fd, F_GETFL, 0);
	sys(close, fd);
	show(inotify_add_watch, 99, "/i", 0);
	show(inotify_add_watch, 99, "/i", 0x00010000);
	show(inotify_add_watch, 99, 1, IN_ACCESS);
	show(inotify_add_watch, null, "/i", IN_ACCESS | IN_MASK_ADD | IN_MASK_CREATE);
	show(inotify_add_watch, null, "/i/none", IN_ACCESS);
	show(inotify_add_watch, in, "/i/none", IN_ACCESS | IN_MASK_ADD | IN_MASK_CREATE);
	show(inotify_add_watch, in, "/i/none", IN_ACCESS);
	show(inotify_add_watch, in, 1, IN_ACCESS);
	show(inotify_add_watch, in, "/i/f", IN_ACCESS | IN_ONLYDIR);
	show(inotify_rm_watch, 99, 1);
	show(inotify_rm_watch, null, 1);
	show(inotify_rm_watch, in, 1);
	show(inotify_rm_watch, in, 0);
	show(inotify_rm_watch, in, -1);
	sys(chmod, "/i/f", 0200);
	if (!sys(fork)) {
		sys(setresuid, NOBODY, NOBODY, NOBODY);
		show(inotify_add_watch, in, "/i/f", IN_ACCESS);
		show(inotify_add_watch, in, "/i", IN_ONESHOT);
		sys(exit_group, 0);
	}
	sys(wait4, -1, 0, 0, 0);
	sys(chmod, "/i/f", 0644);
	sys(close, null);
	events("before");
}

static void watches(void)
{
	line("[watches]");
	show(inotify_add_watch, in, "/i/f", IN_OPEN);
	show(inotify_add_watch, in, "/i/f", IN_CLOSE);
	show(inotify_add_watch, in, "/i/f", IN_OPEN | IN_MASK_CREATE);
	sys(close, sys_args(SYS_open, "/i/f", O_RDONLY, 0, 0, 0, 0, 0));
	events("the second mask");
	show(inotify_add_watch, in, "/i/f", IN_OPEN | IN_MASK_ADD);
	sys(close, sys_args(SYS_open, "/i/f", O_RDONLY, 0, 0, 0, 0, 0));
	events("both");
	sys(symlink, "f", "/i/link");
	show(inotify_add_watch, in, "/i/link", IN_OPEN);
	show(inotify_add_watch, in, "/i/link", IN_ATTRIB | IN_DONT_FOLLOW);
	show(inotify_rm_watch, in, 3);
	show(inotify_rm_watch, in, 3);
	show(inotify_rm_watch, in, 2);
	events("removed");
	sys(unlink, "/i/link");
	show(inotify_add_watch, in, "/i/f", IN_OPEN | IN_ONESHOT);
	sys(close, sys_args(SYS_open, "/i/f", O_RDONLY, 0, 0, 0, 0, 0));
	events("once");
}

static void files(void)
{
	struct timespec times[2] = { { 1, 0 }, { 1, UTIME_OMIT } };
	char buf[4096];
	int fd;

	line("[a directory and a file in it]");
	show(inotify_add_watch, in, "/i", IN_ALL_EVENTS);
	fd = sys(open, "/i/new", O_RDWR | O_CREAT, 0600);
	events("create");
	line("watch %s", ok(sys(inotify_add_watch, in, "/i/new", IN_ALL_EVENTS)));
	sys(write, fd, "text", 4);
	events("write");
	sys(write, fd, "text", 4);
	sys(write, fd, "text", 4);
	events("two writes");
	sys(write, fd, "text", 0);
	events("of nothing");
	sys(lseek, fd, 0, SEEK_SET);
	sys(read, fd, buf, 100);
	sys(read, fd, buf, 100);
	events("read");
	sys(fchmod, fd, 0644);
	events("fchmod");
	sys(fchown, fd, 0, 0);
	events("fchown");
	sys(ftruncate, fd, 2);
	events("ftruncate");
	sys(fallocate, fd, 0, 0, 100);
	events("fallocate");
	sys(utimensat, AT_FDCWD, "/i/new", 0, 0);
	events("utimensat");
	sys(utimensat, AT_FDCWD, "/i/new", times, 0);
	events("time of access");
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = 0;
	sys(utimensat, AT_FDCWD, "/i/new", times, 0);
	events("time of change");
	sys(close, fd);
	events("close");
}

static void names(void)
{
	char buf[4096];
	int fd;

	line("[names, and what is read]");
	sys(close, sys_args(SYS_open, "/i/new", O_WRONLY | O_TRUNC, 0, 0, 0, 0, 0));
	events("truncated by open");
	sys(link, "/i/new", "/i/other");
	events("link");
	sys(unlink, "/i/new");
	events("unlink of one name");
	fd = sys(open, "/i/other", O_RDONLY);
	events("open");
	sys(unlink, "/i/other");
	events("unlink of the last");
	sys(close, fd);
	events("close of the last");
	fd = sys(open, "/i", O_RDONLY | O_DIRECTORY);
	sys(getdents64, fd, buf, sizeof(buf));
	sys(close, fd);
	events("the directory read");
	sys(mknod, "/i/fifo", S_IFIFO | 0600, 0);
	sys(symlink, "x", "/i/link");
	sys(stat, "/i/f", buf);
	sys(readlink, "/i/link", buf, 100);
	sys(unlink, "/i/link");
	sys(unlink, "/i/fifo");
	events("mknod, symlink, unlink");
}

static void directories(void)
{
	line("[directories]");
	sys(mkdir, "/i/d", 0755);
	events("mkdir");
	line("watch %s", ok(sys(inotify_add_watch, in, "/i/d", IN_ALL_EVENTS)));
	sys(chmod, "/i/d", 0700);
	events("chmod");
	sys(mkdir, "/i/d/e", 0755);
	events("in it");
	sys(rmdir, "/i/d/e");
	events("rmdir in it");
	sys(rmdir, "/i/d");
	events("rmdir");
}

static void moves(void)
{
	line("[rename]");
	sys(mkdir, "/i/a", 0755);
	sys(mkdir, "/i/b", 0755);
	sys(mknod, "/i/a/f", S_IFREG | 0600, 0);
	sys(mknod, "/i/b/g", S_IFREG | 0600, 0);
	events("made");
	show(inotify_add_watch, in, "/i/a", IN_ALL_EVENTS);
	show(inotify_add_watch, in, "/i/b", IN_ALL_EVENTS);
	show(inotify_add_watch, in, "/i/a/f", IN_ALL_EVENTS);
	show(inotify_add_watch, in, "/i/b/g", IN_ALL_EVENTS);
	sys(rename, "/i/a/f", "/i/a/h");
	events("in its directory");
	sys(rename, "/i/a/h", "/i/b/h");
	events("to another");
	sys(renameat2, AT_FDCWD, "/i/b/h", AT_FDCWD, "/i/b/g", 2);
	events("exchanged");
	sys(rename, "/i/b/h", "/i/b/g");
	events("over another");
	sys(rename, "/i/b/g", "/i/elsewhere");
	events("out of it");
	sys(rename, "/i/a", "/i/c");
	events("a directory");
	sys(unlink, "/i/elsewhere");
	sys(rmdir, "/i/b");
	sys(rmdir, "/i/c");
	events("gone");
}

static void queue(void)
{
	struct pollfd p = { .fd = in, .events = POLLIN | POLLOUT };
	static char buf[64];
	int n, fd;

	line("[reading]");
	show(inotify_add_watch, in, "/i/f", IN_ALL_EVENTS);
	show(poll, &p, 1, 0);
	show(read, in, buf, sizeof(buf));
	show(write, in, buf, 1);
	show(lseek, in, 0, SEEK_SET);
	fd = sys(open, "/i/f", O_RDONLY);
	show(poll, &p, 1, 0);
	line("%#x", p.revents);
	show(ioctl, in, FIONREAD, &n);
	line("%d", n);
	show(ioctl, in, 0x1234, 0);
	show(read, in, buf, 0);
	show(read, in, buf, 15);
	show(read, in, buf, 31);
	show(read, in, 1, 64);
	show(ioctl, in, FIONREAD, &n);
	line("%d", n);
	sys(close, fd);
	events("closed");
	line("[excluded]");
	fd = sys(open, "/i/x", O_RDWR | O_CREAT, 0600);
	line("%s", ok(sys(inotify_add_watch, in, "/i", IN_MODIFY | IN_EXCL_UNLINK)));
	sys(write, fd, "x", 1);
	sys(unlink, "/i/x");
	sys(write, fd, "x", 1);
	sys(close, fd);
	events("not after it was removed");
}

static void overflow(void)
{
	long n, count = 0, bytes = 0;
	static char buf[65536];
	struct inotify_event *last = 0;

	line("[overflow]");
	sys(inotify_add_watch, in, "/i", IN_CREATE | IN_DELETE);
	for (int i = 0; i < 9000; i++) {
		sys(mknod, "/i/n", S_IFREG | 0600, 0);
		sys(unlink, "/i/n");
	}
	while ((n = sys(read, in, buf, sizeof(buf))) > 0) {
		bytes += n;
		for (char *p = buf; p < buf + n; p += sizeof(*last) + last->len, count++)
			last = (struct inotify_event *)p;
		last = (struct inotify_event *)(buf + n - sizeof(*last));
	}
	line("%ld events, %ld bytes", count, bytes);
	line("the last: wd %d, overflow %d, len %d", last->wd, last->mask == IN_Q_OVERFLOW, last->len);
	sys(mknod, "/i/n", S_IFREG | 0600, 0);
	sys(unlink, "/i/n");
	events("goes on");
}

static void unmounted(void)
{
	line("[unmount]");
	sys(mkdir, "/i/m", 0755);
	if (sys(mount, "x", "/i/m", "tmpfs", 0, 0))
		return;
	sys(mknod, "/i/m/f", S_IFREG | 0600, 0);
	sys(inotify_add_watch, in, "/i/m/f", IN_OPEN);
	events("before");
	show(umount2, "/i/m", 0);
	events("after");
	sys(rmdir, "/i/m");
	events("rmdir");
}

int main(void)
{
	sys(umask, 022);
	sys(mkdir, "/i", 0755);
	sys(mknod, "/i/f", S_IFREG | 0644, 0);
	in = sys(inotify_init1, IN_NONBLOCK);
	checks();
	watches();
	files();
	names();
	directories();
	moves();
	queue();
	overflow();
	unmounted();
	show(close, in);
	return verdict();
}
