/*
 * The terminal on the first serial port: /dev/ttyS0, and /dev/console. Output is polled. Input is fetched
 * in a tasklet as long as the line discipline has room for it; the rest waits in the port, and so at the
 * sender. Linux: drivers/tty/serial/serial_core.c
 */
#include "kernel/drivers/fw_cfg.h"
#include "kernel/drivers/internal.h"
#include "kernel/drivers/tty/tty.h"
#include "kernel/interrupt.h"
#include "kernel/lib/ctype.h"
#include "kernel/lib/init.h"

#define SERIAL_ROOM 256u /* bytes written before other tasks may run */
#define RX_AT_ONCE 64u   /* bytes fetched before other interrupts may come */

static struct tty_struct *serial;
static struct tasklet_struct rx_tasklet;

struct tty_struct *serial_tty(void)
{
	return serial;
}

static int serial_open(struct tty_struct *tty __maybe_unused, struct file *file __maybe_unused)
{
	return 0;
}

static void serial_close(struct tty_struct *tty __maybe_unused, struct file *file __maybe_unused)
{
}

static void serial_write(struct tty_struct *tty __maybe_unused, const u8 *buf, unsigned int n)
{
	while (n--)
		uart_tx(COM1, *buf++);
}

static unsigned int serial_write_room(struct tty_struct *tty)
{
	return tty->flow.stopped ? 0 : SERIAL_ROOM;
}

/* With IXOFF the other end is asked to wait, too. */
static void serial_throttle(struct tty_struct *tty)
{
	__set_bit(TTY_THROTTLED, &tty->flags);
	if (I_FLAG(tty, IXOFF))
		uart_tx(COM1, TTY_CC(tty, VSTOP));
}

/* The port stays at 115200 8N1, whatever was asked for. */
static void serial_set_termios(struct tty_struct *tty, const struct termios2 *old)
{
	tty->termios.c_cflag &= HUPCL | CREAD | CLOCAL;
	tty->termios.c_cflag |= old->c_cflag & ~(HUPCL | CREAD | CLOCAL);
	tty->termios.c_ispeed = old->c_ispeed;
	tty->termios.c_ospeed = old->c_ospeed;
}

/*
 * Fetch what has come in, with bottom halves off. The interrupt is off meanwhile, and stays so when the
 * line discipline has no room for what was fetched.
 */
static void receive(void)
{
	static int held = -1; /* fetched, and not taken; -1: nothing */
	unsigned int n;
	u8 c;

	for (n = 0; n < RX_AT_ONCE && (held >= 0 || uart_rx_ready(COM1)); n++) {
		if (held < 0)
			held = uart_rx(COM1);
		c = held;
		if (!n_tty_receive_buf(serial, &c, 1)) {
			serial_throttle(serial);
			return;
		}
		held = -1;
	}
	uart_rx_interrupt(COM1, true);
}

static void rx_action(struct tasklet_struct *tasklet __maybe_unused)
{
	receive();
}

static void serial_interrupt(void)
{
	uart_rx_interrupt(COM1, false);
	tasklet_schedule(&rx_tasklet);
}

static void serial_unthrottle(struct tty_struct *tty)
{
	local_bh_disable();
	if (tty_flag(tty, TTY_THROTTLED)) {
		__clear_bit(TTY_THROTTLED, &tty->flags);
		if (I_FLAG(tty, IXOFF))
			uart_tx(COM1, TTY_CC(tty, VSTART));
		receive();
	}
	local_bh_enable();
}

static const struct tty_operations serial_ops = {
	.open = serial_open,
	.close = serial_close,
	.write = serial_write,
	.write_room = serial_write_room,
	.unthrottle = serial_unthrottle,
	.set_termios = serial_set_termios,
};

static struct tty_driver serial_driver = {
	.name = "ttyS",
	.type = TTY_DRIVER_TYPE_SERIAL,
	.dev = MKDEV(TTY_MAJOR, 64),
	.ops = &serial_ops,
};

/* "ROWS COLUMNS ...", each below 65536. */
static bool two_numbers(const char *s, unsigned long *rows, unsigned long *columns)
{
	unsigned long *to[] = { rows, columns };

	for (int i = 0; i < 2; i++) {
		for (*to[i] = 0; isdigit(*s) && *to[i] <= 65535; s++)
			*to[i] = *to[i] * 10 + *s - '0';
		if (*s++ != ' ' || *to[i] > 65535)
			return false;
	}
	return true;
}

/* The size of the window at the other end, if QEMU's starter has told: "ROWS COLUMNS TERM". */
static void read_size(struct winsize *ws)
{
	char text[64];
	int len = fw_cfg_read_file("opt/ringwalk/terminal", text, sizeof(text) - 1);
	unsigned long rows, columns;

	if (len <= 0)
		return;
	text[len] = '\0';
	if (two_numbers(text, &rows, &columns)) {
		ws->ws_row = rows;
		ws->ws_col = columns;
	}
}

static int serial_init(void)
{
	serial_driver.init_termios = tty_std_termios;
	serial_driver.init_termios.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL;
	serial_driver.init_termios.c_ispeed = serial_driver.init_termios.c_ospeed = 115200;
	serial = alloc_tty(&serial_driver, 0);
	if (!serial)
		panic("tty: no memory for ttyS0");
	read_size(&serial->winsize);
	tasklet_setup(&rx_tasklet, rx_action);
	if (!uart_present(COM1))
		return 0;
	request_irq(COM1_IRQ, serial_interrupt);
	uart_rx_interrupt(COM1, true);
	return 0;
}
late_initcall(serial_init);
