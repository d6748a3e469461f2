/*
 * machine.c - what qed does to the machine and asks of it: modules, /proc, one naked system call.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "qed.h"

const char *module_folder = "/lib/modules";

/* In the order of loading; unloaded in the reverse one. */
static const char *const watchers[] = {
	"gate_probe", "path_probe", "security_probe", "sock_alloc_probe", "caller_probe",
	"inet_create_probe", "map_probe",
};
#define NR_WATCHERS (int)(sizeof(watchers) / sizeof(watchers[0]))

#define MAX_LOADED 16
#define MAX_TRIES 100 /* to make a call while no other task runs */
static const char *loaded[MAX_LOADED];
static int nr_loaded;

static long load_file(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY), saved;
	long err = fd;

	if (fd < 0)
		return err;
	err = syscall(__NR_finit_module, fd, parameters, 0);
	saved = errno;
	close(fd);
	errno = saved;
	return err;
}

void load(const char *module, const char *parameters)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/%s.ko", module_folder, module);
	if (load_file(path, parameters) == 0) {
		loaded[nr_loaded++] = module;
		return;
	}
	fprintf(stderr, "qed: %s: %s\n", path, strerror(errno));
	while (nr_loaded)
		unload(loaded[nr_loaded - 1]);
	console_quiet(false);
	exit(2);
}

void unload(const char *module)
{
	if (syscall(__NR_delete_module, module, O_NONBLOCK) != 0)
		fprintf(stderr, "qed: rmmod %s: %s\n", module, strerror(errno));
	for (int i = 0; i < nr_loaded; i++)
		if (strcmp(loaded[i], module) == 0)
			loaded[i] = loaded[--nr_loaded];
}

void load_all(const char *parameters)
{
	for (int i = 0; i < NR_WATCHERS; i++)
		load(watchers[i], parameters);
}

void unload_all(void)
{
	for (int i = NR_WATCHERS; i-- > 0;)
		unload(watchers[i]);
}

/* SYSLOG_ACTION_CONSOLE_OFF and _ON, syslog(2). */
void console_quiet(bool quiet)
{
	syscall(__NR_syslog, quiet ? 6 : 7, NULL, 0);
}

/* --- /proc ----------------------------------------------------------------------------------- */

/* The whole of a small file, ended by NUL. Returns false when it cannot be read. */
static bool read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while (len < size - 1 && (n = read(fd, buf + len, size - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	buf[len] = '\0';
	return true;
}

long slab_active(const char *name)
{
	static char buf[65536];
	size_t len = strlen(name);

	if (!read_file("/proc/slabinfo", buf, sizeof(buf)))
		return -1;
	for (char *line = buf; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return atol(line + len);
	}
	return -1;
}

long file_number(const char *path)
{
	char buf[128];

	return read_file(path, buf, sizeof(buf)) ? atol(buf) : -1;
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

bool on_ringwalk(void)
{
	struct utsname name;

	return uname(&name) == 0 && strstr(name.release, "ringwalk");
}

void sleep_ms(int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000l };

	nanosleep(&time, NULL);
}

/* --- the gate -------------------------------------------------------------------------------- */

struct exits {
	long sysrets, switches;
};

/* The number behind @name in @text, or -1. */
static long number_behind(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? atol(found + strlen(name)) : -1;
}

/* What /proc/gate says; -1 where there is no such file. */
static struct exits count_exits(void)
{
	char buf[128];

	if (!read_file("/proc/gate", buf, sizeof(buf)))
		return (struct exits){ -1, -1 };
	return (struct exits){ number_behind(buf, "sysret "), number_behind(buf, "switches ") };
}

/* socket(2) without any library between: the registers before the instruction and behind it. */
static void naked_call(struct gate *gate, long nr, long family, long type, long protocol)
{
	asm volatile("mov %%cs, %k[cs]\n\t"
		     "mov %%ss, %k[ss]\n\t"
		     "mov %%rsp, %[sp]\n\t"
		     : [cs] "=&r"(gate->cs), [ss] "=&r"(gate->ss), [sp] "=&r"(gate->sp));
	asm volatile("xor %%ecx, %%ecx\n\t"
		     "xor %%r11d, %%r11d\n\t"
		     "pushfq\n\t"
		     "popq %[flags]\n\t"
		     "syscall\n"
		     "1:\n\t"
		     "movq %%rsp, %[sp_after]\n\t"
		     "pushfq\n\t"
		     "popq %[flags_after]\n\t"
		     "leaq 1b(%%rip), %[next_ip]\n\t"
		     "movq %%r11, %[r11]\n\t"
		     : "=a"(gate->ax), "=&c"(gate->cx), [flags] "=&r"(gate->flags),
		       [flags_after] "=&r"(gate->flags_after), [sp_after] "=&r"(gate->sp_after),
		       [next_ip] "=&r"(gate->next_ip), [r11] "=&r"(gate->r11)
		     : "0"(nr), "D"(family), "S"(type), "d"(protocol)
		     : "r11", "memory");
}

/*
 * Between the two looks at /proc/gate lie four exits from system calls: of the open(), read() (of the
 * text), read() (of its end) and close() of the first look; the call itself is the fifth. The counts
 * are those of all tasks, so it is done again when another task has run in between.
 */
void cross_gate(struct gate *gate, long nr, long family, long type, long protocol)
{
	struct exits before, after;
	int tries = 0;

	do {
		if (tries && (long)gate->ax >= 0)
			close((int)gate->ax);
		before = count_exits();
		naked_call(gate, nr, family, type, protocol);
		after = count_exits();
	} while (after.switches != before.switches && ++tries < MAX_TRIES);
	gate->expected_sysrets = 5;
	gate->sysrets = after.sysrets - before.sysrets;
	gate->counted = before.sysrets >= 0;
}
