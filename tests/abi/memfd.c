/*
 * memfd.c - memfd_create(): files without a name, and seals; holes and memory ahead of its use.
 */
#include "abi.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_GET_SEALS 1034
#endif
#define SEAL 1
#define SHRINK 2
#define GROW 4
#define WRITE 8
#define FUTURE 16
#define KEEP 1
#define PUNCH 2

static int make(unsigned int flags)
{
	return sys(memfd_create, "name", flags);
}

static void show_size(const char *what, int fd)
{
	struct stat st;

	sys(fstat, fd, &st);
	line("%s: size %ld, blocks %ld, links %ld, mode %o", what, (long)st.st_size, (long)st.st_blocks,
	     (long)st.st_nlink, st.st_mode);
}

static void creation(void)
{
	char name[300];
	int fd;

	line("[create]");
	show(memfd_create, 0, 0);
	show(memfd_create, 1, 0);
	show(memfd_create, 1, 0x80);
	show(memfd_create, "", 0x80);
	memset(name, 'a', sizeof(name));
	name[249] = 0;
	fd = sys(memfd_create, name, 0);
	line("249 characters: %s", ok(fd));
	sys(close, fd);
	memset(name, 'a', sizeof(name));
	name[250] = 0;
	line("250 characters: %s", ok(sys(memfd_create, name, 0)));
	fd = sys(memfd_create, "", 0);
	line("no name: %s", ok(fd));
	show(fcntl, fd, F_GETFD, 0);
	show_octal(fcntl, fd, F_GETFL, 0);
	show_size("new", fd);
	show(fcntl, fd, F_GET_SEALS, 0);
	sys(close, fd);
	fd = make(1);
	show(fcntl, fd, F_GETFD, 0);
	sys(close, fd);
	fd = make(2);
	show(fcntl, fd, F_GET_SEALS, 0);
	sys(close, fd);
}

static void contents(void)
{
	char buf[16] = "";
	int fd = make(0);
	char *p;

	line("[contents]");
	show(write, fd, "hello", 5);
	show(lseek, fd, 0, SEEK_SET);
	line("%s: %s", text(sys(read, fd, buf, 16)), buf);
	show(ftruncate, fd, 8192);
	show_size("longer", fd);
	p = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && !memcmp(p, "hello", 6));
	p[4096] = 'x';
	show_size("touched", fd);
	show(pread64, fd, buf, 1, 4096);
	line("%c", buf[0]);
	show(ftruncate, fd, 4096);
	show_size("shorter", fd);
	show(ftruncate, fd, 0);
	show_size("empty", fd);
	sys(munmap, p, 8192);
	sys(close, fd);
}

static void holes(void)
{
	int fd = make(0), ro;
	char path[64];

	line("[fallocate]");
	show(fallocate, fd, 0, 0, 0);
	show(fallocate, fd, 0, -1, 1);
	show(fallocate, fd, PUNCH, 0, 1);
	show(fallocate, fd, 0x10, 0, 1);
	show(fallocate, fd, 0x08, 0, 4096);
	show(fallocate, fd, 0x20, 0, 4096);
	show(fallocate, fd, 0, 4096, 1);
	show_size("one page behind a hole", fd);
	show(fallocate, fd, KEEP, 8192, 4096);
	show_size("and one behind the end", fd);
	show(lseek, fd, 0, SEEK_DATA);
	show(lseek, fd, 0, SEEK_HOLE);
	show(lseek, fd, 4096, SEEK_HOLE);
	show(lseek, fd, 4097, SEEK_DATA);
	show(lseek, fd, -1, SEEK_DATA);
	show(fallocate, fd, 0, 0, 5 * 4096);
	show_size("five pages", fd);
	show(lseek, fd, 0, SEEK_HOLE);
	show(fallocate, fd, PUNCH | KEEP, 4096, 4096);
	show_size("four", fd);
	show(lseek, fd, 0, SEEK_HOLE);
	show(lseek, fd, 5000, SEEK_HOLE);
	sys(pwrite64, fd, "data", 4, 8192);
	show(lseek, fd, 0, SEEK_DATA);
	show(lseek, fd, 8192, SEEK_HOLE);
	show(fallocate, fd, PUNCH | KEEP, 100, 100000);
	show_size("one", fd);
	show(lseek, fd, 1, SEEK_DATA);
	show(lseek, fd, 4096, SEEK_DATA);
	show(lseek, fd, 20479, SEEK_HOLE);
	show(lseek, fd, 20480, SEEK_HOLE);
	snprintf(path, sizeof(path), "0123456789");
	sys(pwrite64, fd, path, 10, 0);
	show(fallocate, fd, PUNCH | KEEP, 2, 3);
	memset(path, '?', 10);
	sys(pread64, fd, path, 10, 0);
	for (int i = 0; i < 10; i++)
		path[i] = path[i] ? path[i] : '.';
	line("%.10s", path);
	sys(mkdir, "/tmp", 0777);
	ro = sys(open, "/tmp/memfd", O_RDONLY | O_CREAT, 0600);
	show(fallocate, ro, 0, 0, 1);
	sys(unlink, "/tmp/memfd");
	sys(close, ro);
	sys(close, fd);
}

static void seals(void)
{
	int fd = make(0), null = sys(open, "/dev/null", O_RDWR);

	line("[seals: checks]");
	show(fcntl, null, F_GET_SEALS, 0);
	show(fcntl, null, F_ADD_SEALS, SEAL);
	show(fcntl, null, F_ADD_SEALS, 0x100);
	show(fcntl, fd, F_ADD_SEALS, 0);
	show(fcntl, fd, F_ADD_SEALS, 0x100);
	show(fcntl, 99, F_ADD_SEALS, 0x100000000);
	sys(close, fd);
	sys(close, null);
	line("[seals: size]");
	fd = make(2);
	sys(ftruncate, fd, 8192);
	show(fcntl, fd, F_ADD_SEALS, SHRINK);
	show(ftruncate, fd, 4096);
	show(ftruncate, fd, 8193);
	show(fcntl, fd, F_ADD_SEALS, GROW);
	show(fcntl, fd, F_GET_SEALS, 0);
	show(ftruncate, fd, 8194);
	show(ftruncate, fd, 8193);
	show(pwrite64, fd, "xy", 2, 8191);
	show(pwrite64, fd, "xy", 2, 8192);
	show(pwrite64, fd, "xy", 2, 4095);
	show(fallocate, fd, 0, 0, 8193);
	show(fallocate, fd, 0, 0, 8194);
	show(fallocate, fd, KEEP, 0, 20000);
	show(fcntl, fd, F_ADD_SEALS, SEAL);
	show(fcntl, fd, F_ADD_SEALS, WRITE);
	show(fcntl, fd, F_GET_SEALS, 0);
	sys(close, fd);
}

static void sealed_writing(void)
{
	int fd;
	char *p;

	line("[seals: writing]");
	fd = make(2);
	sys(ftruncate, fd, 4096);
	p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	show(fcntl, fd, F_ADD_SEALS, WRITE);
	sys(munmap, p, 4096);
	p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	show(fcntl, fd, F_ADD_SEALS, WRITE);
	show(write, fd, "x", 1);
	show(fallocate, fd, PUNCH | KEEP, 0, 4096);
	show(fallocate, fd, KEEP, 0, 4096);
	show(ftruncate, fd, 4095);
	show(mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	show_ok(mmap, 0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	show_ok(mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	p[0] = 'p';
	sys(close, fd);
	line("[seals: future writing]");
	fd = make(2);
	sys(ftruncate, fd, 4096);
	p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	show(fcntl, fd, F_ADD_SEALS, FUTURE);
	p[0] = 'q';
	show(write, fd, "x", 1);
	show(mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	sys(munmap, p, 4096);
	p = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	line("mapped: %c", p[0]);
	show(mprotect, p, 4096, PROT_READ | PROT_WRITE);
	show(fcntl, fd, F_ADD_SEALS, WRITE);
	show(fcntl, fd, F_GET_SEALS, 0);
	sys(close, fd);
}

static void nothing(int sig)
{
	(void)sig;
}

/* A signal ends the call: what it has made is taken back, and what was written stays. */
static void interrupted(void)
{
	struct sigaction action = { .sa_handler = nothing };
	struct itimerval soon = { .it_value = { 0, 30000 } };
	int fd = make(0);

	line("[interrupted]");
	CHECK(sys(write, fd, "data", 4) == 4);
	CHECK(sigaction(SIGALRM, &action, NULL) == 0);
	CHECK(sys(setitimer, ITIMER_REAL, &soon, 0) == 0);
	show(fallocate, fd, 0, 0, 1l << 40);
	show_size("afterwards", fd);
	sys(close, fd);
}

int main(void)
{
	creation();
	contents();
	holes();
	seals();
	sealed_writing();
	interrupted();
	return verdict();
}
