/*
 * Descriptors: the hot path from a small integer to an open file and back.
 *
 * A descriptor is reserved first (its bit is set, its slot NULL), the file is built second, and the
 * slot filled last, which cannot fail: nobody ever sees a half-built file.
 * Stands on fdtable.c, which makes the tables. Called by every system call that names a descriptor.
 * Linux: fs/file.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

/* Mark @fd, found free by a search from @start on, as taken. Returns it. */
static inline int take_fd(struct files_struct *files, unsigned int start, unsigned int fd,
			  unsigned int flags)
{
	struct fdtable *fdt = files->fdt;

	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	__set_open_fd(fd, fdt);
	__set_close_on_exec(fd, fdt, flags & O_CLOEXEC);
	return fd;
}

/*
 * The long way, when the word the search starts in is full: by full_fds_bits past all full words,
 * and into a larger table when there is nothing. Linux: fs/file.c:find_next_fd(), expand_files()
 */
static int alloc_fd_slow(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	const struct fdtable *fdt = files->fdt;
	unsigned int words = fdt->max_fds / BITS_PER_LONG;
	unsigned int fd = max(start, files->next_fd);
	unsigned int word = DIV_ROUND_UP(fd, BITS_PER_LONG);
	int error;

	word = find_next_zero_bit(fdt->full_fds_bits, words, word);
	if (word < words)
		fd = word * BITS_PER_LONG + __builtin_ctzl(~fdt->open_fds[word]);
	else
		fd = max(fd, fdt->max_fds);
	if (fd >= end)
		return -EMFILE;
	error = expand_files(files, fd);
	return error ? error : take_fd(files, start, fd, flags);
}

/*
 * Reserve the lowest free descriptor in [@start, @end) of current. @flags: O_CLOEXEC or others,
 * which do not matter here. -EMFILE when all are taken, -ENOMEM when the table cannot grow.
 * Linux: fs/file.c:alloc_fd()
 */
int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	unsigned int fd = max(start, files->next_fd);
	unsigned long free = 0;

	if (likely(fd < files->fdt->max_fds))
		free = ~files->fdt->open_fds[fd / BITS_PER_LONG] >> (fd % BITS_PER_LONG);
	if (unlikely(!free))
		return alloc_fd_slow(start, end, flags);
	fd += __builtin_ctzl(free);
	if (unlikely(fd >= end))
		return -EMFILE;
	return take_fd(files, start, fd, flags);
}

/* Linux: fs/file.c:get_unused_fd_flags() */
int get_unused_fd_flags(unsigned int flags)
{
	return alloc_fd(0, rlimit(RLIMIT_NOFILE), flags);
}

/* Give a reserved descriptor back. Linux: fs/file.c:put_unused_fd() */
void put_unused_fd(unsigned int fd)
{
	__put_unused_fd(current->files, fd);
}

/* Linux: fs/file.c:fd_install() */
void fd_install(unsigned int fd, struct file *file)
{
	struct file **slot = &current->files->fdt->fd[fd];

	BUG_ON(*slot);
	*slot = file;
}

struct file *fcheck(unsigned int fd)
{
	return files_lookup_fd(current->files, fd);
}

/* Linux: fs/file.c:fget() */
struct file *fget(unsigned int fd)
{
	struct file *file = files_lookup_fd(current->files, fd);

	return file ? get_file(file) : NULL;
}

/* Linux: fs/file.c:file_close_fd() */
struct file *file_close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file = files_lookup_fd(files, fd);

	if (file) {
		files->fdt->fd[fd] = NULL;
		__put_unused_fd(files, fd);
	}
	return file;
}

/* What close() does to a file that has left the table. Linux: fs/open.c:filp_close() */
void filp_close(struct file *file)
{
	fput(file);
}

/* Linux: fs/open.c:close() */
SYSCALL_DEFINE1(close, unsigned int, fd)
{
	struct file *file = file_close_fd(fd);

	if (!file)
		return -EBADF;
	fput(file);
	return 0;
}
