/*
 * devices.c - /dev/null, /dev/zero, /dev/full, /dev/random and /dev/urandom: read, write, positions, bad memory.
 */
#include "abi.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

#define BAD	((void *)1)

static char buf[8192], other[8192];

static int all(const char *bytes, long len, char value)
{
	for (long i = 0; i < len; i++)
		if (bytes[i] != value)
			return 0;
	return 1;
}

static void device(const char *name)
{
	long fd = sys(open, name, O_RDWR), read_only = sys(open, name, O_RDONLY);
	struct iovec two[2] = { { buf, 10 }, { other, 20 } };
	struct stat st;

	line("[%s]", name);
	CHECK(sys(fstat, fd, &st) == 0);
	line("mode %#o device %u:%u size %ld", st.st_mode, major(st.st_rdev), minor(st.st_rdev), (long)st.st_size);
	memset(buf, 'x', sizeof(buf));
	show(read, fd, buf, sizeof(buf));
	line("  all x: %d, all zero: %d", all(buf, sizeof(buf), 'x'), all(buf, sizeof(buf), 0));
	show(read, fd, buf, 0);
	show(read, fd, BAD, 8);
	show(read, fd, BAD, 0);
	show(readv, fd, two, 2);
	show(pread64, fd, buf, 16, 4096);
	show(write, fd, buf, sizeof(buf));
	show(write, fd, buf, 0);
	show(write, fd, BAD, 8);
	show(writev, fd, two, 2);
	show(pwrite64, fd, buf, 16, 4096);
	show(write, read_only, buf, 8);
	show(lseek, fd, 0, SEEK_CUR);
	show(lseek, fd, 100, SEEK_SET);
	show(lseek, fd, 0, SEEK_CUR);
	show(lseek, fd, 0, SEEK_END);
	show(lseek, fd, -1, SEEK_SET);
	show(lseek, fd, 0, 9);
	CHECK(sys(close, read_only) == 0 && sys(close, fd) == 0);
}

/* Two reads differ, and so do two halves of one. */
static void no_pattern(const char *name)
{
	long fd = sys(open, name, O_RDONLY);

	CHECK(sys(read, fd, buf, 4096) == 4096 && sys(read, fd, other, 4096) == 4096);
	line("%s: the same twice: %d, two equal halves: %d, all zero: %d", name, !memcmp(buf, other, 4096),
	     !memcmp(buf, buf + 2048, 2048), all(buf, 4096, 0));
	CHECK(sys(close, fd) == 0);
}

/* Half of the memory is there. */
static void half(const char *name)
{
	char *pages = (char *)sys(mmap, 0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long fd = sys(open, name, O_RDWR);

	CHECK(sys(munmap, pages + PAGE, PAGE) == 0);
	line("%s, half of the memory: read %s", name, text(sys(read, fd, pages, 2 * PAGE)));
	line("%s, half of the memory: write %s", name, text(sys(write, fd, pages, 2 * PAGE)));
	line("%s, none of it: read %s", name, text(sys(read, fd, pages + PAGE, 8)));
	CHECK(sys(close, fd) == 0);
}

int main(void)
{
	static const char *const names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		device(names[i]);
	no_pattern("/dev/random");
	no_pattern("/dev/urandom");
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		half(names[i]);
	return verdict();
}
