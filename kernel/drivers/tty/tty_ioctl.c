/*
 * ioctl() of terminals: size, modes of the file, what is typed by TIOCSTI. What concerns jobs is in
 * tty_jobctrl.c, settings are in termios.c. Linux: drivers/tty/tty_io.c
 */
#include <uapi/capability.h>
#include <uapi/ioctl.h>

#include "kernel/drivers/tty/tty.h"

/* As if @p's character were typed. */
static int tiocsti(struct tty_struct *tty, const char __user *p)
{
	char c;
	u8 typed;

	if (current->signal->tty != tty && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(c, p))
		return -EFAULT;
	typed = c;
	local_bh_disable();
	n_tty_receive_buf(tty, &typed, 1);
	local_bh_enable();
	return 0;
}

/* The window has another size: who is in the foreground wants to know. */
static int tiocswinsz(struct tty_struct *tty, const struct winsize __user *arg)
{
	struct winsize ws;

	if (copy_from_user(&ws, arg, sizeof(ws)))
		return -EFAULT;
	if (!memcmp(&ws, &tty->winsize, sizeof(ws)))
		return 0;
	tty_kill_pgrp(tty, SIGWINCH);
	tty->winsize = ws;
	return 0;
}

/* There is one line discipline. */
static int tiocsetd(const int __user *p)
{
	int ldisc;

	if (get_user(ldisc, p))
		return -EFAULT;
	return ldisc == N_TTY ? 0 : -EINVAL;
}

/* The same device number in ring 3's form. Linux: new_encode_dev() */
static unsigned int encode_dev(dev_t dev)
{
	return (MINOR(dev) & 0xff) | MAJOR(dev) << 8 | (MINOR(dev) & ~0xffu) << 12;
}

/* What has to wait until all is sent, which it is, and may not be done in the background. */
static int before_change(struct tty_struct *tty, unsigned int cmd)
{
	int ret;

	switch (cmd) {
	case TIOCSETD:
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		ret = tty_check_change(tty);
		if (!ret && cmd != TIOCCBRK && signal_pending(current))
			ret = -EINTR;
		return ret;
	}
	return 0;
}

static void set_flag(struct tty_struct *tty, unsigned int flag, bool on)
{
	if (on)
		__set_bit(flag, &tty->flags);
	else
		__clear_bit(flag, &tty->flags);
}

static int tiocvhangup(struct tty_struct *tty)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	tty_vhangup(tty);
	return 0;
}

/* What a tty itself knows; -ENOIOCTLCMD: its driver or the line discipline may. */
static long tty_own_ioctl(struct tty_struct *tty, struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *real_tty = tty_pair_get_tty(tty);
	void __user *p = (void __user *)arg;

	switch (cmd) {
	case TIOCSTI:
		return tiocsti(tty, p);
	case TIOCGWINSZ:
		return copy_to_user(p, &real_tty->winsize, sizeof(struct winsize)) ? -EFAULT : 0;
	case TIOCSWINSZ:
		return tiocswinsz(real_tty, p);
	case TIOCEXCL:
	case TIOCNXCL:
		set_flag(tty, TTY_EXCLUSIVE, cmd == TIOCEXCL);
		return 0;
	case TIOCGEXCL:
		return put_user((int)tty_flag(tty, TTY_EXCLUSIVE), (int __user *)p);
	case TIOCGETD:
		return put_user(N_TTY, (int __user *)p);
	case TIOCSETD:
		return tiocsetd(p);
	case TIOCVHANGUP:
		return tiocvhangup(tty);
	case TIOCGDEV:
		return put_user(encode_dev(tty_devnum(real_tty)), (unsigned int __user *)p);
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		return 0; /* neither driver sends a break */
	case TCFLSH:
		if (arg == TCIFLUSH || arg == TCIOFLUSH)
			tty_buffer_flush(tty);
		return -ENOIOCTLCMD;
	case TIOCGPTPEER:
		return ptm_open_peer(file, tty, (int)arg);
	}
	return tty_jobctrl_ioctl(tty, real_tty, file, cmd, arg);
}

long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *tty = file_tty(file);
	long ret = before_change(tty, cmd);

	if (!ret)
		ret = tty_own_ioctl(tty, file, cmd, arg);
	if (ret == -ENOIOCTLCMD && tty->ops->ioctl)
		ret = tty->ops->ioctl(tty, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = n_tty_ioctl(tty, cmd, arg);
	return ret;
}
