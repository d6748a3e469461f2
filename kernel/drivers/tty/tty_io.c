/*
 * Terminals as files: open, read, write, poll, close. Linux: drivers/tty/tty_io.c
 *
 * A device number leads to a tty (tty_lookup()). The serial port's is made at boot and stays; the two of
 * a pty are made by opening /dev/ptmx, and end when both sides are closed.
 */
#include "kernel/drivers/internal.h"
#include "kernel/drivers/tty/tty.h"
#include "kernel/lib/init.h"
#include "kernel/process/process.h"

#define TTY_WRITE_CHUNK 2048u /* bytes that are copied from ring 3 at once */

/* What a terminal is set to at first. Linux: tty_std_termios */
const struct termios2 tty_std_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = 'C' ^ 0x40, [VQUIT] = '\\' ^ 0x40, [VERASE] = 0x7f,
		[VKILL] = 'U' ^ 0x40, [VEOF] = 'D' ^ 0x40, [VMIN] = 1,
		[VSTART] = 'Q' ^ 0x40, [VSTOP] = 'S' ^ 0x40, [VSUSP] = 'Z' ^ 0x40,
		[VREPRINT] = 'R' ^ 0x40, [VDISCARD] = 'O' ^ 0x40, [VWERASE] = 'W' ^ 0x40,
		[VLNEXT] = 'V' ^ 0x40,
	},
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

struct tty_struct *alloc_tty(const struct tty_driver *driver, int index)
{
	struct tty_struct *tty = kzalloc(sizeof(*tty), GFP_KERNEL);

	if (!tty)
		return NULL;
	tty->driver = driver;
	tty->ops = driver->ops;
	tty->index = index;
	tty->termios = driver->init_termios;
	INIT_LIST_HEAD(&tty->tty_files);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
	mutex_init(&tty->atomic_write_lock);
	mutex_init(&tty->ldata.atomic_read_lock);
	tty->ldata.read_buf = kmalloc(N_TTY_BUF_SIZE, GFP_KERNEL);
	tty->flip = kmalloc(TTY_FLIP_SIZE, GFP_KERNEL);
	if (!tty->ldata.read_buf || !tty->flip) {
		free_tty(tty);
		return NULL;
	}
	n_tty_set_termios(tty, NULL);
	return tty;
}

void free_tty(struct tty_struct *tty)
{
	if (!tty)
		return;
	put_pid(tty->ctrl.pgrp);
	put_pid(tty->ctrl.session);
	kfree(tty->ldata.read_buf);
	kfree(tty->flip);
	kfree(tty);
}

dev_t tty_devnum(const struct tty_struct *tty)
{
	return tty->driver->dev + tty->index;
}

/* --- open ----------------------------------------------------------------------------------- */

int tty_alloc_file(struct file *file)
{
	file->private_data = kzalloc(sizeof(struct tty_file_private), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

void tty_add_file(struct tty_struct *tty, struct file *file)
{
	struct tty_file_private *priv = file->private_data;

	priv->tty = tty;
	priv->file = file;
	list_add(&priv->list, &tty->tty_files);
}

void tty_free_file(struct file *file)
{
	kfree(file->private_data);
	file->private_data = NULL;
}

/* The tty with the number of @inode, or ERR_PTR. */
static struct tty_struct *tty_lookup(const struct inode *inode)
{
	struct tty_struct *tty;

	switch (inode->i_rdev) {
	case MKDEV(TTYAUX_MAJOR, 0):
		tty = current->signal->tty;
		return tty ? tty : ERR_PTR(-ENXIO);
	case MKDEV(TTYAUX_MAJOR, 1):
	case MKDEV(TTY_MAJOR, 64):
		return serial_tty();
	}
	return pts_lookup(inode);
}

/* One more file of @tty. 0 or -errno. */
static int tty_reopen(struct tty_struct *tty)
{
	if (tty_is_master(tty))
		return -EIO;
	if (tty_flag(tty, TTY_EXCLUSIVE) && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	tty->count++;
	return 0;
}

/* Linux: tty_open(). It is the controlling terminal of a leader without one from now on. */
int tty_open(struct inode *inode, struct file *file)
{
	struct tty_struct *tty;
	int error;

	stream_open(inode, file);
	error = tty_alloc_file(file);
	if (error)
		return error;
	tty = tty_lookup(inode);
	error = IS_ERR(tty) ? PTR_ERR(tty) : tty_reopen(tty);
	if (error) {
		tty_free_file(file);
		return error;
	}
	tty_add_file(tty, file);
	error = tty->ops->open(tty, file);
	if (error) {
		tty_release(inode, file);
		return error;
	}
	__clear_bit(TTY_HUPPED, &tty->flags);
	if (!(file->f_flags & O_NOCTTY) && file->f_op != &console_fops)
		tty_open_proc_set_tty(file, tty);
	return 0;
}

/* Unless it has another, the owner is who is in the foreground, or current. Linux: __tty_fasync() */
int tty_fasync(int fd, struct file *file, int on)
{
	struct tty_struct *tty = file_tty(file);
	int ret = fasync_helper(fd, file, on, &tty->fasync);

	if (ret <= 0 || !on)
		return ret;
	return f_setown(file, tty->ctrl.pgrp ? -pid_vnr(tty->ctrl.pgrp) : current->tgid, 0);
}

/* Those who sleep on a tty that nobody has open any more have to look. */
static void wake_all(struct tty_struct *tty)
{
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
}

/* Linux: tty_release(). A slave also counts its master as one who has it open. */
int tty_release(struct inode *inode __maybe_unused, struct file *file)
{
	struct tty_file_private *priv = file->private_data;
	struct tty_struct *tty = priv->tty, *slave = tty_is_master(tty) ? tty->link : NULL;

	tty_fasync(-1, file, 0);
	tty->ops->close(tty, file);
	if (tty->count <= 1)
		wake_all(tty);
	list_del(&priv->list);
	tty_free_file(file);
	if (slave)
		slave->count--;
	if (--tty->count)
		return 0;
	read_lock(&tasklist_lock);
	session_clear_tty(tty->ctrl.session);
	if (slave)
		session_clear_tty(slave->ctrl.session);
	read_unlock(&tasklist_lock);
	if (tty_is_pty(tty) && !tty->link->count)
		pty_release(tty);
	return 0;
}

/* --- read, write, poll ---------------------------------------------------------------------- */

/* Linux: iterate_tty_read(). What was read may be a password: no copy stays on the stack. */
static ssize_t tty_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct tty_struct *tty = file_tty(file);
	bool more = false;
	ssize_t total = 0, n, ret = 0;
	u8 kbuf[64];

	if (tty_flag(tty, TTY_IO_ERROR))
		return -EIO;
	do {
		n = n_tty_read(tty, file, kbuf, min(to->count, sizeof(kbuf)), &more);
		if (n <= 0) {
			ret = ret ? ret : n;
			break;
		}
		if (copy_to_iter(kbuf, n, to) < (size_t)n) {
			ret = -EFAULT;
			to->count = 0; /* ends the read */
		} else {
			total += n;
		}
		cond_resched();
	} while (more);
	memset(kbuf, 0, sizeof(kbuf));
	barrier();
	if (total)
		file->f_inode->i_atime = ktime_get_real_ns();
	return total ? total : ret;
}

/* Linux: do_tty_write(). Writes of others do not come in between. */
static ssize_t write_locked(struct tty_struct *tty, struct file *file, struct iov_iter *from)
{
	u8 *buf = kmalloc(TTY_WRITE_CHUNK, GFP_KERNEL);
	ssize_t written = 0, ret = -ENOMEM;

	while (buf) {
		size_t size = min(from->count, (size_t)TTY_WRITE_CHUNK);

		ret = -EFAULT;
		if (copy_from_iter(buf, size, from) != size)
			break;
		ret = n_tty_write(tty, file, buf, size);
		if (ret <= 0)
			break;
		written += ret;
		if ((size_t)ret < size || !from->count)
			break;
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	kfree(buf);
	if (written)
		file->f_inode->i_mtime = ktime_get_real_ns();
	return written ? written : ret;
}

static ssize_t tty_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct tty_struct *tty = file_tty(file);
	ssize_t ret;

	if (tty_flag(tty, TTY_IO_ERROR))
		return -EIO;
	if (!mutex_trylock(&tty->atomic_write_lock)) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (mutex_lock_interruptible(&tty->atomic_write_lock))
			return -ERESTARTSYS;
	}
	ret = write_locked(tty, file, from);
	mutex_unlock(&tty->atomic_write_lock);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
	return ret;
}

static __poll_t tty_poll(struct file *file, poll_table *wait)
{
	return n_tty_poll(file_tty(file), file, wait);
}

#define TTY_FOPS {			\
	.open = tty_open,		\
	.read_iter = tty_read,		\
	.write_iter = tty_write,	\
	.poll = tty_poll,		\
	.unlocked_ioctl = tty_ioctl,	\
	.fasync = tty_fasync,		\
	.release = tty_release,		\
}

/* /dev/console is the serial port's tty, too, but nobody's controlling terminal, and never hung up. */
const struct file_operations tty_fops = TTY_FOPS;
const struct file_operations console_fops = TTY_FOPS;

static int tty_init(void)
{
	static struct cdev tty, serial;

	make_device("/dev/tty", 0666, MKDEV(TTYAUX_MAJOR, 0), &tty, &tty_fops);
	make_device("/dev/ttyS0", 0600, MKDEV(TTY_MAJOR, 64), &serial, &tty_fops);
	return 0;
}
late_initcall(tty_init);
