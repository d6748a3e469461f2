// SPDX-License-Identifier: MIT
/*
 * capture.c - the memory that arguments point to, as it is at this moment. Nothing is brought in: a
 * page that is not there yet can be read at the call's return, when the kernel has used it.
 */
#include "strace.h"

static long read_user(void *to, unsigned long from, unsigned int len)
{
	return len ? copy_from_user_nofault(to, (const void __user *)from, len) : 0;
}

static int take_bytes(unsigned int arg, unsigned int index, unsigned long addr, unsigned int len)
{
	void *to = addr ? piece_begin(arg, index, addr, len) : NULL;

	if (!to || read_user(to, addr, len))
		return -EFAULT;
	piece_end(len);
	return 0;
}

/* Up to the NUL, at most @max bytes. Read by pieces that end where a page may end. */
static int take_string(unsigned int arg, unsigned int index, unsigned long addr, unsigned int max)
{
	char *to = addr ? piece_begin(arg, index, addr, max) : NULL;
	unsigned int len = 0, part, n;

	if (!to)
		return -EFAULT;
	while (len < max) {
		part = min_t(unsigned int, max - len, 64 - (addr + len) % 64);
		if (read_user(to + len, addr + len, part))
			return -EFAULT;
		n = strnlen(to + len, part);
		len += n;
		if (n < part) {
			len++; /* the NUL */
			break;
		}
	}
	piece_end(len);
	return 0;
}

static int take_strings(unsigned int arg, unsigned long addr)
{
	unsigned long strings[STRACE_VECTOR_MAX];
	unsigned int n = 0, i;
	unsigned long *to;

	while (n < STRACE_VECTOR_MAX && !read_user(&strings[n], addr + n * 8, 8))
		if (!strings[n++])
			break;
	to = n ? piece_begin(arg, 0, addr, n * 8) : NULL;
	if (!to)
		return -EFAULT;
	memcpy(to, strings, n * 8);
	piece_end(n * 8);
	for (i = 0; i < n && strings[i]; i++)
		take_string(arg, i + 1, strings[i], setting.string_size + 1);
	return 0;
}

/* @limit: bytes that the call moved; what is behind them is not what the call is about. */
static int take_iovec(unsigned int arg, unsigned long addr, unsigned long count, unsigned long limit)
{
	struct { unsigned long base, len; } vector[STRACE_VECTOR_MAX];
	unsigned int n = min_t(unsigned long, count, STRACE_VECTOR_MAX), i;
	unsigned long part;
	void *to;

	if (!n || read_user(vector, addr, n * 16))
		return -EFAULT;
	to = piece_begin(arg, 0, addr, n * 16);
	if (!to)
		return -EFAULT;
	memcpy(to, vector, n * 16);
	piece_end(n * 16);
	for (i = 0; i < n; i++) {
		part = min(vector[i].len, limit);
		limit -= part;
		take_bytes(arg, i + 1, vector[i].base, min_t(unsigned long, part, setting.string_size + 1));
	}
	return 0;
}

/* How many bytes of an array of @n elements are kept. Buffers of bytes are cut as strings are. */
static unsigned int array_bytes(const struct strace_capture *capture, unsigned long n)
{
	unsigned int most = capture->size == 1 ? setting.string_size + 1 : STRACE_COUNTED_MAX;

	if (n > most / capture->size)
		n = most / capture->size;
	return n * capture->size;
}

int capture(const struct strace_capture *capture, const unsigned long *args, long ret)
{
	unsigned long addr = args[capture->arg], count = args[capture->count];
	bool returned = capture->flags & STRACE_AT_RETURN;

	switch (capture->kind) {
	case STRACE_FIXED:
		return take_bytes(capture->arg, 0, addr, capture->size);
	case STRACE_CLONE:
		return take_bytes(capture->arg, 0, addr, min_t(unsigned long, count, capture->size));
	case STRACE_COUNTED:
		return take_bytes(capture->arg, 0, addr, array_bytes(capture, count));
	case STRACE_RETURNED:
		return ret < 0 ? 0 : take_bytes(capture->arg, 0, addr, array_bytes(capture, ret));
	case STRACE_STRING:
		return take_string(capture->arg, 0, addr, capture->size ?: setting.string_size + 1);
	case STRACE_STRINGS:
		return take_strings(capture->arg, addr);
	case STRACE_IOVEC:
		return take_iovec(capture->arg, addr, count, returned ? (ret < 0 ? 0 : ret) : -1ul);
	default:
		return 0;
	}
}
