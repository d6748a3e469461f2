/*
 * From a pipe into another: splice() moves the buffers, tee() leaves them there, too. No byte is copied.
 * Linux: fs/splice.c
 */
#include "kernel/fs/splice/splice.h"
#include "kernel/syscalls.h"

/* Always in the same order, whichever of the two is to be read. */
static void pipe_double_lock(struct pipe_inode_info *a, struct pipe_inode_info *b)
{
	mutex_lock(a < b ? &a->mutex : &b->mutex);
	mutex_lock(a < b ? &b->mutex : &a->mutex);
}

/* There is something in @ipipe, or nobody writes to it, and room in @opipe: 0. Or -errno. */
static int prepare(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, unsigned int flags)
{
	int ret;

	mutex_lock(&ipipe->mutex);
	ret = wait_for_data(ipipe, flags);
	mutex_unlock(&ipipe->mutex);
	if (ret < 0)
		return ret;
	mutex_lock(&opipe->mutex);
	ret = pipe_full(opipe) ? wait_for_space(opipe, flags) : 0;
	mutex_unlock(&opipe->mutex);
	return ret;
}

/* The first @len bytes of @buf; the page is shared, so that nothing may be written behind them. */
static void share(struct pipe_inode_info *opipe, const struct pipe_buffer *buf, size_t len)
{
	struct pipe_buffer *obuf = pipe_buf(opipe, opipe->head++);

	get_page(buf->page);
	*obuf = *buf;
	obuf->flags &= ~PIPE_BUF_FLAG_CAN_MERGE;
	obuf->len = len;
}

/* One buffer from @ipipe, or @len bytes of it, into @opipe, which has room. How many bytes. */
static size_t move_buffer(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, size_t len)
{
	struct pipe_buffer *ibuf = pipe_buf(ipipe, ipipe->tail);

	if (len < ibuf->len) {
		share(opipe, ibuf, len);
		ibuf->offset += len;
		ibuf->len -= len;
		return len;
	}
	len = ibuf->len;
	*pipe_buf(opipe, opipe->head++) = *ibuf;
	ipipe->tail++;
	return len;
}

static ssize_t broken_pipe(void)
{
	send_sig(SIGPIPE, current, 0);
	return -EPIPE;
}

/* All that is there and has room. 0: @ipipe has ended; -EAGAIN: nothing could be moved; -EPIPE. */
static ssize_t move_buffers(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, size_t len)
{
	ssize_t ret = 0;

	if (!opipe->readers)
		return broken_pipe();
	if (pipe_empty(ipipe) && !ipipe->writers)
		return 0;
	while (len && !pipe_empty(ipipe) && !pipe_full(opipe)) {
		size_t moved = move_buffer(ipipe, opipe, len);

		ret += moved;
		len -= moved;
	}
	return ret ? ret : -EAGAIN;
}

/* Somebody else may be faster: then it is waited for the next chance. */
ssize_t splice_pipe_to_pipe(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, size_t len,
			    unsigned int flags)
{
	ssize_t ret;

	do {
		ret = prepare(ipipe, opipe, flags);
		if (ret)
			return ret;
		pipe_double_lock(ipipe, opipe);
		ret = move_buffers(ipipe, opipe, len);
		mutex_unlock(&ipipe->mutex);
		mutex_unlock(&opipe->mutex);
	} while (ret == -EAGAIN && !(flags & SPLICE_F_NONBLOCK));
	if (ret > 0) {
		pipe_wake_readers(opipe);
		pipe_wake_writers(ipipe);
	}
	return ret;
}

/* Linux: fs/splice.c:link_pipe() */
static ssize_t link_pipe(struct pipe_inode_info *ipipe, struct pipe_inode_info *opipe, size_t len)
{
	unsigned int n;
	ssize_t ret = 0;

	pipe_double_lock(ipipe, opipe);
	if (!opipe->readers)
		ret = broken_pipe();
	for (n = ipipe->tail; ret >= 0 && len && n != ipipe->head && !pipe_full(opipe); n++) {
		const struct pipe_buffer *buf = pipe_buf(ipipe, n);
		size_t shared = min(len, (size_t)buf->len);

		share(opipe, buf, shared);
		ret += shared;
		len -= shared;
	}
	mutex_unlock(&ipipe->mutex);
	mutex_unlock(&opipe->mutex);
	if (ret > 0)
		pipe_wake_readers(opipe);
	return ret;
}

/* @len > 0. -EBADF: not open for this; -EINVAL: no two pipes. */
static ssize_t do_tee(struct file *in, struct file *out, size_t len, unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);
	int error;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!ipipe || !opipe || ipipe == opipe)
		return -EINVAL;
	if ((in->f_flags | out->f_flags) & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	error = prepare(ipipe, opipe, flags);
	return error ? error : link_pipe(ipipe, opipe, len);
}

SYSCALL_DEFINE4(tee, int, fdin, int, fdout, size_t, len, unsigned int, flags)
{
	struct fd in, out;
	ssize_t ret = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fdget(fdin);
	if (!in.file)
		return -EBADF;
	out = fdget(fdout);
	if (out.file) {
		ret = do_tee(in.file, out.file, len, flags);
		fdput(out);
	}
	fdput(in);
	return ret;
}
