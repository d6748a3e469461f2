/*
 * Pseudo-terminals: two ttys back to back. What is written to the master arrives at the slave as if it
 * were typed, and what is written to the slave can be read from the master. Opening /dev/ptmx makes a
 * pair; the slave gets a name in devpts. Linux: drivers/tty/pty.c
 *
 * Both sides live until both are closed. The slave counts its master as one who has it open.
 */
#include <uapi/ioctl.h>

#include "kernel/drivers/internal.h"
#include "kernel/drivers/tty/devpts.h"
#include "kernel/drivers/tty/tty.h"
#include "kernel/lib/init.h"

static struct tty_driver ptm_driver, pts_driver;

/* --- the pair ------------------------------------------------------------------------------- */

static int pty_open(struct tty_struct *tty, struct file *file __maybe_unused)
{
	__set_bit(TTY_IO_ERROR, &tty->flags);
	if (tty_flag(tty, TTY_OTHER_CLOSED) || tty_flag(tty->link, TTY_PTY_LOCK))
		return -EIO;
	if (!tty_is_master(tty) && tty->link->count != 1)
		return -EIO;
	__clear_bit(TTY_IO_ERROR, &tty->flags);
	__clear_bit(TTY_OTHER_CLOSED, &tty->link->flags);
	return 0;
}

static void wake(struct tty_struct *tty)
{
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
}

/* The last one who has this side open closes it. Of a slave, the master is left. */
static void pty_close(struct tty_struct *tty, struct file *file __maybe_unused)
{
	if (!tty_is_master(tty) && (tty_flag(tty, TTY_IO_ERROR) || tty->count > 2))
		return;
	__set_bit(TTY_IO_ERROR, &tty->flags);
	wake(tty);
	tty->ctrl.packet = false;
	__set_bit(TTY_OTHER_CLOSED, &tty->link->flags);
	wake(tty->link);
	if (!tty_is_master(tty))
		return;
	__set_bit(TTY_OTHER_CLOSED, &tty->flags);
	if (tty->link->driver_data)
		devpts_pty_kill(tty->link->driver_data);
	tty_vhangup(tty->link);
}

void pty_release(struct tty_struct *tty)
{
	struct tty_struct *master = tty_is_master(tty) ? tty : tty->link;
	struct pts_fs_info *fsi = master->driver_data;
	int index = master->index;

	free_tty(master->link);
	free_tty(master);
	devpts_kill_index(fsi, index);
	devpts_release(fsi);
}

/* Two ttys that know each other, or NULL. */
static struct tty_struct *alloc_pair(int index)
{
	struct tty_struct *master = alloc_tty(&ptm_driver, index), *slave = NULL;

	if (master)
		slave = alloc_tty(&pts_driver, index);
	if (!slave) {
		free_tty(master);
		return NULL;
	}
	master->link = slave;
	slave->link = master;
	master->count = slave->count = 1;
	return master;
}

struct tty_struct *pts_lookup(const struct inode *inode)
{
	return devpts_get_priv(inode) ?: ERR_PTR(-EIO);
}

/* --- data ----------------------------------------------------------------------------------- */

static void pty_write(struct tty_struct *tty, const u8 *buf, unsigned int n)
{
	tty_insert_flip_string(tty->link, buf, n);
}

static unsigned int pty_write_room(struct tty_struct *tty)
{
	unsigned int room = tty->flow.stopped ? 0 : tty_buffer_space_avail(tty->link);

	return room < TTY_OUT_MARGIN ? 0 : room;
}

static void packet_event(struct tty_struct *tty, u8 clear, u8 set)
{
	if (!tty->link->ctrl.packet)
		return;
	tty->ctrl.pktstatus = (tty->ctrl.pktstatus & ~clear) | set;
	wake_up_interruptible_poll(&tty->link->read_wait, EPOLLIN);
}

/* What was written and has not arrived at the other side is gone. */
static void pty_flush_buffer(struct tty_struct *tty)
{
	tty_buffer_flush(tty->link);
	packet_event(tty, 0, TIOCPKT_FLUSHWRITE);
}

/* There is room for what waits; then there is room for more. */
static void pty_unthrottle(struct tty_struct *tty)
{
	flush_to_ldisc(tty);
	tty_wakeup(tty->link);
}

/* --- the slave in packet mode --------------------------------------------------------------- */

/* Are output stop and start done by ^S and ^Q? */
static bool usual_flow(const struct termios2 *t)
{
	return t->c_iflag & IXON && t->c_cc[VSTOP] == ('S' ^ 0x40) &&
	       t->c_cc[VSTART] == ('Q' ^ 0x40);
}

static void pty_set_termios(struct tty_struct *tty, const struct termios2 *old)
{
	bool flow = usual_flow(&tty->termios);

	if (flow != usual_flow(old))
		packet_event(tty, TIOCPKT_DOSTOP | TIOCPKT_NOSTOP,
			     flow ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP);
	tty->termios.c_cflag &= ~(CSIZE | PARENB);
	tty->termios.c_cflag |= CS8 | CREAD;
}

static void pty_start(struct tty_struct *tty)
{
	packet_event(tty, TIOCPKT_STOP, TIOCPKT_START);
}

static void pty_stop(struct tty_struct *tty)
{
	packet_event(tty, TIOCPKT_START, TIOCPKT_STOP);
}

/* --- the master's ioctl()s ------------------------------------------------------------------ */

static int pty_set_lock(struct tty_struct *tty, const int __user *arg)
{
	int on;

	if (get_user(on, arg))
		return -EFAULT;
	if (on)
		__set_bit(TTY_PTY_LOCK, &tty->flags);
	else
		__clear_bit(TTY_PTY_LOCK, &tty->flags);
	return 0;
}

static int pty_set_pktmode(struct tty_struct *tty, const int __user *arg)
{
	int on;

	if (get_user(on, arg))
		return -EFAULT;
	if (on && !tty->ctrl.packet)
		tty->link->ctrl.pktstatus = 0;
	tty->ctrl.packet = on;
	return 0;
}

/* As if the character for @sig were typed, but nothing is echoed or thrown away. */
static int pty_signal(struct tty_struct *tty, int sig)
{
	if (sig != SIGINT && sig != SIGQUIT && sig != SIGTSTP)
		return -EINVAL;
	tty_kill_pgrp(tty->link, sig);
	return 0;
}

static int ptm_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	int __user *p = (int __user *)arg;

	switch (cmd) {
	case TIOCSPTLCK:
		return pty_set_lock(tty, p);
	case TIOCGPTLCK:
		return put_user((int)tty_flag(tty, TTY_PTY_LOCK), p);
	case TIOCPKT:
		return pty_set_pktmode(tty, p);
	case TIOCGPKT:
		return put_user((int)tty->ctrl.packet, p);
	case TIOCGPTN:
		return put_user(tty->index, p);
	case TIOCSIG:
		return pty_signal(tty, (int)arg);
	}
	return -ENOIOCTLCMD;
}

/* Open the slave of @tty, which is open as @master: no path can lead elsewhere. The descriptor or -errno. */
int ptm_open_peer(struct file *master, struct tty_struct *tty, int flags)
{
	struct file *file;
	int fd;

	if (!tty_is_master(tty))
		return -EIO;
	fd = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = devpts_open(master, tty->link->driver_data, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/* --- /dev/ptmx ------------------------------------------------------------------------------ */

static int ptmx_open(struct inode *inode, struct file *file)
{
	struct pts_fs_info *fsi;
	struct tty_struct *tty;
	struct dentry *dentry;
	int error, index;

	stream_open(inode, file);
	error = tty_alloc_file(file);
	if (error)
		return error;
	fsi = devpts_acquire(file);
	error = PTR_ERR_OR_ZERO(fsi);
	if (error)
		goto out_file;
	index = error = devpts_new_index(fsi);
	if (error < 0)
		goto out_fsi;
	error = -ENOMEM;
	tty = alloc_pair(index);
	if (!tty)
		goto out_index;
	dentry = devpts_pty_new(fsi, index, tty->link);
	error = PTR_ERR_OR_ZERO(dentry);
	if (error)
		goto out_pair;
	__set_bit(TTY_PTY_LOCK, &tty->flags);
	tty->driver_data = fsi;
	tty->link->driver_data = dentry;
	tty_add_file(tty, file);
	return pty_open(tty, file);

out_pair:
	free_tty(tty->link);
	free_tty(tty);
out_index:
	devpts_kill_index(fsi, index);
out_fsi:
	devpts_release(fsi);
out_file:
	tty_free_file(file);
	return error;
}

static const struct tty_operations ptm_ops = {
	.open = pty_open,
	.close = pty_close,
	.write = pty_write,
	.write_room = pty_write_room,
	.flush_buffer = pty_flush_buffer,
	.unthrottle = pty_unthrottle,
	.ioctl = ptm_ioctl,
};

static const struct tty_operations pts_ops = {
	.open = pty_open,
	.close = pty_close,
	.write = pty_write,
	.write_room = pty_write_room,
	.flush_buffer = pty_flush_buffer,
	.unthrottle = pty_unthrottle,
	.set_termios = pty_set_termios,
	.start = pty_start,
	.stop = pty_stop,
};

static struct tty_driver ptm_driver = {
	.name = "ptm", .type = TTY_DRIVER_TYPE_PTM, .dev = MKDEV(128, 0), .ops = &ptm_ops,
};
static struct tty_driver pts_driver = {
	.name = "pts", .type = TTY_DRIVER_TYPE_PTS, .dev = MKDEV(UNIX98_PTY_SLAVE_MAJOR, 0),
	.ops = &pts_ops,
};

static int pty_init(void)
{
	static struct file_operations ptmx_fops;
	static struct cdev ptmx, pts;

	pts_driver.init_termios = ptm_driver.init_termios = tty_std_termios;
	pts_driver.init_termios.c_cflag = ptm_driver.init_termios.c_cflag = B38400 | CS8 | CREAD;
	ptm_driver.init_termios.c_iflag = 0;
	ptm_driver.init_termios.c_oflag = 0;
	ptm_driver.init_termios.c_lflag = 0;
	ptmx_fops = tty_fops;
	ptmx_fops.open = ptmx_open;
	make_device("/dev/ptmx", 0666, MKDEV(TTYAUX_MAJOR, 2), &ptmx, &ptmx_fops);
	cdev_init(&pts, &tty_fops);
	return cdev_add(&pts, MKDEV(UNIX98_PTY_SLAVE_MAJOR, 0), 1u << MINORBITS);
}
late_initcall(pty_init);
