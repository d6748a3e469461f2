/*
 * splice.c - splice(), tee(), sendfile() and copy_file_range(): arguments, positions, and what is moved.
 */
#include "pipe.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define NONBLOCK	2
#define NAME		"splice.file"
#define OTHER		"splice.other"

static int q[2];	/* another pipe */
static long off, off2;

static long file_of(const char *name, int letter, size_t n)
{
	long fd = sys(open, name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	fill(letter, n);
	CHECK(fd >= 0 && sys(write, fd, buf, n) == (long)n);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	return fd;
}

static void new_pipes(void)
{
	CHECK(sys(pipe2, p, O_NONBLOCK) == 0);
	CHECK(sys(pipe2, q, O_NONBLOCK) == 0);
}

static void close_pipes(void)
{
	close_pipe();
	sys(close, q[0]);
	sys(close, q[1]);
}

static void where(const char *what, long fd)
{
	line("  %s: at %s", what, text(sys(lseek, fd, 0, SEEK_CUR)));
}

static void drain(int fd)
{
	long got = sys(read, fd, buf, sizeof(buf));

	if (got > 0)
		line("  read: %ld, '%c'..'%c'", got, buf[0], buf[got - 1]);
	else
		line("  read: %s", text(got));
}

static void arguments(void)
{
	long fd, wo, app;

	line("[splice: arguments]");
	fd = file_of(NAME, 'f', 10000);
	wo = sys(open, OTHER, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	app = sys(open, OTHER, O_WRONLY | O_APPEND);
	new_pipes();
	show(splice, -1, 0, -1, 0, 0, -1);
	show(splice, -1, 0, -1, 0, 1, 16);
	show(splice, -1, 0, p[1], 0, 1, 0);
	show(splice, fd, 0, -1, 0, 1, 0);
	show(splice, fd, 0, fd, 0, 1, 0);
	show(splice, p[0], 0, p[1], 0, 1, 0);
	show(splice, p[0], BAD, q[1], 0, 1, 0);
	show(splice, p[0], 0, q[1], BAD, 1, 0);
	show(splice, p[1], 0, q[1], 0, 1, 0);
	show(splice, p[0], 0, q[0], 0, 1, 0);
	show(splice, wo, 0, p[1], 0, 1, 0);
	show(splice, wo, BAD, p[1], 0, 1, 0);
	show(splice, fd, BAD, p[1], 0, 1, 0);
	show(splice, fd, BAD, p[1], BAD, 1, 0);
	off = -1;
	show(splice, fd, &off, p[1], 0, 1, 0);
	show(splice, p[0], 0, fd, &off, 1, 0);
	show(splice, p[0], 0, app, 0, 1, 0);
	show(splice, p[0], 0, wo, 0, 1, 0);
	show(splice, fd, 0, p[1], 0, -1, 0);
	drain(p[0]);
	show(tee, -1, -1, 0, 0);
	show(tee, -1, -1, 0, 16);
	show(tee, -1, q[1], 1, 0);
	show(tee, p[0], -1, 1, 0);
	show(tee, p[1], q[1], 1, 0);
	show(tee, p[0], q[0], 1, 0);
	show(tee, p[0], p[1], 1, 0);
	show(tee, fd, p[1], 1, 0);
	show(tee, p[0], fd, 1, 0);
	show(tee, p[0], q[1], 1, 0);
	close_pipes();
	sys(close, fd);
	sys(close, wo);
	sys(close, app);
}

static void files_and_pipes(void)
{
	long fd, out;

	line("[from a file]");
	fd = file_of(NAME, 'f', 10000);
	out = file_of(OTHER, 'o', 0);
	new_pipes();
	show(splice, fd, 0, p[1], 0, 100, 0);
	where("the file", fd);
	off = 5000;
	show(splice, fd, &off, p[1], 0, 3000, 0);
	line("  %ld, %ld to read", off, unread(p[0]));
	where("the file", fd);
	off = 9990;
	show(splice, fd, &off, p[1], 0, 3000, 0);
	line("  %ld, %ld to read", off, unread(p[0]));
	show(splice, fd, &off, p[1], 0, 3000, 0);
	drain(p[0]);

	line("[what is written to it later is seen]");
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	show(splice, fd, 0, p[1], 0, 3, 0);
	CHECK(sys(pwrite64, fd, "XYZ", 3, 0) == 3);
	CHECK(sys(write, p[1], "abc", 3) == 3);
	drain(p[0]);

	line("[to a file]");
	put('a', 5000);
	show(splice, p[0], 0, out, 0, 100, 0);
	where("the file", out);
	off = 20000;
	show(splice, p[0], 0, out, &off, 10000, 0);
	line("  %ld, %ld to read", off, unread(p[0]));
	show(splice, p[0], 0, out, 0, 1, NONBLOCK);
	show(splice, p[0], 0, out, 0, 1, 0);
	line("  its end: %ld", sys(lseek, out, 0, SEEK_END));
	sys(close, p[1]);
	show(splice, p[0], 0, out, 0, 1, 0);
	sys(close, p[0]);

	line("[no room, no reader]");
	new_pipe(O_NONBLOCK);
	put('x', 65536);
	show(splice, fd, 0, p[1], 0, 1, 0);
	take(4096);
	show(splice, fd, 0, p[1], 0, 10000, 0);
	signal(SIGPIPE, SIG_IGN);
	sys(close, p[0]);
	show(splice, fd, 0, p[1], 0, 1, 0);
	sys(close, p[1]);
	sys(close, q[0]);
	sys(close, q[1]);
	sys(close, fd);
	sys(close, out);
}

static void pipes(void)
{
	line("[two pipes]");
	new_pipes();
	show(splice, p[0], 0, q[1], 0, 10, 0);
	put('a', 10);
	show(splice, p[0], 0, q[1], 0, 4, 0);
	line("  %ld and %ld to read", unread(p[0]), unread(q[0]));
	put('b', 4);
	show(splice, p[0], 0, q[1], 0, 100, 0);
	line("  %ld and %ld to read", unread(p[0]), unread(q[0]));
	drain(q[0]);
	put('c', 5000);
	show(tee, p[0], q[1], 4097, 0);
	line("  %ld and %ld to read", unread(p[0]), unread(q[0]));
	CHECK(sys(write, q[1], "zz", 2) == 2);
	put('d', 5);
	drain(q[0]);
	drain(p[0]);
	put('e', 65536);
	show(splice, p[0], 0, q[1], 0, 100000, 0);
	put('f', 1);
	show(splice, p[0], 0, q[1], 0, 1, 0);
	show(tee, p[0], q[1], 1, 0);
	drain(q[0]);
	sys(close, p[1]);
	show(tee, p[0], q[1], 1, 0);
	show(splice, p[0], 0, q[1], 0, 10, 0);
	show(splice, p[0], 0, q[1], 0, 10, 0);
	show(tee, p[0], q[1], 1, 0);
	close_pipes();
	new_pipes();
	put('a', 1);
	sys(close, q[0]);
	show(splice, p[0], 0, q[1], 0, 10, 0);
	show(tee, p[0], q[1], 10, 0);
	close_pipes();
}

static void sendfiles(void)
{
	long fd = file_of(NAME, 'f', 10000), out = file_of(OTHER, 'o', 0), wo, app;

	line("[sendfile]");
	new_pipes();
	wo = sys(open, OTHER, O_WRONLY);
	app = sys(open, OTHER, O_WRONLY | O_APPEND);
	show(sendfile, -1, -1, 0, 1);
	show(sendfile, -1, -1, BAD, 1);
	show(sendfile, -1, fd, 0, 1);
	show(sendfile, out, wo, 0, 1);
	show(sendfile, p[0], fd, 0, 1);
	show(sendfile, app, fd, 0, 1);
	show(sendfile, out, p[0], 0, 1);
	off = 0;
	show(sendfile, out, p[0], &off, 1);
	off = -1;
	show(sendfile, out, fd, &off, 1);
	show(sendfile, out, fd, 0, -1);
	off = 0x7ffffffffffffffe;
	show(sendfile, out, fd, &off, 10);
	show(sendfile, out, fd, 0, 0);
	show(sendfile, out, fd, 0, 100);
	where("from", fd);
	where("to", out);
	off = 9000;
	show(sendfile, out, fd, &off, 5000);
	line("  %ld", off);
	where("from", fd);
	where("to", out);
	show(sendfile, out, fd, &off, 5000);
	show(sendfile, out, fd, 0, 100000);
	where("from", fd);
	show(sendfile, out, fd, 0, 1);
	CHECK(sys(lseek, fd, 0, SEEK_SET) == 0);
	show(sendfile, p[1], fd, 0, 20000);
	line("  %ld to read", unread(p[0]));
	where("from", fd);
	CHECK(sys(ftruncate, fd, 200000) == 0);
	show(sendfile, p[1], fd, 0, 200000);
	where("from", fd);
	show(sendfile, p[1], fd, 0, 1);
	close_pipes();
	sys(close, fd);
	sys(close, out);
	sys(close, wo);
	sys(close, app);
}

static int small_files(void *unused)
{
	struct rlimit limit = { 5000, 5000 };
	long fd = file_of(NAME, 'f', 4000), out = file_of(OTHER, 'o', 0);

	(void)unused;
	signal(SIGXFSZ, SIG_IGN);
	CHECK(sys(setrlimit, RLIMIT_FSIZE, &limit) == 0);
	off = 4000;
	off2 = 0;
	show(copy_file_range, fd, &off2, out, &off, 4000, 0);
	off2 = 0;
	show(copy_file_range, fd, &off2, out, &off, 4000, 0);
	return failures;
}

static void copies(void)
{
	long fd = file_of(NAME, 'f', 10000), out = file_of(OTHER, 'o', 0), ro, app, dir;

	line("[copy_file_range]");
	new_pipes();
	ro = sys(open, OTHER, O_RDONLY);
	app = sys(open, OTHER, O_WRONLY | O_APPEND);
	dir = sys(open, "/", O_RDONLY);
	show(copy_file_range, -1, BAD, -1, BAD, 1, 1);
	show(copy_file_range, fd, 0, -1, BAD, 1, 1);
	show(copy_file_range, fd, BAD, out, 0, 1, 1);
	show(copy_file_range, fd, 0, out, BAD, 1, 1);
	show(copy_file_range, fd, 0, out, 0, 1, 1);
	show(copy_file_range, dir, 0, p[1], 0, 1, 0);
	show(copy_file_range, p[0], 0, out, 0, 1, 0);
	show(copy_file_range, fd, 0, p[1], 0, 1, 0);
	show(copy_file_range, fd, 0, ro, 0, 1, 0);
	show(copy_file_range, fd, 0, app, 0, 1, 0);
	off = 0x7ffffffffffffff0;
	show(copy_file_range, fd, &off, out, 0, 100, 0);
	show(copy_file_range, fd, 0, out, &off, 100, 0);
	show(copy_file_range, fd, 0, fd, 0, 100, 0);
	off = 50;
	show(copy_file_range, fd, 0, fd, &off, 100, 0);
	off = 100;
	show(copy_file_range, fd, 0, fd, &off, 100, 0);
	line("  %ld", off);
	where("from", fd);
	show(copy_file_range, fd, 0, out, 0, 0, 0);
	show(copy_file_range, fd, 0, out, 0, 5000, 0);
	where("from", fd);
	where("to", out);
	show(copy_file_range, fd, 0, out, 0, 50000, 0);
	show(copy_file_range, fd, 0, out, 0, 50000, 0);
	off = 1000000;
	show(copy_file_range, fd, &off, out, 0, 50000, 0);
	close_pipes();
	sys(close, fd);
	sys(close, out);
	sys(close, ro);
	sys(close, app);
	sys(close, dir);
	try("files of up to 5000 bytes", small_files, NULL);
}

int main(void)
{
	close_inherited();
	arguments();
	files_and_pipes();
	pipes();
	sendfiles();
	copies();
	sys(unlink, NAME);
	sys(unlink, OTHER);
	return verdict();
}
