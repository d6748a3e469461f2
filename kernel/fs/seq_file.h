/*
 * Texts that are made of records when they are read. Linux: include/linux/seq_file.h
 */
#ifndef KERNEL_FS_SEQ_FILE_H
#define KERNEL_FS_SEQ_FILE_H

#include "kernel/lib/lib.h"
#include "kernel/sched/mutex.h"

struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct path;

/* A text in the making, file->private_data of who opened it. */
struct seq_file {
	char *buf;       /* records; size bytes */
	size_t size;
	size_t from;     /* the first byte that was not read yet ... */
	size_t count;    /* ... and this many; while show() runs: the bytes made so far */
	loff_t index;    /* the next record */
	loff_t read_pos; /* the position in the file that belongs to from */
	struct mutex lock;
	const struct seq_operations *op;
	const struct file *file; /* who opened it: file->f_cred */
	void *private;
};

/* The records: iterators are pointers that only these functions understand, or ERR_PTR. */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);         /* number *@pos; NULL: none */
	void (*stop)(struct seq_file *m, void *v);               /* after each start(), always */
	void *(*next)(struct seq_file *m, void *v, loff_t *pos); /* moves *@pos on; NULL: none */
	int (*show)(struct seq_file *m, void *v); /* write it: 0, SEQ_SKIP, -errno */
};
#define SEQ_SKIP 1                  /* nothing is shown of this record */
#define SEQ_START_TOKEN ((void *)1) /* an iterator that stands for a headline */

int seq_open(struct file *file, const struct seq_operations *op); /* 0, -ENOMEM */
int seq_release(struct inode *inode, struct file *file);
/* With @psize bytes of zeros as m->private, which seq_release_private() frees; or NULL. */
void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize);
int seq_open_private(struct file *file, const struct seq_operations *op, int psize);
int seq_release_private(struct inode *inode, struct file *file);
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);

/* One record, which @show writes; @data is m->private. 0, -ENOMEM. */
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_release(struct inode *inode, struct file *file);

/* For show(). What does not fit is cut; then show() is called again with a larger buffer. */
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf(2, 3);
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
/* The path from current's root, the characters of @esc as \ooo. 0; -1: cut. seq_path.c */
int seq_path(struct seq_file *m, const struct path *path, const char *esc);
int seq_write(struct seq_file *m, const void *data, size_t len); /* 0; -1: cut */

static inline bool seq_has_overflowed(const struct seq_file *m)
{
	return m->count == m->size;
}

/* start() and next() for records in a list. */
struct list_head *seq_list_start(struct list_head *head, loff_t pos);
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos);
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos);

#endif
