/*
 * main.c - strace [-f] [-c] [-e trace=NAME,...] [-o FILE] [-s SIZE] PROG [ARGS...]
 *
 * What PROG asks of the kernel, a line for each system call, as Debian's strace prints it. The kernel here
 * has no ptrace(2): a module records the calls by probes, and costs nothing while nobody traces.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strace.h"

#define MODULE "/lib/modules/strace.ko"

static const char usage[] =
	"usage: strace [-f] [-c] [-e trace=NAME,...] [-o FILE] [-s SIZE] PROG [ARGS...]\n"
	"  -f        children and threads, too\n"
	"  -c        only count calls, errors and time\n"
	"  -e EXPR   trace=NAME,...: only these calls; trace=!NAME,...: all but these; trace=%file: those with\n"
	"            a path\n"
	"  -o FILE   there instead of to stderr\n"
	"  -s SIZE   bytes of a string that are shown, default 32\n";

static const char *const names[512] = {
#include "generated/names.h"
};

const char *syscall_name(int nr)
{
	return nr >= 0 && nr < 512 ? names[nr] : NULL;
}

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "strace: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- options ----------------------------------------------------------------------------------- */

static int has_path(const struct call *call)
{
	for (int i = 0; i < 6; i++)
		if (call->args[i].show == show_path)
			return 1;
	return 0;
}

/* Set what @word names to @value. */
static void want(const char *word, int value)
{
	int found = 0;

	for (int nr = 0; nr < 512; nr++) {
		const struct call *call = names[nr] ? call_named(names[nr]) : NULL;

		if (!call || (strcmp(word, "all") && strcmp(word, call->name) &&
			      (strcmp(word, "%file") || !has_path(call))))
			continue;
		options.wanted[nr] = (unsigned char)value;
		found = 1;
	}
	if (!found) {
		fprintf(stderr, "strace: invalid system call '%s'\n", word);
		exit(1);
	}
}

/* trace=NAME,NAME or NAME,NAME; a ! before them: all others. */
static void choose(const char *text)
{
	char *word = strdup(strncmp(text, "trace=", 6) ? text : text + 6), *comma;
	int without;

	options.wanted = calloc(512, 1);
	if (!word || !options.wanted)
		fail("memory");
	without = *word == '!';
	word += without;
	memset(options.wanted, without, 512);
	for (; word; word = comma) {
		comma = strchr(word, ',');
		if (comma)
			*comma++ = '\0';
		if (*word)
			want(word, !without);
	}
}

static void open_output(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		fail(path);
	output_to(fd);
	options.to_file = 1;
}

static _Noreturn void misuse(void)
{
	fputs(usage, stderr);
	exit(1);
}

/* An option with a value. */
static void set_option(char option, const char *value)
{
	char *end;
	ulong size;

	if (!value)
		misuse();
	if (option == 'e') {
		choose(value);
	} else if (option == 'o') {
		open_output(value);
	} else {
		size = strtoul(value, &end, 10);
		if (*end || end == value || size > STRACE_STRING_MAX - 1) {
			fprintf(stderr, "strace: invalid -s argument: '%s'\n", value);
			exit(1);
		}
		string_size = (unsigned int)size;
	}
}

/* Returns PROG and its arguments. */
static char **parse(char **argv)
{
	for (argv++; *argv && **argv == '-'; argv++) {
		if (strcmp(*argv, "--") == 0)
			return argv + 1;
		for (const char *c = *argv + 1; *c; c++) {
			if (*c == 'f') {
				options.follow = 1;
			} else if (*c == 'c') {
				options.counts = 1;
			} else if (strchr("eos", *c)) {
				char option = *c;

				set_option(option, c[1] ? c + 1 : *++argv);
				break;
			} else {
				misuse();
			}
		}
	}
	return argv;
}

/* --- PROG -------------------------------------------------------------------------------------- */

/* Where the shell would find @name; @path: room for it. */
static const char *find(const char *name, char *path, size_t size)
{
	const char *at = getenv("PATH"), *end;

	if (strchr(name, '/') || !at)
		return name;
	for (; at; at = end ? end + 1 : NULL) {
		end = strchr(at, ':');
		snprintf(path, size, "%.*s/%s", end ? (int)(end - at) : (int)strlen(at), at, name);
		if (!syscall(__NR_access, path, X_OK))
			return path;
	}
	return name;
}

static int open_device(void)
{
	int module = open(MODULE, O_RDONLY | O_CLOEXEC), fd;

	if (module < 0)
		fail(MODULE);
	if (syscall(__NR_finit_module, module, "", 0) && errno != EEXIST)
		fail(MODULE);
	close(module);
	fd = open("/dev/strace", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("/dev/strace");
	return fd;
}

static void describe(int device, int nr, const struct call *call)
{
	struct strace_call wanted = { .nr = nr };

	for (int i = 0; call && i < 6; i++) {
		const struct arg *arg = &call->args[i];
		struct strace_capture *capture = &wanted.capture[wanted.captures];

		if (!arg->kind)
			continue;
		*capture = (struct strace_capture){ (unsigned char)i, arg->kind, arg->count,
			arg->later ? STRACE_AT_RETURN : 0, arg->size };
		wanted.captures++;
		if (arg->again) {
			capture[1] = capture[0];
			capture[1].flags = STRACE_AT_RETURN;
			wanted.captures++;
		}
	}
	/* A call that does not exist here is seen as one that nobody implements. */
	if (ioctl(device, STRACE_CALL, &wanted) && errno != ENOENT)
		fail("/dev/strace");
}

static void set_up(int device)
{
	struct strace_start start = { string_size, (unsigned int)options.follow };

	for (int nr = 0; nr < 512; nr++)
		if (names[nr] && (!options.wanted || options.wanted[nr]))
			describe(device, nr, call_named(names[nr]));
	if (ioctl(device, STRACE_START, &start))
		fail("/dev/strace");
}

static _Noreturn void become(int device, const char *path, char **argv)
{
	if (ioctl(device, STRACE_ME, 0))
		fail("/dev/strace");
	execve(path, argv, environ);
	_exit(1); /* strace has shown why */
}

/* All records of @device, until nobody is traced any more. */
static void follow(int device)
{
	static char buffer[2 * STRACE_RECORD_MAX] __attribute__((aligned(8)));
	size_t have = 0, at;
	ssize_t n;

	while ((n = read(device, buffer + have, sizeof(buffer) - have)) > 0) {
		have += (size_t)n;
		for (at = 0; have - at >= sizeof(struct strace_record);) {
			const struct strace_record *record = (const void *)(buffer + at);

			if (record->size > have - at)
				break;
			event(record);
			at += record->size;
		}
		memmove(buffer, buffer + at, have - at);
		have -= at;
		if (!have)
			events_idle();
	}
}

/* End as PROG has ended. */
static _Noreturn void end_as(int status)
{
	if (WIFSIGNALED(status))
		syscall(__NR_kill, getpid(), WTERMSIG(status));
	exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	char path[4096];
	const char *program;
	int device, status = 0;
	pid_t child;

	(void)argc;
	argv = parse(argv);
	if (!*argv)
		misuse();
	program = find(*argv, path, sizeof(path));
	if (syscall(__NR_access, program, F_OK)) {
		fprintf(stderr, "strace: Can't stat '%s': %s\n", program, strerror(errno));
		return 1;
	}
	device = open_device();
	set_up(device);
	child = fork();
	if (child < 0)
		fail("fork");
	if (!child)
		become(device, program, argv);
	follow(device);
	if (options.counts)
		summary();
	close(device);
	syscall(__NR_delete_module, "strace", O_NONBLOCK); /* fails while another strace uses it */
	if (waitpid(child, &status, 0) < 0)
		fail("wait");
	end_as(status);
}
