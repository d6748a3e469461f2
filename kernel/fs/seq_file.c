/*
 * Texts that are made when they are read: whole, so that reading piece by piece stays consistent.
 *
 * Linux: fs/seq_file.c, of which this is the part for one record (single_open())
 */
#include "kernel/fs/internal.h"

/* Append to the text. */
void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	size_t used = min(m->count, m->size);
	va_list args;

	va_start(args, fmt);
	m->count += vsnprintf(m->buf + used, m->size - used, fmt, args);
	va_end(args);
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return -ENOMEM;
	m->show = show;
	m->file = file;
	m->private = data;
	file->private_data = m;
	return 0;
}

int single_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->buf);
	kfree(m);
	return 0;
}

/* Make the text, in a buffer as large as it takes. 0, -ENOMEM, or what show() says. */
static int make_text(struct seq_file *m)
{
	size_t size = m->buf ? m->size : PAGE_SIZE;

	for (;; size *= 2) {
		int error;

		if (!m->buf)
			m->buf = kmalloc(size, GFP_KERNEL);
		if (!m->buf)
			return -ENOMEM;
		m->size = size;
		m->count = 0;
		error = m->show(m, m->private);
		if (error) {
			m->count = 0;
			return error;
		}
		if (m->count < m->size)
			return 0;
		kfree(m->buf);
		m->buf = NULL;
	}
}

ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct seq_file *m = iocb->ki_filp->private_data;
	int error = iocb->ki_pos && m->buf ? 0 : make_text(m);

	if (error)
		return error;
	return simple_read_from_iter(iocb, to, m->buf, m->count);
}
