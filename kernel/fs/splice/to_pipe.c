/*
 * Waiting for a pipe, and filling it with what is in a file. Linux: fs/splice.c
 */
#include "kernel/fs/splice/splice.h"

int wait_for_space(struct pipe_inode_info *pipe, unsigned int flags)
{
	for (;;) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			return -EPIPE;
		}
		if (!pipe_full(pipe))
			return 0;
		if (flags & SPLICE_F_NONBLOCK)
			return -EAGAIN;
		if (signal_pending(current))
			return -ERESTARTSYS;
		mutex_unlock(&pipe->mutex);
		(void)wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe));
		mutex_lock(&pipe->mutex);
	}
}

/* Buffers of writes that failed have nothing in them. */
static void drop_empty(struct pipe_inode_info *pipe)
{
	while (!pipe_empty(pipe) && !pipe_buf(pipe, pipe->tail)->len) {
		pipe_buf_release(pipe, pipe_buf(pipe, pipe->tail));
		pipe->tail++;
	}
}

int wait_for_data(struct pipe_inode_info *pipe, unsigned int flags)
{
	for (;;) {
		drop_empty(pipe);
		if (!pipe_empty(pipe))
			return 1;
		if (!pipe->writers)
			return 0;
		if (flags & SPLICE_F_NONBLOCK)
			return -EAGAIN;
		if (signal_pending(current))
			return -ERESTARTSYS;
		mutex_unlock(&pipe->mutex);
		pipe_wake_writers(pipe);
		(void)wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe));
		mutex_lock(&pipe->mutex);
	}
}

/* A page after the other, until one is not full or @pipe is. As splice_file_to_pipe(). */
static ssize_t fill_pipe(struct file *in, struct pipe_inode_info *pipe, loff_t *pos, size_t len)
{
	ssize_t total = 0, ret = 0;

	while (len && !pipe_full(pipe)) {
		struct pipe_buffer buf;
		size_t whole = min(len, PAGE_SIZE - (size_t)*pos % PAGE_SIZE);

		ret = splice_page_in(in, pos, len, &buf);
		if (ret <= 0)
			break;
		*pipe_buf(pipe, pipe->head++) = buf;
		total += ret;
		len -= ret;
		if ((size_t)ret < whole)
			break;
		cond_resched();
	}
	return total ? total : ret;
}

ssize_t splice_file_to_pipe(struct file *in, struct pipe_inode_info *pipe, loff_t *pos, size_t len,
			    unsigned int flags)
{
	ssize_t ret;

	mutex_lock(&pipe->mutex);
	ret = wait_for_space(pipe, flags);
	if (!ret)
		ret = fill_pipe(in, pipe, pos, len);
	mutex_unlock(&pipe->mutex);
	if (ret > 0) {
		pipe_wake_readers(pipe);
		pipe_tell_readers(pipe);
	}
	return ret;
}
