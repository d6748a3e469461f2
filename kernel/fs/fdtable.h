/*
 * Descriptor tables: small integers to open files. Linux: include/linux/fdtable.h, fs/file.c
 */
#ifndef KERNEL_FS_FDTABLE_H
#define KERNEL_FS_FDTABLE_H

#include "kernel/lib/lib.h"

struct file;

#define NR_OPEN_DEFAULT BITS_PER_LONG
#define SYSCTL_NR_OPEN 1048576u /* fs.nr_open: no descriptor is ever larger */

struct fdtable {
	unsigned int max_fds;         /* a multiple of 64 */
	struct file **fd;             /* NULL: free, or reserved while its bit is set */
	unsigned long *close_on_exec; /* bit n: close descriptor n in execve() */
	unsigned long *open_fds;      /* bit n: n is taken */
	unsigned long *full_fds_bits; /* bit n: word n of open_fds is all ones */
};

/* The first table lives inside; alloc_fd() grows into kmalloc()ed ones. */
struct files_struct {
	refcount_t count;
	struct fdtable *fdt;
	struct fdtable fdtab;
	unsigned int next_fd; /* no free descriptor lies below */
	unsigned long close_on_exec_init[1];
	unsigned long open_fds_init[1];
	unsigned long full_fds_bits_init[1];
	struct file *fd_array[NR_OPEN_DEFAULT];
};

static inline struct fdtable *files_fdtable(struct files_struct *files)
{
	return files->fdt;
}

/* The lowest free descriptor, reserved but empty. -EMFILE, -ENOMEM. @flags: O_CLOEXEC or 0. */
int get_unused_fd_flags(unsigned int flags);
/* The same, not below @start and below @end (a resource limit). */
int alloc_fd(unsigned int start, unsigned int end, unsigned int flags);
void put_unused_fd(unsigned int fd);
/* Publish @file under the reserved @fd. Cannot fail; consumes the reference. */
void fd_install(unsigned int fd, struct file *file);

/* The open file behind @fd with a reference for the caller (fput() it), or NULL. */
struct file *fget(unsigned int fd); /* NULL for one of O_PATH, too */

/*
 * A file in use for the length of a system call, and what fdput() has to undo. As long as nobody
 * shares the table, nobody can close the file meanwhile, and no reference is taken.
 * Linux: include/linux/file.h
 */
struct fd {
	struct file *file; /* NULL: not open */
	unsigned int flags;
};
#define FDPUT_FPUT 1       /* there is a reference to drop */
#define FDPUT_POS_UNLOCK 2 /* the inode's i_pos_lock is held */

/* A file's address | FDPUT_*. 0 for one of O_PATH, but by the second function. */
unsigned long __fdget(unsigned int fd);
unsigned long __fdget_raw(unsigned int fd);
unsigned long __fdget_pos(unsigned int fd);

static inline struct fd __to_fd(unsigned long v)
{
	return (struct fd){ (struct file *)(v & ~3ul), v & 3 };
}

static inline struct fd fdget(unsigned int fd)
{
	return __to_fd(__fdget(fd));
}

/* For calls that also work with a file that was opened with O_PATH. */
static inline struct fd fdget_raw(unsigned int fd)
{
	return __to_fd(__fdget_raw(fd));
}

/* For calls that use the position: nobody else moves it until fdput_pos(). */
static inline struct fd fdget_pos(unsigned int fd)
{
	return __to_fd(__fdget_pos(fd));
}

/* Take @fd out of current's table: the file with the table's reference, or NULL. */
struct file *file_close_fd(unsigned int fd);

struct files_struct *dup_fd(struct files_struct *old); /* a copy for fork(); NULL: no memory */
void put_files_struct(struct files_struct *files);
void do_close_on_exec(struct files_struct *files);
extern struct files_struct init_files;

#endif
