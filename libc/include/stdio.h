/* stdio.h - the three standard streams and formatted output */
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF	(-1)

typedef struct __FILE FILE;

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;

#define __printf(fmt, args)	__attribute__((format(printf, fmt, args)))

int printf(const char *restrict fmt, ...) __printf(1, 2);
int fprintf(FILE *restrict f, const char *restrict fmt, ...) __printf(2, 3);
int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...) __printf(3, 4);
int vfprintf(FILE *restrict f, const char *restrict fmt, va_list ap) __printf(2, 0);
int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt, va_list ap) __printf(3, 0);

size_t fwrite(const void *restrict p, size_t size, size_t n, FILE *restrict f);
int fputs(const char *restrict s, FILE *restrict f);
int fputc(int c, FILE *f);
int puts(const char *s);
int putchar(int c);
int fflush(FILE *f);
int ferror(FILE *f);
int fileno(FILE *f);
void perror(const char *what);

#endif
