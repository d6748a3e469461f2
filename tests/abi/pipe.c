/*
 * pipe.c - pipe(), pipe2() and both ends of what they make: arguments, bytes and packets.
 */
#include "pipe.h"

#include <sys/stat.h>
#include <sys/uio.h>

static void arguments(void)
{
	line("[arguments]");
	show(pipe, 0);
	show(pipe, BAD);
	show(pipe2, 0, 0);
	show(pipe2, p, -1);
	show(pipe2, BAD, 1);
	show(pipe2, p, O_APPEND);
	show(pipe2, p, O_RDWR);
	show(pipe2, p, O_TRUNC);
	show(pipe2, p, O_NONBLOCK | O_SYNC);
	line("after all that the first descriptor is %ld", sys(dup, 1));
	sys(close, 3);
	p[0] = p[1] = -1;
	show(pipe, p);
	line("%d %d", p[0], p[1]);
	show_octal(fcntl, p[0], F_GETFL);
	show_octal(fcntl, p[1], F_GETFL);
	show(fcntl, p[0], F_GETFD);
	close_pipe();
	show(pipe2, p, O_NONBLOCK | O_CLOEXEC | O_DIRECT);
	show_octal(fcntl, p[0], F_GETFL);
	show_octal(fcntl, p[1], F_GETFL);
	show(fcntl, p[0], F_GETFD);
	show(fcntl, p[1], F_GETFD);
	close_pipe();
}

static void as_a_file(void)
{
	struct stat st;

	line("[as a file]");
	new_pipe(O_NONBLOCK);
	CHECK(sys(fstat, p[0], &st) == 0);
	line("mode %o, %lu links, owner %u %u, size %ld, blocks of %ld: %ld", st.st_mode, (long)st.st_nlink,
	     st.st_uid, st.st_gid, (long)st.st_size, (long)st.st_blksize, (long)st.st_blocks);
	show(lseek, p[0], 0, SEEK_SET);
	show(lseek, p[1], 0, SEEK_END);
	show(pread64, p[0], buf, 1, 0);
	show(pwrite64, p[1], buf, 1, 0);
	show(read, p[1], buf, 1);
	show(write, p[0], buf, 1);
	show(read, p[1], BAD, 0);
	show(read, p[0], buf, 0);
	show(write, p[1], buf, 0);
	show(read, p[0], BAD, 0);
	show(write, p[1], BAD, 0);
	show(read, p[0], (void *)-1, 0);
	show(read, p[0], buf, -1);
	show(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, p[0], 0);
	show(ftruncate, p[1], 0);
	show(fsync, p[1]);
	show(fallocate, p[1], 0, 0, 1);
	show(fchdir, p[0]);
	show(fchmod, p[0], 0640);
	CHECK(sys(fstat, p[1], &st) == 0);
	line("mode %o", st.st_mode);
	show(ioctl, p[0], 0x5401, buf);
	show(ioctl, p[0], FIONREAD, BAD);
	show(ioctl, p[1], FIONREAD, buf);
	show(fcntl, p[0], F_SETFL, O_RDWR);
	show_octal(fcntl, p[0], F_GETFL);
	show(fcntl, p[0], F_SETFL, O_NONBLOCK | O_DIRECT);
	show_octal(fcntl, p[0], F_GETFL);
	close_pipe();
}

static void bytes(void)
{
	line("[bytes]");
	new_pipe(O_NONBLOCK);
	events("nothing in it");
	take(1);
	put('a', 1);
	put('b', 2);
	events("three bytes");
	line("  %ld to read", unread(p[0]));
	take(2);
	take(10);
	take(1);
	put('c', 5000);
	put('d', 5000);
	line("  %ld to read", unread(p[1]));
	take(4999);
	take(2);
	take(20000);
	close_pipe();

}

static void no_more_room(void)
{
	line("[no more room]");
	new_pipe(O_NONBLOCK);
	put('a', 65536);
	events("full");
	put('b', 1);
	take(1);
	events("full but for one byte");
	put('b', 1);
	take(4094);
	put('b', 1);
	take(1);
	events("full but for a page");
	put('b', 4096);
	put('c', 1);
	take(65536);
	close_pipe();

	line("[how writes are cut]");
	new_pipe(O_NONBLOCK);
	put('a', 60000);
	put('b', 6000);
	put('c', 4096);
	line("  %ld to read", unread(p[0]));
	take(4096);
	put('d', 4097);
	take(4096 * 2);
	put('e', 4097);
	line("  %ld to read", unread(p[0]));
	close_pipe();
	new_pipe(O_NONBLOCK);
	put('a', 100000);
	put('b', 100000);
	take(100000);
	close_pipe();

}

static void small_writes(void)
{
	line("[small ones share a page]");
	new_pipe(O_NONBLOCK);
	for (int i = 0; i < 16; i++)
		CHECK(sys(write, p[1], buf, 2049) == 2049);
	put('b', 2048);
	put('b', 2047);
	put('b', 1);
	line("  %ld to read", unread(p[0]));
	close_pipe();
}

/* Of three pages the one in the middle goes. */
static void faults(char *hole)
{
	struct iovec v[2] = { { "abc", 3 }, { hole + PAGE, 4 } };

	line("[what cannot be read or written]");
	new_pipe(O_NONBLOCK);
	CHECK(sys(munmap, hole + PAGE, PAGE) == 0);
	show(write, p[1], hole + PAGE, 1);
	events("a write of nothing that can be read");
	line("  %ld to read", unread(p[0]));
	show(read, p[0], buf, 1);
	show(write, p[1], hole + PAGE - 4, 8);
	line("  %ld to read", unread(p[0]));
	show(read, p[0], buf, 100);
	show(write, p[1], hole, 2 * PAGE);
	line("  %ld to read", unread(p[0]));
	show(read, p[0], buf, 8192);
	put('x', 8);
	show(read, p[0], hole + PAGE - 4, 8);
	line("  %ld to read", unread(p[0]));
	show(read, p[0], hole + PAGE, 8);
	show(write, p[1], hole + PAGE, 4);
	show(read, p[0], buf, 100);
	put('y', 5000);
	show(read, p[0], hole, 5000);
	line("  %ld to read", unread(p[0]));
	show(writev, p[1], v, 2);
	show(read, p[0], buf, 5000);
	show(read, p[0], buf, 5000);
	close_pipe();
}

static void segments(void)
{
	char *hole = new_pages(3, MAP_PRIVATE);
	struct iovec v[3] = { { "abc", 3 }, { hole, 0 }, { "defg", 4 } };
	struct iovec r[3] = { { buf, 2 }, { buf + 10, 10 }, { buf + 20, 5 } };

	line("[several buffers]");
	new_pipe(O_NONBLOCK);
	show(writev, p[1], v, 3);
	show(writev, p[1], v, 3);
	memset(buf, 0, 30);
	show(readv, p[0], r, 3);
	line("  %s %s %s", buf, buf + 10, buf + 20);
	show(readv, p[0], r, 3);
	show(writev, p[1], v, 0);
	show(readv, p[0], r, 0);
	show(preadv, p[0], r, 3, 0, 0);

	close_pipe();
	faults(hole);
	sys(munmap, hole, 3 * PAGE);
}

static void packets(void)
{
	line("[packets]");
	new_pipe(O_NONBLOCK | O_DIRECT);
	put('a', 3);
	put('b', 3);
	line("  %ld to read", unread(p[0]));
	take(2);
	take(10);
	put('c', 5000);
	put('d', 4096);
	take(10000);
	take(10000);
	take(1);
	take(1);
	for (int i = 0; i < 15; i++)
		CHECK(sys(write, p[1], buf, 1) == 1);
	events("15 packets of a byte");
	put('e', 4097);
	put('f', 1);
	events("full of packets");
	show(fcntl, p[1], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 16; i++)
		take(5000);
	put('g', 1);
	put('h', 1);
	take(5);
	show(fcntl, p[1], F_SETFL, O_NONBLOCK | O_DIRECT);
	put('i', 1);
	put('j', 2);
	show(fcntl, p[1], F_SETFL, O_NONBLOCK);
	put('k', 3);
	put('l', 3);
	take(100);
	take(1);
	take(100);
	close_pipe();
}

int main(void)
{
	close_inherited();
	arguments();
	as_a_file();
	bytes();
	no_more_room();
	small_writes();
	segments();
	packets();
	return verdict();
}
