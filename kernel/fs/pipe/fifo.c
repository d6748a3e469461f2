/*
 * open() of a FIFO, which waits until the other side is open, too; and of a pipe by its /proc/PID/fd.
 * Linux: fs/pipe.c:fifo_open()
 */
#include "kernel/fs/pipe/pipe.h"

/*
 * Wait until *@counter changes: it counts the opens of the other side, which may have been closed again by
 * now. 0 or -ERESTARTSYS.
 */
static int wait_for_partner(struct pipe_inode_info *pipe, const unsigned int *counter)
{
	unsigned int seen = *counter;
	DEFINE_WAIT(wait);

	while (seen == *counter) {
		prepare_to_wait(&pipe->rd_wait, &wait, TASK_INTERRUPTIBLE);
		mutex_unlock(&pipe->mutex);
		schedule();
		finish_wait(&pipe->rd_wait, &wait);
		mutex_lock(&pipe->mutex);
		if (signal_pending(current))
			break;
	}
	return seen == *counter ? -ERESTARTSYS : 0;
}

static void wake_up_partner(struct pipe_inode_info *pipe)
{
	wake_up_interruptible_all(&pipe->rd_wait);
}

/* With O_NONBLOCK it is open at once. Its poll() tells of no hangup before a writer has come. */
static int open_reader(struct pipe_inode_info *pipe, struct file *file, bool fifo)
{
	pipe->r_counter++;
	if (!pipe->readers++)
		wake_up_partner(pipe);
	if (!fifo || pipe->writers)
		return 0;
	if (file->f_flags & O_NONBLOCK) {
		file->f_pos = pipe->w_counter;
		return 0;
	}
	if (!wait_for_partner(pipe, &pipe->w_counter))
		return 0;
	if (!--pipe->readers)
		wake_up_interruptible(&pipe->wr_wait);
	return -ERESTARTSYS;
}

/* With O_NONBLOCK there has to be a reader. */
static int open_writer(struct pipe_inode_info *pipe, const struct file *file, bool fifo)
{
	if (fifo && file->f_flags & O_NONBLOCK && !pipe->readers)
		return -ENXIO;
	pipe->w_counter++;
	if (!pipe->writers++)
		wake_up_partner(pipe);
	if (!fifo || pipe->readers || !wait_for_partner(pipe, &pipe->r_counter))
		return 0;
	if (!--pipe->writers)
		wake_up_interruptible_all(&pipe->rd_wait);
	return -ERESTARTSYS;
}

/* Both sides at once: there is nobody to wait for. POSIX leaves this open; Linux allows it. */
static int open_both(struct pipe_inode_info *pipe)
{
	pipe->readers++;
	pipe->writers++;
	pipe->r_counter++;
	pipe->w_counter++;
	if (pipe->readers == 1 || pipe->writers == 1)
		wake_up_partner(pipe);
	return 0;
}

/*
 * A pipe has no position, so that f_pos is free for what Linux has f_version for: the w_counter for which
 * there is no hangup to tell. 0; -ENOMEM, -ENXIO, -ERESTARTSYS; -EINVAL: neither to read nor to write.
 */
int fifo_open(struct inode *inode, struct file *file)
{
	bool fifo = !is_pipefs_inode(inode);
	struct pipe_inode_info *pipe = inode->i_pipe;
	int error = -EINVAL;

	if (!pipe) {
		pipe = alloc_pipe_info();
		if (!pipe)
			return -ENOMEM;
		inode->i_pipe = pipe;
	}
	pipe->files++;
	file->private_data = pipe;
	stream_open(inode, file);
	mutex_lock(&pipe->mutex);
	switch (file->f_mode & (FMODE_READ | FMODE_WRITE)) {
	case FMODE_READ:
		error = open_reader(pipe, file, fifo);
		break;
	case FMODE_WRITE:
		error = open_writer(pipe, file, fifo);
		break;
	case FMODE_READ | FMODE_WRITE:
		error = open_both(pipe);
		break;
	}
	mutex_unlock(&pipe->mutex);
	if (error)
		put_pipe_info(inode, pipe);
	return error;
}
