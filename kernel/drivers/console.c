/*
 * /dev/console: what programs write to it goes out at the first serial port.
 *
 * kernel/drivers/tty makes a terminal of it: without that folder nothing can be read from the console.
 * Linux: drivers/tty/tty_io.c:console_fops
 */
#include "kernel/drivers/internal.h"

#define TTYAUX_MAJOR 5

static noprobe ssize_t console_write_iter(struct kiocb *iocb __maybe_unused, struct iov_iter *from)
{
	return write_in_chunks(from, uart_write, COM1);
}

const struct file_operations __weak console_fops = {
	.open = stream_open,
	.write_iter = console_write_iter,
};

void console_init(void)
{
	static struct cdev console;

	make_device("/dev/console", 0600, MKDEV(TTYAUX_MAJOR, 1), &console, &console_fops);
}
