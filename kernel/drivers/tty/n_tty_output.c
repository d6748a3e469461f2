/*
 * The line discipline towards the driver: what OPOST makes of output, the column of the cursor, echo,
 * and output that is stopped. All with bottom halves off. Linux: drivers/tty/n_tty.c, tty_io.c
 *
 * What cannot be echoed at once, because output is stopped or nobody reads the other side of the pty,
 * waits in echo_buf; when that is full as well, further echoes are lost.
 */
#include "kernel/drivers/tty/tty.h"

#include "kernel/lib/ctype.h"

/* The bytes that @c becomes, in @out: how many, at most TTY_OUT_MARGIN. Linux: do_output_char() */
static unsigned int do_output_char(struct tty_struct *tty, u8 c, u8 *out)
{
	struct n_tty_data *ldata = &tty->ldata;
	unsigned int spaces;

	switch (c) {
	case '\n':
		if (O_FLAG(tty, ONLRET | ONLCR))
			ldata->column = 0;
		ldata->canon_column = ldata->column;
		if (O_FLAG(tty, ONLCR)) {
			out[0] = '\r';
			out[1] = '\n';
			return 2;
		}
		break;
	case '\r':
		if (O_FLAG(tty, ONOCR) && !ldata->column)
			return 0;
		if (O_FLAG(tty, OCRNL)) {
			c = '\n';
			if (!O_FLAG(tty, ONLRET))
				break;
		}
		ldata->canon_column = ldata->column = 0;
		break;
	case '\t':
		spaces = 8 - (ldata->column & 7);
		ldata->column += spaces;
		if (O_FLAG(tty, TABDLY) == XTABS) {
			memset(out, ' ', spaces);
			return spaces;
		}
		break;
	case '\b':
		if (ldata->column)
			ldata->column--;
		break;
	default:
		if (iscntrl(c))
			break;
		if (O_FLAG(tty, OLCUC) && (islower(c) || (is_latin1_letter(c) && c >= 0xdf)))
			c -= 0x20;
		if (!is_continuation(tty, c))
			ldata->column++;
	}
	out[0] = c;
	return 1;
}

unsigned int process_output(struct tty_struct *tty, const u8 *buf, unsigned int nr)
{
	u8 out[128];
	unsigned int room = min(tty->ops->write_room(tty), (unsigned int)sizeof(out));
	unsigned int used = 0, len = 0;

	if (!O_FLAG(tty, OPOST)) {
		used = min(nr, tty->ops->write_room(tty));
		tty->ops->write(tty, buf, used);
		return used;
	}
	while (used < nr && len + TTY_OUT_MARGIN <= room)
		len += do_output_char(tty, buf[used++], out + len);
	tty->ops->write(tty, out, len);
	return used;
}

/* --- echo ----------------------------------------------------------------------------------- */

void process_echoes(struct tty_struct *tty)
{
	struct n_tty_data *ldata = &tty->ldata;

	while (ldata->echo_head != ldata->echo_tail) {
		unsigned int at = ldata->echo_tail % TTY_ECHO_SIZE;
		unsigned int n = min(ldata->echo_head - ldata->echo_tail, TTY_ECHO_SIZE - at);

		n = min(n, tty->ops->write_room(tty));
		if (!n)
			return;
		ldata->echo_tail += n; /* first: the other side may look at us */
		tty->ops->write(tty, ldata->echo_buf + at, n);
	}
}

/* Send @s, but not before what waits already. */
static void emit(struct tty_struct *tty, const u8 *s, unsigned int n)
{
	struct n_tty_data *ldata = &tty->ldata;

	process_echoes(tty);
	if (ldata->echo_head == ldata->echo_tail && tty->ops->write_room(tty) >= n) {
		tty->ops->write(tty, s, n);
		return;
	}
	if (ldata->echo_head - ldata->echo_tail + n > TTY_ECHO_SIZE)
		return;
	while (n--)
		ldata->echo_buf[ldata->echo_head++ % TTY_ECHO_SIZE] = *s++;
}

void echo_raw(struct tty_struct *tty, u8 c)
{
	u8 out[TTY_OUT_MARGIN] = { c };
	unsigned int n = 1;

	if (O_FLAG(tty, OPOST))
		n = do_output_char(tty, c, out);
	emit(tty, out, n);
}

void echo_char(struct tty_struct *tty, u8 c)
{
	u8 out[2] = { '^', c ^ 0x40 };

	if (!L_FLAG(tty, ECHOCTL) || !iscntrl(c) || c == '\t') {
		echo_raw(tty, c);
		return;
	}
	tty->ldata.column += 2;
	emit(tty, out, 2);
}

/*
 * Go back over a tab. @num_chars columns have been used since the tab before it (@after_tab), or else
 * since the line began, which is where the cursor was then.
 */
void echo_erase_tab(struct tty_struct *tty, unsigned int num_chars, bool after_tab)
{
	struct n_tty_data *ldata = &tty->ldata;
	unsigned int n;

	if (!after_tab)
		num_chars += ldata->canon_column;
	n = 8 - (num_chars & 7);
	ldata->column -= min(n, ldata->column);
	emit(tty, (const u8 *)"\b\b\b\b\b\b\b\b", n);
}

void echo_move_back_col(struct tty_struct *tty)
{
	if (tty->ldata.column)
		tty->ldata.column--;
}

/* --- flow control --------------------------------------------------------------------------- */

void tty_wakeup(struct tty_struct *tty)
{
	local_bh_disable();
	process_echoes(tty);
	local_bh_enable();
	if (tty->write_wakeup) {
		tty->write_wakeup = false;
		kill_fasync(&tty->fasync, SIGIO, POLL_OUT);
	}
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT);
}

void stop_tty(struct tty_struct *tty)
{
	if (tty->flow.stopped)
		return;
	tty->flow.stopped = true;
	if (tty->ops->stop)
		tty->ops->stop(tty);
}

void start_tty(struct tty_struct *tty)
{
	if (!tty->flow.stopped || tty->flow.tco_stopped)
		return;
	tty->flow.stopped = false;
	if (tty->ops->start)
		tty->ops->start(tty);
	tty_wakeup(tty);
}
