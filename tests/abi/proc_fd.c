/*
 * proc_fd.c - /proc/self/fd and fdinfo: what the links say and lead to, for each kind of file; and maps.
 */
#include "proc.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

static const char *fd_path(const char *what, long fd)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/self/%s/%ld", what, fd);
	return path;
}

/* The link of @fd, its numbers replaced. */
static void shows(const char *what, long fd)
{
	char name[4200];
	struct stat st;

	strcpy(name, link_text(fd_path("fd", fd)));
	line("%s: %s", what, no_numbers(name, 0));
	CHECK(sys(lstat, fd_path("fd", fd), &st) == 0);
	line("  mode %o size %ld", st.st_mode, (long)st.st_size);
}

static void same_file(long fd)
{
	struct stat a, b;

	CHECK(sys(fstat, fd, &a) == 0);
	CHECK(sys(stat, fd_path("fd", fd), &b) == 0);
	line("  the same file: %d", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
}

static void kinds(void)
{
	long fd, other;
	char c[8];

	line("[kinds of files]");
	fd = sys(open, "proc_fd.a", O_RDWR | O_CREAT, 0600);
	line("a file: its name %d", strstr(link_text(fd_path("fd", fd)), "/proc_fd.a") != NULL);
	same_file(fd);
	CHECK(sys(write, fd, "abcdef", 6) == 6);
	other = sys(open, fd_path("fd", fd), O_RDONLY);
	line("opened again: %s, reads %s", ok(other), text(sys(read, other, c, 3)));
	show(lseek, fd, 0, SEEK_CUR);
	sys(close, other);
	show(link, fd_path("fd", fd), "proc_fd.b");
	show(linkat, AT_FDCWD, fd_path("fd", fd), AT_FDCWD, "proc_fd.c", AT_SYMLINK_FOLLOW);
	CHECK(sys(rename, "proc_fd.a", "proc_fd.d") == 0);
	line("renamed: %d", strstr(link_text(fd_path("fd", fd)), "/proc_fd.d") != NULL);
	CHECK(sys(unlink, "proc_fd.d") == 0);
	line("deleted: %s", strrchr(link_text(fd_path("fd", fd)), '/'));
	other = sys(open, fd_path("fd", fd), O_RDONLY);
	line("opened again: %s, reads %s", ok(other), text(sys(read, other, c, 6)));
	sys(close, other);
	show(open, fd_path("fd", fd), O_RDONLY | O_DIRECTORY);
	show(open, fd_path("fd", fd), O_RDONLY | O_NOFOLLOW);
	sys(close, fd);
	show(open, fd_path("fd", fd), O_RDONLY);
	show(readlink, fd_path("fd", fd), c, 8);
	sys(unlink, "proc_fd.c");

	fd = sys(open, "/dev/null", O_WRONLY);
	shows("/dev/null", fd);
	same_file(fd);
	sys(close, fd);
	fd = sys(open, "/", O_RDONLY | O_DIRECTORY);
	shows("/", fd);
	line("below it: %s", text(sys(access, strcat(strcpy(proc_text, fd_path("fd", fd)), "/dev"), 0)));
	sys(close, fd);
	fd = sys(socket, AF_INET, SOCK_STREAM, 0);
	shows("a socket", fd);
	same_file(fd);
	show(open, fd_path("fd", fd), O_RDONLY);
	sys(close, fd);
	fd = sys(eventfd2, 0, 0);
	shows("an eventfd", fd);
	sys(close, fd);
	fd = sys(timerfd_create, CLOCK_MONOTONIC, 0);
	shows("a timerfd", fd);
	sys(close, fd);
	fd = sys(memfd_create, "name", 0);
	shows("a memfd", fd);
	CHECK(sys(write, fd, "memory", 6) == 6);
	other = sys(open, fd_path("fd", fd), O_RDONLY);
	line("  opened again: %s, reads %s", ok(other), text(sys(read, other, c, 8)));
	sys(close, other);
	sys(close, fd);
	fd = sys(open, "/proc/self/fd", O_RDONLY);
	shows("itself", fd);
	sys(close, fd);
}

static void names(void)
{
	static const char *const wrong[] = { "00", "01", "-1", "+1", "1x", "", "4294967296", "1048577", "x" };
	char path[64];
	long fd = sys(dup2, 1, 77);

	line("[names]");
	line("77 listed: %d, 78: %d, in fdinfo: %d", is_listed("/proc/self/fd", "77"), is_listed("/proc/self/fd", "78"),
	     is_listed("/proc/self/fdinfo", "77"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%s", wrong[i]);
		line("\"%s\": %s", wrong[i], *wrong[i] ? link_text(path) : text(sys(access, path, 0)));
		snprintf(path, sizeof(path), "/proc/self/fdinfo/%s", wrong[i]);
		line("\"%s\" in fdinfo: %s", wrong[i], text(sys(access, path, 0)));
	}
	sys(close, fd);
	line("77 listed: %d", is_listed("/proc/self/fd", "77"));
}

static void info(const char *what, long fd)
{
	struct stat st;

	line("%s: %s", what, ok(read_proc(fd_path("fdinfo", fd))));
	CHECK(sys(fstat, fd, &st) == 0);
	CHECK(number("ino") == (long)st.st_ino && number("mnt_id") > 0);
	line("  pos %s", field("pos"));
	line("  flags %s", field("flags"));
}

static void fdinfo(void)
{
	long fd = sys(open, "proc_fd.a", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	line("[fdinfo]");
	info("for appending", fd);
	CHECK(sys(write, fd, "abcdef", 6) == 6);
	info("six bytes later", fd);
	CHECK(sys(fcntl, fd, F_SETFD, 0) == 0 && sys(fcntl, fd, F_SETFL, O_NONBLOCK) == 0);
	info("other flags", fd);
	sys(close, fd);
	sys(unlink, "proc_fd.a");
	fd = sys(open, "/", O_RDONLY | O_DIRECTORY);
	info("a directory", fd);
	sys(close, fd);
	show(open, "/proc/self/fdinfo/0", O_WRONLY);
}

/* The line of maps that @addr is in: its fields, without numbers. */
static void area(const char *what, const void *addr)
{
	unsigned long start, end;

	read_proc("/proc/self/maps");
	for (char *l = strtok(proc_text, "\n"); l; l = strtok(NULL, "\n")) {
		if (sscanf(l, "%lx-%lx", &start, &end) != 2 || (unsigned long)addr < start ||
		    (unsigned long)addr >= end)
			continue;
		line("%s: %lu pages, %.4s, %s", what, (end - start) / PAGE, strchr(l, ' ') + 1,
		     strlen(l) > 73 ? l + 73 : "no name");
		CHECK(strlen(l) <= 73 || l[72] == ' ');
		return;
	}
	line("%s: nothing", what);
}

static int in_data = 1;

static void maps(void)
{
	char *p = new_pages(8, MAP_PRIVATE), *q, *brk = (char *)sys(brk, 0), c;
	long fd = sys(open, "proc_fd.a", O_RDWR | O_CREAT, 0600);
	unsigned long last = 0, start, end;
	int rising = 1;

	line("[maps]");
	area("8 pages", p);
	CHECK(sys(mprotect, p + 2 * PAGE, PAGE, PROT_READ) == 0 && sys(munmap, p + 5 * PAGE, PAGE) == 0);
	area("before", p);
	area("protected", p + 2 * PAGE);
	area("behind", p + 3 * PAGE);
	area("unmapped", p + 5 * PAGE);
	CHECK(sys(mprotect, p, PAGE, PROT_NONE) == 0);
	area("not accessible", p);
	area("shared", q = new_pages(2, MAP_SHARED));
	CHECK(sys(ftruncate, fd, 3 * PAGE) == 0);
	q = (char *)sys(mmap, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, PAGE);
	read_proc("/proc/self/maps");
	line("of a file: %d", strstr(proc_text, "/proc_fd.a\n") != NULL);
	CHECK(q[0] == 0);
	sys(unlink, "proc_fd.a");
	read_proc("/proc/self/maps");
	line("deleted: %d", strstr(proc_text, "/proc_fd.a (deleted)\n") != NULL);
	CHECK((char *)sys(brk, brk + PAGE) == brk + PAGE);
	read_proc("/proc/self/maps");
	line("heap: %d, stack: %d", strstr(proc_text, "[heap]\n") != NULL, strstr(proc_text, "[stack]\n") != NULL);
	for (char *l = strtok(proc_text, "\n"); l; l = strtok(NULL, "\n"), last = end) {
		CHECK(sscanf(l, "%lx-%lx", &start, &end) == 2);
		rising &= start >= last && end > start;
	}
	line("in order: %d", rising);
	CHECK(in_data);

	/* byte by byte it is the same text */
	fd = sys(open, "/proc/self/maps", O_RDONLY);
	long n = sys(read, fd, proc_text, 4000), i = 0;
	CHECK(n > 0 && sys(lseek, fd, 0, SEEK_SET) == 0);
	while (i < 300 && sys(read, fd, &c, 1) == 1 && c == proc_text[i])
		i++;
	line("byte by byte: %ld", i);
	show(write, fd, &c, 1);
	show(open, "/proc/self/maps", O_WRONLY);
	sys(close, fd);
}

int main(void)
{
	close_inherited();
	kinds();
	names();
	fdinfo();
	maps();
	return verdict();
}
