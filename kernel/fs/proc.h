/*
 * /proc: text about the kernel, and sysctls. Linux: include/linux/proc_fs.h, seq_file.h, sysctl.h
 */
#ifndef KERNEL_FS_PROC_H
#define KERNEL_FS_PROC_H

#include "kernel/lib/types.h"

struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct proc_dir_entry;

/* A text in the making. seq_file.c */
struct seq_file {
	char *buf;
	size_t size, count; /* count >= size: it did not fit, and was cut */
	int (*show)(struct seq_file *m, void *v);
	struct file *file; /* who opened it: file->f_cred */
	void *private;
};
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
/* f_op for a text that @show writes; a read from the beginning makes it anew. 0 or -errno. */
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_release(struct inode *inode, struct file *file);
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to);

/* @parent: NULL is /proc itself. The entry, or NULL: no memory. Entries stay for good. */
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *m, void *v));
/*
 * The sysctl @path, which begins with /proc/sys/: @count (1..4) decimal numbers separated by tabs,
 * each within [@low, @high]. All may read it, root may write it. 0 or -errno. At boot.
 */
int proc_sysctl(const char *path, unsigned long *data, int count, unsigned long low,
		unsigned long high);

#endif
