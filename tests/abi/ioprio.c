/*
 * ioprio.c - ioprio_set(), ioprio_get(): classes and levels, rights, whom they name, what a child inherits.
 */
#include "abi.h"

#include <sys/resource.h>
#include <unistd.h>

#define VALUE(class, data)	((class) << 13 | (data))
#define PROCESS	1
#define PGRP	2
#define USER	3

static void get(const char *what)
{
	line("  %s: %#lx", what, sys(ioprio_get, PROCESS, 0));
}

static void arguments(void)
{
	static const int classes[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

	line("[arguments]");
	show(ioprio_get, 0, 0);
	show(ioprio_get, 4, 0);
	show(ioprio_get, -1, 0);
	show(ioprio_get, PROCESS, 99999);
	show(ioprio_get, PROCESS, -1);
	show(ioprio_get, PGRP, 99999);
	show(ioprio_get, USER, 99999);
	show(ioprio_set, 0, 0, -1);
	show(ioprio_set, 0, 0, VALUE(2, 4));
	show(ioprio_set, PROCESS, 99999, VALUE(7, 0));
	show(ioprio_set, PROCESS, 99999, VALUE(2, 0));
	show(ioprio_set, PGRP, 99999, VALUE(2, 0));
	show(ioprio_set, USER, 99999, VALUE(2, 0));
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		line("class %d", classes[i]);
		show(ioprio_set, PROCESS, 0, VALUE(classes[i], 0));
		get("is");
		show(ioprio_set, PROCESS, 0, VALUE(classes[i], 7));
		get("is");
		show(ioprio_set, PROCESS, 0, VALUE(classes[i], 8));
		show(ioprio_set, PROCESS, 0, VALUE(classes[i], 8191));
		show(ioprio_set, PROCESS, 0, VALUE(classes[i] | 8, 1));
		get("is");
	}
}

static int inherits(void *unused)
{
	(void)unused;
	get("a child's");
	return failures;
}

static int unprivileged(void *unused)
{
	long other = getppid(); /* is root's */

	(void)unused;
	CHECK(sys(setresuid, NOBODY, NOBODY, NOBODY) == 0);
	show(ioprio_set, PROCESS, 0, VALUE(1, 4));
	show(ioprio_set, PROCESS, 0, VALUE(1, 9));
	show(ioprio_set, PROCESS, 0, VALUE(2, 1));
	show(ioprio_set, PROCESS, 0, VALUE(3, 0));
	show(ioprio_set, PROCESS, 0, 0);
	show(ioprio_set, PROCESS, other, VALUE(2, 1));
	show(ioprio_get, PROCESS, other);
	show(ioprio_set, PROCESS, 1, VALUE(2, 1));
	show(ioprio_set, USER, 0, VALUE(2, 2));
	show(ioprio_get, USER, NOBODY);
	return failures;
}

/* Three tasks of one group with priorities of their own: the best one is told. */
static int group(void *unused)
{
	static const int values[] = { VALUE(2, 3), VALUE(3, 0), VALUE(2, 6) };
	long pid[3];

	(void)unused;
	CHECK(sys(setpgid, 0, 0) == 0);
	show(ioprio_set, PROCESS, 0, VALUE(0, 0));
	for (int i = 0; i < 3; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			for (;;)
				pause();
		}
		CHECK(sys(ioprio_set, PROCESS, pid[i], values[i]) == 0);
	}
	show(ioprio_get, PGRP, 0);
	CHECK(sys(kill, pid[0], SIGKILL) == 0 && sys(wait4, pid[0], 0, 0, 0) > 0);
	show(ioprio_get, PGRP, 0);
	show(ioprio_set, PROCESS, 0, VALUE(3, 0));
	show(ioprio_get, PGRP, 0);
	show(ioprio_set, PGRP, 0, VALUE(2, 5));
	line("  one of them: %#lx", sys(ioprio_get, PROCESS, pid[1]));
	for (int i = 1; i < 3; i++) {
		sys(kill, pid[i], SIGKILL);
		sys(wait4, pid[i], 0, 0, 0);
	}
	return failures;
}

int main(void)
{
	close_inherited();
	line("[at the beginning]");
	get("is");
	arguments();
	line("[inherited]");
	CHECK(sys(ioprio_set, PROCESS, 0, VALUE(2, 6)) == 0);
	try("fork", inherits, NULL);
	try("without rights", unprivileged, NULL);
	try("a group", group, NULL);
	return verdict();
}
