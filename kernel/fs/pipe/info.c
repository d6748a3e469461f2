/*
 * What is behind a pipe: made, resized and ended, and how much of it each user may have. Linux: fs/pipe.c
 *
 * A user's pages are counted when the ring is made, whether they are filled or not. With more than the soft
 * limit of them a new pipe is small, and none can grow; with more than the hard one there is no new pipe.
 * Neither holds for who has CAP_SYS_RESOURCE or CAP_SYS_ADMIN.
 */
#include "kernel/fs/pipe/pipe.h"
#include "kernel/lib/init.h"
#include "kernel/sched/user.h"

/* Bytes, and pages; 0: no limit. fs.pipe-max-size, fs.pipe-user-pages-soft, fs.pipe-user-pages-hard */
static unsigned long pipe_max_size = 1048576;
static unsigned long pipe_user_pages_soft = PIPE_DEF_BUFFERS * NR_OPEN;
static unsigned long pipe_user_pages_hard;

/* @user has @new pages in place of @old ones: how many that makes. */
static unsigned long account_pipe_buffers(struct user_struct *user, unsigned long old,
					  unsigned long new)
{
	user->pipe_bufs += new - old;
	return user->pipe_bufs;
}

static bool too_many(unsigned long user_bufs, unsigned long limit)
{
	return limit && user_bufs > limit;
}

static bool pipe_is_unprivileged_user(void)
{
	return !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN);
}

/* How many buffers a new pipe of @user may have, which are counted; 0: no pipe. */
static unsigned int account_new_pipe(struct user_struct *user)
{
	unsigned int bufs = PIPE_DEF_BUFFERS;
	unsigned long user_bufs;

	if (bufs * PAGE_SIZE > pipe_max_size && !capable(CAP_SYS_RESOURCE))
		bufs = pipe_max_size >> PAGE_SHIFT;
	user_bufs = account_pipe_buffers(user, 0, bufs);
	if (too_many(user_bufs, pipe_user_pages_soft) && pipe_is_unprivileged_user()) {
		user_bufs = account_pipe_buffers(user, bufs, PIPE_MIN_DEF_BUFFERS);
		bufs = PIPE_MIN_DEF_BUFFERS;
	}
	if (!too_many(user_bufs, pipe_user_pages_hard) || !pipe_is_unprivileged_user())
		return bufs;
	account_pipe_buffers(user, bufs, 0);
	return 0;
}

struct pipe_inode_info *alloc_pipe_info(void)
{
	struct pipe_inode_info *pipe = kzalloc(sizeof(*pipe), GFP_KERNEL);
	unsigned int bufs;

	if (!pipe)
		return NULL;
	pipe->user = get_uid(current_cred()->user);
	bufs = account_new_pipe(pipe->user);
	if (!bufs)
		goto out_user;
	pipe->bufs = kcalloc(bufs, sizeof(*pipe->bufs), GFP_KERNEL);
	if (!pipe->bufs)
		goto out_account;
	mutex_init(&pipe->mutex);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	pipe->max_usage = pipe->ring_size = pipe->nr_accounted = bufs;
	pipe->r_counter = pipe->w_counter = 1;
	return pipe;

out_account:
	account_pipe_buffers(pipe->user, bufs, 0);
out_user:
	free_uid(pipe->user);
	kfree(pipe);
	return NULL;
}

static void free_pipe_info(struct pipe_inode_info *pipe)
{
	for (; !pipe_empty(pipe); pipe->tail++)
		put_page(pipe_buf(pipe, pipe->tail)->page);
	for (unsigned int i = 0; i < ARRAY_SIZE(pipe->tmp_page); i++)
		if (pipe->tmp_page[i])
			put_page(pipe->tmp_page[i]);
	account_pipe_buffers(pipe->user, pipe->nr_accounted, 0);
	free_uid(pipe->user);
	kfree(pipe->bufs);
	kfree(pipe);
}

void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe)
{
	if (--pipe->files)
		return;
	inode->i_pipe = NULL;
	free_pipe_info(pipe);
}

struct pipe_inode_info *get_pipe_info(const struct file *file)
{
	return file->f_op == &pipefifo_fops ? file->private_data : NULL;
}

/* A size that a pipe can have: a power of two, at least a page; 0: @size is too large. */
static unsigned int round_pipe_size(unsigned long size)
{
	unsigned int rounded = PAGE_SIZE;

	if (size > 1u << 31)
		return 0;
	while (rounded < size)
		rounded *= 2;
	return rounded;
}

/* @nr_slots buffers, in which those that are filled come first. 0, -ENOMEM, -EBUSY: they have no room. */
static int pipe_resize_ring(struct pipe_inode_info *pipe, unsigned int nr_slots)
{
	struct pipe_buffer *bufs = kcalloc(nr_slots, sizeof(*bufs), GFP_KERNEL);
	unsigned int n = pipe_occupancy(pipe), i;

	if (!bufs)
		return -ENOMEM;
	if (nr_slots < n) {
		kfree(bufs);
		return -EBUSY;
	}
	for (i = 0; i < n; i++)
		bufs[i] = *pipe_buf(pipe, pipe->tail + i);
	kfree(pipe->bufs);
	pipe->bufs = bufs;
	pipe->head = n;
	pipe->tail = 0;
	pipe->ring_size = pipe->max_usage = nr_slots;
	pipe_wake_writers(pipe);
	return 0;
}

/* A smaller pipe is always allowed, even beyond a limit. Linux: fs/pipe.c:pipe_set_size() */
static long pipe_set_size(struct pipe_inode_info *pipe, unsigned long arg)
{
	unsigned int size = round_pipe_size(arg), nr_slots = size >> PAGE_SHIFT;
	bool grows = nr_slots > pipe->max_usage;
	unsigned long user_bufs;
	int ret = -EPERM;

	if (!nr_slots)
		return -EINVAL;
	if (grows && size > pipe_max_size && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	user_bufs = account_pipe_buffers(pipe->user, pipe->nr_accounted, nr_slots);
	if (grows &&
	    (too_many(user_bufs, pipe_user_pages_hard) || too_many(user_bufs, pipe_user_pages_soft)) &&
	    pipe_is_unprivileged_user())
		goto out_account;
	ret = pipe_resize_ring(pipe, nr_slots);
	if (ret)
		goto out_account;
	pipe->nr_accounted = nr_slots;
	return size;

out_account:
	account_pipe_buffers(pipe->user, nr_slots, pipe->nr_accounted);
	return ret;
}

long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);
	long ret;

	if (!pipe)
		return -EBADF;
	mutex_lock(&pipe->mutex);
	if (cmd == F_SETPIPE_SZ)
		ret = pipe_set_size(pipe, arg);
	else
		ret = pipe->max_usage * PAGE_SIZE;
	mutex_unlock(&pipe->mutex);
	return ret;
}

static int pipe_sysctls_init(void)
{
	int error = proc_sysctl("/proc/sys/fs/pipe-max-size", &pipe_max_size, 1, PAGE_SIZE, 1u << 31);

	if (!error)
		error = proc_sysctl("/proc/sys/fs/pipe-user-pages-soft", &pipe_user_pages_soft, 1, 0, ~0ul);
	if (!error)
		error = proc_sysctl("/proc/sys/fs/pipe-user-pages-hard", &pipe_user_pages_hard, 1, 0, ~0ul);
	return error;
}
late_initcall(pipe_sysctls_init);
