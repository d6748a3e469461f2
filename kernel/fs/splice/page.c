/*
 * Files read and written by pages: the unit in which splice() and sendfile() move bytes.
 *
 * A file in the page cache gives its own page, which is shared from then on: nothing is copied, and who reads
 * the pipe later sees what the file contains by then, as on Linux. Any other file reads into a new page.
 */
#include "kernel/fs/splice/splice.h"

#define MEM_MAJOR 1

/*
 * On Linux these have f_op->splice_read and splice_write. Of the devices of memory these are the sources of
 * random numbers and, to write to, /dev/null.
 */
bool can_splice(int rw, const struct file *file)
{
	const struct inode *inode = file->f_inode;
	unsigned int minor = MINOR(inode->i_rdev);

	if (rw == READ ? !file->f_op->read_iter : !file->f_op->write_iter)
		return false;
	if (!S_ISCHR(inode->i_mode))
		return S_ISREG(inode->i_mode) || S_ISSOCK(inode->i_mode);
	return MAJOR(inode->i_rdev) != MEM_MAJOR || minor == 8 || minor == 9 || (rw == WRITE && minor == 3);
}

/* The part of @page that is asked for, up to the end of the file. */
static ssize_t from_page_cache(struct file *in, struct page *page, loff_t *pos, size_t len,
			       struct pipe_buffer *buf)
{
	loff_t size = in->f_inode->i_size;

	if (*pos >= size) {
		put_page(page);
		return 0;
	}
	buf->page = page;
	buf->offset = *pos % PAGE_SIZE;
	len = min(len, PAGE_SIZE - buf->offset);
	buf->len = min(len, (size_t)(size - *pos));
	*pos += buf->len;
	if (!(in->f_flags & O_NOATIME))
		in->f_inode->i_atime = ktime_get_real_ns();
	return buf->len;
}

static ssize_t into_new_page(struct file *in, loff_t *pos, size_t len, struct pipe_buffer *buf)
{
	struct iovec iov = { .iov_len = min(len, PAGE_SIZE - (size_t)*pos % PAGE_SIZE) };
	struct page *page = alloc_page(GFP_KERNEL);
	struct iov_iter iter;
	ssize_t ret;

	if (!page)
		return -ENOMEM;
	iov.iov_base = page_address(page);
	iov_iter_init(&iter, false, &iov, 1, iov.iov_len);
	ret = call_iter(READ, in, &iter, pos);
	if (ret <= 0) {
		put_page(page);
		return ret;
	}
	buf->page = page;
	buf->len = ret;
	return ret;
}

ssize_t splice_page_in(struct file *in, loff_t *pos, size_t len, struct pipe_buffer *buf)
{
	struct page *page;

	if (!can_splice(READ, in))
		return -EINVAL;
	*buf = (struct pipe_buffer){ };
	page = find_get_page(in->f_inode->i_mapping, *pos >> PAGE_SHIFT);
	return page ? from_page_cache(in, page, pos, len, buf) : into_new_page(in, pos, len, buf);
}

ssize_t splice_page_out(const struct pipe_buffer *buf, size_t len, struct file *out, loff_t *pos)
{
	struct iovec iov = {
		.iov_base = (char *)page_address(buf->page) + buf->offset,
		.iov_len = min(len, (size_t)buf->len),
	};
	struct iov_iter iter;

	if (!can_splice(WRITE, out))
		return -EINVAL;
	iov_iter_init(&iter, false, &iov, 1, iov.iov_len);
	return call_iter(WRITE, out, &iter, pos);
}
