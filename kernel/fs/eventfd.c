/*
 * Counters as files: write() adds, read() takes all, or 1 from a semaphore, and waits while there is nothing.
 * Linux: fs/eventfd.c
 *
 * Only tasks use a counter, and ring 0 is not preempted: what is done between two waits is done at once.
 */
#include <uapi/eventfd.h>

#include "kernel/fs/anon_inodes.h"
#include "kernel/fs/poll.h"
#include "kernel/syscalls.h"

#define EFD_FLAGS (EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK)
#define COUNT_MAX (~0ull - 1) /* ~0 is no number that can be written */

struct eventfd_ctx {
	struct wait_queue_head wqh; /* readers, writers, and those who poll */
	u64 count;
	unsigned int flags; /* EFD_SEMAPHORE */
};

static int eventfd_release(struct inode *inode __maybe_unused, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static __poll_t eventfd_poll(struct file *file, poll_table *wait)
{
	struct eventfd_ctx *ctx = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &ctx->wqh, wait);
	if (ctx->count > 0)
		events |= EPOLLIN;
	if (ctx->count < COUNT_MAX)
		events |= EPOLLOUT;
	return events;
}

static ssize_t eventfd_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct eventfd_ctx *ctx = file->private_data;
	u64 taken;
	int error;

	if (to->count < sizeof(taken))
		return -EINVAL;
	while (!ctx->count) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		error = wait_event_interruptible(ctx->wqh, READ_ONCE(ctx->count));
		if (error)
			return error;
	}
	taken = ctx->flags & EFD_SEMAPHORE ? 1 : ctx->count;
	ctx->count -= taken;
	wake_up_poll(&ctx->wqh, EPOLLOUT);
	return copy_to_iter(&taken, sizeof(taken), to) == sizeof(taken) ? (ssize_t)sizeof(taken) : -EFAULT;
}

static ssize_t eventfd_write(struct file *file, const char __user *buf, size_t count, loff_t *pos __maybe_unused)
{
	struct eventfd_ctx *ctx = file->private_data;
	u64 added;
	int error;

	if (count < sizeof(added))
		return -EINVAL;
	if (copy_from_user(&added, buf, sizeof(added)))
		return -EFAULT;
	if (added > COUNT_MAX)
		return -EINVAL;
	while (added > COUNT_MAX - ctx->count) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		error = wait_event_interruptible(ctx->wqh, added <= COUNT_MAX - READ_ONCE(ctx->count));
		if (error)
			return error;
	}
	ctx->count += added;
	wake_up_poll(&ctx->wqh, EPOLLIN);
	return sizeof(added);
}

static const struct file_operations eventfd_fops = {
	.release = eventfd_release,
	.poll = eventfd_poll,
	.read_iter = eventfd_read,
	.write = eventfd_write,
	.llseek = noop_llseek,
};

static int do_eventfd(unsigned int count, int flags)
{
	struct eventfd_ctx *ctx;
	int fd;

	if (flags & ~EFD_FLAGS)
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->count = count;
	ctx->flags = flags;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx, O_RDWR | (flags & ~EFD_SEMAPHORE));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

SYSCALL_DEFINE2(eventfd2, unsigned int, count, int, flags)
{
	return do_eventfd(count, flags);
}

SYSCALL_DEFINE1(eventfd, unsigned int, count)
{
	return do_eventfd(count, 0);
}
