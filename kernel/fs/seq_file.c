/*
 * Texts that are made of records when they are read.
 *
 * A read makes as many whole records as it has room for. What is left of the last one stays in
 * the buffer for the next read, and so records are consistent in themselves, the text as a whole
 * only if it is read at once. A buffer too small for one record is doubled. Linux: fs/seq_file.c
 */
#include <uapi/unistd.h>

#include "kernel/fs/internal.h"

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);

	WARN_ON(file->private_data);
	if (!m)
		return -ENOMEM;
	mutex_init(&m->lock);
	m->op = op;
	m->file = file;
	file->private_data = m;
	file->f_mode &= ~FMODE_PWRITE; /* what is written goes to no position */
	return 0;
}

int seq_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->buf);
	kfree(m);
	return 0;
}

void *__seq_open_private(struct file *file, const struct seq_operations *op, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, op)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}

int seq_open_private(struct file *file, const struct seq_operations *op, int psize)
{
	return __seq_open_private(file, op, psize) ? 0 : -ENOMEM;
}

int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->private);
	m->private = NULL;
	return seq_release(inode, file);
}

/* --- what show() calls ---------------------------------------------------------------------- */

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	size_t room = m->size - m->count;

	if (room)
		m->count += min(room, (size_t)vsnprintf(m->buf + m->count, room, fmt, args));
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}

int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (m->count + len >= m->size) {
		m->count = m->size;
		return -1;
	}
	memcpy(m->buf + m->count, data, len);
	m->count += len;
	return 0;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	if (m->count < m->size)
		m->buf[m->count++] = c;
}

/* --- reading -------------------------------------------------------------------------------- */

static bool need_buffer(struct seq_file *m, size_t size)
{
	if (!m->buf) {
		m->size = size;
		m->buf = kmalloc(size, GFP_KERNEL);
	}
	return m->buf;
}

/* Throw away what was made, and begin at the beginning. */
static void seq_rewind(struct seq_file *m)
{
	m->index = 0;
	m->count = m->from = 0;
	m->read_pos = 0;
}

/* The record did not fit: a buffer twice as large, empty. */
static bool grow_buffer(struct seq_file *m)
{
	kfree(m->buf);
	m->buf = NULL;
	m->count = 0;
	return need_buffer(m, m->size << 1);
}

/*
 * Make records from m->index on until at least one is not empty and the next would be more than
 * @wanted bytes. They are in the buffer, m->count bytes. 0: also at the end; or -errno.
 */
static int make_records(struct seq_file *m, size_t wanted)
{
	size_t before; /* m->count without the record that is being made */
	int error = 0;
	void *p;

	m->from = m->count = 0;
	p = m->op->start(m, &m->index);
	while (!IS_ERR_OR_NULL(p)) {
		before = m->count;
		error = m->op->show(m, p);
		if (error < 0 || seq_has_overflowed(m)) {
			if (before || error < 0) { /* what was made before is good */
				m->count = before;
				error = before ? 0 : error;
				break;
			}
			m->op->stop(m, p);
			if (!grow_buffer(m))
				return -ENOMEM;
			p = m->op->start(m, &m->index);
			continue;
		}
		if (error > 0) /* SEQ_SKIP */
			m->count = before;
		error = 0;
		p = m->op->next(m, p, &m->index);
		if (m->count >= wanted && m->count)
			break;
	}
	if (IS_ERR(p) && !m->count)
		error = PTR_ERR(p);
	m->op->stop(m, p);
	return error;
}

/* Go to position @offset of the text, by making it up to there. 0 or -errno. */
static int traverse(struct seq_file *m, loff_t offset)
{
	loff_t pos = 0;

	seq_rewind(m);
	while (pos < offset) {
		int error = make_records(m, 1);
		size_t step = min(m->count, (size_t)(offset - pos));

		if (error || !m->count)
			return error;
		pos += step;
		m->from = step;
		m->count -= step;
	}
	return 0;
}

/* Hand out what is in the buffer, as far as there is room. Bytes. */
static size_t drain(struct seq_file *m, struct iov_iter *to)
{
	size_t n = copy_to_iter(m->buf + m->from, m->count, to);

	m->from += n;
	m->count -= n;
	return n;
}

/* What is left of the last record goes first. */
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct seq_file *m = iocb->ki_filp->private_data;
	size_t copied = 0;
	ssize_t error = 0;

	if (!to->count)
		return 0;
	mutex_lock(&m->lock);
	if (!need_buffer(m, PAGE_SIZE))
		error = -ENOMEM;
	else if (!iocb->ki_pos)
		seq_rewind(m);
	else if (iocb->ki_pos != m->read_pos)
		error = traverse(m, iocb->ki_pos);
	if (error)
		seq_rewind(m);
	else
		m->read_pos = iocb->ki_pos;
	if (!error && m->count)
		copied = drain(m, to);
	if (!error && !m->count && to->count) {
		error = make_records(m, to->count);
		copied += drain(m, to);
	}
	if (copied) {
		iocb->ki_pos += copied;
		m->read_pos += copied;
		error = copied;
	} else if (m->count) {
		error = -EFAULT;
	}
	mutex_unlock(&m->lock);
	return error;
}

ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = size };
	struct kiocb iocb = { .ki_filp = file, .ki_pos = *ppos };
	struct iov_iter iter;
	ssize_t ret;

	iov_iter_init(&iter, true, &iov, 1, size);
	ret = seq_read_iter(&iocb, &iter);
	*ppos = iocb.ki_pos;
	return ret;
}

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *m = file->private_data;
	loff_t ret = -EINVAL;

	mutex_lock(&m->lock);
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	if ((whence == SEEK_CUR || whence == SEEK_SET) && offset >= 0) {
		ret = offset;
		if (offset != m->read_pos) {
			int error = need_buffer(m, PAGE_SIZE) ? traverse(m, offset) : -ENOMEM;

			if (error) {
				seq_rewind(m);
				ret = error;
			}
			m->read_pos = error ? 0 : offset;
		}
		file->f_pos = ret < 0 ? 0 : offset;
	}
	mutex_unlock(&m->lock);
	return ret;
}

/* --- one record ----------------------------------------------------------------------------- */

static void *single_start(struct seq_file *m __maybe_unused, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m __maybe_unused, void *v __maybe_unused, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m __maybe_unused, void *v __maybe_unused)
{
}

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_operations *op = kmalloc(sizeof(*op), GFP_KERNEL);
	int error;

	if (!op)
		return -ENOMEM;
	*op = (struct seq_operations){ single_start, single_stop, single_next, show };
	error = seq_open(file, op);
	if (error)
		kfree(op);
	else
		((struct seq_file *)file->private_data)->private = data;
	return error;
}

int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;
	int ret = seq_release(inode, file);

	kfree(op);
	return ret;
}
