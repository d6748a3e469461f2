/*
 * Descriptor tables: born small inside struct files_struct, grown by doubling, copied by fork().
 *
 * One block of memory holds a grown table's bitmaps, another its pointers.
 * Stands on slab and file_table. Called by file.c, fork, exec and exit. Linux: fs/file.c
 */
#include "kernel/fs/internal.h"

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
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct), 0, NULL);
}

static void free_fdtable(struct files_struct *files)
{
	if (files->fdt == &files->fdtab)
		return;
	kfree(files->fdt->fd);
	kfree(files->fdt->open_fds);
	kfree(files->fdt);
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
		kfree(fdt->fd);
		kfree(fdt->open_fds);
		kfree(fdt);
		return NULL;
	}
	fdt->close_on_exec = fdt->open_fds + words;
	fdt->full_fds_bits = fdt->close_on_exec + words;
	return fdt;
}

/* Everything in @old, which is not larger, into the empty @new. */
static void copy_fdtable(struct fdtable *new, const struct fdtable *old)
{
	size_t words = BITS_TO_LONGS(old->max_fds);

	memcpy(new->fd, old->fd, old->max_fds * sizeof(struct file *));
	memcpy(new->open_fds, old->open_fds, words * sizeof(long));
	memcpy(new->close_on_exec, old->close_on_exec, words * sizeof(long));
	memcpy(new->full_fds_bits, old->full_fds_bits, BITS_TO_LONGS(words) * sizeof(long));
}

/*
 * Make room for descriptor @nr. 0; -EMFILE beyond SYSCTL_NR_OPEN; -ENOMEM, and the table is as it
 * was. Linux: fs/file.c:expand_files()
 */
int expand_files(struct files_struct *files, unsigned int nr)
{
	struct fdtable *new;

	if (nr < files->fdt->max_fds)
		return 0;
	if (nr >= SYSCTL_NR_OPEN)
		return -EMFILE;
	new = alloc_fdtable(nr);
	if (!new)
		return -ENOMEM;
	copy_fdtable(new, files->fdt);
	free_fdtable(files);
	files->fdt = new;
	return 0;
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
 * but not filled is free in the copy. NULL: no memory. Linux: fs/file.c:dup_fd()
 */
struct files_struct *dup_fd(struct files_struct *old)
{
	const struct fdtable *old_fdt = old->fdt;
	struct files_struct *files = kmem_cache_alloc(files_cachep, GFP_KERNEL);
	struct fdtable *fdt;
	unsigned int fd;

	if (!files)
		return NULL;
	init_fdtab(files);
	if (old_fdt->max_fds > NR_OPEN_DEFAULT) {
		fdt = alloc_fdtable(old_fdt->max_fds - 1);
		if (!fdt) {
			kmem_cache_free(files_cachep, files);
			return NULL;
		}
		files->fdt = fdt;
	}
	fdt = files->fdt;
	copy_fdtable(fdt, old_fdt);
	for (fd = 0; fd < old_fdt->max_fds; fd++) {
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
			filp_close(file);
	}
	free_fdtable(files);
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
			filp_close(file);
		}
	}
}
