/*
 * Descriptors: from a small integer to an open file and back.
 *
 * A descriptor is reserved first (its bit is set, its slot is NULL), the file is built second, and
 * the slot is filled last, which cannot fail: nobody ever sees a half-built file. A table starts
 * small inside struct files_struct, grows by doubling, and is copied by fork().
 *
 * Read alloc_fd(), fd_install() and file_close_fd() to follow socket() and close(). Linux: fs/file.c
 */
#include "kernel/fs/internal.h"
#include "kernel/syscalls.h"

static struct kmem_cache *files_cachep;

struct files_struct init_files = {
	.count = REFCOUNT_INIT(1),
	.fdt = &init_files.fdtab,
	.fdtab = {
		.max_fds = NR_OPEN_DEFAULT,
		.fd = init_files.fd_array,
		.close_on_exec = init_files.close_on_exec_init,
		.open_fds = init_files.open_fds_init,
		.full_fds_bits = init_files.full_fds_bits_init,
	},
};

void fdtable_init(void)
{
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct), 0, SLAB_PANIC,
					 NULL);
}

/* The file behind @fd, or NULL: not open, reserved, or no such number. */
static inline struct file *files_lookup_fd(const struct files_struct *files, unsigned int fd)
{
	const struct fdtable *fdt = files->fdt;

	return likely(fd < fdt->max_fds) ? fdt->fd[fd] : NULL;
}

/*
 * A bit of open_fds says that one descriptor is taken; a bit of full_fds_bits says that all
 * descriptors of one word of open_fds are.
 */
static inline void __set_open_fd(unsigned int fd, struct fdtable *fdt)
{
	unsigned long *word = &fdt->open_fds[fd / BITS_PER_LONG];

	*word |= BIT(fd % BITS_PER_LONG);
	if (unlikely(!~*word))
		__set_bit(fd / BITS_PER_LONG, fdt->full_fds_bits);
}

static inline void __clear_open_fd(unsigned int fd, struct fdtable *fdt)
{
	__clear_bit(fd, fdt->open_fds);
	__clear_bit(fd / BITS_PER_LONG, fdt->full_fds_bits);
}

static inline void __set_close_on_exec(unsigned int fd, struct fdtable *fdt, bool set)
{
	if (set)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
}

static inline void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	__clear_open_fd(fd, files->fdt);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

static void __free_fdtable(struct fdtable *fdt)
{
	kfree(fdt->fd);
	kfree(fdt->open_fds);
	kfree(fdt);
}

/*
 * An empty table for more than @nr descriptors: 128, 256, 512 ... up to SYSCTL_NR_OPEN, as Linux
 * sizes them. NULL: no memory. Linux: fs/file.c:alloc_fdtable()
 */
static struct fdtable *alloc_fdtable(unsigned int nr)
{
	struct fdtable *fdt = kmalloc(sizeof(*fdt), GFP_KERNEL);
	unsigned int max = 128, words;

	while (max <= nr)
		max *= 2;
	max = min(max, SYSCTL_NR_OPEN);
	words = BITS_TO_LONGS(max);
	if (!fdt)
		return NULL;
	fdt->max_fds = max;
	fdt->fd = kcalloc(max, sizeof(struct file *), GFP_KERNEL);
	fdt->open_fds = kcalloc(2 * words + BITS_TO_LONGS(words), sizeof(long), GFP_KERNEL);
	if (!fdt->fd || !fdt->open_fds) {
		__free_fdtable(fdt);
		return NULL;
	}
	fdt->close_on_exec = fdt->open_fds + words;
	fdt->full_fds_bits = fdt->close_on_exec + words;
	return fdt;
}

/* Copy all that is in @old to @new, which is empty and not smaller. */
static void copy_fdtable(struct fdtable *new, const struct fdtable *old)
{
	size_t words = BITS_TO_LONGS(old->max_fds);

	memcpy(new->fd, old->fd, old->max_fds * sizeof(struct file *));
	memcpy(new->open_fds, old->open_fds, words * sizeof(long));
	memcpy(new->close_on_exec, old->close_on_exec, words * sizeof(long));
	memcpy(new->full_fds_bits, old->full_fds_bits, BITS_TO_LONGS(words) * sizeof(long));
}

/*
 * A larger table for @files, with room for descriptor @nr. Allocating it may sleep, so the old one
 * is looked at only afterwards: whoever shares it may have grown it in the meantime.
 * 1, or -ENOMEM, and the table is as it was. Linux: fs/file.c:expand_fdtable()
 */
static int expand_fdtable(struct files_struct *files, unsigned int nr)
{
	struct fdtable *new = alloc_fdtable(nr), *old = files->fdt;

	if (!new)
		return -ENOMEM;
	if (nr < old->max_fds) {
		__free_fdtable(new);
		return 1;
	}
	copy_fdtable(new, old);
	files->fdt = new;
	if (old != &files->fdtab)
		__free_fdtable(old);
	return 1;
}

/*
 * Make room for descriptor @nr. 0: there was room; 1: the table is another one now, and what the
 * caller knew of the old one no longer holds; -EMFILE beyond SYSCTL_NR_OPEN; -ENOMEM.
 * Linux: fs/file.c:expand_files()
 */
static int expand_files(struct files_struct *files, unsigned int nr)
{
	if (nr < files->fdt->max_fds)
		return 0;
	if (nr >= SYSCTL_NR_OPEN)
		return -EMFILE;
	return expand_fdtable(files, nr);
}

/* The table inside the struct itself, empty. */
static void init_fdtab(struct files_struct *files)
{
	memset(files, 0, sizeof(*files));
	refcount_set(&files->count, 1);
	files->fdtab.max_fds = NR_OPEN_DEFAULT;
	files->fdtab.fd = files->fd_array;
	files->fdtab.close_on_exec = files->close_on_exec_init;
	files->fdtab.open_fds = files->open_fds_init;
	files->fdtab.full_fds_bits = files->full_fds_bits_init;
	files->fdt = &files->fdtab;
}

/*
 * A copy of @old with one reference; every open file gets one more. A descriptor that is reserved
 * but not filled is free in the copy. The table is sized again after each allocation, which may
 * sleep: @old may have grown. NULL: no memory. Linux: fs/file.c:dup_fd()
 */
struct files_struct *dup_fd(struct files_struct *old)
{
	struct files_struct *files = kmem_cache_alloc(files_cachep, GFP_KERNEL);
	struct fdtable *fdt;
	unsigned int fd;

	if (!files)
		return NULL;
	init_fdtab(files);
	fdt = files->fdt;
	while (fdt->max_fds < old->fdt->max_fds) {
		if (fdt != &files->fdtab)
			__free_fdtable(fdt);
		fdt = alloc_fdtable(old->fdt->max_fds - 1);
		if (!fdt) {
			kmem_cache_free(files_cachep, files);
			return NULL;
		}
	}
	files->fdt = fdt;
	copy_fdtable(fdt, old->fdt);
	for (fd = 0; fd < fdt->max_fds; fd++) {
		if (fdt->fd[fd])
			get_file(fdt->fd[fd]);
		else if (test_bit(fd, fdt->open_fds))
			__clear_open_fd(fd, fdt);
	}
	return files;
}

/* Drop a reference; the last one closes every file. Linux: fs/file.c:put_files_struct() */
void put_files_struct(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;
	unsigned int fd;

	if (!refcount_dec_and_test(&files->count))
		return;
	for (fd = 0; fd < fdt->max_fds; fd++) {
		struct file *file = fdt->fd[fd];

		fdt->fd[fd] = NULL;
		if (file)
			filp_close(file, files);
	}
	if (fdt != &files->fdtab)
		__free_fdtable(fdt);
	if (files != &init_files)
		kmem_cache_free(files_cachep, files);
}

/* execve() succeeded: close what was marked so. Linux: fs/file.c:do_close_on_exec() */
void do_close_on_exec(struct files_struct *files)
{
	struct fdtable *fdt = files->fdt;
	unsigned int i;

	for (i = 0; i < fdt->max_fds / BITS_PER_LONG; i++) {
		unsigned long set = fdt->close_on_exec[i];

		fdt->close_on_exec[i] = 0;
		for (; set; set &= set - 1) {
			unsigned int fd = i * BITS_PER_LONG + __builtin_ctzl(set);
			struct file *file = fdt->fd[fd];

			if (!file)
				continue;
			fdt->fd[fd] = NULL;
			__put_unused_fd(files, fd);
			filp_close(file, files);
		}
	}
}

/*
 * The lowest free descriptor of @fdt from @start on, or max_fds when there is none. @start is below
 * max_fds. It mostly lies in the word where the search starts; full_fds_bits leads past words that
 * have no free bit. Linux: fs/file.c:find_next_fd(), since 6.12
 */
static unsigned int find_next_fd(struct fdtable *fdt, unsigned int start)
{
	unsigned int word = start / BITS_PER_LONG;
	unsigned long free = ~fdt->open_fds[word] >> (start % BITS_PER_LONG);

	if (free)
		return start + __builtin_ctzl(free);
	word = find_next_zero_bit(fdt->full_fds_bits, fdt->max_fds / BITS_PER_LONG, word + 1);
	return find_next_zero_bit(fdt->open_fds, fdt->max_fds, word * BITS_PER_LONG);
}

/*
 * Reserve the lowest free descriptor in [@start, @end) of current. @flags: O_CLOEXEC or others,
 * which do not matter here. -EMFILE when all are taken, -ENOMEM when the table cannot grow.
 * Linux: fs/file.c:alloc_fd()
 */
int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd;

repeat:
	fdt = files_fdtable(files);
	fd = max(start, files->next_fd);
	if (likely(fd < fdt->max_fds))
		fd = find_next_fd(fdt, fd);
	if (unlikely(fd >= end))
		return -EMFILE;
	if (unlikely(fd >= fdt->max_fds)) {
		int error = expand_files(files, fd);

		if (error < 0)
			return error;
		goto repeat; /* the table is another one, and somebody may have taken @fd */
	}
	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	__set_open_fd(fd, fdt);
	__set_close_on_exec(fd, fdt, flags & O_CLOEXEC);
	return fd;
}

/* execve() is to close, or to keep, @fd. Linux: fs/file.c:set_close_on_exec() */
void set_close_on_exec(unsigned int fd, int flag)
{
	__set_close_on_exec(fd, current->files->fdt, flag);
}

/* Will execve() close @fd? Linux: fs/file.c:get_close_on_exec() */
bool get_close_on_exec(unsigned int fd)
{
	const struct fdtable *fdt = current->files->fdt;

	return fd < fdt->max_fds && test_bit(fd, fdt->close_on_exec);
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

/* Linux: fs/file.c:fget() */
struct file *fget(unsigned int fd)
{
	struct file *file = files_lookup_fd(current->files, fd);

	return file && !(file->f_mode & FMODE_PATH) ? get_file(file) : NULL;
}

/*
 * The file behind @fd, with FDPUT_FPUT in the lowest bits if a reference was taken. None is needed
 * as long as no other task uses the table. Linux: fs/file.c:__fget_light()
 */
static inline unsigned long __fget_light(unsigned int fd, fmode_t mask)
{
	struct files_struct *files = current->files;
	struct file *file = files_lookup_fd(files, fd);

	if (!file || (file->f_mode & mask))
		return 0;
	if (refcount_read(&files->count) == 1)
		return (unsigned long)file;
	return (unsigned long)get_file(file) | FDPUT_FPUT;
}

unsigned long __fdget(unsigned int fd)
{
	return __fget_light(fd, FMODE_PATH);
}

unsigned long __fdget_raw(unsigned int fd)
{
	return __fget_light(fd, 0);
}

/*
 * The same, and if others hold the file, too, its position is locked: then FDPUT_POS_UNLOCK is set.
 * Linux: fs/file.c:__fdget_pos()
 */
unsigned long __fdget_pos(unsigned int fd)
{
	unsigned long v = __fdget(fd);
	struct file *file = (struct file *)(v & ~3ul);

	if (file && (file->f_mode & FMODE_ATOMIC_POS) && atomic_long_read(&file->f_count) > 1) {
		v |= FDPUT_POS_UNLOCK;
		mutex_lock(&file->f_inode->i_pos_lock);
	}
	return v;
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

/*
 * Make @newfd mean @file too, closing what it meant before. -EBUSY when a task has reserved @newfd
 * and not filled it yet: its fd_install() must find the slot empty. Linux: fs/file.c:do_dup2()
 */
static int do_dup2(struct files_struct *files, struct file *file, unsigned int newfd,
		   unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *tofree = fdt->fd[newfd];

	if (!tofree && test_bit(newfd, fdt->open_fds))
		return -EBUSY;
	fdt->fd[newfd] = get_file(file);
	__set_open_fd(newfd, fdt);
	__set_close_on_exec(newfd, fdt, flags & O_CLOEXEC);
	if (tofree)
		filp_close(tofree, files);
	return newfd;
}

/* Linux: fs/file.c:ksys_dup3(), in its order of checks */
static int ksys_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	struct files_struct *files = current->files;
	struct file *file;
	int error;

	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (oldfd == newfd)
		return -EINVAL;
	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	error = expand_files(files, newfd);
	file = files_lookup_fd(files, oldfd);
	if (!file || error == -EMFILE)
		return -EBADF;
	if (error < 0)
		return error;
	return do_dup2(files, file, newfd, flags);
}

SYSCALL_DEFINE3(dup3, unsigned int, oldfd, unsigned int, newfd, int, flags)
{
	return ksys_dup3(oldfd, newfd, flags);
}

SYSCALL_DEFINE2(dup2, unsigned int, oldfd, unsigned int, newfd)
{
	if (oldfd == newfd)
		return files_lookup_fd(current->files, oldfd) ? (int)oldfd : -EBADF;
	return ksys_dup3(oldfd, newfd, 0);
}

SYSCALL_DEFINE1(dup, unsigned int, fildes)
{
	struct file *file = files_lookup_fd(current->files, fildes);
	int fd;

	if (!file)
		return -EBADF;
	get_file(file);
	fd = get_unused_fd_flags(0);
	if (fd >= 0)
		fd_install(fd, file);
	else
		fput(file);
	return fd;
}

/* F_DUPFD: as dup(), but not below @from. Linux: fs/file.c:f_dupfd() */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long nofile = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= nofile)
		return -EINVAL;
	fd = alloc_fd(from, nofile, flags);
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}
