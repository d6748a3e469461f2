/*
 * bench.c - instructions per system call, counted by the TSC.
 *
 * One line per call: "getppid 87". The loop's own cost is taken off. Run by `make bench`.
 */
#include "bench.h"

#include <sys/socket.h>
#include <sys/stat.h>

#define WARM_UP		100
#define ROUNDS		1000

static void nothing(void)
{
	asm volatile("" : : : "memory");
}

static void getppid_call(void)
{
	long nr = SYS_getppid;

	asm volatile("syscall" : "+a"(nr) : : "rcx", "r11", "memory");
}

static void tcp(void)
{
	call1(SYS_close, call(SYS_socket, AF_INET, SOCK_STREAM, 0));
}

static void udp(void)
{
	call1(SYS_close, call(SYS_socket, AF_INET, SOCK_DGRAM, 0));
}

static void bad_family(void)
{
	call(SYS_socket, -1, SOCK_STREAM, 0);
}

static void bad_protocol(void)
{
	call(SYS_socket, AF_INET, SOCK_STREAM, 17);
}

static void dup_close(void)
{
	call1(SYS_close, call1(SYS_dup, 1));
}

/* Map a page where there is room and unmap it; change a page in the middle of all areas, and back. */
static void map_unmap(void)
{
	call(SYS_munmap, raw_syscall(SYS_mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	     PAGE, 0);
}

static char *middle;

static void protect(void)
{
	call(SYS_mprotect, (long)middle, PAGE, PROT_NONE);
	call(SYS_mprotect, (long)middle, PAGE, PROT_READ);
}

/* @n areas more: every other page of a range is of another kind. */
static void make_areas(unsigned long n)
{
	char *p = new_pages(2 * n, MAP_PRIVATE);

	for (unsigned long i = 0; i < n; i++)
		sys(mprotect, p + 2 * i * PAGE, PAGE, PROT_READ);
	middle = p + n / 2 * 2 * PAGE;
}

/* Open a file by its name and close it, in a directory of many. */
static void open_close(void)
{
	call1(SYS_close, call(SYS_open, (long)"/bench.0", O_RDONLY, 0));
}

static void stat_path(void)
{
	static struct stat st;

	call(SYS_stat, (long)"/bench.0", (long)&st, 0);
}

/* Names in the root directory, from number @first on up to @last. */
static void make_files(unsigned long first, unsigned long last)
{
	char name[32];

	for (unsigned long i = first; i < last; i++) {
		long fd;

		snprintf(name, sizeof(name), "/bench.%lu", i);
		fd = sys(open, name, O_WRONLY | O_CREAT, 0600);
		CHECK(fd >= 0 && sys(close, fd) == 0);
	}
}

static uint64_t measure(void (*fn)(void))
{
	return average(fn, WARM_UP, ROUNDS);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} calls[] = {
		{ "getppid", getppid_call },
		{ "socket+close TCP", tcp },
		{ "socket+close UDP", udp },
		{ "socket(-1, 1, 0)", bad_family },
		{ "socket(2, 1, 17)", bad_protocol },
		{ "dup+close", dup_close },
		{ "fork+exit+wait", fork_exit_wait },
	};
	uint64_t loop = measure(nothing);

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		line("%s %lu", calls[i].name, (unsigned long)(measure(calls[i].fn) - loop));
	static const unsigned long files[] = { 1, 10000, 100000 };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		make_files(i ? files[i - 1] : 0, files[i]);
		line("open+close, %lu files %lu", files[i], (unsigned long)(measure(open_close) - loop));
		line("stat by path, %lu files %lu", files[i], (unsigned long)(measure(stat_path) - loop));
	}
	for (unsigned long areas = 1; areas <= 10000; areas *= 100) {
		make_areas(areas);
		line("mmap+munmap, %lu areas %lu", areas, (unsigned long)(measure(map_unmap) - loop));
		line("mprotect twice, %lu areas %lu", areas, (unsigned long)(measure(protect) - loop));
	}
	return verdict();
}
