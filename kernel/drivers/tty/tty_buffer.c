/*
 * What is written to one side of a pty and the line discipline of the other has no room for yet.
 * (The serial port needs no such buffer: what there is no room for waits in the port.)
 *
 * On Linux all input takes this way, and a kernel thread moves it on; here it is moved on by whoever
 * writes, and by whoever has made room by reading. Linux: drivers/tty/tty_buffer.c
 */
#include "kernel/drivers/tty/tty.h"

unsigned int tty_buffer_space_avail(const struct tty_struct *tty)
{
	return TTY_FLIP_SIZE - (tty->flip_head - tty->flip_tail);
}

unsigned int tty_insert_flip_string(struct tty_struct *tty, const u8 *buf, unsigned int n)
{
	unsigned int done = 0;

	local_bh_disable();
	if (tty->flip_head == tty->flip_tail)
		done = n_tty_receive_buf(tty, buf, n);
	while (done < n && tty_buffer_space_avail(tty))
		tty->flip[tty->flip_head++ % TTY_FLIP_SIZE] = buf[done++];
	local_bh_enable();
	return done;
}

void flush_to_ldisc(struct tty_struct *tty)
{
	local_bh_disable();
	while (tty->flip_head != tty->flip_tail) {
		unsigned int at = tty->flip_tail % TTY_FLIP_SIZE;
		unsigned int n = min(tty->flip_head - tty->flip_tail, TTY_FLIP_SIZE - at);
		unsigned int done = n_tty_receive_buf(tty, tty->flip + at, n);

		tty->flip_tail += done;
		if (done < n)
			break;
	}
	local_bh_enable();
}

void tty_buffer_flush(struct tty_struct *tty)
{
	local_bh_disable();
	tty->flip_tail = tty->flip_head;
	local_bh_enable();
	if (tty->link)
		tty_wakeup(tty->link);
}
