/*
 * /proc: text about the kernel, in Linux's formats, and the sysctls.
 *
 * An entry is a ramfs node with operations of its own. A text is made whole when it is opened, so
 * that reading it piece by piece stays consistent; a sysctl is formatted at each read.
 * Stands on ramfs. Entries come from here, net and start_kernel(). Linux: fs/proc, kernel/sysctl.c
 */
#include "kernel/fs/internal.h"

/* What i_private of an entry points to; lives for good. */
struct proc_entry {
	void (*show)(struct seq_buf *seq);
	unsigned long *data; /* a sysctl's values ... */
	int count;           /* ... this many, 1..SYSCTL_MAX_VALUES */
	unsigned long low, high;
};
#define SYSCTL_MAX_VALUES 4

/* Append to the text. Linux: fs/seq_file.c:seq_printf() */
void seq_printf(struct seq_buf *seq, const char *fmt, ...)
{
	size_t used = min(seq->len, seq->size);
	va_list args;

	va_start(args, fmt);
	seq->len += vsnprintf(seq->buffer + used, seq->size - used, fmt, args);
	va_end(args);
}

/* Hand out what @text (@len bytes) has at the file's position. Linux: simple_read_from_buffer() */
static ssize_t read_text(struct kiocb *iocb, struct iov_iter *to, const char *text, size_t len)
{
	size_t left = (u64)iocb->ki_pos < len ? len - iocb->ki_pos : 0;
	size_t done;

	if (!left || !to->count)
		return 0;
	done = copy_to_iter(text + iocb->ki_pos, left, to);
	iocb->ki_pos += done;
	return done ? (ssize_t)done : -EFAULT;
}

/* Make the text, in a buffer as large as it takes. */
static int proc_open(struct inode *inode, struct file *file)
{
	const struct proc_entry *entry = inode->i_private;
	struct seq_buf *seq = kmalloc(sizeof(*seq), GFP_KERNEL);

	if (!seq)
		return -ENOMEM;
	for (seq->size = PAGE_SIZE;; seq->size *= 2) {
		seq->len = 0;
		seq->buffer = kmalloc(seq->size, GFP_KERNEL);
		if (!seq->buffer) {
			kfree(seq);
			return -ENOMEM;
		}
		entry->show(seq);
		if (seq->len < seq->size)
			break;
		kfree(seq->buffer);
	}
	file->private_data = seq;
	return 0;
}

static int proc_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct seq_buf *seq = file->private_data;

	kfree(seq->buffer);
	kfree(seq);
	return 0;
}

static ssize_t proc_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct seq_buf *seq = iocb->ki_filp->private_data;

	return read_text(iocb, to, seq->buffer, seq->len);
}

static const struct file_operations proc_file_operations = {
	.llseek = generic_file_llseek,
	.open = proc_open,
	.release = proc_release,
	.read_iter = proc_read_iter,
};

/* All values in one line; a second read is at the end. Linux: kernel/sysctl.c */
static ssize_t sysctl_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	const struct proc_entry *entry = iocb->ki_filp->f_inode->i_private;
	char text[SYSCTL_MAX_VALUES * 21 + 1];
	size_t len = 0;
	int i;

	if (iocb->ki_pos)
		return 0;
	for (i = 0; i < entry->count; i++)
		len += scnprintf(text + len, sizeof(text) - len, i ? "\t%lu" : "%lu",
				 entry->data[i]);
	len += scnprintf(text + len, sizeof(text) - len, "\n");
	return read_text(iocb, to, text, len);
}

/* The next number in *@text, which moves behind it. 0, -EINVAL, or -ENOENT when there is none. */
static int next_number(char **text, unsigned long *value)
{
	static const char space[] = " \t\n\v\f\r";
	char *start = *text, *end, saved;
	int error;

	while (*start && strchr(space, *start))
		start++;
	if (!*start)
		return -ENOENT;
	for (end = start; *end && !strchr(space, *end); end++)
		;
	saved = *end;
	*end = '\0';
	error = kstrtoul(start, 0, value);
	*end = saved;
	*text = end;
	return error ? -EINVAL : 0;
}

/* New values: all that are given are good, or none is taken. Linux: proc_doulongvec_minmax() */
static int sysctl_parse(const struct proc_entry *entry, char *text)
{
	unsigned long value[SYSCTL_MAX_VALUES];
	int n, error = 0;

	for (n = 0; n < entry->count; n++) {
		error = next_number(&text, &value[n]);
		if (error)
			break;
		if (value[n] < entry->low || value[n] > entry->high)
			return -EINVAL;
	}
	if (error == -EINVAL || !n)
		return -EINVAL;
	memcpy(entry->data, value, n * sizeof(value[0]));
	return 0;
}

static ssize_t sysctl_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	const struct proc_entry *entry = iocb->ki_filp->f_inode->i_private;
	size_t count = from->count;
	char text[SYSCTL_MAX_VALUES * 32];
	int error;

	if (iocb->ki_pos || !count) /* the value is what the first write said */
		return count;
	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_iter(text, count, from) < count)
		return -EFAULT;
	text[count] = '\0';
	error = sysctl_parse(entry, text);
	if (error)
		return error;
	iocb->ki_pos += count;
	return count;
}

static const struct file_operations sysctl_file_operations = {
	.llseek = generic_file_llseek,
	.read_iter = sysctl_read_iter,
	.write_iter = sysctl_write_iter,
};
static const struct inode_operations proc_inode_operations;

static int proc_register(const char *path, umode_t mode, const struct proc_entry *entry,
			 const struct file_operations *fop)
{
	struct proc_entry *copy = kmalloc(sizeof(*copy), GFP_KERNEL);
	struct dentry *dentry;
	int error = copy ? ramfs_make_parents(path, 0555, &proc_dir_inode_operations) : -ENOMEM;

	if (!error) {
		dentry = ramfs_create_node(path, S_IFREG | mode, 0);
		if (!IS_ERR(dentry)) {
			*copy = *entry;
			dentry->d_inode->i_private = copy;
			dentry->d_inode->i_fop = fop;
			dentry->d_inode->i_op = &proc_inode_operations;
			dput(dentry);
			return 0;
		}
		error = PTR_ERR(dentry);
	}
	kfree(copy);
	return error;
}

int proc_create(const char *path, void (*show)(struct seq_buf *seq))
{
	struct proc_entry entry = { .show = show };

	return proc_register(path, 0444, &entry, &proc_file_operations);
}

int proc_sysctl(const char *path, unsigned long *data, int count, unsigned long low,
		unsigned long high)
{
	struct proc_entry entry = { .data = data, .count = count, .low = low, .high = high };

	BUG_ON(count < 1 || count > SYSCTL_MAX_VALUES);
	return proc_register(path, 0644, &entry, &sysctl_file_operations);
}
