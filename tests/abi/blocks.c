/*
 * blocks.c - where on a device do the blocks of a file lie? In a file system in memory nowhere; but
 * who may ask, and what the answer leaves behind, is Linux's. Run as root.
 */
#include <sys/socket.h>

#include "abi.h"

#define FIBMAP		1
#define FS_IOC_FIEMAP	0xc020660b

/* Only root may ask, and loses the number of the block. A file that is no regular one has none. */
static int blocks(void *unused)
{
	static const char *const paths[] = { "blocks.a", "/dev/null", "/" };
	int block = 7, negative = -1;
	long fd;

	(void)unused;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		fd = sys(open, paths[i], O_RDONLY);
		line("%s", paths[i]);
		show(ioctl, fd, FIBMAP, &block);
		line("  %d", block);
		show(ioctl, fd, FIBMAP, &negative);
		line("  %d", negative);
		show(ioctl, fd, FIBMAP, 1);
		show(ioctl, fd, FS_IOC_FIEMAP, 1);
		CHECK(sys(close, fd) == 0);
	}
	line("socket");
	fd = sys(socket, AF_INET, SOCK_DGRAM, 0);
	show(ioctl, fd, FIBMAP, &block);
	show(ioctl, fd, FS_IOC_FIEMAP, 1);
	CHECK(sys(close, fd) == 0);
	return failures;
}

static int as_nobody(void *unused)
{
	become_nobody();
	return blocks(unused);
}

int main(void)
{
	long fd;

	close_inherited();
	fd = sys(open, "blocks.a", O_RDWR | O_CREAT, 0644);
	CHECK(fd >= 0 && sys(close, fd) == 0);
	line("[root]");
	CHECK(in_child(blocks, NULL) == 0);
	line("[nobody]");
	CHECK(in_child(as_nobody, NULL) == 0);
	return verdict();
}
