/*
 * The line discipline from the driver on: each character that arrives is stored, echoed, edits the
 * line, or is a signal. All with bottom halves off. Linux: drivers/tty/n_tty.c
 *
 * Begin with n_tty_receive_buf(). A character that may mean something, which char_map tells, goes to
 * receive_special(), any other to receive_char().
 */
#include "kernel/drivers/tty/tty.h"

#include "kernel/lib/ctype.h"

#define DISABLED_CHAR '\0' /* in c_cc: no character does this */

static u8 *at(struct n_tty_data *ldata, size_t i)
{
	return &ldata->read_buf[i % N_TTY_BUF_SIZE];
}

static void put_tty_queue(struct tty_struct *tty, u8 c)
{
	*at(&tty->ldata, tty->ldata.read_head++) = c;
}

void reset_buffer_flags(struct n_tty_data *ldata)
{
	ldata->read_head = ldata->canon_head = ldata->read_tail = ldata->line_start = 0;
	ldata->erasing = ldata->push = false;
	memset(ldata->read_flags, 0, sizeof(ldata->read_flags));
}

/* The master of a pty in packet mode is told that input was thrown away. */
static void packet_mode_flush(struct tty_struct *tty)
{
	if (!tty->link || !tty->link->ctrl.packet)
		return;
	tty->ctrl.pktstatus |= TIOCPKT_FLUSHREAD;
	wake_up_interruptible_poll(&tty->link->read_wait, EPOLLIN);
}

void n_tty_flush_buffer(struct tty_struct *tty)
{
	local_bh_disable();
	reset_buffer_flags(&tty->ldata);
	packet_mode_flush(tty);
	local_bh_enable();
	tty->ops->unthrottle(tty);
}

/* --- editing -------------------------------------------------------------------------------- */

static void finish_erasing(struct tty_struct *tty)
{
	if (!tty->ldata.erasing)
		return;
	echo_raw(tty, '/');
	tty->ldata.erasing = false;
}

/* Erase the tab that was at read_head: the columns from the tab before, or the line's start, count. */
static void erase_tab(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldata;
	unsigned int num_chars = 0;
	bool after_tab = false;

	for (size_t i = ldata->read_head; i != ldata->canon_head && !after_tab;) {
		u8 c = *at(ldata, --i);

		if (c == '\t')
			after_tab = true;
		else if (iscntrl(c))
			num_chars += L_FLAG(tty, ECHOCTL) ? 2 : 0;
		else if (!is_continuation(tty, c))
			num_chars++;
	}
	echo_erase_tab(tty, num_chars, after_tab);
}

/* The character of @len bytes at read_head was taken out of the line: show that. */
static void echo_erased(struct tty_struct *tty, size_t len, bool one)
{
	struct n_tty_data *ldata = &tty->ldata;
	u8 c = *at(ldata, ldata->read_head);

	if (L_FLAG(tty, ECHOPRT)) { /* for printers: what is erased appears again, backwards */
		if (!ldata->erasing)
			echo_raw(tty, '\\');
		ldata->erasing = true;
		echo_char(tty, c);
		for (size_t i = 1; i < len; i++) {
			echo_raw(tty, *at(ldata, ldata->read_head + i));
			echo_move_back_col(tty);
		}
		return;
	}
	if (one && !L_FLAG(tty, ECHOE)) {
		echo_char(tty, TTY_CC(tty, VERASE));
		return;
	}
	if (c == '\t') {
		erase_tab(tty);
		return;
	}
	for (int width = !iscntrl(c) ? 1 : L_FLAG(tty, ECHOCTL) ? 2 : 0; width; width--) {
		echo_raw(tty, '\b');
		echo_raw(tty, ' ');
		echo_raw(tty, '\b');
	}
}

/* The whole line is gone at once, without showing each character go. False: it has to be shown. */
static bool kill_line(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldata;

	if (L_FLAG(tty, ECHO) && L_FLAG(tty, ECHOK) && L_FLAG(tty, ECHOKE) && L_FLAG(tty, ECHOE))
		return false;
	ldata->read_head = ldata->canon_head;
	if (!L_FLAG(tty, ECHO))
		return true;
	finish_erasing(tty);
	echo_char(tty, TTY_CC(tty, VKILL));
	if (L_FLAG(tty, ECHOK))
		echo_raw(tty, '\n');
	return true;
}

/* @c is VERASE, VWERASE or VKILL. Linux: eraser() */
static void eraser(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *ldata = &tty->ldata;
	bool one = c == TTY_CC(tty, VERASE), word = !one && c == TTY_CC(tty, VWERASE);
	bool seen_alnums = false;

	if (ldata->read_head == ldata->canon_head || (!one && !word && kill_line(tty)))
		return;
	while (ldata->read_head != ldata->canon_head) {
		size_t head = ldata->read_head, len;

		do
			c = *at(ldata, --head);
		while (is_continuation(tty, c) && head != ldata->canon_head);
		if (is_continuation(tty, c))
			break; /* half a character */
		if (word && (isalnum(c) || c == '_' || is_latin1_letter(c)))
			seen_alnums = true;
		else if (word && seen_alnums)
			break;
		len = ldata->read_head - head;
		ldata->read_head = head;
		if (L_FLAG(tty, ECHO))
			echo_erased(tty, len, one);
		if (one)
			break;
	}
	if (ldata->read_head == ldata->canon_head && L_FLAG(tty, ECHO))
		finish_erasing(tty);
}

/* --- characters ----------------------------------------------------------------------------- */

/* A signal to those in the foreground, who do not want what was typed before, unless NOFLSH. */
static void receive_signal_char(struct tty_struct *tty, int sig, u8 c)
{
	tty_kill_pgrp(tty, sig);
	if (!L_FLAG(tty, NOFLSH)) {
		tty->ldata.echo_tail = tty->ldata.echo_head;
		if (tty->ops->flush_buffer)
			tty->ops->flush_buffer(tty);
		reset_buffer_flags(&tty->ldata);
		packet_mode_flush(tty);
	}
	if (I_FLAG(tty, IXON))
		start_tty(tty);
	if (L_FLAG(tty, ECHO))
		echo_char(tty, c);
}

/* The line ends with @c: '\n', or DISABLED_CHAR, which is not part of it. */
static void end_line(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *ldata = &tty->ldata;

	__set_bit(ldata->read_head % N_TTY_BUF_SIZE, ldata->read_flags);
	put_tty_queue(tty, c);
	ldata->canon_head = ldata->read_head;
	n_tty_readable(tty);
}

static void store(struct tty_struct *tty, u8 c)
{
	if (c == 0xff && I_FLAG(tty, PARMRK))
		put_tty_queue(tty, c);
	put_tty_queue(tty, c);
}

/* Echo @c, which is typed into the line. */
static void echo_typed(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *ldata = &tty->ldata;

	if (ldata->canon_head == ldata->read_head)
		ldata->canon_column = ldata->column;
	echo_char(tty, c);
}

static void restart_any(struct tty_struct *tty)
{
	if (tty->flow.stopped && !tty->flow.tco_stopped && I_FLAG(tty, IXON) && I_FLAG(tty, IXANY))
		start_tty(tty);
}

/* A character that means nothing. Linux: n_tty_receive_char() */
static void receive_char(struct tty_struct *tty, u8 c)
{
	restart_any(tty);
	if (L_FLAG(tty, ECHO)) {
		finish_erasing(tty);
		echo_typed(tty, c);
	}
	store(tty, c);
}

/* The line is shown once more, below. */
static void reprint(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *ldata = &tty->ldata;

	finish_erasing(tty);
	echo_char(tty, c);
	echo_raw(tty, '\n');
	for (size_t i = ldata->canon_head; i != ldata->read_head; i++)
		echo_char(tty, *at(ldata, i));
}

/* @c edits the line, or ends it. False: it does neither. With ICANON */
static bool receive_canon(struct tty_struct *tty, u8 c)
{
	bool iexten = L_FLAG(tty, IEXTEN), echoed = L_FLAG(tty, ECHO);

	if (c == TTY_CC(tty, VERASE) || c == TTY_CC(tty, VKILL) ||
	    (c == TTY_CC(tty, VWERASE) && iexten)) {
		eraser(tty, c);
	} else if (c == TTY_CC(tty, VLNEXT) && iexten) {
		tty->ldata.lnext = true;
		if (echoed)
			finish_erasing(tty);
		if (echoed && L_FLAG(tty, ECHOCTL)) {
			echo_raw(tty, '^');
			echo_raw(tty, '\b');
		}
	} else if (c == TTY_CC(tty, VREPRINT) && echoed && iexten) {
		reprint(tty, c);
	} else if (c == '\n') {
		if (L_FLAG(tty, ECHO | ECHONL))
			echo_raw(tty, '\n');
		end_line(tty, c);
	} else if (c == TTY_CC(tty, VEOF)) {
		end_line(tty, DISABLED_CHAR);
	} else if (c == TTY_CC(tty, VEOL) || (c == TTY_CC(tty, VEOL2) && iexten)) {
		if (echoed)
			echo_typed(tty, c);
		if (c == 0xff && I_FLAG(tty, PARMRK))
			put_tty_queue(tty, c);
		end_line(tty, c);
	} else {
		return false;
	}
	return true;
}

/* @c is for flow control or a signal. */
static bool receive_control(struct tty_struct *tty, u8 c)
{
	if (I_FLAG(tty, IXON) && c == TTY_CC(tty, VSTART))
		start_tty(tty);
	else if (I_FLAG(tty, IXON) && c == TTY_CC(tty, VSTOP))
		stop_tty(tty);
	else if (L_FLAG(tty, ISIG) && c == TTY_CC(tty, VINTR))
		receive_signal_char(tty, SIGINT, c);
	else if (L_FLAG(tty, ISIG) && c == TTY_CC(tty, VQUIT))
		receive_signal_char(tty, SIGQUIT, c);
	else if (L_FLAG(tty, ISIG) && c == TTY_CC(tty, VSUSP))
		receive_signal_char(tty, SIGTSTP, c);
	else
		return false;
	return true;
}

/* A character that means something in some mode. Linux: n_tty_receive_char_special() */
static void receive_special(struct tty_struct *tty, u8 c)
{
	if (receive_control(tty, c))
		return;
	restart_any(tty);
	if (c == '\r') {
		if (I_FLAG(tty, IGNCR))
			return;
		if (I_FLAG(tty, ICRNL))
			c = '\n';
	} else if (c == '\n' && I_FLAG(tty, INLCR)) {
		c = '\r';
	}
	if (tty->ldata.icanon && receive_canon(tty, c))
		return;
	if (L_FLAG(tty, ECHO)) {
		finish_erasing(tty);
		if (c == '\n')
			echo_raw(tty, c);
		else
			echo_typed(tty, c);
	}
	store(tty, c);
}

static void receive_one(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *ldata = &tty->ldata;

	if (I_FLAG(tty, ISTRIP))
		c &= 0x7f;
	if (I_FLAG(tty, IUCLC) && L_FLAG(tty, IEXTEN) &&
	    (isupper(c) || (is_latin1_letter(c) && c < 0xdf)))
		c += 0x20;
	if (ldata->lnext) { /* whatever it is, it means nothing */
		ldata->lnext = false;
		receive_char(tty, c);
	} else if (test_bit(c, ldata->char_map)) {
		receive_special(tty, c);
	} else {
		receive_char(tty, c);
	}
}

/*
 * Is there room for one more character? A line that is too long still lets its end through, and the
 * characters that edit it: each takes the place of the last.
 */
static bool receive_room(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldata;
	size_t used = ldata->read_head - ldata->read_tail;
	long room = N_TTY_BUF_SIZE - used;

	if (I_FLAG(tty, PARMRK))
		room = (room + 2) / 3;
	if (--room > 0)
		return true;
	if (!ldata->icanon || ldata->canon_head != ldata->read_tail)
		return false;
	if (room < 0)
		ldata->read_head--;
	return true;
}

unsigned int n_tty_receive_buf(struct tty_struct *tty, const u8 *buf, unsigned int n)
{
	struct n_tty_data *ldata = &tty->ldata;
	unsigned int done;

	for (done = 0; done < n && receive_room(tty); done++) {
		if (ldata->raw)
			put_tty_queue(tty, buf[done]);
		else
			receive_one(tty, buf[done]);
	}
	if (done && !ldata->icanon && ldata->read_head != ldata->read_tail)
		n_tty_readable(tty);
	return done;
}

/* --- settings ------------------------------------------------------------------------------- */

static void mark(struct tty_struct *tty, unsigned int index)
{
	__set_bit(TTY_CC(tty, index), tty->ldata.char_map);
}

/* Which characters mean something. */
static void fill_char_map(struct tty_struct *tty)
{
	unsigned long *map = tty->ldata.char_map;

	memset(map, 0, sizeof(tty->ldata.char_map));
	if (I_FLAG(tty, IGNCR | ICRNL))
		__set_bit('\r', map);
	if (I_FLAG(tty, INLCR) || L_FLAG(tty, ICANON))
		__set_bit('\n', map);
	if (L_FLAG(tty, ICANON)) {
		mark(tty, VERASE);
		mark(tty, VKILL);
		mark(tty, VEOF);
		mark(tty, VEOL);
	}
	if (L_FLAG(tty, ICANON) && L_FLAG(tty, IEXTEN)) {
		mark(tty, VWERASE);
		mark(tty, VLNEXT);
		mark(tty, VEOL2);
		if (L_FLAG(tty, ECHO))
			mark(tty, VREPRINT);
	}
	if (I_FLAG(tty, IXON)) {
		mark(tty, VSTART);
		mark(tty, VSTOP);
	}
	if (L_FLAG(tty, ISIG)) {
		mark(tty, VINTR);
		mark(tty, VQUIT);
		mark(tty, VSUSP);
	}
	__clear_bit(DISABLED_CHAR, map);
}

/* ICANON was set or cleared: what was not read yet is one line, or no lines any more. */
static void change_canon(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldata;

	memset(ldata->read_flags, 0, sizeof(ldata->read_flags));
	ldata->line_start = ldata->canon_head = ldata->read_tail;
	ldata->push = L_FLAG(tty, ICANON) && ldata->read_head != ldata->read_tail;
	if (ldata->push) {
		__set_bit((ldata->read_head - 1) % N_TTY_BUF_SIZE, ldata->read_flags);
		ldata->canon_head = ldata->read_head;
	}
	ldata->erasing = ldata->lnext = false;
}

void n_tty_set_termios(struct tty_struct *tty, const struct termios2 *old)
{
	local_bh_disable();
	if (!old || (old->c_lflag ^ tty->termios.c_lflag) & ICANON)
		change_canon(tty);
	tty->ldata.icanon = L_FLAG(tty, ICANON);
	tty->ldata.raw = !I_FLAG(tty, ISTRIP | IUCLC | IGNCR | ICRNL | INLCR | IXON | PARMRK) &&
			 !L_FLAG(tty, ICANON | ISIG | ECHO);
	fill_char_map(tty);
	if (old && old->c_iflag & IXON && !I_FLAG(tty, IXON) && !tty->flow.tco_stopped)
		start_tty(tty); /* nobody could any more */
	local_bh_enable();
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
	wake_up_interruptible_poll(&tty->read_wait, EPOLLIN);
}
