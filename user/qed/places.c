/*
 * places.c - what the compiler's line tables say, as tools/locations.py wrote it down.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "qed.h"

#define MAX_PLACES 256

static struct place places[MAX_PLACES];
static int nr_places;

/* The next word of *@line, cut off; "" at the end. */
static char *next_word(char **line)
{
	char *word = *line, *space = strchr(word, ' ');

	if (space) {
		*space = '\0';
		*line = space + 1;
	} else {
		*line = word + strlen(word);
	}
	return word;
}

static void copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

/* One line of the file, see tools/locations.py. */
static void add_line(char *line)
{
	struct place *place = &places[nr_places];
	char *kind = next_word(&line), *file;

	if (nr_places == MAX_PLACES || !*kind)
		return;
	copy(place->kind, sizeof(place->kind), kind);
	place->parameters = -1;
	if (strcmp(kind, "def") == 0) {
		copy(place->name, sizeof(place->name), next_word(&line));
		place->address = strtoul(next_word(&line), NULL, 16);
		file = next_word(&line);
		snprintf(place->where, sizeof(place->where), "%s:%s", file, next_word(&line));
		if (*line != '?')
			place->parameters = atoi(line);
	} else if (strcmp(kind, "table") == 0) {
		next_word(&line);
		copy(place->where, sizeof(place->where), next_word(&line));
		place->address = strtoul(next_word(&line), NULL, 16);
		copy(place->name, sizeof(place->name), line);
	} else {
		place->address = strtoul(next_word(&line), NULL, 16);
		copy(place->name, sizeof(place->name), next_word(&line));
		copy(place->where, sizeof(place->where), line);
	}
	nr_places++;
}

bool places_load(const char *path)
{
	static char buf[32768];
	int fd = open(path, O_RDONLY);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return false;
	while (len < sizeof(buf) - 1 && (n = read(fd, buf + len, sizeof(buf) - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	for (char *line = buf, *next; *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		else
			next = line + strlen(line);
		add_line(line);
	}
	return true;
}

const struct place *function_place(const char *fn)
{
	for (int i = 0; i < nr_places; i++)
		if (strcmp(places[i].kind, "def") == 0 && strcmp(places[i].name, fn) == 0)
			return &places[i];
	return NULL;
}

const struct place *call_place(const char *kind, unsigned long return_address)
{
	for (int i = 0; i < nr_places; i++)
		if (strcmp(places[i].kind, kind) == 0 && places[i].address == return_address)
			return &places[i];
	return NULL;
}

const struct place *table_place(void)
{
	for (int i = 0; i < nr_places; i++)
		if (strcmp(places[i].kind, "table") == 0)
			return &places[i];
	return NULL;
}
