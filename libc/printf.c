/*
 * printf.c - formatted output: printf, fprintf, snprintf and their v- forms.
 *
 * libc/format.c does the conversions, fwrite() of libc/stdio.c the output.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

static void pass_on(struct sink *out)
{
	if (out->len && fwrite(out->buf, 1, out->len, out->stream) != out->len)
		out->error = 1;
	out->len = 0;
}

/* emit() - add @len characters from @s to @out */
void emit(struct sink *out, const char *s, size_t len)
{
	out->total += len;
	while (len > 0) {
		size_t n = out->size - out->len;

		if (n > len)
			n = len;
		memcpy(out->buf + out->len, s, n);
		out->len += n;
		s += n;
		len -= n;
		if (!len || !out->stream)
			return;
		pass_on(out);
	}
}

static int result(const struct sink *out)
{
	return out->error || out->total > INT_MAX ? -1 : (int)out->total;
}

/* vfprintf() - a short text reaches even the unbuffered stderr in one write(2) */
int vfprintf(FILE *restrict f, const char *restrict fmt, va_list ap)
{
	char buf[256];
	struct sink out = { .stream = f, .buf = buf, .size = sizeof(buf) };

	format(&out, fmt, ap);
	pass_on(&out);
	return result(&out);
}

/* vsnprintf() - returns the length of the whole text, however much of it fitted into @size bytes */
int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt, va_list ap)
{
	struct sink out = { .buf = buf, .size = size ? size - 1 : 0 };

	format(&out, fmt, ap);
	if (size)
		buf[out.len] = '\0';
	return result(&out);
}

int printf(const char *restrict fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vfprintf(stdout, fmt, ap);
	va_end(ap);
	return len;
}

int fprintf(FILE *restrict f, const char *restrict fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vfprintf(f, fmt, ap);
	va_end(ap);
	return len;
}

int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return len;
}
