/*
 * Descriptor tables. What only modules use is here.
 */
#ifndef INCLUDE_LINUX_FDTABLE_H
#define INCLUDE_LINUX_FDTABLE_H

#include "kernel/fs/fs.h"

/* The open file behind @fd of @files, or NULL. No reference is taken. */
static inline struct file *files_lookup_fd_raw(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = files_fdtable(files);

	return fd < fdt->max_fds ? fdt->fd[fd] : NULL;
}

#define files_lookup_fd_rcu(files, fd) files_lookup_fd_raw(files, fd)
#define lookup_fd_rcu(fd) files_lookup_fd_raw(current->files, fd)

static inline bool fd_is_open(unsigned int fd, const struct fdtable *fdt)
{
	return test_bit(fd, fdt->open_fds);
}

static inline bool close_on_exec(unsigned int fd, const struct fdtable *fdt)
{
	return test_bit(fd, fdt->close_on_exec);
}

#endif
