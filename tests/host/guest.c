/*
 * guest.c - what exec.t runs on ringwalk: guest VERB [ARGS...], one observation per verb.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static volatile int *volatile unmapped = (int *)8;

/* write(2) may take less than it was given. */
static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0)
			return -1;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* fd 0 to fd 1 until end-of-file. */
static int cat(void)
{
	static char buf[4096];
	ssize_t n;

	while ((n = read(0, buf, sizeof(buf))) > 0)
		if (write_all(1, buf, (size_t)n))
			return 1;
	return n < 0 || read(0, buf, 1) != 0;	/* the end stays the end */
}

/* Each string with its NUL, so that nothing in it can be mistaken for a separator. */
static int print_strings(char **strings)
{
	for (; *strings; strings++)
		if (write_all(1, *strings, strlen(*strings) + 1))
			return 1;
	return 0;
}

/* Numbered lines, written in turn to fds 1 and 2; the other half of each line follows at once. */
static int in_turn(void)
{
	char line[32];

	for (int n = 0; n < 3000; n++) {
		int fd = n % 3 ? 1 : 2;
		int len = snprintf(line, sizeof(line), "%d: fd %d\n", n, fd);

		if (write_all(fd, line, 4) || write_all(fd, line + 4, (size_t)len - 4))
			return 1;
	}
	return 0;
}

/* What kind of thing fds 0, 1 and 2 are. */
static int kinds(void)
{
	for (int fd = 0; fd < 3; fd++) {
		struct stat st;

		if (fstat(fd, &st))
			return 1;
		printf("%d: %s%s%s\n", fd, S_ISFIFO(st.st_mode) ? "fifo" : S_ISCHR(st.st_mode) ? "chr" : "?",
		       isatty(fd) ? " tty" : "",
		       lseek(fd, 0, SEEK_CUR) < 0 && errno == ESPIPE ? " unseekable" : "");
	}
	return 0;
}

/* How many of the @total bytes of stdin a read would find: all but one, then none. */
static int available(int total)
{
	static char buf[4096];
	int n = 0;

	if (read(0, buf, 1) != 1)
		return 1;
	while (n < total - 1)		/* they are on their way */
		if (ioctl(0, FIONREAD, &n))
			return 1;
	printf("%d, read %zd", n, read(0, buf, sizeof(buf)));
	if (ioctl(0, FIONREAD, &n))
		return 1;
	printf(", %d\n", n);
	return ioctl(1, FIONREAD, &n) != -1 || errno != ENOTTY;
}

static int sleep_forever(void)
{
	struct timespec hour = { 3600, 0 };

	puts("asleep");
	fflush(stdout);
	while (!nanosleep(&hour, NULL))
		;
	return 1;
}

static int yes(void)
{
	while (!write_all(1, "y\n", 2))
		;
	return 1;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (!strcmp(verb, "status"))
		return atoi(argv[2]);
	if (!strcmp(verb, "crash"))
		*unmapped = 0;
	if (!strcmp(verb, "streams"))
		return write_all(1, "out\n", 4) || write_all(2, "err\n", 4);
	if (!strcmp(verb, "in-turn"))
		return in_turn();
	if (!strcmp(verb, "cat"))
		return cat();
	if (!strcmp(verb, "args"))
		return print_strings(argv + 2);
	if (!strcmp(verb, "env"))
		return print_strings(environ);
	if (!strcmp(verb, "kinds"))
		return kinds();
	if (!strcmp(verb, "available"))
		return available(atoi(argv[2]));
	if (!strcmp(verb, "sleep"))
		return sleep_forever();
	if (!strcmp(verb, "yes"))
		return yes();
	if (!strcmp(verb, "show") && freopen(argv[2], "r", stdin))
		return cat();
	printf("Hello from guest, %d arguments\n", argc);
	return 0;
}
