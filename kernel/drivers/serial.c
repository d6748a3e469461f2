/*
 * The 16550 serial port. COM1 is the console "ttyS0" and, above it, the terminal (tty/serial.c); COM2
 * carries a program's standard input (hostchan.c). Output is polled, input comes by interrupt.
 *
 * It needs port I/O only, so the console works from the first instruction on.
 * Linux: drivers/tty/serial/8250; National Semiconductor PC16550D data sheet, §8
 */
#include "kernel/drivers/internal.h"

/* Registers, as offsets from the port */
#define UART_RX 0  /* in: received byte */
#define UART_TX 0  /* out: byte to send */
#define UART_DLL 0 /* with LCR_DLAB: divisor, low byte */
#define UART_DLM 1 /* with LCR_DLAB: divisor, high byte */
#define UART_IER 1 /* which interrupts */
#define UART_FCR 2 /* FIFO control */
#define UART_LCR 3 /* line control */
#define UART_MCR 4 /* modem control */
#define UART_LSR 5 /* line status */
#define UART_SCR 7 /* scratch: holds what was written, does nothing */

#define UART_IER_RDI 0x01
#define UART_FCR_ENABLE 0x07  /* FIFOs on, and empty */
#define UART_FCR_TRIGGER_14 0xc0
#define UART_LCR_8N1 0x03
#define UART_LCR_DLAB 0x80
#define UART_MCR_DTR_RTS_OUT2 0x0b /* OUT2 connects the interrupt line on a PC */
#define UART_LSR_DR 0x01   /* a byte is there */
#define UART_LSR_THRE 0x20 /* room for a byte */

bool uart_present(u16 port)
{
	outb(0x5a, port + UART_SCR);
	if (inb(port + UART_SCR) != 0x5a)
		return false;
	outb(0xa5, port + UART_SCR);
	return inb(port + UART_SCR) == 0xa5;
}

void uart_init(u16 port)
{
	outb(0, port + UART_IER);
	outb(UART_LCR_DLAB, port + UART_LCR);
	outb(1, port + UART_DLL); /* 115200 / 1 */
	outb(0, port + UART_DLM);
	outb(UART_LCR_8N1, port + UART_LCR);
	outb(UART_FCR_ENABLE | UART_FCR_TRIGGER_14, port + UART_FCR);
	outb(UART_MCR_DTR_RTS_OUT2, port + UART_MCR);
}

void uart_rx_interrupt(u16 port, bool on)
{
	outb(on ? UART_IER_RDI : 0, port + UART_IER);
}

bool uart_rx_ready(u16 port)
{
	return inb(port + UART_LSR) & UART_LSR_DR;
}

u8 uart_rx(u16 port)
{
	return inb(port + UART_RX);
}

/* A port that is not there reads as 0xff: always room, and the wait ends. */
void uart_tx(u16 port, u8 byte)
{
	while (!(inb(port + UART_LSR) & UART_LSR_THRE))
		;
	outb(byte, port + UART_TX);
}

void uart_write(u16 port, const void *buf, size_t len)
{
	const char *s = buf;

	while (len--) {
		if (*s == '\n')
			uart_tx(port, '\r');
		uart_tx(port, *s++);
	}
}

void early_serial_init(void)
{
	uart_init(COM1);
}

static void serial_console_write(const char *s, size_t len)
{
	uart_write(COM1, s, len);
}

struct console serial_console = { .name = "ttyS0", .write = serial_console_write };
