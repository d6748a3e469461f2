/*
 * Hang-up: everybody who has a terminal open loses it, as if a modem had lost its carrier. Reads are at
 * the end of the file from then on, and writes are -EIO. Linux: drivers/tty/tty_io.c
 */
#include <uapi/ioctl.h>

#include "kernel/drivers/tty/tty.h"
#include "kernel/process/process.h"
#include "kernel/syscalls.h"

static ssize_t hung_up_tty_read(struct kiocb *iocb __maybe_unused, struct iov_iter *to __maybe_unused)
{
	return 0;
}

static ssize_t hung_up_tty_write(struct kiocb *iocb __maybe_unused,
				 struct iov_iter *from __maybe_unused)
{
	return -EIO;
}

static __poll_t hung_up_tty_poll(struct file *file __maybe_unused, poll_table *wait __maybe_unused)
{
	return EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLWRNORM;
}

static long hung_up_tty_ioctl(struct file *file __maybe_unused, unsigned int cmd,
			      unsigned long arg __maybe_unused)
{
	return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
}

static int hung_up_tty_fasync(int fd __maybe_unused, struct file *file __maybe_unused,
			      int on __maybe_unused)
{
	return -ENOTTY;
}

static const struct file_operations hung_up_tty_fops = {
	.read_iter = hung_up_tty_read,
	.write_iter = hung_up_tty_write,
	.poll = hung_up_tty_poll,
	.unlocked_ioctl = hung_up_tty_ioctl,
	.fasync = hung_up_tty_fasync,
	.release = tty_release,
};

bool tty_hung_up_p(const struct file *file)
{
	return file->f_op == &hung_up_tty_fops;
}

/* What was typed and not read, or written and not sent, is gone. Linux: tty_ldisc_hangup() */
static void ldisc_hangup(struct tty_struct *tty)
{
	n_tty_flush_buffer(tty);
	if (tty->ops->flush_buffer)
		tty->ops->flush_buffer(tty);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN);
	if (tty_is_pty(tty)) {
		struct termios2 old = tty->termios;

		tty->termios = tty->driver->init_termios;
		n_tty_set_termios(tty, &old);
	}
}

/* Linux: __tty_hangup(). Files opened as /dev/console stay as they are. */
static void __tty_hangup(struct tty_struct *tty, bool exit_session)
{
	struct tty_file_private *priv;

	if (tty_flag(tty, TTY_HUPPED))
		return;
	__set_bit(TTY_HUPPING, &tty->flags);
	list_for_each_entry(priv, &tty->tty_files, list) {
		if (priv->file->f_op == &console_fops)
			continue;
		tty_fasync(-1, priv->file, 0);
		priv->file->f_op = &hung_up_tty_fops;
	}
	tty_signal_session_leader(tty, exit_session);
	ldisc_hangup(tty);
	tty_set_ctrl(tty, NULL, NULL);
	tty->ctrl.pktstatus = 0;
	__set_bit(TTY_HUPPED, &tty->flags);
	__clear_bit(TTY_HUPPING, &tty->flags);
}

void tty_vhangup(struct tty_struct *tty)
{
	__tty_hangup(tty, false);
}

void tty_vhangup_session(struct tty_struct *tty)
{
	__tty_hangup(tty, true);
}

SYSCALL_DEFINE0(vhangup)
{
	if (!capable(CAP_SYS_TTY_CONFIG))
		return -EPERM;
	if (current->signal->tty)
		tty_vhangup(current->signal->tty);
	return 0;
}
