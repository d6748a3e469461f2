/*
 * What the socket suites share: a picture of everything that is counted, and small verbs.
 */
#ifndef TESTS_KERNEL_LEAKS_H
#define TESTS_KERNEL_LEAKS_H

#include "kernel/fs/fs.h"
#include "net/net.h"

#define LEAKS_CACHES 64

/*
 * Every slab cache's objects in use, open files, current's descriptors, users of the namespace and
 * of sockfs, TCP socks.
 */
struct leaks {
	unsigned long active[LEAKS_CACHES];
	unsigned long files;
	unsigned int fds;
	unsigned int net;
	int mounts;
	long tcp;
};
void leaks_begin(struct leaks *before);

/* Is everything as it was? Says on a '#' line what is not. */
bool leaks_none(const struct leaks *before);

struct kmem_cache *find_cache(const char *name);

/* close(2) from inside; no matter if there is none. */
void close_fd(int fd);

/* Give current the effective capabilities @caps. Makes private credentials the first time. */
void set_caps(kernel_cap_t caps);

/* The socket behind @fd. */
struct socket *fd_socket(int fd);

#endif
