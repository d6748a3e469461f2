/*
 * text.c - the line that is being made. It is written when it is complete, or when the task sleeps.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "strace.h"

static char *text;
static size_t len, room, written;
static int output = STDERR_FILENO;

void output_to(int fd)
{
	output = fd;
}

/* At least @more bytes can be appended. */
static void make_room(size_t more)
{
	if (len + more < room)
		return;
	room = 2 * room + more + 256;
	text = realloc(text, room);
	if (!text) {
		fputs("strace: no memory\n", stderr);
		_exit(1);
	}
}

void flush(void)
{
	while (written < len) {
		ssize_t n = write(output, text + written, len - written);

		if (n <= 0)
			break;
		written += (size_t)n;
	}
	if (len && text[len - 1] == '\n')
		len = 0;
	written = len;
}

void put(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	make_room((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(text + len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	len += (size_t)n;
	if (text[len - 1] == '\n')
		flush();
}

int column(void)
{
	return (int)len;
}

void put_pointer(ulong addr)
{
	if (addr)
		put("0x%lx", addr);
	else
		put("NULL");
}

/* One byte in C's notation. @next: the byte after it, or -1: an octal number ends before a digit. */
static void put_byte(unsigned char c, int next)
{
	static const char plain[] = "\n\t\r\v\f\"\\", letter[] = "ntrvf\"\\";
	const char *special = c ? strchr(plain, c) : NULL;

	if (special)
		put("\\%c", letter[special - plain]);
	else if (c >= ' ' && c < 0x7f)
		put("%c", c);
	else
		put(next >= '0' && next <= '9' ? "\\%03o" : "\\%o", c);
}

static void put_bytes(const unsigned char *s, size_t n, size_t all)
{
	put("\"");
	for (size_t i = 0; i < n; i++)
		put_byte(s[i], i + 1 < all ? s[i + 1] : -1);
	put("\"");
}

void put_string(const char *s, size_t n, int cut)
{
	size_t shown = n < string_size ? n : string_size;

	put_bytes((const unsigned char *)s, shown, n);
	if (cut || n > shown)
		put("...");
}

void put_path(const char *s, size_t n)
{
	put_bytes((const unsigned char *)s, n, n);
}
