/*
 * names.c - many names, deep names, names in a circle, and four processes that rename the same directories. Run on
 * ringwalk as root: each ends as on Linux, and every counter is where it was.
 */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../abi/abi.h"
#include "counters.h"

#define FILES 100000

static void many_files(void)
{
	char name[32];
	long fd;

	CHECK(sys(mkdir, "many", 0700) == 0 && sys(chdir, "many") == 0);
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "file-%d", i);
		fd = sys(open, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
		if (fd < 0) {
			CHECK(fd == -ENOSPC || fd == -ENOMEM);
			break;
		}
		sys(close, fd);
	}
	for (int i = 0; i < FILES; i++) {
		snprintf(name, sizeof(name), "file-%d", i);
		if (sys(unlink, name))
			break;
	}
	CHECK(sys(chdir, "..") == 0);
	CHECK(sys(rmdir, "many") == 0);
}

static void deep(void)
{
	for (int i = 0; i < 1000; i++)
		CHECK(sys(mkdir, "deep", 0700) == 0 && sys(chdir, "deep") == 0);
	for (int i = 0; i < 1000; i++)
		CHECK(sys(chdir, "..") == 0 && sys(rmdir, "deep") == 0);
}

static void loops(void)
{
	CHECK(sys(symlink, "loop-b", "loop-a") == 0 && sys(symlink, "loop-a/x", "loop-b") == 0);
	for (int i = 0; i < 100; i++) {
		CHECK(sys(open, "loop-a", O_RDWR | O_CREAT, 0600) == -ELOOP);
		CHECK(sys(rename, "loop-a/x", "loop-b/x") == -ELOOP);
	}
	CHECK(sys(unlink, "loop-a") == 0 && sys(unlink, "loop-b") == 0);
}

#define RACERS		4
#define RENAMES		3000
#define NR_DIRS		6

/* A path of up to three of the six directories. Most do not exist. */
static void some_path(char *path, unsigned int *random)
{
	int length = 1 + (*random >> 16) % 3;

	strcpy(path, "race");
	for (int i = 0; i < length; i++) {
		*random = *random * 1103515245 + 12345;
		sprintf(path + strlen(path), "/%u", (*random >> 16) % NR_DIRS);
	}
}

static int racer(void *arg)
{
	unsigned int random = 77 + *(int *)arg;
	char from[64], to[64];

	for (int i = 0; i < RENAMES; i++) {
		some_path(from, &random);
		some_path(to, &random);
		switch (i % 8) {
		case 0:
			sys(renameat2, AT_FDCWD, from, AT_FDCWD, to, 2 /* RENAME_EXCHANGE */);
			break;
		case 1:
			sys(open, to, O_RDONLY | O_DIRECTORY);
			sys(close, 3);
			break;
		default:
			sys(renameat2, AT_FDCWD, from, AT_FDCWD, to, 1 /* RENAME_NOREPLACE */);
		}
	}
	return 0;
}

/* Remove @path and what is in it; how many directories that were. */
static int removed(const char *path)
{
	char child[256];
	int n = 1;

	for (int i = 0; i < NR_DIRS; i++) {
		snprintf(child, sizeof(child), "%s/%d", path, i);
		if (sys(access, child, F_OK) == 0)
			n += removed(child);
	}
	CHECK(sys(rmdir, path) == 0);
	return n;
}

static void race(void)
{
	long pids[RACERS];
	char path[32];

	CHECK(sys(mkdir, "race", 0700) == 0);
	for (int i = 0; i < NR_DIRS; i++) {
		snprintf(path, sizeof(path), "race/%d", i);
		CHECK(sys(mkdir, path, 0700) == 0);
	}
	for (int i = 0; i < RACERS; i++) {
		pids[i] = sys(fork);
		if (pids[i] == 0)
			sys(exit_group, racer(&i));
	}
	for (int i = 0; i < RACERS; i++)
		CHECK(sys(wait4, pids[i], 0, 0, 0) == pids[i]);
	CHECK(removed("race") == NR_DIRS + 1);
}

static const struct scenario scenarios[] = {
	{ "a directory 1,000 deep", deep, 2 },
	{ "links in a circle", loops, 10 },
	{ "four processes rename directories", race, 3 },
	{ "100,000 files", many_files, 1 },
};

int main(void)
{
	return measure_all(scenarios, ARRAY_SIZE(scenarios));
}
