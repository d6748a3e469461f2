/*
 * The line discipline towards programs: read, write, poll. What a read gives is a line at most, with
 * ICANON; without it, VMIN and VTIME say for how much and how long it waits. Linux: drivers/tty/n_tty.c
 */
#include <uapi/ioctl.h>

#include "kernel/drivers/tty/tty.h"

/* @poll: do so many characters wait that a read would end at once? Linux: input_available_p() */
bool input_available_p(struct tty_struct *tty, bool poll)
{
	struct n_tty_data *ldata = &tty->ldata;
	size_t amount = poll && !TTY_CC(tty, VTIME) && TTY_CC(tty, VMIN) ? TTY_CC(tty, VMIN) : 1;

	if (ldata->icanon)
		return ldata->canon_head != ldata->read_tail;
	return ldata->read_head - ldata->read_tail >= amount;
}

void n_tty_readable(struct tty_struct *tty)
{
	kill_fasync(&tty->fasync, SIGIO, POLL_IN);
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
}

/* --- taking out of the buffer, with bottom halves off ---------------------------------------- */

/* Up to @nr bytes. True: there are more. Linux: copy_from_read_buf() */
static bool copy_from_read_buf(struct n_tty_data *ldata, u8 **to, size_t *nr)
{
	while (*nr && ldata->read_tail != ldata->read_head) {
		*(*to)++ = ldata->read_buf[ldata->read_tail++ % N_TTY_BUF_SIZE];
		--*nr;
	}
	return ldata->read_tail != ldata->read_head;
}

/*
 * Up to @nr bytes of a line. True: the line goes on. A VEOF that comes right behind the last byte asked
 * for is used up too: it must not look like the end of the file next time.
 * Linux: canon_copy_from_read_buf(), canon_skip_eof()
 */
static bool canon_copy_from_read_buf(struct n_tty_data *ldata, u8 **to, size_t *nr)
{
	if (!*nr)
		return false;
	while (ldata->read_tail != ldata->canon_head) {
		size_t at = ldata->read_tail % N_TTY_BUF_SIZE;
		bool end = test_bit(at, ldata->read_flags);

		if (!end || ldata->read_buf[at]) {
			if (!*nr)
				return true;
			*(*to)++ = ldata->read_buf[at];
			--*nr;
		}
		__clear_bit(at, ldata->read_flags);
		ldata->read_tail++;
		if (!end)
			continue;
		if (!ldata->push)
			ldata->line_start = ldata->read_tail;
		ldata->push = false;
		return false;
	}
	return false;
}

static bool copy_out(struct tty_struct *tty, u8 **to, size_t *nr)
{
	bool more;

	local_bh_disable();
	more = tty->ldata.icanon ? canon_copy_from_read_buf(&tty->ldata, to, nr) :
				   copy_from_read_buf(&tty->ldata, to, nr);
	local_bh_enable();
	return more;
}

/* --- read ----------------------------------------------------------------------------------- */

/* How much one read waits for. VMIN without VTIME: for ever. Linux: in n_tty_read() */
struct amount {
	size_t minimum;
	long timeout; /* ticks, until the first character */
	long between; /* ticks, between two; 0: for ever */
};

static struct amount wanted(const struct tty_struct *tty)
{
	struct amount a = { 0, MAX_SCHEDULE_TIMEOUT, 0 };
	long time = HZ / 10 * TTY_CC(tty, VTIME);

	if (tty->ldata.icanon)
		return a;
	a.minimum = TTY_CC(tty, VMIN);
	if (a.minimum) {
		a.between = time;
	} else {
		a.timeout = time;
		a.minimum = 1;
	}
	return a;
}

/* Wait for input. 1: there is some; 0: there will be none, or the time is over; or -errno. */
static int wait_for_input(struct tty_struct *tty, struct file *file, bool packet, long *timeout)
{
	DECLARE_WAITQUEUE(wait, current);
	int ret = 1;

	add_wait_queue(&tty->read_wait, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (input_available_p(tty, false) || (packet && tty->link->ctrl.pktstatus))
			break;
		ret = tty_flag(tty, TTY_OTHER_CLOSED) ? -EIO : 0;
		if (ret || tty_hung_up_p(file) || tty_flag(tty, TTY_HUPPING) || !*timeout)
			break;
		ret = file->f_flags & O_NONBLOCK  ? -EAGAIN :
		      signal_pending(current) ? -ERESTARTSYS :
						1;
		if (ret < 0)
			break;
		*timeout = schedule_timeout(*timeout);
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&tty->read_wait, &wait);
	return ret;
}

static ssize_t read_locked(struct tty_struct *tty, struct file *file, u8 *kbuf, size_t nr, bool *more)
{
	struct amount a = wanted(tty);
	bool packet = tty->ctrl.packet;
	int ret = 0;
	u8 *to = kbuf;

	while (nr) {
		if (packet && tty->link->ctrl.pktstatus) {
			if (to != kbuf)
				break;
			*to++ = tty->link->ctrl.pktstatus;
			tty->link->ctrl.pktstatus = 0;
			break;
		}
		ret = wait_for_input(tty, file, packet, &a.timeout);
		if (ret <= 0)
			break;
		ret = 0;
		if (!input_available_p(tty, false))
			continue; /* something has happened, in packet mode */
		if (packet && to == kbuf) {
			*to++ = TIOCPKT_DATA;
			nr--;
		}
		*more = copy_out(tty, &to, &nr);
		if (*more && (tty->ldata.icanon || (size_t)(to - kbuf) >= a.minimum))
			return to - kbuf;
		*more = false;
		tty->ops->unthrottle(tty);
		if ((size_t)(to - kbuf) >= a.minimum)
			break;
		if (a.between)
			a.timeout = a.between;
	}
	return to != kbuf ? to - kbuf : ret;
}

/*
 * Up to @nr bytes, 64 at most. *@more: this was not all that the read may have; call again, with what is
 * left of its buffer, be it nothing. Then nobody else reads in between.
 */
ssize_t n_tty_read(struct tty_struct *tty, struct file *file, u8 *kbuf, size_t nr, bool *more)
{
	struct n_tty_data *ldata = &tty->ldata;
	u8 *to = kbuf;
	ssize_t ret;

	if (*more) {
		*more = nr && copy_out(tty, &to, &nr);
		ret = to - kbuf;
		if (!*more)
			tty->ops->unthrottle(tty);
	} else {
		ret = file->f_op == &console_fops ? 0 : tty_check_read(tty);
		if (ret)
			return ret;
		if (file->f_flags & O_NONBLOCK) {
			if (!mutex_trylock(&ldata->atomic_read_lock))
				return -EAGAIN;
		} else if (mutex_lock_interruptible(&ldata->atomic_read_lock)) {
			return -ERESTARTSYS;
		}
		ret = read_locked(tty, file, kbuf, nr, more);
	}
	if (!*more)
		mutex_unlock(&ldata->atomic_read_lock);
	return ret;
}

/* --- write ---------------------------------------------------------------------------------- */

/* May a write go on, or has it to end? */
static bool can_write(struct tty_struct *tty, struct file *file)
{
	return tty->ops->write_room(tty) || tty_hung_up_p(file) || (tty->link && !tty->link->count);
}

/* As long as there is room. The bytes taken. Other tasks may run in between. */
static size_t write_some(struct tty_struct *tty, const u8 *buf, size_t nr)
{
	size_t done = 0;
	unsigned int n;

	do {
		local_bh_disable();
		process_echoes(tty);
		n = process_output(tty, buf + done, min(nr - done, (size_t)256));
		local_bh_enable();
		done += n;
		cond_resched();
	} while (n && done < nr && !fatal_signal_pending(current));
	return done;
}

ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const u8 *buf, size_t nr)
{
	size_t done = 0;
	ssize_t ret = 0;

	if (L_FLAG(tty, TOSTOP) && file->f_op != &console_fops) {
		ret = tty_check_change(tty);
		if (ret)
			return ret;
	}
	for (;;) {
		ret = -ERESTARTSYS;
		if (signal_pending(current))
			break;
		ret = -EIO;
		if (tty_hung_up_p(file) || (tty->link && !tty->link->count))
			break;
		done += write_some(tty, buf + done, nr - done);
		ret = 0;
		if (done == nr)
			break;
		ret = -EAGAIN;
		if (file->f_flags & O_NONBLOCK)
			break;
		if (wait_event_interruptible(tty->write_wait, can_write(tty, file)))
			continue; /* it is a signal */
	}
	tty->write_wakeup = done < nr && tty->fasync;
	return done ? (ssize_t)done : ret;
}

/* --- poll, ioctl ---------------------------------------------------------------------------- */

__poll_t n_tty_poll(struct tty_struct *tty, struct file *file, poll_table *wait)
{
	__poll_t mask = 0;

	poll_wait(file, &tty->read_wait, wait);
	poll_wait(file, &tty->write_wait, wait);
	if (input_available_p(tty, true))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (tty->ctrl.packet && tty->link->ctrl.pktstatus)
		mask |= EPOLLPRI | EPOLLIN | EPOLLRDNORM;
	if (tty_flag(tty, TTY_OTHER_CLOSED) || tty_hung_up_p(file))
		mask |= EPOLLHUP;
	if (!mutex_is_locked(&tty->atomic_write_lock) && tty->ops->write_room(tty))
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}

/* What FIONREAD tells: characters that can be read; the VEOFs among them cannot. */
static int chars_to_read(const struct n_tty_data *ldata)
{
	size_t nr = ldata->canon_head - ldata->read_tail;

	if (!ldata->icanon)
		return ldata->read_head - ldata->read_tail;
	for (size_t i = ldata->read_tail; i != ldata->canon_head; i++) {
		size_t at = i % N_TTY_BUF_SIZE;

		if (test_bit(at, ldata->read_flags) && !ldata->read_buf[at])
			nr--;
	}
	return nr;
}

static int send_xchar(struct tty_struct *tty, u8 c)
{
	bool was_stopped = tty->flow.stopped;

	if (mutex_lock_interruptible(&tty->atomic_write_lock))
		return -ERESTARTSYS;
	local_bh_disable();
	if (was_stopped)
		start_tty(tty);
	if (tty->ops->write_room(tty))
		tty->ops->write(tty, &c, 1);
	if (was_stopped)
		stop_tty(tty);
	local_bh_enable();
	mutex_unlock(&tty->atomic_write_lock);
	return 0;
}

/* Stop output (TCOOFF), or ask the other end to stop by VSTOP (TCIOFF); and the opposites. */
static int tty_xonc(struct tty_struct *tty, unsigned long how)
{
	u8 c;

	switch (how) {
	case TCOOFF:
	case TCOON:
		local_bh_disable();
		if (how == TCOOFF && !tty->flow.tco_stopped) {
			tty->flow.tco_stopped = true;
			stop_tty(tty);
		} else if (how == TCOON && tty->flow.tco_stopped) {
			tty->flow.tco_stopped = false;
			start_tty(tty);
		}
		local_bh_enable();
		return 0;
	case TCIOFF:
	case TCION:
		c = TTY_CC(tty, how == TCIOFF ? VSTOP : VSTART);
		return c ? send_xchar(tty, c) : 0;
	}
	return -EINVAL;
}

static int perform_flush(struct tty_struct *tty, unsigned long what)
{
	if (what > TCIOFLUSH)
		return -EINVAL;
	if (what != TCOFLUSH)
		n_tty_flush_buffer(tty);
	if (what != TCIFLUSH && tty->ops->flush_buffer)
		tty->ops->flush_buffer(tty);
	return 0;
}

int n_tty_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	int ret;

	switch (cmd) {
	case TIOCOUTQ: /* a driver keeps nothing */
		return put_user(0, (int __user *)arg);
	case TIOCINQ:
		local_bh_disable();
		ret = chars_to_read(&tty->ldata);
		local_bh_enable();
		return put_user(ret, (int __user *)arg);
	case TCXONC:
		ret = tty_check_change(tty);
		return ret ? ret : tty_xonc(tty, arg);
	case TCFLSH:
		ret = tty_check_change(tty);
		return ret ? ret : perform_flush(tty, arg);
	}
	return tty_mode_ioctl(tty, cmd, arg);
}
