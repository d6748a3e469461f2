/*
 * proc.h - what the programs about /proc share: read a file of it, and print it with what differs replaced.
 */
#ifndef PROC_H
#define PROC_H

#include "abi.h"

#include <ctype.h>
#include <stdlib.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char proc_text[65536];

/* The file @path as a string in proc_text: its length, or -errno. */
__attribute__((unused))
static long read_proc(const char *path)
{
	long fd = sys(open, path, O_RDONLY), n, len = 0;

	proc_text[0] = 0;
	if (fd < 0)
		return fd;
	while ((n = sys(read, fd, proc_text + len, sizeof(proc_text) - 1 - len)) > 0)
		len += n;
	proc_text[len] = 0;
	sys(close, fd);
	return n < 0 ? n : len;
}

/* Replace each run of digits (hexadecimal ones if @hex) in @text by one N. */
__attribute__((unused))
static char *no_numbers(char *text, int hex)
{
	char *to = text;

	for (char *from = text; *from;) {
		if (hex ? isxdigit((unsigned char)*from) : isdigit((unsigned char)*from)) {
			while (hex ? isxdigit((unsigned char)*from) : isdigit((unsigned char)*from))
				from++;
			*to++ = 'N';
		} else {
			*to++ = *from++;
		}
	}
	*to = 0;
	return text;
}

/* One blank for each run of blanks. */
__attribute__((unused))
static char *one_blank(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++)
		if (*from != ' ' || to == text || to[-1] != ' ')
			*to++ = *from;
	*to = 0;
	return text;
}

/* The value behind "@name:" at the start of a line of proc_text, up to its end; or NULL. */
__attribute__((unused))
static char *field(const char *name)
{
	static char value[512];
	size_t len = strlen(name);

	for (char *line = proc_text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		if (strncmp(line, name, len) || line[len] != ':')
			continue;
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + len + 1, "\n"), line + len + 1);
		return value;
	}
	return NULL;
}

__attribute__((unused))
static long number(const char *name)
{
	const char *value = field(name);

	return value ? strtol(value, NULL, 0) : -1;
}

/* What the link @path says, or its error. */
__attribute__((unused))
static const char *link_text(const char *path)
{
	static char target[4200];
	long n = sys(readlink, path, target, sizeof(target) - 1);

	if (n < 0)
		return text(n);
	target[n] = 0;
	return target;
}

/* Is @name in directory @path? Positions do not matter. */
__attribute__((unused))
static int is_listed(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int found = 0;

	while (dir && (entry = readdir(dir)))
		found += !strcmp(entry->d_name, name);
	if (dir)
		closedir(dir);
	return found;
}

#endif
