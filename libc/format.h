/*
 * format.h - between libc/printf.c, which knows where characters go, and libc/format.c, which makes
 * them.
 */
#ifndef LIBC_FORMAT_H
#define LIBC_FORMAT_H

#include <stdarg.h>
#include <stdio.h>

/* Where the characters go: a buffer, passed on to the stream, if there is one, when it is full. */
struct sink {
	FILE *stream;		/* NULL: what finds no room in buf is lost */
	char *buf;
	size_t size;		/* bytes buf can hold */
	size_t len;		/* bytes in buf */
	size_t total;		/* characters produced, lost ones included */
	int error;		/* the stream took no more */
};

void emit(struct sink *out, const char *s, size_t len);
void format(struct sink *out, const char *fmt, va_list args);

#endif
