/*
 * lsmod.c - list the modules that are loaded, from /proc/modules, as kmod's lsmod does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole of @path, ended by a NUL; NULL with errno set. */
static char *read_all(const char *path)
{
	size_t size = 0, room = 0;
	char *text = NULL, *bigger;
	ssize_t n = 1;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return NULL;
	while (n > 0) {
		if (room - size < 2) {
			room += 4096;
			bigger = realloc(text, room);
			if (!bigger)
				return NULL;
			text = bigger;
		}
		n = read(fd, text + size, room - size - 1);
		if (n > 0)
			size += (size_t)n;
	}
	close(fd);
	text[size] = '\0';
	return n < 0 ? NULL : text;
}

/* Cut the next word off *@line. */
static char *word(char **line)
{
	char *start = *line, *end = strchr(start, ' ');

	if (!end)
		end = start + strlen(start);
	*line = *end ? end + 1 : end;
	*end = '\0';
	return start;
}

/* "name size users holder,holder, state address"; "-" for no holder. */
static void show(char *line)
{
	const char *name = word(&line), *size = word(&line), *users = word(&line);
	char *holders = word(&line);
	size_t len = strlen(holders);

	if (len && holders[len - 1] == ',')
		holders[len - 1] = '\0';
	if (strcmp(holders, "-") == 0)
		holders = "";
	printf("%-19s %8s  %s%s%s\n", name, size, users, *holders ? " " : "", holders);
}

int main(void)
{
	char *text = read_all("/proc/modules"), *end;

	if (!text) {
		fprintf(stderr, "Error: could not get list of modules: %s\n", strerror(errno));
		return 1;
	}
	puts("Module                  Size  Used by");
	for (; (end = strchr(text, '\n')); text = end + 1) {
		*end = '\0';
		show(text);
	}
	return 0;
}
