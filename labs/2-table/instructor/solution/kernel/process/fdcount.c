/*
 * fdcount(2): how many descriptors of the caller are open. Lab 2, step 3.
 */
#include "kernel/fs/fdtable.h"
#include "kernel/process/task.h"
#include "kernel/syscalls.h"

/* The open descriptors from @first to @last, both included. -EINVAL: @first is larger than @last. */
SYSCALL_DEFINE2(fdcount, unsigned int, first, unsigned int, last)
{
	const struct fdtable *fdt = files_fdtable(current->files);
	long count = 0;

	if (first > last)
		return -EINVAL;
	for (unsigned int fd = first; fd <= last && fd < fdt->max_fds; fd++)
		count += fdt->fd[fd] != NULL;
	return count;
}
