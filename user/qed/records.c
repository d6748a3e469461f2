/*
 * records.c - the kernel log as evidence. /dev/kmsg gives one record a read():
 * "level,sequence,microseconds,flags;text"; what does not begin with "evidence: " is not ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "qed.h"

static int kmsg = -1;
static struct record **records;
static int length, room;
static const char *missed;

void log_open(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0) {
		perror("qed: /dev/kmsg");
		exit(2);
	}
}

/* Cut @line into its words; those of the form key=value become pairs. */
static void take_apart(struct record *record, char *line)
{
	for (char *word = line; word && *word && record->pairs < MAX_PAIRS;) {
		char *next = strchr(word, ' '), *equals;

		if (next)
			*next++ = '\0';
		equals = strchr(word, '=');
		if (equals) {
			*equals = '\0';
			record->key[record->pairs] = word;
			record->value[record->pairs++] = equals + 1;
		}
		word = next;
	}
	record->pid = number(record, "pid");
}

static void add(const char *line)
{
	struct record *record = calloc(1, sizeof(*record));
	char *copy = strdup(line);

	if (length == room) {
		room = room ? room * 2 : 256;
		records = realloc(records, (size_t)room * sizeof(*records));
	}
	if (!record || !copy || !records) {
		fprintf(stderr, "qed: no memory for the records\n");
		exit(2);
	}
	record->index = length;
	take_apart(record, copy);
	records[length++] = record;
}

/* A gap (EPIPE: the log was faster than we) shows as a record that is missing. */
void log_read(void)
{
	static char buf[8192];
	ssize_t n;

	while ((n = read(kmsg, buf, sizeof(buf) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		char *line;

		if (n < 0)
			continue;
		buf[n] = '\0';
		line = strchr(buf, ';');
		if (!line || strncmp(line + 1, "evidence: ", 10) != 0)
			continue;
		line += 11;
		if (strchr(line, '\n'))
			*strchr(line, '\n') = '\0';
		add(line);
	}
}

int log_length(void)
{
	return length;
}

const struct record *log_record(int index)
{
	return index >= 0 && index < length ? records[index] : NULL;
}

static const char *lookup(const struct record *record, const char *key)
{
	for (int i = 0; i < record->pairs; i++)
		if (strcmp(record->key[i], key) == 0)
			return record->value[i];
	return NULL;
}

static bool matches(const struct record *record, const char *probe, const char *at,
		    const char *fn)
{
	const char *p = lookup(record, "probe"), *a = lookup(record, "at"),
		   *f = lookup(record, "fn");

	return p && a && f && strcmp(p, probe) == 0 && strcmp(a, at) == 0 && strcmp(f, fn) == 0;
}

static const struct record *find_from(int from, const struct span *span, const char *probe,
				      const char *at, const char *fn)
{
	for (int i = from; i < span->to && i < length; i++)
		if ((!span->pid || records[i]->pid == span->pid) &&
		    matches(records[i], probe, at, fn))
			return records[i];
	return NULL;
}

const struct record *find(const struct span *span, const char *probe, const char *at,
			  const char *fn)
{
	return find_from(span->from, span, probe, at, fn);
}

int count(const struct span *span, const char *probe, const char *at, const char *fn)
{
	const struct record *record = find(span, probe, at, fn);
	int n = 0;

	for (; record; n++)
		record = find_from(record->index + 1, span, probe, at, fn);
	return n;
}

bool absent(const char *fn)
{
	for (int i = 0; i < length; i++)
		if (is(records[i], "at", "absent") && is(records[i], "fn", fn))
			return true;
	return false;
}

const char *text(const struct record *record, const char *key)
{
	const char *value = lookup(record, key);

	if (!value)
		missed = key;
	return value ? value : "";
}

long number(const struct record *record, const char *key)
{
	const char *value = text(record, key);
	char *end;
	long n = value[0] == '0' && value[1] == 'x' ? (long)strtoul(value, &end, 16) :
						      strtol(value, &end, 0);

	if (end == value || *end)
		missed = key;
	return n;
}

unsigned long pointer(const struct record *record, const char *key)
{
	const char *value = text(record, key);
	char *end;
	unsigned long n = strtoul(value, &end, 16);

	if (end - value != 16 || *end)
		missed = key;
	return n;
}

bool is(const struct record *record, const char *key, const char *value)
{
	return strcmp(text(record, key), value) == 0;
}

const char *missing_key(void)
{
	const char *key = missed;

	missed = NULL;
	return key;
}
