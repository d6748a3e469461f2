/*
 * The byte channels between a program here and the terminal or pipe of whoever started QEMU:
 *
 *   /dev/hostin      COM2, framed: a byte n = 1..255 and n bytes, over and over; n = 0 is the end
 *   /dev/hostout     debugcon port 0x2a0
 *   /dev/hosterr     debugcon port 0x2a1
 *   /dev/hoststatus  debugcon port 0x2a2, one byte: the exit status
 *
 * They look like pipes: 8-bit clean, no position, no terminal, an end-of-file that stays.
 * A node exists where its port answers. init opens them.
 */
#include "kernel/drivers/internal.h"
#include "kernel/fs/poll.h"

#define HOSTOUT_PORT 0x2a0
#define HOSTERR_PORT 0x2a1
#define HOSTSTATUS_PORT 0x2a2
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

static int open_port(u16 port, struct inode *inode, struct file *file)
{
	file->private_data = (void *)(unsigned long)port;
	return stream_open(inode, file);
}

static int hostout_open(struct inode *inode, struct file *file)
{
	return open_port(HOSTOUT_PORT, inode, file);
}

static int hosterr_open(struct inode *inode, struct file *file)
{
	return open_port(HOSTERR_PORT, inode, file);
}

static int hoststatus_open(struct inode *inode, struct file *file)
{
	return open_port(HOSTSTATUS_PORT, inode, file);
}

static const struct file_operations hostin_fops = {
	.open = stream_open,
	.read_iter = hostin_read_iter,
	.poll = hostin_poll,
};
static const struct file_operations hostout_fops = {
	.open = hostout_open,
	.write_iter = port_write_iter,
	.poll = port_poll,
};
static const struct file_operations hosterr_fops = {
	.open = hosterr_open,
	.write_iter = port_write_iter,
	.poll = port_poll,
};
static const struct file_operations hoststatus_fops = {
	.open = hoststatus_open,
	.write_iter = port_write_iter,
	.poll = port_poll,
};

void hostchan_init(void)
{
	init_waitqueue_head(&hostin.wait);
	if (uart_present(COM2)) {
		uart_init(COM2);
		make_node("/dev/hostin", S_IFIFO | 0600, 0, &hostin_fops);
		request_irq(COM2_IRQ, hostin_interrupt);
		uart_rx_interrupt(COM2, true);
	}
	if (debugcon_present(HOSTOUT_PORT))
		make_node("/dev/hostout", S_IFIFO | 0600, 0, &hostout_fops);
	if (debugcon_present(HOSTERR_PORT))
		make_node("/dev/hosterr", S_IFIFO | 0600, 0, &hosterr_fops);
	if (debugcon_present(HOSTSTATUS_PORT))
		make_node("/dev/hoststatus", S_IFIFO | 0600, 0, &hoststatus_fops);
}
