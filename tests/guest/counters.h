/*
 * counters.h - everything the kernel counts, as /proc tells it: a picture of it, the difference of
 * two, and the measurement of a scenario by them. It includes tests/abi/abi.h; leaks.c uses it.
 *
 * One counter for each slab cache (objects in use, /proc/slabinfo), the open files (file-nr), and
 * the pages in use outside of slabs: a cache may keep an empty slab for its next object, which is no
 * leak; any other page that does not come back is one.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdlib.h>

#include "../abi/abi.h"

#define MAX_COUNTERS	128

struct counters {
	int n;
	struct {
		char name[32];
		long value;
	} row[MAX_COUNTERS];
};

/* The text of a file of /proc, in a buffer that lives until the next call. */
static inline char *proc_text(const char *path)
{
	static char text[32 * 1024];
	long fd = sys(open, path, O_RDONLY), len = 0, n;

	CHECK(fd >= 0);
	while ((n = sys(read, fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += n;
	CHECK(n == 0 && len > 0 && len < (long)sizeof(text) - 1);
	CHECK(sys(close, fd) == 0);
	text[len] = '\0';
	return text;
}

static inline void add_counter(struct counters *c, const char *name, long value)
{
	CHECK(c->n < MAX_COUNTERS);
	snprintf(c->row[c->n].name, sizeof(c->row[0].name), "%s", name);
	c->row[c->n++].value = value;
}

/* The number behind @key in a text of /proc/meminfo's kind. */
static inline long number_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	CHECK(at);
	return at ? atol(at + strlen(key)) : -1;
}

static inline void take_counters(struct counters *c)
{
	long objects, slots, size, per_slab, slab, slab_pages = 0;
	const char *end, *meminfo;
	char name[32];

	c->n = 0;
	end = strchr(proc_text("/proc/slabinfo"), '\n');	/* of the version; a '#' line follows */
	for (; end && end[1]; end = strchr(end + 1, '\n')) {
		if (end[1] == '#')
			continue;
		CHECK(sscanf(end + 1, "%31s %ld %ld %ld %ld %ld", name, &objects, &slots, &size,
			     &per_slab, &slab) == 6);
		add_counter(c, name, objects);
		slab_pages += slots / per_slab * slab;
	}
	add_counter(c, "open files", atol(proc_text("/proc/sys/fs/file-nr")));
	meminfo = proc_text("/proc/meminfo");
	add_counter(c, "pages", (number_of(meminfo, "MemTotal:") - number_of(meminfo, "MemFree:")) / 4
				- slab_pages);
}

/* Write into @text what has changed, ", NAME +N" each. Returns how many counters have. */
static inline int compare_counters(const struct counters *before, const struct counters *now,
				   char *text, size_t size)
{
	int changed = 0;
	size_t len = 0;

	text[0] = '\0';
	CHECK(before->n == now->n);
	for (int i = 0; i < before->n; i++) {
		long more = now->row[i].value - before->row[i].value;

		if (!more)
			continue;
		changed++;
		if (len < size)
			len += (size_t)snprintf(text + len, size - len, ", %s %+ld", now->row[i].name, more);
	}
	return changed;
}

struct scenario {
	const char *name;
	void (*run)(void);	/* makes something and drops it */
	int rounds;
};

/*
 * Print the line of a scenario. Two rounds warm up: slabs, this program's own pages. What is still on
 * its way out (an orphan waits for process 1) has 50 ms before, and 400 ms after. Returns 1 for a leak.
 */
static inline int measure(const struct scenario *s)
{
	static struct counters before, now;
	char text[1024];
	int rounds, changed;

	s->run();
	s->run();
	take_counters(&now);	/* that takes pages of ours as well, the first time */
	take_counters(&before);
	sleep_ms(50);
	take_counters(&before);
	for (rounds = 0; rounds < s->rounds && !failures; rounds++)
		s->run();
	for (int i = 0; i < 20; i++) {
		take_counters(&now);
		changed = compare_counters(&before, &now, text, sizeof(text));
		if (!changed)
			break;
		sleep_ms(20);
	}
	line("%s: %d rounds, %s%s", s->name, rounds, changed ? "leaks" : "clean", text);
	return changed != 0;
}

/* main() of a program that measures @n scenarios: 0 when nothing was left over and nothing failed. */
static inline int measure_all(const struct scenario *scenarios, size_t n)
{
	int leaks = 0;

	close_inherited();
	for (size_t i = 0; i < n; i++)
		leaks += measure(&scenarios[i]);
	return leaks || verdict();
}

#endif
