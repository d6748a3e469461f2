/*
 * modules.c - loads and removes modules, rightly and wrongly. Run as root, on ringwalk or on Linux;
 * the files are in /modules.
 *
 *	modules run WORD... [-- WORD...]...	runs commands, "# exit N" after each;
 *						"write FILE TEXT", "read FILE", "keep FILE MODULE"
 *						(open it, remove the module, read it) and "sleep" (a
 *						millisecond) are its own
 *	modules errors				what is refused, and how: a line each
 *	modules corrupt				a file with every header damaged
 *	modules rounds				insmod, socket_test, rmmod: do all counters come back?
 *	modules fuzz N				N files with bytes changed in headers and tables
 *	modules everywhere ADDR N		probes on each of the N places in the table at ADDR
 *	modules sockets N			N times socket() and close()
 */
#include "counters.h"
#include "module_file.h"
#include "module_fuzz.h"

#include <elf.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/mman.h>

/* --- run --- */

/* Store a text in a file of /proc. Returns an exit status. */
static int write_file(const char *path, const char *text)
{
	long fd = sys(open, path, O_WRONLY), ret = fd < 0 ? fd : sys(write, fd, text, strlen(text));

	sys(close, fd);
	return ret < 0;
}

/* What the file holds; of long texts only how much that is. Returns an exit status. */
static int read_file(const char *path)
{
	static char buf[16384];
	long fd = sys(open, path, O_RDONLY), size = 0, ret = fd;

	while (fd >= 0 && size < (long)sizeof(buf) - 1 &&
	       (ret = sys(read, fd, buf + size, sizeof(buf) - 1 - size)) > 0)
		size += ret;
	buf[size] = '\0';
	if (size < 100)
		line("%s", buf);
	line("files: read %ld, %s", size, text(ret));
	sys(close, fd);
	return ret < 0;
}

/*
 * Does an open file keep its module, and if not, what is left of the file? Returns an exit status.
 */
static int keep_file(const char *path, const char *module)
{
	long fd = sys(open, path, O_RDONLY), again;
	char buf[20];

	line("files: kept %s", text(sys(read, fd, buf, sizeof(buf))));
	line("files: remove %s", text(delete(module)));
	line("files: read %s", text(sys(read, fd, buf, sizeof(buf))));
	line("files: write %s", text(sys(write, fd, buf, sizeof(buf))));
	line("files: lseek %s", text(sys(lseek, fd, 0, SEEK_SET)));
	again = sys(open, path, O_RDONLY);
	line("files: open %s", text(again));
	sys(close, again);
	line("files: close %s", text(sys(close, fd)));
	return 0;
}

static int sleep_a_bit(void)
{
	struct timespec millisecond = { .tv_nsec = 1000000 };

	return sys(nanosleep, &millisecond, 0) != 0;
}

static int execute(char **argv)
{
	char *envp[] = { NULL };
	long pid = sys(fork);
	int status = -1;

	if (pid == 0) {
		sys(dup2, 1, 2);
		sys(execve, argv[0], argv, envp);
		line("%s: cannot be executed", argv[0]);
		sys(exit_group, 127);
	}
	CHECK(pid > 0 && sys(wait4, pid, &status, 0, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run_all(char **words)
{
	while (*words) {
		char **end = words;

		while (*end && strcmp(*end, "--"))
			end++;
		char *last = *end;

		*end = NULL;
		line("# exit %d", !strcmp(words[0], "write") ? write_file(words[1], words[2]) :
		     !strcmp(words[0], "read") ? read_file(words[1]) :
		     !strcmp(words[0], "keep") ? keep_file(words[1], words[2]) :
		     !strcmp(words[0], "sleep") ? sleep_a_bit() : execute(words));
		words = last ? end + 1 : end;
	}
}

/* --- errors --- */

/* Load the image with @len bytes of @new at @offset instead of what is there. */
static void changed(const char *what, long offset, const void *new, size_t len)
{
	memcpy(copy, image, (size_t)image_len);
	memcpy(copy + offset, new, len);
	line("%s: %s", what, text(sys(init_module, copy, image_len, "")));
}

static void bad_files(void)
{
	const char *magic;

	read_module("/modules/parameters.ko");
	line("not ELF: %s", text(sys(init_module, "#!/bin/sh, and more than a header of an ELF file "
				     "is long: 64 bytes", 70, "")));
	line("10 bytes: %s", text(sys(init_module, image, 10, "")));
	line("header only: %s", text(sys(init_module, image, 64, "")));
	line("half: %s", text(sys(init_module, image, image_len / 2, "")));
	line("all but the last byte: %s", text(sys(init_module, image, image_len - 1, "")));
	changed("bad magic", 0, "\177elf", 4);
	changed("wrong machine", offsetof(Elf64_Ehdr, e_machine), "\267\0", 2);
	changed("not relocatable", offsetof(Elf64_Ehdr, e_type), "\2\0", 2);
	changed("no sections", offsetof(Elf64_Ehdr, e_shnum), "\0\0", 2);
	changed("sections elsewhere", offsetof(Elf64_Ehdr, e_shoff), "\0\0\0\0\1\0\0\0", 8);
	changed("small sections", offsetof(Elf64_Ehdr, e_shentsize), "\40\0", 2);
	changed("no section names", offsetof(Elf64_Ehdr, e_shstrndx), "\377\1", 2);
	magic = memmem(image, (size_t)image_len, "vermagic=", 9);
	CHECK(magic && strstr(magic, " SMP "));
	changed("other version magic", strstr(magic, " SMP ") - image, " UNI ", 5);
	line("memory: %s", text(sys(init_module, 8, image_len, "")));
	line("memory of arguments: %s", text(sys(init_module, image, image_len, 8)));
}

static void bad_calls(void)
{
	long dir = sys(open, "/modules", O_RDONLY), null = sys(open, "/dev/null", O_RDONLY);
	long ko = sys(open, "/modules/parameters.ko", O_RDONLY), writer;

	show(finit_module, 77, "", 0);
	show(finit_module, -1, "", 0);
	show(finit_module, dir, "", 0);
	show(finit_module, null, "", 0);
	show(finit_module, ko, "", 0x100);
	show(finit_module, ko, 8, 0);
	writer = sys(open, "/modules/parameters.ko", O_RDWR);
	show(finit_module, writer, "", 0);
	show(finit_module, ko, "", 0);
	sys(close, writer);
	show(delete_module, "no_such_module", O_NONBLOCK);
	show(delete_module, "", O_NONBLOCK);
	show(delete_module, 8, O_NONBLOCK);
	sys(close, dir);
	sys(close, null);
	sys(close, ko);
}

static void insert_with(const char *args)
{
	long ret = insert("/modules/parameters.ko", args);

	line("parameters %s: %s", args, text(ret));
	if (!ret)
		CHECK(delete("parameters") == 0);
}

static void parameters(void)
{
	insert_with("");
	insert_with("number=-7 count=0x10 wide=-9223372036854775808 address=0xffffffffffffffff");
	insert_with("small=-32768 port=65535 on text=\"two words\" buffer=seven77");
	insert_with("number=x");
	insert_with("number=");
	insert_with("number");
	insert_with("count=-1");
	insert_with("small=32768");
	insert_with("number=2147483648");
	insert_with("on=maybe");
	insert_with("on=N");
	insert_with("buffer=eight888");
	insert_with("colour=red number=5");
	insert_with("level");
	insert_with("level=x");
	insert_with("number=5\tsmall=6\v");
	insert_with("\"number=5\" buffer=\"seven77\"");
	insert_with("buffer=a\"bcd\"ef"); /* quotation marks inside a value are part of it */
}

/* What /proc/modules says, to whoever reads it. */
static const char *address_of_in_use(void)
{
	static char buf[4096];
	long fd = sys(open, "/proc/modules", O_RDONLY), size = sys(read, fd, buf, sizeof(buf) - 1);
	char *address;

	sys(close, fd);
	buf[size < 0 ? 0 : size] = '\0';
	address = strstr(buf, "in_use ");
	address = address ? strstr(address, "0x") : NULL;
	if (!address)
		return "none";
	address[strlen("0x0123456789abcdef")] = '\0';
	return address;
}

static int as_nobody(void *unused)
{
	(void)unused;
	become_nobody();
	line("nobody asks where in_use is: %s", address_of_in_use());
	line("nobody inserts: %s", text(insert("/modules/parameters.ko", "")));
	line("nobody inserts nothing: %s", text(sys(finit_module, 77, "", 0)));
	line("nobody inserts an image: %s", text(sys(init_module, 8, 8, 8)));
	line("nobody removes: %s", text(delete("in_use")));
	line("nobody removes nothing: %s", text(delete("no_such_module")));
	return failures;
}

static void errors(void)
{
	bad_files();
	bad_calls();
	parameters();
	line("unknown symbol: %s", text(insert("/modules/unknown_symbol.ko", "")));
	line("init fails: %s", text(insert("/modules/failing_init.ko", "")));
	line("init fails otherwise: %s", text(insert("/modules/failing_init.ko", "error=4")));
	line("in_use: %s", text(insert("/modules/in_use.ko", "")));
	line("in_use again: %s", text(insert("/modules/in_use.ko", "")));
	CHECK(!strncmp(address_of_in_use(), "0xffffffff", 10)); /* root is told */
	CHECK(in_child(as_nobody, 0) == 0);
	line("remove in_use: %s", text(delete("in_use")));
	sys(getppid);
	line("remove in_use, let go: %s", text(delete("in_use")));
	line("remove in_use again: %s", text(delete("in_use")));
	line("no_exit: %s", text(insert("/modules/no_exit.ko", "")));
	line("remove no_exit: %s", text(delete("no_exit")));
}

/* --- everywhere --- */

/* Much of what a kernel can do. */
static int work(void *unused)
{
	char *socket_test[] = { "/bin/socket_test", NULL }, *envp[] = { NULL };
	struct timespec tick = { 0, 5000000 };
	long pid, fd;
	char *page;
	int status;

	(void)unused;
	fd = sys(socket, AF_INET, SOCK_STREAM, 0);
	CHECK(fd >= 0 && sys(close, fd) == 0);
	page = (char *)sys(mmap, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[0] = page[4096] = 1;
	pid = sys(fork);
	if (pid == 0) {
		page[0] = 2;
		sys(nanosleep, &tick, NULL);
		fd = sys(open, "/dev/null", O_WRONLY);
		sys(dup2, fd, 1);
		sys(execve, socket_test[0], socket_test, envp);
		sys(exit_group, 127);
	}
	CHECK(sys(wait4, pid, &status, 0, 0) == pid && status == 0 && page[0] == 1);
	CHECK(sys(munmap, page, 8192) == 0);
	CHECK(sys(open, "/none", O_RDONLY) == -ENOENT);
	CHECK(sys(write, 1, 8, 4) == -EFAULT);
	return 0;
}

static void everywhere(const char *sites, long nr)
{
	char args[200];
	long i, returns;

	for (returns = 0; returns < 2; returns++) {
		for (i = 0; i < nr; i++) {
			snprintf(args, sizeof(args), "sites=%s nr=%ld first=%ld returns=%ld speak=1", sites,
				 nr, i, returns);
			CHECK(insert("/modules/everywhere.ko", args) == 0);
			work(NULL);
			CHECK(delete("everywhere") == 0);
		}
		snprintf(args, sizeof(args), "sites=%s nr=%ld count=%ld returns=%ld speak=100", sites,
			 nr, nr, returns);
		CHECK(insert("/modules/everywhere.ko", args) == 0);
		work(NULL);
		CHECK(delete("everywhere") == 0);
	}
	line("probes everywhere: %s", failures ? "something failed" : "all is as without");
}

/* --- rounds, sockets --- */

static void sockets(long n)
{
	while (n--) {
		long fd = sys(socket, AF_INET, SOCK_STREAM, 0);

		CHECK(fd >= 0 && sys(close, fd) == 0);
	}
}

static void one_round(void)
{
	char *socket_test[] = { "/bin/socket_test", NULL };

	CHECK(insert("/modules/latency.ko", "quiet") == 0);
	CHECK(insert("/modules/fd-watch.ko", "") == 0);
	CHECK(insert("/modules/failing_init.ko", "") == -ENODEV);
	CHECK(insert("/modules/latency.ko", "") == -EEXIST);
	CHECK(execute(socket_test) == 0);
	sockets(3);
	CHECK(delete("latency") == 0);
	CHECK(delete("fd_watch") == 0);
}

static const struct scenario rounds = { "insmod, socket_test, rmmod", one_round, 1000 };

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int leaks = 0;

	close_inherited();
	if (!strcmp(what, "run"))
		run_all(argv + 2);
	else if (!strcmp(what, "errors"))
		errors();
	else if (!strcmp(what, "corrupt"))
		corrupt();
	else if (!strcmp(what, "rounds"))
		leaks = measure(&rounds);
	else if (!strcmp(what, "fuzz") && argc > 2)
		fuzz(atol(argv[2]));
	else if (!strcmp(what, "everywhere") && argc > 3)
		everywhere(argv[2], atol(argv[3]));
	else if (!strcmp(what, "sockets") && argc > 2)
		sockets(atol(argv[2]));
	else
		return 2;
	return leaks || verdict();
}
