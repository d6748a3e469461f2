/*
 * module_file.h - a module file in memory, loaded and removed. For modules.c and module_fuzz.h.
 */
#ifndef MODULE_FILE_H
#define MODULE_FILE_H

#include "counters.h"

#include <elf.h>

static char image[1 << 20], copy[1 << 20];
static long image_len;

/* Read a module into image. Its descriptor is closed again. */
static void read_module(const char *path)
{
	long fd = sys(open, path, O_RDONLY);

	CHECK(fd >= 0);
	image_len = sys(read, fd, image, sizeof(image));
	CHECK(image_len > (long)sizeof(Elf64_Ehdr) && image_len < (long)sizeof(image));
	sys(close, fd);
}

static long insert(const char *path, const char *args)
{
	long fd = sys(open, path, O_RDONLY), ret = fd;

	if (fd >= 0) {
		ret = sys(finit_module, fd, args, 0);
		sys(close, fd);
	}
	return ret;
}

static long delete(const char *name)
{
	return sys(delete_module, name, O_NONBLOCK);
}

#endif
