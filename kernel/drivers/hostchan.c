/*
 * The byte channels between a program here and the terminal or pipe of whoever started QEMU:
 *
 *   /dev/hostin      240:0  COM2, framed: a byte n = 1..255 and n bytes, over and over; n = 0 is
 *                           the end
 *   /dev/hostout     240:1  debugcon port 0x2a0
 *   /dev/hosterr     240:2  debugcon port 0x2a1
 *   /dev/hoststatus  240:3  debugcon port 0x2a2, one byte: the exit status
 *   /dev/hostfiles   240:4  debugcon port 0x2a3, a cpio archive: the files that a program has changed
 *
 * They behave like pipes (8-bit clean, no position, no terminal, an end-of-file that stays), but
 * are character devices. A node exists where its port answers. init gives them to a program.
 *
 * Output costs about a microsecond per byte, whatever the size of a chunk: QEMU's debugcon takes one
 * byte at a time, also from `rep outsb`, and makes one writev() for each.
 */
#include <uapi/ioctl.h>

#include "kernel/drivers/internal.h"
#include "kernel/fs/poll.h"

#define HOSTCHAN_MAJOR 240 /* of those for local use; Linux: Documentation/admin-guide/devices.txt */
#define HOSTOUT_MINOR 1
#define HOSTOUT_PORT 0x2a0 /* of minor 1; the next minors have the next ports */
#define HOSTIN_SIZE 4096u /* a power of two */

/*
 * What came in and nobody has read: buf[tail .. head), both counting on for ever. The interrupt
 * handler moves head, readers move tail; with interrupts off each.
 */
static struct {
	u8 buf[HOSTIN_SIZE];
	unsigned int head, tail;
	unsigned int frame_left; /* bytes of the current frame to come; 0: a length byte is next */
	bool eof;                /* seen the frame of length 0 */
	bool stopped;            /* the buffer was full: the rest waits in the port and the host */
	struct wait_queue_head wait;
} hostin;

static void hostin_receive(u8 byte)
{
	if (hostin.eof)
		return;
	if (hostin.frame_left) {
		hostin.buf[hostin.head++ % HOSTIN_SIZE] = byte;
		hostin.frame_left--;
	} else if (byte) {
		hostin.frame_left = byte;
	} else {
		hostin.eof = true;
	}
}

static void hostin_interrupt(void)
{
	while (hostin.head - hostin.tail < HOSTIN_SIZE && uart_rx_ready(COM2))
		hostin_receive(uart_rx(COM2));
	if (hostin.head - hostin.tail == HOSTIN_SIZE) {
		hostin.stopped = true;
		uart_rx_interrupt(COM2, false);
	}
	wake_up_interruptible_poll(&hostin.wait, EPOLLIN | EPOLLRDNORM | EPOLLHUP);
}

/* @n bytes are read: there is room again, and what waited in the port interrupts at once. */
static void hostin_consume(unsigned int n)
{
	unsigned long flags;

	local_irq_save(flags);
	hostin.tail += n;
	if (n && hostin.stopped) {
		hostin.stopped = false;
		uart_rx_interrupt(COM2, true);
	}
	local_irq_restore(flags);
}

/* Bytes there are to read, and, by reference, whether no more will come after them. */
static unsigned int hostin_available(bool *eof)
{
	unsigned long flags;
	unsigned int available;

	local_irq_save(flags);
	available = hostin.head - hostin.tail;
	*eof = hostin.eof;
	local_irq_restore(flags);
	return available;
}

static bool hostin_ready(void)
{
	bool eof;

	return hostin_available(&eof) || eof;
}

/* As from a pipe: wait for the first byte, then take what is there. 0: end-of-file. */
static ssize_t hostin_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	ssize_t total = 0;
	int error;

	if (!to->count)
		return 0;
	if (!hostin_ready() && (iocb->ki_filp->f_flags & O_NONBLOCK))
		return -EAGAIN;
	error = wait_event_interruptible(hostin.wait, hostin_ready());
	if (error)
		return error;
	while (to->count) {
		bool eof;
		unsigned int at = hostin.tail % HOSTIN_SIZE;
		unsigned int straight = min(hostin_available(&eof), HOSTIN_SIZE - at);
		size_t len = min(to->count, (size_t)straight), done;

		if (!len)
			break;
		done = copy_to_iter(hostin.buf + at, len, to);
		hostin_consume(done);
		total += done;
		if (done < len)
			return total ? total : -EFAULT;
		cond_resched();
	}
	return total;
}

/* As a pipe: EPOLLHUP when no more will come. Linux: fs/pipe.c:pipe_poll() */
static __poll_t hostin_poll(struct file *file, poll_table *wait)
{
	__poll_t mask = 0;
	bool eof;

	poll_wait(file, &hostin.wait, wait);
	if (hostin_available(&eof))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (eof)
		mask |= EPOLLHUP;
	return mask;
}

/* The ports never make us wait. */
static __poll_t port_poll(struct file *file __maybe_unused, poll_table *wait __maybe_unused)
{
	return EPOLLOUT | EPOLLWRNORM;
}

/* private_data is the port number. */
static ssize_t port_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return write_in_chunks(from, outsb, (unsigned long)iocb->ki_filp->private_data);
}

/* As for a pipe, how many bytes a read would find. */
static long hostin_ioctl(struct file *file __maybe_unused, unsigned int cmd, unsigned long arg)
{
	bool eof;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	return put_user((int)hostin_available(&eof), (int __user *)arg);
}

/* The port is numbered as the node is. */
static int port_open(struct inode *inode, struct file *file)
{
	unsigned long port = HOSTOUT_PORT + MINOR(inode->i_rdev) - HOSTOUT_MINOR;

	file->private_data = (void *)port;
	return stream_open(inode, file);
}

static const struct file_operations hostin_fops = {
	.open = stream_open,
	.read_iter = hostin_read_iter,
	.poll = hostin_poll,
	.unlocked_ioctl = hostin_ioctl,
};
static const struct file_operations port_fops = {
	.open = port_open,
	.write_iter = port_write_iter,
	.poll = port_poll,
};

/* A device for each port that answers. */
static void port_init(const char *path, unsigned int minor, struct cdev *cdev)
{
	if (debugcon_present(HOSTOUT_PORT + minor - HOSTOUT_MINOR))
		make_device(path, 0600, MKDEV(HOSTCHAN_MAJOR, minor), cdev, &port_fops);
}

void hostchan_init(void)
{
	static struct cdev in, out, err, status, files;

	init_waitqueue_head(&hostin.wait);
	if (uart_present(COM2)) {
		uart_init(COM2);
		make_device("/dev/hostin", 0600, MKDEV(HOSTCHAN_MAJOR, 0), &in, &hostin_fops);
		request_irq(COM2_IRQ, hostin_interrupt);
		uart_rx_interrupt(COM2, true);
	}
	port_init("/dev/hostout", HOSTOUT_MINOR, &out);
	port_init("/dev/hosterr", HOSTOUT_MINOR + 1, &err);
	port_init("/dev/hoststatus", HOSTOUT_MINOR + 2, &status);
	port_init("/dev/hostfiles", HOSTOUT_MINOR + 3, &files);
}
