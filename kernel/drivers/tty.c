/*
 * /dev/console: the terminal on COM1, for people. Lines are edited here before a program sees them.
 *
 * Input, by interrupt: echo, erase (DEL), kill line (^U), erase word (^W), end-of-file (^D),
 * SIGINT (^C), SIGQUIT (^\). Output: a newline becomes carriage return and newline.
 * Linux: drivers/tty/n_tty.c, in its canonical mode only
 */
#include <uapi/ioctl.h>
#include <uapi/termios.h>

#include "kernel/drivers/internal.h"
#include "kernel/fs/poll.h"

#define TTYAUX_MAJOR 5
#define N_TTY_BUF_SIZE 4096ul /* a power of two */
#define CTRL(c) ((c) ^ 0x40)
#define ERASE 0x7f

/*
 * tail .. canon_head: whole lines, to be read. canon_head .. head: the line being typed, to be
 * edited. All count on for ever. An end bit marks the last byte of a line: '\n', or '\0' for ^D,
 * which ends a line and is not part of it. Touched with interrupts off only.
 */
static struct {
	char buf[N_TTY_BUF_SIZE];
	unsigned long end[BITS_TO_LONGS(N_TTY_BUF_SIZE)];
	unsigned long tail, canon_head, head;
	bool stopped; /* full of whole lines: the rest waits in the port */
	struct wait_queue_head read_wait;
} tty;

/* What TCGETS reports: what this terminal does, and nothing it does not. */
static const struct termios tty_termios = {
	.c_iflag = ICRNL,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = CTRL('C'), [VQUIT] = CTRL('\\'), [VERASE] = ERASE,
		[VKILL] = CTRL('U'), [VEOF] = CTRL('D'), [VMIN] = 1, [VWERASE] = CTRL('W'),
	},
};

static bool is_control(char c)
{
	return ((u8)c < 0x20 && c != '\t') || c == ERASE;
}

static void echo(char c)
{
	char text[2] = { '^', CTRL(c) };

	if (c == '\n' || !is_control(c))
		uart_write(COM1, &c, 1);
	else
		uart_write(COM1, text, 2);
}

static void put(char c, bool end)
{
	unsigned long at = tty.head++ % N_TTY_BUF_SIZE;

	tty.buf[at] = c;
	if (end) {
		__set_bit(at, tty.end);
		tty.canon_head = tty.head;
		wake_up_interruptible_poll(&tty.read_wait, EPOLLIN | EPOLLRDNORM);
	} else {
		__clear_bit(at, tty.end);
	}
}

/* Take the last byte of the line being typed back. False when it is empty. */
static bool erase_char(void)
{
	if (tty.head == tty.canon_head)
		return false;
	tty.head--;
	uart_write(COM1, "\b \b", 3);
	if (is_control(tty.buf[tty.head % N_TTY_BUF_SIZE]))
		uart_write(COM1, "\b \b", 3);
	return true;
}

static bool last_is_space(void)
{
	char c = tty.buf[(tty.head - 1) % N_TTY_BUF_SIZE];

	return c == ' ' || c == '\t';
}

static void erase_word(void)
{
	while (tty.head != tty.canon_head && last_is_space())
		erase_char();
	while (tty.head != tty.canon_head && !last_is_space())
		erase_char();
}

/* A signal to everybody at the terminal, who will not want what was typed before. */
static void isig(int sig, char c)
{
	tty.tail = tty.canon_head = tty.head;
	echo(c);
	kill_pgrp(task_pgrp(&init_task), sig, 1); /* everybody's */
}

/* Linux: drivers/tty/n_tty.c:n_tty_receive_char_special() */
static void receive_char(char c)
{
	switch (c) {
	case CTRL('C'):
		isig(SIGINT, c);
		break;
	case CTRL('\\'):
		isig(SIGQUIT, c);
		break;
	case ERASE:
		erase_char();
		break;
	case CTRL('U'):
		while (erase_char())
			;
		break;
	case CTRL('W'):
		erase_word();
		break;
	case CTRL('D'):
		put('\0', true);
		break;
	case '\r':
	case '\n':
		echo('\n');
		put('\n', true);
		break;
	default: /* a line ends in the buffer, so its last byte is kept free for the end */
		if (tty.head - tty.tail >= N_TTY_BUF_SIZE - 1)
			break;
		echo(c);
		put(c, false);
	}
}

/* No room, and a reader can make some: let the sender wait. */
static bool must_stop(void)
{
	return tty.head - tty.tail >= N_TTY_BUF_SIZE - 1 && tty.canon_head != tty.tail;
}

static void tty_interrupt(void)
{
	while (!must_stop() && uart_rx_ready(COM1))
		receive_char(uart_rx(COM1));
	if (must_stop()) {
		tty.stopped = true;
		uart_rx_interrupt(COM1, false);
	}
}

static bool at_eof_mark(void)
{
	unsigned long at = tty.tail % N_TTY_BUF_SIZE;

	return tty.tail != tty.canon_head && test_bit(at, tty.end) && !tty.buf[at];
}

/*
 * Take up to @max bytes of the first line. Sets *@ended when the line is used up. A ^D that follows
 * the last byte asked for is used up too: it must not look like an end-of-file next time.
 */
static size_t take(char *to, size_t max, bool *ended)
{
	unsigned long flags;
	size_t n = 0;

	local_irq_save(flags);
	while (n < max && tty.tail != tty.canon_head && !*ended && !at_eof_mark()) {
		unsigned long at = tty.tail++ % N_TTY_BUF_SIZE;

		to[n++] = tty.buf[at];
		*ended = test_bit(at, tty.end);
	}
	if (!*ended && at_eof_mark()) {
		tty.tail++;
		*ended = true;
	}
	if (tty.stopped && !must_stop()) {
		tty.stopped = false;
		uart_rx_interrupt(COM1, true);
	}
	local_irq_restore(flags);
	return n;
}

/* One line at most. 0: end-of-file. Linux: drivers/tty/n_tty.c:n_tty_read() */
static ssize_t tty_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	char chunk[64];
	bool ended = false;
	ssize_t total = 0;

	while (to->count && !ended) {
		size_t n = take(chunk, min(to->count, sizeof(chunk)), &ended), done;

		if (!n && !ended) {
			int error;

			if (total)
				break;
			if (iocb->ki_filp->f_flags & O_NONBLOCK)
				return -EAGAIN;
			error = wait_event_interruptible(tty.read_wait,
							 READ_ONCE(tty.canon_head) !=
								 READ_ONCE(tty.tail));
			if (error)
				return error;
			continue;
		}
		done = copy_to_iter(chunk, n, to);
		total += done;
		if (done < n)
			return total ? total : -EFAULT;
	}
	return total;
}

static ssize_t tty_write_iter(struct kiocb *iocb __maybe_unused, struct iov_iter *from)
{
	return write_in_chunks(from, uart_write, COM1);
}

/* Writing never waits. Linux: drivers/tty/n_tty.c:n_tty_poll() */
static __poll_t tty_poll(struct file *file, poll_table *wait)
{
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &tty.read_wait, wait);
	if (READ_ONCE(tty.canon_head) != READ_ONCE(tty.tail))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

/* A serial line does not know its size: Linux answers 0 by 0 too. */
static long tty_ioctl(struct file *file __maybe_unused, unsigned int cmd, unsigned long arg)
{
	static const struct winsize unknown;

	switch (cmd) {
	case TCGETS:
		return copy_to_user((void __user *)arg, &tty_termios, sizeof(tty_termios)) ?
			       -EFAULT :
			       0;
	case TIOCGWINSZ:
		return copy_to_user((void __user *)arg, &unknown, sizeof(unknown)) ? -EFAULT : 0;
	default:
		return -ENOIOCTLCMD;
	}
}

static const struct file_operations tty_fops = {
	.open = stream_open,
	.read_iter = tty_read_iter,
	.write_iter = tty_write_iter,
	.poll = tty_poll,
	.unlocked_ioctl = tty_ioctl,
};

void tty_init(void)
{
	static struct cdev console;

	init_waitqueue_head(&tty.read_wait);
	make_device("/dev/console", 0600, MKDEV(TTYAUX_MAJOR, 1), &console, &tty_fops);
	if (!uart_present(COM1))
		return;
	request_irq(COM1_IRQ, tty_interrupt);
	uart_rx_interrupt(COM1, true);
}
