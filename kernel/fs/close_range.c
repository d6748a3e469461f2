/*
 * close_range(): many descriptors closed, or marked to be closed by execve(). Linux: fs/file.c
 *
 * Descriptors that are not open cost nothing: a word of the table's bits says it of 64 at once.
 */
#include <uapi/flock.h>

#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* The lowest open descriptor from @fd to @last, or more than @last. */
static unsigned int next_open(const struct files_struct *files, unsigned int fd, unsigned int last)
{
	const struct fdtable *fdt = files->fdt;

	while (fd <= last && fd < fdt->max_fds) {
		unsigned long word = fdt->open_fds[fd / BITS_PER_LONG] >> fd % BITS_PER_LONG;

		if (word)
			return fd + __builtin_ctzl(word);
		fd = (fd / BITS_PER_LONG + 1) * BITS_PER_LONG;
	}
	return ~0u;
}

SYSCALL_DEFINE3(close_range, unsigned int, fd, unsigned int, max_fd, unsigned int, flags)
{
	struct files_struct *files = current->files;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (fd > max_fd)
		return -EINVAL;
	if ((flags & CLOSE_RANGE_UNSHARE) && refcount_read(&files->count) > 1) {
		struct files_struct *copy = dup_fd(files);

		if (!copy)
			return -ENOMEM;
		current->files = copy;
		put_files_struct(files);
		files = copy;
	}
	for (fd = next_open(files, fd, max_fd); fd <= max_fd && fd != ~0u;
	     fd = next_open(files, fd + 1, max_fd)) {
		struct file *file;

		if (flags & CLOSE_RANGE_CLOEXEC) {
			set_close_on_exec(fd, 1);
			continue;
		}
		file = file_close_fd(fd);
		if (file)
			filp_close(file, files);
		cond_resched();
	}
	return 0;
}
