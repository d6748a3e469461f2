/*
 * Reading from and writing to a pipe or FIFO. Linux: fs/pipe.c
 *
 * A write of up to PIPE_BUF bytes goes in as one piece: it lies in one page, which is found before
 * anything is copied. Larger ones may be mixed with those of others, because a writer that finds the
 * pipe full lets go of the mutex while it waits.
 *
 * Who waits is woken when that makes a difference: readers when an empty pipe is no longer empty,
 * writers when a full one is no longer full. Waiting is exclusive: one task is woken, and wakes the next
 * if there is still something for it.
 */
#include <uapi/ioctl.h>

#include "kernel/fs/pipe/pipe.h"
#include "kernel/fs/poll.h"

bool pipe_readable(const struct pipe_inode_info *pipe)
{
	return READ_ONCE(pipe->head) != READ_ONCE(pipe->tail) || !READ_ONCE(pipe->writers);
}

bool pipe_writable(const struct pipe_inode_info *pipe)
{
	return !pipe_full(pipe) || !READ_ONCE(pipe->readers);
}

/* A page that nobody else has a reference to is kept: the next write needs one. */
void pipe_buf_release(struct pipe_inode_info *pipe, struct pipe_buffer *buf)
{
	struct page *page = buf->page;

	buf->page = NULL;
	if (page_count(page) == 1) {
		for (unsigned int i = 0; i < ARRAY_SIZE(pipe->tmp_page); i++) {
			if (!pipe->tmp_page[i]) {
				pipe->tmp_page[i] = page;
				return;
			}
		}
	}
	put_page(page);
}

static struct page *pipe_get_page(struct pipe_inode_info *pipe)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(pipe->tmp_page); i++) {
		struct page *page = pipe->tmp_page[i];

		if (page) {
			pipe->tmp_page[i] = NULL;
			return page;
		}
	}
	return alloc_page(GFP_KERNEL);
}

void pipe_wake_readers(struct pipe_inode_info *pipe)
{
	if (waitqueue_active(&pipe->rd_wait))
		wake_up_interruptible_poll(&pipe->rd_wait, EPOLLIN | EPOLLRDNORM);
}

void pipe_wake_writers(struct pipe_inode_info *pipe)
{
	if (waitqueue_active(&pipe->wr_wait))
		wake_up_interruptible_poll(&pipe->wr_wait, EPOLLOUT | EPOLLWRNORM);
}

void pipe_tell_readers(struct pipe_inode_info *pipe)
{
	if (pipe->fasync_readers)
		kill_fasync(&pipe->fasync_readers, SIGIO, POLL_IN);
}

void pipe_tell_writers(struct pipe_inode_info *pipe)
{
	if (pipe->fasync_writers)
		kill_fasync(&pipe->fasync_writers, SIGIO, POLL_OUT);
}

/*
 * Take what @to has room for from the oldest buffer, which is released when it is empty. How much, or
 * -EFAULT. A packet is gone whatever was taken: *@end. Linux: the first half of pipe_read()
 */
static ssize_t read_buffer(struct pipe_inode_info *pipe, struct iov_iter *to, bool *end)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->tail);
	size_t chars = min((size_t)buf->len, to->count);

	if (copy_to_iter((char *)page_address(buf->page) + buf->offset, chars, to) < chars)
		return -EFAULT;
	buf->offset += chars;
	buf->len -= chars;
	if (buf->flags & PIPE_BUF_FLAG_PACKET) {
		buf->len = 0;
		*end = true;
	}
	if (!buf->len) {
		pipe_buf_release(pipe, buf);
		pipe->tail++;
	}
	return chars;
}

/* Take all that is there and has room. Returns as pipe_read(), or -EAGAIN: there is nothing yet. */
static ssize_t read_buffers(struct pipe_inode_info *pipe, struct iov_iter *to)
{
	ssize_t ret = 0, done;
	bool end = false;

	while (!pipe_empty(pipe)) {
		done = read_buffer(pipe, to, &end);
		if (done < 0)
			return ret ? ret : done;
		ret += done;
		if (end || !to->count)
			return ret;
		cond_resched();
	}
	return ret || !pipe->writers ? ret : -EAGAIN;
}

/* 0: the end, nobody writes any more. Waits for the first byte only. */
static ssize_t pipe_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct pipe_inode_info *pipe = file->private_data;
	bool was_full, wake_next = false;
	ssize_t ret;

	if (!to->count)
		return 0;
	for (;;) {
		mutex_lock(&pipe->mutex);
		was_full = pipe_full(pipe);
		ret = read_buffers(pipe, to);
		if (ret != -EAGAIN || file->f_flags & O_NONBLOCK)
			break;
		mutex_unlock(&pipe->mutex);
		if (was_full) /* of buffers that a write which failed has left empty */
			pipe_wake_writers(pipe);
		if (wait_event_interruptible_exclusive(pipe->rd_wait, pipe_readable(pipe)))
			return -ERESTARTSYS;
		wake_next = true;
	}
	wake_next &= !pipe_empty(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_full)
		pipe_wake_writers(pipe);
	if (wake_next)
		pipe_wake_readers(pipe);
	pipe_tell_writers(pipe);
	if (ret > 0 && !(file->f_flags & O_NOATIME))
		file->f_inode->i_atime = ktime_get_real_ns();
	return ret;
}

/*
 * The odd bytes of a write go behind those of the last buffer, if they fit there. How many did; 0: a
 * buffer of their own is due; -EFAULT.
 */
static ssize_t merge(struct pipe_inode_info *pipe, struct iov_iter *from)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->head - 1);
	size_t chars = from->count % PAGE_SIZE, offset = buf->offset + buf->len;

	if (!chars || pipe_empty(pipe) || !(buf->flags & PIPE_BUF_FLAG_CAN_MERGE) ||
	    offset + chars > PAGE_SIZE)
		return 0;
	if (copy_from_iter((char *)page_address(buf->page) + offset, chars, from) < chars)
		return -EFAULT;
	buf->len += chars;
	return chars;
}

/*
 * Fill the next buffer with a page of @from, or what is left of that. How much; -ENOMEM; -EFAULT, and
 * then the buffer is in the pipe all the same, with nothing in it, as on Linux.
 */
static ssize_t fill_buffer(struct pipe_inode_info *pipe, struct iov_iter *from, bool packets)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->head);
	struct page *page = pipe_get_page(pipe);
	size_t chars = min(from->count, (size_t)PAGE_SIZE);

	if (!page)
		return -ENOMEM;
	*buf = (struct pipe_buffer){
		.page = page,
		.flags = packets ? PIPE_BUF_FLAG_PACKET : PIPE_BUF_FLAG_CAN_MERGE,
	};
	pipe->head++;
	if (copy_from_iter(page_address(page), chars, from) < chars)
		return -EFAULT;
	buf->len = chars;
	return chars;
}

static ssize_t broken_pipe(void)
{
	send_sig(SIGPIPE, current, 0);
	return -EPIPE;
}

/* One more buffer of a write. How much; -EAGAIN: there is no room; or what pipe_write() returns. */
static ssize_t write_buffer(struct pipe_inode_info *pipe, struct iov_iter *from, bool packets)
{
	if (!pipe->readers)
		return broken_pipe();
	if (pipe_full(pipe))
		return -EAGAIN;
	return fill_buffer(pipe, from, packets);
}

/* Let readers have what is there, and wait. 0: try again; -ERESTARTSYS: there is a signal. */
static int wait_for_room(struct pipe_inode_info *pipe, bool *was_empty)
{
	if (signal_pending(current))
		return -ERESTARTSYS;
	mutex_unlock(&pipe->mutex);
	if (*was_empty)
		pipe_wake_readers(pipe);
	pipe_tell_readers(pipe);
	(void)wait_event_interruptible_exclusive(pipe->wr_wait, pipe_writable(pipe));
	mutex_lock(&pipe->mutex);
	*was_empty = pipe_empty(pipe);
	return 0;
}

/*
 * A write to a pipe that nobody reads is a SIGPIPE and -EPIPE. One that is larger than the room there is
 * goes on when there is more, unless a signal or an error ends it: then what was written counts.
 */
static ssize_t write_buffers(struct pipe_inode_info *pipe, const struct file *file,
			     struct iov_iter *from, bool *was_empty, bool *waited)
{
	ssize_t done, ret = pipe->readers ? merge(pipe, from) : broken_pipe();

	while (ret >= 0 && from->count) {
		done = write_buffer(pipe, from, file->f_flags & O_DIRECT);
		if (done == -EAGAIN && !(file->f_flags & O_NONBLOCK)) {
			done = wait_for_room(pipe, was_empty);
			*waited = true;
		}
		if (done < 0)
			return ret ? ret : done;
		ret += done;
		cond_resched();
	}
	return ret;
}

static ssize_t pipe_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct pipe_inode_info *pipe = file->private_data;
	bool was_empty, waited = false, wake_next;
	ssize_t ret;

	if (!from->count)
		return 0;
	mutex_lock(&pipe->mutex);
	was_empty = pipe_empty(pipe);
	ret = write_buffers(pipe, file, from, &was_empty, &waited);
	wake_next = waited && !pipe_full(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_empty || pipe->poll_usage)
		pipe_wake_readers(pipe);
	pipe_tell_readers(pipe);
	if (wake_next)
		pipe_wake_writers(pipe);
	if (ret > 0)
		file->f_inode->i_mtime = file->f_inode->i_ctime = ktime_get_real_ns();
	return ret;
}

/* A reader that opened a FIFO before there was a writer is told of no hangup until one has come and gone. */
static __poll_t pipe_poll(struct file *file, poll_table *wait)
{
	struct pipe_inode_info *pipe = file->private_data;
	__poll_t mask = 0;

	pipe->poll_usage = true;
	if (file->f_mode & FMODE_READ) {
		poll_wait(file, &pipe->rd_wait, wait);
		if (!pipe_empty(pipe))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (!pipe->writers && file->f_pos != pipe->w_counter)
			mask |= EPOLLHUP;
	}
	if (file->f_mode & FMODE_WRITE) {
		poll_wait(file, &pipe->wr_wait, wait);
		if (!pipe_full(pipe))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!pipe->readers)
			mask |= EPOLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = file->private_data;
	unsigned int n;
	int count = 0;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	mutex_lock(&pipe->mutex);
	for (n = pipe->tail; n != pipe->head; n++)
		count += pipe_buf(pipe, n)->len;
	mutex_unlock(&pipe->mutex);
	return put_user(count, (int __user *)arg);
}

/* A file for both directions is in both lists, or in none. */
static int pipe_fasync(int fd, struct file *file, int on)
{
	struct pipe_inode_info *pipe = file->private_data;
	int ret = 0;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		ret = fasync_helper(fd, file, on, &pipe->fasync_readers);
	if (ret >= 0 && file->f_mode & FMODE_WRITE) {
		ret = fasync_helper(fd, file, on, &pipe->fasync_writers);
		if (ret < 0 && file->f_mode & FMODE_READ)
			fasync_helper(-1, file, 0, &pipe->fasync_readers);
	}
	mutex_unlock(&pipe->mutex);
	return ret;
}

/* The other side has to know when nobody is left on this one. */
static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = file->private_data;

	if (file->f_flags & O_ASYNC)
		pipe_fasync(-1, file, 0);
	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		pipe->readers--;
	if (file->f_mode & FMODE_WRITE)
		pipe->writers--;
	if (!pipe->readers != !pipe->writers) {
		wake_up_interruptible_all(&pipe->rd_wait);
		wake_up_interruptible_all(&pipe->wr_wait);
		pipe_tell_readers(pipe);
		pipe_tell_writers(pipe);
	}
	mutex_unlock(&pipe->mutex);
	put_pipe_info(inode, pipe);
	return 0;
}

const struct file_operations pipefifo_fops = {
	.open = fifo_open,
	.read_iter = pipe_read,
	.write_iter = pipe_write,
	.poll = pipe_poll,
	.unlocked_ioctl = pipe_ioctl,
	.fasync = pipe_fasync,
	.release = pipe_release,
};
