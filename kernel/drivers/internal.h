/*
 * What the drivers share: the 16550 serial port, and their parts of drivers_init().
 */
#ifndef KERNEL_DRIVERS_INTERNAL_H
#define KERNEL_DRIVERS_INTERNAL_H

#include "kernel/drivers/drivers.h"
#include "kernel/fs/fs.h"

#define COM1 0x3f8
#define COM1_IRQ 4
#define COM2 0x2f8
#define COM2_IRQ 3

/* Is there a 16550 at @port? */
bool uart_present(u16 port);
/* 115200 8N1, FIFOs on, no interrupts. */
void uart_init(u16 port);
/* Interrupt when bytes have come in, or stop doing so: what is not fetched stays in the FIFO. */
void uart_rx_interrupt(u16 port, bool on);
bool uart_rx_ready(u16 port);
u8 uart_rx(u16 port); /* when uart_rx_ready() */
void uart_tx(u16 port, u8 byte); /* wait for room and send */
/* Wait for room and send; a newline goes out as carriage return and newline. */
void uart_write(u16 port, const void *buf, size_t len);

/*
 * @fops drive the device @dev, and @path in /dev, of permissions @mode, is its node. @cdev: lives
 * for good. Panics on failure: at boot there is no going on without it.
 */
void make_device(const char *path, umode_t mode, dev_t dev, struct cdev *cdev,
		 const struct file_operations *fops);

/*
 * Everything in @from through @put to @port; the port never makes us wait. The bytes written, or
 * -EFAULT when not even the first one could be read.
 */
ssize_t write_in_chunks(struct iov_iter *from, void (*put)(u16 port, const void *buf, size_t len),
			u16 port);

extern const struct file_operations console_fops;
void console_init(void);
void hostchan_init(void);
void mem_init(void);
void kmsg_init(void);

#endif
