/*
 * For host/strace.t, on ringwalk: nothing stays behind when tracing ends, however it ends; and what /dev/strace
 * refuses. Prints "ok - NAME" or "not ok - NAME" lines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include <sys/wait.h>

#include "../guest/counters.h"
#include "../../user/strace/record.h"

static void result(int good, const char *name)
{
	printf("%sok - %s\n", good ? "" : "not ", name);
	fflush(stdout);
}

static int is_loaded(void)
{
	static char text[4096];
	long fd = sys(open, "/proc/modules", O_RDONLY), n = sys(read, fd, text, sizeof(text) - 1);

	sys(close, fd);
	text[n > 0 ? n : 0] = '\0';
	return strstr(text, "strace ") != NULL;
}

/* Start strace with these words; its lines go to /tmp/lines. */
static pid_t start(const char *program, const char *word)
{
	char *argv[] = { "strace", "-f", "-o", "/tmp/lines", (char *)program, (char *)word, NULL };
	pid_t pid = fork();

	if (pid)
		return pid;
	int null = open("/dev/null", O_RDWR);

	dup2(null, 1);
	dup2(null, 2);
	execve("/bin/strace", argv, environ);
	_exit(99);
}

static int status_of(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return status;
}

static void trace_tasks(void)
{
	int status = status_of(start("/tasks", NULL));

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	CHECK(!is_loaded());
	CHECK(unlink("/tmp/lines") == 0); /* it grows with the numbers of tasks */
}

/* Wait until the file @path is there, and remove it. */
static void await_file(const char *path)
{
	for (int i = 0; i < 500 && access(path, F_OK); i++)
		sleep_ms(20);
	CHECK(unlink(path) == 0);
}

static void make_file(const char *path)
{
	CHECK(close(open(path, O_WRONLY | O_CREAT, 0600)) == 0);
}

/* strace is killed by @sig while its program sleeps: that goes on, and its calls are probed no longer. */
static void kill_strace(int sig)
{
	pid_t pid = start("/driver", "sleep");

	await_file("/tmp/started");
	CHECK(is_loaded());
	CHECK(kill(pid, sig) == 0);
	CHECK(WTERMSIG(status_of(pid)) == sig);
	await_file("/tmp/slept");
	trace_tasks();
}

static void interrupt(void)
{
	kill_strace(SIGINT);
}

static void murder(void)
{
	kill_strace(SIGKILL);
}

static const struct scenario scenarios[] = {
	{ "traced tasks end in all ways", trace_tasks, 6 },
	{ "strace is interrupted", interrupt, 6 },
	{ "strace is killed", murder, 6 },
};

/* What the device refuses, while another has it open or before it is started. */
static void refusals(void)
{
	struct strace_call call = { .nr = 0, .captures = 1, .capture = { { 6, STRACE_FIXED, 0, 0, 8 } } };
	struct strace_start begin = { STRACE_STRING_MAX + 1, 0 };
	long module = open("/lib/modules/strace.ko", O_RDONLY), fd;

	result(sys(finit_module, module, "", 0) == 0, "the module can be loaded by hand");
	fd = sys(open, "/dev/strace", O_RDWR);
	result(fd >= 0, "/dev/strace is there");
	result(sys(open, "/dev/strace", O_RDWR) == -EBUSY, "one at a time has it open");
	result(sys(ioctl, fd, STRACE_ME, 0) == -EINVAL, "STRACE_ME before STRACE_START");
	result(sys(ioctl, fd, STRACE_CALL, &call) == -EINVAL, "there is no argument 6");
	call.capture[0].arg = 0;
	call.capture[0].size = 1u << 31;
	result(sys(ioctl, fd, STRACE_CALL, &call) == -EINVAL, "2 GiB of memory");
	call.capture[0].size = 0;
	result(sys(ioctl, fd, STRACE_CALL, &call) == -EINVAL, "no memory");
	call.captures = STRACE_CAPTURES + 1;
	result(sys(ioctl, fd, STRACE_CALL, &call) == -EINVAL, "too many pieces of memory");
	call.captures = -1;
	result(sys(ioctl, fd, STRACE_CALL, &call) == -EINVAL, "a negative number of them");
	call.captures = 0;
	call.nr = 511;
	result(sys(ioctl, fd, STRACE_CALL, &call) == -ENOENT, "a call that does not exist");
	result(sys(ioctl, fd, STRACE_CALL, 8) == -EFAULT, "a bad pointer");
	result(sys(ioctl, fd, STRACE_START, &begin) == -EINVAL, "strings that are too long");
	result(sys(ioctl, fd, STRACE_START, 8) == -EFAULT, "a bad pointer to start with");
	result(sys(ioctl, fd, 0x1234, 0) == -ENOTTY, "an unknown request");
	begin.string_size = 32;
	result(sys(ioctl, fd, STRACE_START, &begin) == 0, "it starts");
	result(sys(ioctl, fd, STRACE_START, &begin) == -EBUSY, "but only once");
	result(sys(delete_module, "strace", O_NONBLOCK) == -EWOULDBLOCK, "the module is in use");
	sys(close, fd);
	result(sys(delete_module, "strace", O_NONBLOCK) == 0, "and no longer");
	sys(close, module);
}

int main(int argc, char **argv)
{
	int leaks;

	if (argc > 1 && strcmp(argv[1], "sleep") == 0) {
		make_file("/tmp/started");
		sleep_ms(300);
		make_file("/tmp/slept");
		return 0;
	}
	(void)argv;
	refusals();
	leaks = measure_all(scenarios, sizeof(scenarios) / sizeof(*scenarios));
	result(!leaks, "nothing stays behind");
	fprintf(stderr, "done\n");
	return 0;
}
