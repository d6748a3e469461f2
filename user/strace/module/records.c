// SPDX-License-Identifier: MIT
/*
 * records.c - the ring buffer. Probe handlers, which may not sleep, put whole records into it; one
 * reader takes bytes out. When it is full, records are lost and counted.
 */
#include "strace.h"

#include <linux/ktime.h>

#define RING_SIZE (1u << 18) /* a power of two */

static char ring[RING_SIZE];
static unsigned int head, tail; /* both count on for ever; records_read() moves tail */
static unsigned long lost;
static DEFINE_SPINLOCK(lock);

DECLARE_WAIT_QUEUE_HEAD(record_wait);

/* The record that is being made. */
static union {
	struct strace_record record;
	char bytes[STRACE_RECORD_MAX];
} now;

unsigned long record_begin(enum strace_type type, int pid, int nr, long ret)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	now.record = (struct strace_record){
		.size = sizeof(now.record),
		.type = type,
		.nr = nr,
		.pid = pid,
		.time = ktime_get_ns(),
		.ret = ret,
	};
	return flags;
}

struct strace_record *record_now(void)
{
	return &now.record;
}

void *piece_begin(unsigned int arg, unsigned int index, unsigned long addr, unsigned int len)
{
	struct strace_piece *piece = (void *)(now.bytes + now.record.size);

	if (len > sizeof(now) - 8 - sizeof(*piece) - now.record.size)
		return NULL;
	*piece = (struct strace_piece){ .arg = arg, .index = index, .addr = addr };
	return piece + 1;
}

void piece_end(unsigned int len)
{
	struct strace_piece *piece = (void *)(now.bytes + now.record.size);
	unsigned int size = ALIGN(len, 8);

	memset((char *)(piece + 1) + len, 0, size - len);
	piece->len = len;
	now.record.size += sizeof(*piece) + size;
}

static void put(const void *bytes, unsigned int len)
{
	unsigned int at = head % RING_SIZE, first = min(len, RING_SIZE - at);

	memcpy(ring + at, bytes, first);
	memcpy(ring, (const char *)bytes + first, len - first);
	head += len;
}

void record_end(unsigned long flags)
{
	struct strace_record missing = { .size = sizeof(missing), .type = STRACE_LOST };

	if (RING_SIZE - (head - tail) < now.record.size + sizeof(missing)) {
		lost++;
	} else {
		missing.ret = lost;
		if (lost)
			put(&missing, sizeof(missing));
		lost = 0;
		put(now.bytes, now.record.size);
	}
	spin_unlock_irqrestore(&lock, flags);
	wake_up_interruptible(&record_wait);
}

bool records_waiting(void)
{
	return head != tail;
}

bool records_plenty(void)
{
	return head - tail > RING_SIZE / 4;
}

ssize_t records_read(char __user *buf, size_t size)
{
	unsigned int at = tail % RING_SIZE;
	size_t len = min_t(size_t, size, head - tail), first = min_t(size_t, len, RING_SIZE - at);

	if (copy_to_user(buf, ring + at, first) || copy_to_user(buf + first, ring, len - first))
		return -EFAULT;
	tail += len;
	return len;
}

void records_forget(void)
{
	head = tail = 0;
	lost = 0;
}
