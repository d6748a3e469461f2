/*
 * dmesg.c - show the kernel log, or clear it. The options are those of util-linux's dmesg:
 *
 *	-c  show, then clear	-C  clear	-r  with levels, "<6>"	-t  without times
 *	-n LEVEL  show on the console what is below LEVEL, 1..8
 *
 * It uses syslog(2), which libc calls klogctl().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>

#define READ_ALL	3
#define READ_CLEAR	4
#define CLEAR		5
#define CONSOLE_LEVEL	8
#define SIZE_BUFFER	10

static int fail(const char *what)
{
	fprintf(stderr, "dmesg: %s: %s\n", what, strerror(errno));
	return 1;
}

/* "<6>[    0.123456] text" without the parts that were not asked for. */
static void show_line(const char *line, int raw, int times)
{
	const char *end;

	if (!raw && line[0] == '<') {
		end = strchr(line, '>');
		line = end ? end + 1 : line;
	}
	if (!times && line[0] == '[') {
		end = strstr(line, "] ");
		line = end ? end + 2 : line;
	}
	puts(line);
}

static int show_log(int action, int raw, int times)
{
	int size = klogctl(SIZE_BUFFER, NULL, 0), len;
	char *text, *line, *end;

	if (size < 0)
		return fail("read kernel buffer failed");
	size *= 2;	/* each record gets a prefix */
	text = malloc((size_t)size + 1);
	if (!text)
		return fail("malloc");
	len = klogctl(action, text, size);
	if (len < 0)
		return fail("read kernel buffer failed");
	text[len] = '\0';
	for (line = text; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		show_line(line, raw, times);
	}
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: dmesg [-crt] | dmesg -C | dmesg -n LEVEL\n");
	return 1;
}

int main(int argc, char **argv)
{
	int action = READ_ALL, raw = 0, times = 1;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-c") == 0)
			action = READ_CLEAR;
		else if (strcmp(argv[i], "-r") == 0)
			raw = 1;
		else if (strcmp(argv[i], "-t") == 0)
			times = 0;
		else if (strcmp(argv[i], "-C") == 0)
			return klogctl(CLEAR, NULL, 0) ? fail("clear kernel buffer failed") : 0;
		else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc)
			return klogctl(CONSOLE_LEVEL, NULL, atoi(argv[i + 1])) ? fail("klogctl failed") : 0;
		else
			return usage();
	}
	return show_log(action, raw, times);
}
