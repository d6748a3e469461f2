/*
 * Random bytes for programs: getrandom(), /dev/random and /dev/urandom. Linux: drivers/char/random.c
 */
#include <uapi/random.h>

#include "kernel/drivers/internal.h"
#include "kernel/lib/init.h"
#include "kernel/syscalls.h"

#define MEM_MAJOR 1

/* Fill @iter. The bytes moved: fewer when a signal came, or at memory that is not there; -EFAULT. */
static ssize_t get_random_bytes_user(struct iov_iter *iter)
{
	u8 chunk[256];
	size_t done = 0, n, moved;

	while (iter->count) {
		n = min(iter->count, sizeof(chunk));
		get_random_bytes(chunk, n);
		moved = copy_to_iter(chunk, n, iter);
		done += moved;
		if (moved < n)
			return done ? (ssize_t)done : -EFAULT;
		if (done % PAGE_SIZE == 0) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
	}
	return done;
}

SYSCALL_DEFINE3(getrandom, char __user *, buf, size_t, len, unsigned int, flags)
{
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = min(len, (size_t)MAX_RW_COUNT) };
	struct iov_iter iter;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if (!access_ok(buf, iov.iov_len))
		return -EFAULT;
	iov_iter_init(&iter, true, &iov, 1, iov.iov_len);
	return get_random_bytes_user(&iter);
}

/* --- the devices ---------------------------------------------------------------------------- */

static ssize_t random_read_iter(struct kiocb *iocb __maybe_unused, struct iov_iter *to)
{
	return get_random_bytes_user(to);
}

/* What is written adds nothing: the bytes come from the CPU, and no state is kept. */
static void discard(u16 port __maybe_unused, const void *buf __maybe_unused, size_t len __maybe_unused)
{
}

static ssize_t random_write_iter(struct kiocb *iocb __maybe_unused, struct iov_iter *from)
{
	return write_in_chunks(from, discard, 0);
}

static const struct file_operations random_fops = {
	.llseek = noop_llseek,
	.read_iter = random_read_iter,
	.write_iter = random_write_iter,
};

static int random_init(void)
{
	static struct cdev blocking, urandom;

	make_device("/dev/random", 0666, MKDEV(MEM_MAJOR, 8), &blocking, &random_fops);
	make_device("/dev/urandom", 0666, MKDEV(MEM_MAJOR, 9), &urandom, &random_fops);
	return 0;
}
late_initcall(random_init);
