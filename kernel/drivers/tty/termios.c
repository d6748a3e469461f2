/*
 * The settings of a terminal: TCGETS, TCSETS and their kin, in three layouts. Linux: drivers/tty/tty_ioctl.c
 */
#include <uapi/ioctl.h>

#include "kernel/drivers/tty/tty.h"

/* How to set, and in which layout. */
#define TERMIOS_FLUSH 1u /* throw away what was typed */
#define TERMIOS_WAIT 2u  /* send first what was written */
#define TERMIOS_TERMIO 4u /* struct termio */
#define TERMIOS_OLD 8u    /* struct termios */

/* --- speeds --------------------------------------------------------------------------------- */

/* B0 .. B38400, then B57600 .. B4000000, which have CBAUDEX set. Linux: drivers/tty/tty_baudrate.c */
static const speed_t baud_table[] = {
	0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400, 57600,
	115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000,
	3000000, 3500000, 4000000,
};

/* What the bits @cbaud mean; @other: BOTHER's speed. */
static speed_t baud_rate(unsigned int cbaud, speed_t other)
{
	if (cbaud == BOTHER)
		return other;
	if (cbaud & CBAUDEX)
		cbaud = (cbaud & ~CBAUDEX) + 15;
	return cbaud < ARRAY_SIZE(baud_table) ? baud_table[cbaud] : 0;
}

/* Fill in the speeds that the bits of c_cflag mean. */
static void load_speeds(struct termios2 *t)
{
	unsigned int in = (t->c_cflag >> IBSHIFT) & CBAUD;
	speed_t out_speed = baud_rate(t->c_cflag & CBAUD, t->c_ospeed);

	t->c_ispeed = in ? baud_rate(in, t->c_ispeed) : out_speed;
	t->c_ospeed = out_speed;
}

/* --- from and to ring 3 --------------------------------------------------------------------- */

static int copy_in(struct termios2 *t, const void __user *arg, unsigned int opt)
{
	struct termio old;

	if (!(opt & TERMIOS_TERMIO))
		return copy_from_user(t, arg, opt & TERMIOS_OLD ? sizeof(struct termios) :
								  sizeof(*t)) ?
			       -EFAULT :
			       0;
	if (copy_from_user(&old, arg, sizeof(old)))
		return -EFAULT;
	t->c_iflag = (t->c_iflag & ~0xffffu) | old.c_iflag;
	t->c_oflag = (t->c_oflag & ~0xffffu) | old.c_oflag;
	t->c_cflag = (t->c_cflag & ~0xffffu) | old.c_cflag;
	t->c_lflag = (t->c_lflag & ~0xffffu) | old.c_lflag;
	t->c_line = old.c_line;
	memcpy(t->c_cc, old.c_cc, NCC);
	return 0;
}

static int get_termio(const struct termios2 *t, void __user *arg)
{
	struct termio old = {
		.c_iflag = t->c_iflag,
		.c_oflag = t->c_oflag,
		.c_cflag = t->c_cflag,
		.c_lflag = t->c_lflag,
		.c_line = t->c_line,
	};

	memcpy(old.c_cc, t->c_cc, NCC);
	return copy_to_user(arg, &old, sizeof(old)) ? -EFAULT : 0;
}

/* --- set ------------------------------------------------------------------------------------ */

static void tty_set_termios(struct tty_struct *tty, const struct termios2 *new)
{
	struct termios2 old = tty->termios;

	local_bh_disable();
	tty->termios = *new;
	tty->termios.c_cflag &= ~ADDRB;
	tty->ops->set_termios(tty, &old);
	n_tty_set_termios(tty, &old);
	local_bh_enable();
}

static int set_termios(struct tty_struct *tty, const void __user *arg, unsigned int opt)
{
	int ret = tty_check_change(tty);
	struct termios2 new = tty->termios;

	if (!ret)
		ret = copy_in(&new, arg, opt);
	if (ret)
		return ret;
	load_speeds(&new);
	if (!(opt & (TERMIOS_FLUSH | TERMIOS_WAIT))) {
		tty_set_termios(tty, &new);
		return 0;
	}
	if (mutex_lock_interruptible(&tty->atomic_write_lock))
		return -ERESTARTSYS;
	if (opt & TERMIOS_FLUSH)
		n_tty_flush_buffer(tty);
	tty_set_termios(tty, &new);
	mutex_unlock(&tty->atomic_write_lock);
	return 0;
}

static int set_softcar(struct tty_struct *tty, const int __user *p)
{
	struct termios2 new = tty->termios;
	int on;

	if (get_user(on, p))
		return -EFAULT;
	new.c_cflag = (new.c_cflag & ~CLOCAL) | (on ? CLOCAL : 0);
	tty_set_termios(tty, &new);
	return (tty->termios.c_cflag & CLOCAL) == (on ? CLOCAL : 0) ? 0 : -EINVAL;
}

/* A master's are those of its slave. */
int tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *real_tty = tty_pair_get_tty(tty);
	const struct termios2 *t = &real_tty->termios;
	void __user *p = (void __user *)arg;

	switch (cmd) {
	case TCGETS:
		return copy_to_user(p, t, sizeof(struct termios)) ? -EFAULT : 0;
	case TCGETS2:
		return copy_to_user(p, t, sizeof(*t)) ? -EFAULT : 0;
	case TCGETA:
		return get_termio(t, p);
	case TCSETS:
		return set_termios(real_tty, p, TERMIOS_OLD);
	case TCSETSW:
		return set_termios(real_tty, p, TERMIOS_OLD | TERMIOS_WAIT);
	case TCSETSF:
		return set_termios(real_tty, p, TERMIOS_OLD | TERMIOS_WAIT | TERMIOS_FLUSH);
	case TCSETS2:
		return set_termios(real_tty, p, 0);
	case TCSETSW2:
		return set_termios(real_tty, p, TERMIOS_WAIT);
	case TCSETSF2:
		return set_termios(real_tty, p, TERMIOS_WAIT | TERMIOS_FLUSH);
	case TCSETA:
		return set_termios(real_tty, p, TERMIOS_TERMIO);
	case TCSETAW:
		return set_termios(real_tty, p, TERMIOS_TERMIO | TERMIOS_WAIT);
	case TCSETAF:
		return set_termios(real_tty, p, TERMIOS_TERMIO | TERMIOS_WAIT | TERMIOS_FLUSH);
	case TIOCGSOFTCAR:
		return put_user(t->c_cflag & CLOCAL ? 1 : 0, (int __user *)p);
	case TIOCSSOFTCAR:
		return set_softcar(real_tty, p);
	}
	return -ENOTTY;
}
