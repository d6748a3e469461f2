/*
 * fifo.c - FIFOs: what open() waits for, and what goes on behind a name.
 */
#include "abi.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define NAME "fifo.name"

static char buf[8192];

static void on_signal(int sig)
{
	(void)sig;
}

static void events(const char *what, int fd)
{
	struct pollfd p = { fd, 0x1fff, 0 };
	long n = sys(poll, &p, 1, 0);

	line("  %s: %ld %#x", what, n, p.revents);
}

static long later(long ms, int (*fn)(void))
{
	long pid = sys(fork);

	if (pid == 0) {
		sleep_ms(ms);
		sys(exit_group, fn());
	}
	CHECK(pid > 0);
	return pid;
}

static void reap(long pid)
{
	int status;

	CHECK(sys(wait4, pid, &status, 0, 0) == pid);
	line("  the child: %s", ending(status));
}

static int open_and_write(void)
{
	long fd = sys(open, NAME, O_WRONLY);

	return sys(write, fd, "abc", 3) == 3 ? 0 : 1;
}

static int open_and_read(void)
{
	long fd = sys(open, NAME, O_RDONLY);

	return sys(read, fd, buf, 100) == 3 && sys(read, fd, buf, 100) == 0 ? 0 : 1;
}

static int open_and_close(void)
{
	long fd = sys(open, NAME, O_WRONLY | O_NONBLOCK);

	return fd < 0 || sys(close, fd) ? 1 : 0;
}

static int open_to_read_and_close(void)
{
	long fd = sys(open, NAME, O_RDONLY | O_NONBLOCK);

	return fd < 0 || sys(close, fd) ? 1 : 0;
}

static int interrupt(void)
{
	long parent = sys(getppid);

	return sys(kill, parent, SIGUSR1);
}

static void as_a_file(void)
{
	struct stat st;

	line("[as a file]");
	show(mknod, NAME, S_IFIFO | 0640, 0);
	show(mknod, NAME, S_IFIFO | 0640, 0);
	CHECK(sys(stat, NAME, &st) == 0);
	line("mode %o, %lu links, size %ld", st.st_mode, (long)st.st_nlink, (long)st.st_size);
	show(open, NAME, O_WRONLY | O_NONBLOCK);
	show(open, NAME, O_WRONLY | O_NONBLOCK | O_CREAT | O_TRUNC, 0600);
	show(open, NAME, O_WRONLY | O_NONBLOCK | O_CREAT | O_EXCL, 0600);
	show(open, NAME, O_RDONLY | O_DIRECTORY);
	show(open, NAME "/", O_RDONLY);
	show(open, NAME, O_RDWR | O_DIRECT);
	show(open, NAME, 3); /* neither to read nor to write */
	show(truncate, NAME, 0);
	show(open, NAME, O_RDWR);
	show_octal(fcntl, 3, F_GETFL);
	show(lseek, 3, 0, SEEK_SET);
	show(pread64, 3, buf, 1, 0);
	show(fsync, 3);
	show(ftruncate, 3, 0);
	show(fallocate, 3, 0, 0, 1);
	show(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, 3, 0);
	show(fcntl, 3, F_GETPIPE_SZ);
	show(write, 3, "abc", 3);
	events("both ends", 3);
	show(read, 3, buf, 2);
	CHECK(sys(fstat, 3, &st) == 0);
	line("mode %o, size %ld", st.st_mode, (long)st.st_size);
	sys(close, 3);
	show(open, NAME, O_RDWR | O_NONBLOCK);
	show(read, 3, buf, 2); /* what was in it is gone */
	sys(close, 3);
	show(chmod, NAME, 0);
}

static int of_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	show(open, NAME, O_RDWR);
	show(open, NAME, O_RDONLY | O_NONBLOCK);
	return failures;
}

static void without_waiting(void)
{
	line("[without waiting]");
	show(open, NAME, O_RDONLY | O_NONBLOCK);
	events("no writer has come", 3);
	show(read, 3, buf, 1);
	show(open, NAME, O_WRONLY | O_NONBLOCK);
	events("a writer", 3);
	events("of the writer", 4);
	show(write, 4, "abc", 3);
	show(close, 4);
	events("the writer has gone", 3);
	show(read, 3, buf, 10);
	show(read, 3, buf, 10);
	events("the writer has gone", 3);
	show(open, NAME, O_WRONLY);
	events("another writer", 3);
	show(read, 3, buf, 10);
	show(write, 4, "def", 3);
	show(close, 3);
	events("no reader", 4);
	show(open, NAME, O_RDONLY);
	events("what the last one left", 3);
	show(read, 3, buf, 10);
	show(open, NAME, O_RDONLY);
	show(close, 3);
	show(write, 4, "ghi", 3);
	show(read, 5, buf, 10);
	show(close, 4);
	show(read, 5, buf, 10);
	show(close, 5);

	show(open, NAME, O_RDONLY | O_NONBLOCK);
	reap(later(0, open_and_close));
	events("a writer has come and gone", 3);
	show(open, NAME, O_RDONLY | O_NONBLOCK);
	events("the first reader", 3);
	events("a reader that came later", 4);
	show(close, 3);
	show(close, 4);
}

static void waiting(void)
{
	struct sigaction act = { .sa_handler = on_signal }, again = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	long pid, other;

	line("[a reader waits for a writer]");
	pid = later(50, open_and_write);
	show(open, NAME, O_RDONLY);
	show(read, 3, buf, 10);
	show(read, 3, buf, 10);
	show(close, 3);
	reap(pid);
	pid = later(50, open_and_close); /* it has gone again when we run */
	show(open, NAME, O_RDONLY);
	show(read, 3, buf, 10);
	events("no writer any more", 3);
	show(close, 3);
	reap(pid);

	line("[a writer waits for a reader]");
	pid = later(50, open_and_read);
	show(open, NAME, O_WRONLY);
	show(write, 3, "abc", 3);
	show(close, 3);
	reap(pid);
	pid = later(50, open_to_read_and_close);
	show(open, NAME, O_WRONLY);
	reap(pid);
	events("no reader any more", 3);
	show(close, 3);

	line("[interrupted]");
	CHECK(sigaction(SIGUSR1, &act, NULL) == 0);
	pid = later(50, interrupt);
	show(open, NAME, O_RDONLY);
	reap(pid);
	pid = later(50, interrupt);
	show(open, NAME, O_WRONLY);
	reap(pid);
	show(open, NAME, O_WRONLY | O_NONBLOCK);
	show(open, "/", O_RDONLY);
	show(close, 3);
	CHECK(sigaction(SIGUSR1, &again, NULL) == 0);
	pid = later(50, interrupt);
	other = later(150, open_and_write);
	show(open, NAME, O_RDONLY);
	show(read, 3, buf, 10);
	show(close, 3);
	reap(pid);
	reap(other);
}

static void names(void)
{
	line("[names]");
	show(link, NAME, "fifo.2");
	show(open, NAME, O_RDONLY | O_NONBLOCK);
	show(open, "fifo.2", O_WRONLY | O_NONBLOCK);
	show(write, 4, "abc", 3);
	show(unlink, NAME);
	show(unlink, "fifo.2");
	show(read, 3, buf, 10);
	show(mknod, NAME, S_IFIFO | 0600, 0);
	show(open, NAME, O_WRONLY | O_NONBLOCK);
	show(close, 4);
	show(close, 3);
	show(symlink, NAME, "fifo.2");
	show(open, "fifo.2", O_RDONLY | O_NONBLOCK);
	show(open, "fifo.2", O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
	show(close, 3);
	show(unlink, "fifo.2");
	show(mknodat, AT_FDCWD, "fifo.2", S_IFIFO | 0600, 5);
	show(rename, NAME, "fifo.2");
	show(unlink, "fifo.2");
	show(mknod, NAME, S_IFIFO | 0600, 0);
}

int main(void)
{
	close_inherited();
	sys(unlink, NAME);
	sys(unlink, "fifo.2");
	sys(umask, 0);
	as_a_file();
	try("of nobody, mode 0", of_nobody, NULL);
	CHECK(sys(chmod, NAME, 0640) == 0);
	without_waiting();
	waiting();
	names();
	CHECK(sys(unlink, NAME) == 0);
	return verdict();
}
