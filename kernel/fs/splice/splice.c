/*
 * splice(): bytes between a pipe and a file, or two pipes, without a buffer of ring 3's. Linux: fs/splice.c
 */
#include "kernel/fs/splice/splice.h"
#include "kernel/syscalls.h"

/*
 * What is in @pipe goes to @out, as far as @out takes it. It is waited for the first byte only.
 * Linux: fs/splice.c:iter_file_splice_write()
 */
static ssize_t splice_from_pipe(struct pipe_inode_info *pipe, struct file *out, loff_t *pos, size_t len,
				unsigned int flags)
{
	ssize_t total = 0, ret = 0;

	while (len) {
		struct pipe_buffer *buf;
		size_t whole;

		ret = wait_for_data(pipe, total ? SPLICE_F_NONBLOCK : flags);
		if (ret <= 0)
			break;
		buf = pipe_buf(pipe, pipe->tail);
		whole = min(len, (size_t)buf->len);
		ret = splice_page_out(buf, whole, out, pos);
		if (ret <= 0)
			break;
		total += ret;
		len -= ret;
		buf->offset += ret;
		buf->len -= ret;
		if (!buf->len) {
			pipe_buf_release(pipe, buf);
			pipe->tail++;
		}
		if ((size_t)ret < whole)
			break;
		cond_resched();
	}
	return total ? total : ret;
}

static ssize_t splice_pipe_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t *pos, size_t len,
				   unsigned int flags)
{
	ssize_t ret;

	if (!can_splice(WRITE, out))
		return -EINVAL;
	mutex_lock(&pipe->mutex);
	ret = splice_from_pipe(pipe, out, pos, len, flags);
	mutex_unlock(&pipe->mutex);
	if (ret > 0) {
		pipe_wake_writers(pipe);
		pipe_tell_writers(pipe);
	}
	return ret;
}

/* One of the two is a pipe. @off: where in the other one; NULL: at its own position, which moves on. */
static ssize_t splice_with_file(struct pipe_inode_info *pipe, struct file *file, bool to_file, loff_t *off,
				size_t len, unsigned int flags)
{
	loff_t pos = off ? *off : file->f_pos;
	ssize_t ret;

	if (off && !(file->f_mode & (to_file ? FMODE_PWRITE : FMODE_PREAD)))
		return -EINVAL;
	if (to_file && file->f_flags & O_APPEND)
		return -EINVAL;
	if (!to_file) /* no more than the pipe has room for, anyway */
		len = min(len, (size_t)MAX_RW_COUNT);
	ret = rw_verify_area(&pos, len);
	if (ret)
		return ret;
	len = min(len, (size_t)MAX_RW_COUNT);
	if (to_file)
		ret = splice_pipe_to_file(pipe, file, &pos, len, flags);
	else
		ret = splice_file_to_pipe(file, pipe, &pos, len, flags);
	if (off)
		*off = pos;
	else
		file->f_pos = pos;
	return ret;
}

/* Linux: fs/splice.c:do_splice() */
static ssize_t do_splice(struct file *in, loff_t *off_in, struct file *out, loff_t *off_out, size_t len,
			 unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (ipipe && opipe) {
		if (off_in || off_out)
			return -ESPIPE;
		if (ipipe == opipe)
			return -EINVAL;
		if ((in->f_flags | out->f_flags) & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return splice_pipe_to_pipe(ipipe, opipe, len, flags);
	}
	if (ipipe) {
		if (off_in)
			return -ESPIPE;
		if (in->f_flags & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return splice_with_file(ipipe, out, true, off_out, len, flags);
	}
	if (opipe) {
		if (off_out)
			return -ESPIPE;
		if (out->f_flags & O_NONBLOCK)
			flags |= SPLICE_F_NONBLOCK;
		return splice_with_file(opipe, in, false, off_in, len, flags);
	}
	return -EINVAL;
}

/* With positions that ring 3 keeps. Those of a pipe are an error before they are read. */
static ssize_t __do_splice(struct file *in, loff_t __user *off_in, struct file *out, loff_t __user *off_out,
			   size_t len, unsigned int flags)
{
	loff_t pos_in, pos_out;
	ssize_t ret;

	if ((get_pipe_info(in) && off_in) || (get_pipe_info(out) && off_out))
		return -ESPIPE;
	if (off_out && copy_from_user(&pos_out, off_out, sizeof(pos_out)))
		return -EFAULT;
	if (off_in && copy_from_user(&pos_in, off_in, sizeof(pos_in)))
		return -EFAULT;
	ret = do_splice(in, off_in ? &pos_in : NULL, out, off_out ? &pos_out : NULL, len, flags);
	if (ret < 0)
		return ret;
	if (off_out && copy_to_user(off_out, &pos_out, sizeof(pos_out)))
		return -EFAULT;
	if (off_in && copy_to_user(off_in, &pos_in, sizeof(pos_in)))
		return -EFAULT;
	return ret;
}

SYSCALL_DEFINE6(splice, int, fd_in, loff_t __user *, off_in, int, fd_out, loff_t __user *, off_out, size_t, len,
		unsigned int, flags)
{
	struct fd in, out;
	ssize_t ret = -EBADF;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	in = fdget(fd_in);
	if (!in.file)
		return -EBADF;
	out = fdget(fd_out);
	if (out.file) {
		ret = __do_splice(in.file, off_in, out.file, off_out, len, flags);
		fdput(out);
	}
	fdput(in);
	return ret;
}
