/*
 * The kernel log in memory: the last records, each found by its number.
 * Linux: kernel/printk/printk_ringbuffer.h
 */
#ifndef KERNEL_PRINTK_PRINTK_RINGBUFFER_H
#define KERNEL_PRINTK_PRINTK_RINGBUFFER_H

#include "kernel/lib/types.h"

#define LOG_BUF_LEN 131072 /* bytes of text */
#define LOG_LINE_MAX 992   /* bytes of one record's text */

/* printk_info.flags */
#define LOG_NEWLINE 2 /* the text ended with a newline, which is not kept */
#define LOG_CONT 8    /* meant to continue a record that could not be continued */

struct printk_info {
	u64 seq;      /* 0, 1, 2 ... */
	u64 ts_nsec;  /* local_clock() when it was made */
	u16 text_len; /* 0..LOG_LINE_MAX */
	u8 facility;  /* syslog's: 0 the kernel, 1 a program */
	u8 level;     /* 0 emergency .. 7 debug */
	u8 flags;     /* LOG_* */
};

/*
 * Append a record (@info's seq is set here), in place of the oldest ones when there is no room.
 * With interrupts off.
 */
void prb_store(const struct printk_info *info, const char *text);

/*
 * The record number @seq, or the oldest that is younger. False: there is none (yet).
 * @text: LOG_LINE_MAX bytes that receive info->text_len, or NULL.
 */
bool prb_read_valid(u64 seq, struct printk_info *info, char *text);

u64 prb_first_valid_seq(void); /* of the oldest record */
u64 prb_next_seq(void);        /* of the record to come */

#endif
