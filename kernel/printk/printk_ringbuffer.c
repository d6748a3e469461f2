/*
 * The kernel log in memory. Linux: kernel/printk/printk_ringbuffer.c (lockless there; here writers
 * and readers have interrupts off)
 *
 * Two rings. infos[seq % INFOS] describes record seq; its text lies in log_buf from the position of
 * the same index on, wrapped around at the end. Positions and numbers are never reset, so one
 * comparison tells whether a record has been overwritten.
 *
 * Nothing here may carry a probe: its handler would print into the record being written.
 */
#include "kernel/lib/irqflags.h"
#include "kernel/lib/lib.h"
#include "kernel/printk/printk_ringbuffer.h"

#define INFOS 1024 /* records at most */

static struct printk_info infos[INFOS];
static u64 positions[INFOS];
static char log_buf[LOG_BUF_LEN];
static u64 first_seq, next_seq;
static u64 next_position;

static __always_inline void copy(char *to, const char *from, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

noprobe void prb_store(const struct printk_info *info, const char *text)
{
	size_t len = info->text_len, at = next_position % LOG_BUF_LEN;
	size_t tail = min(len, LOG_BUF_LEN - at);

	while (first_seq < next_seq && (next_seq - first_seq == INFOS ||
					next_position + len - positions[first_seq % INFOS] >
						LOG_BUF_LEN))
		first_seq++;
	copy(log_buf + at, text, tail);
	copy(log_buf, text + tail, len - tail);
	infos[next_seq % INFOS] = *info;
	infos[next_seq % INFOS].seq = next_seq;
	positions[next_seq % INFOS] = next_position;
	next_position += len;
	next_seq++;
}

noprobe bool prb_read_valid(u64 seq, struct printk_info *info, char *text)
{
	unsigned long flags;
	size_t at, tail;
	bool found;

	local_irq_save(flags);
	seq = max(seq, first_seq);
	found = seq < next_seq;
	if (found)
		*info = infos[seq % INFOS];
	if (found && text) {
		at = positions[seq % INFOS] % LOG_BUF_LEN;
		tail = min((size_t)info->text_len, LOG_BUF_LEN - at);
		copy(text, log_buf + at, tail);
		copy(text + tail, log_buf, info->text_len - tail);
	}
	local_irq_restore(flags);
	return found;
}

noprobe u64 prb_first_valid_seq(void)
{
	return first_seq;
}

noprobe u64 prb_next_seq(void)
{
	return next_seq;
}
